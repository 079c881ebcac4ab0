"""A disk that is full: at every call of a save and of an edit, and, where the system lets one have it, a real one.

The real one is a small file system in memory. Study, backups and journal lie on it, and before each try it is filled up
to so many free kilobytes, from none to more than a save needs: so that the space ends at every block of every file.
"""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.figure import Figure
from tests.faults.failing_calls import edit_with_fault, full, names_of_calls, save_with_fault
from tests.faults.scratch import scratch_folder
from tests.workstation.storage.studies import comment, study
from workstation.errors import UserFacingError
from workstation.home import HOME_VARIABLE
from workstation.session import Session, create_study, open_study
from workstation.storage.reader import read_study

SECTION = "Disk full"
ROOT = Path(__file__).parents[2]
DISK_KIB, BLOCK_KIB = 4096, 4
MOST_FREE_KIB = 1200
"""More than a save and some edits of the small study need."""


def figures(step_kib: int = BLOCK_KIB) -> list[Figure]:
    """At every call, and on a small file system that fills up."""
    with scratch_folder() as folder:
        path = folder / "trial.h5"
        create_study(path, study(), user="Zoë")
        found = [at_every_call(path, "edit"), at_every_call(path, "save")]
    return [*found, on_a_small_disk(step_kib)]


def at_every_call(path: Path, act: str) -> Figure:
    """Each call of a save or an edit fails once."""
    names, wrong, n_said = names_of_calls(path, act), [], 0
    for k, name in enumerate(names):
        before = path.read_bytes()
        with open_study(path, "Zoë") as session:
            text, was = f"{act} {k}", _text(session)
            if act == "edit":
                raised, replaced = edit_with_fault(session, text, full, k), False
                expected = text if raised is None else was
            else:
                comment(session.document, text)
                raised, replaced = save_with_fault(session, full, k)
                expected = text
            n_said += raised is not None
            if raised is not None and not (isinstance(raised, UserFacingError) and raised.remedy):
                wrong.append(f"{name}: {raised!r}")
            if not replaced and path.read_bytes() != before:
                wrong.append(f"{name}: the file is another")
            if _text(session) != expected:
                wrong.append(f"{name}: the edit is not as it should be")
        wrong += _saves_when_there_is_room(path, expected, name)
    note = f"{len(names)} calls failed, {n_said} with a message, the others without harm; {'; '.join(wrong[:2])}"
    return Figure(SECTION, f"every call of {'an edit' if act == 'edit' else 'a save'}", len(wrong), "lost", "0", note)


def on_a_small_disk(step_kib: int) -> Figure:
    """The same on a file system of a few megabytes; None where the system does not let one have it."""
    name = "a small file system that fills up"
    with scratch_folder() as folder:
        disk = folder / "disk"
        disk.mkdir()
        options = f"size={DISK_KIB}k"
        mount = f'mount -t tmpfs -o {options} disk "{disk}" && exec "$@"'
        command = [sys.executable, "-W", "ignore", "-m", "tests.faults.full_disk", str(disk), str(step_kib)]
        try:  # a mount of its own: nobody else sees it, and it goes with the process
            ended = subprocess.run(
                ["unshare", "--mount", "sh", "-c", mount, "sh", *command],
                capture_output=True, text=True, cwd=ROOT, check=False,
            )  # fmt: skip
        except OSError:
            return Figure(SECTION, name, None, "", "0", "there is no `unshare` on this system")
    if ended.returncode:
        return Figure(SECTION, name, None, "", "0", f"not to be had here: {ended.stderr.strip()[-200:]}")
    told = json.loads(ended.stdout)
    note = (
        f"{told['tries']} fillings; the space ended {told['edits refused']} times in an edit, {told['saves refused']} "
        f"times in a save and {told['not opened']} times at opening; {'; '.join(told['wrong'][:2])}"
    )
    return Figure(SECTION, name, len(told["wrong"]), "lost", "0", note)


def fill_up(disk: Path, step_kib: int) -> dict[str, object]:
    """With each amount of free space: open, edit, save; then make room and see that all is there."""
    os.environ[HOME_VARIABLE] = str(disk / "home")
    path, ballast = disk / "trial.h5", disk / "ballast"
    create_study(path, study(2, n_vertices=2), user="Zoë")
    tally, wrong = {"tries": 0, "edits refused": 0, "saves refused": 0, "not opened": 0}, []
    for free_kib in range(0, MOST_FREE_KIB, step_kib):
        tally["tries"] += 1
        with open_study(path, "Zoë") as session:
            expected, before = _text(session), path.read_bytes()
            _leave_free(disk, ballast, free_kib)
            try:
                comment(session.document, f"{free_kib} KiB free")
                expected = f"{free_kib} KiB free"
            except UserFacingError as error:
                tally["edits refused"] += 1
                wrong += [] if error.remedy else [f"{free_kib} KiB: {error}"]
            try:
                session.save()
            except UserFacingError as error:
                tally["saves refused"] += 1
                wrong += [] if error.remedy else [f"{free_kib} KiB: {error}"]
                if path.read_bytes() != before:
                    wrong.append(f"{free_kib} KiB: the file is another")
            if _text(session) != expected:
                wrong.append(f"{free_kib} KiB: the edit is not as it should be")
        with open_study(path, "Zoë") as session:  # still full
            tally["not opened"] += session.read_only_because is not None
            if _text(session) != expected:
                wrong.append(f"{free_kib} KiB: opened on the full disk, the edit is not there")
        ballast.unlink(missing_ok=True)
        wrong += _saves_when_there_is_room(path, expected, f"{free_kib} KiB")
    return {**tally, "wrong": wrong}


def _leave_free(disk: Path, ballast: Path, free_kib: int) -> None:
    """Fill a disk up with a file until so much is left."""
    with ballast.open("wb", buffering=0) as out:
        try:
            while True:
                out.write(bytes(BLOCK_KIB * 1024))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
        out.truncate(max(0, out.tell() - free_kib * 1024))
    assert disk in ballast.parents


def _text(session: Session) -> str:
    return session.study.reads[3].hairs[1].comment


def _saves_when_there_is_room(path: Path, expected: str, name: str) -> list[str]:
    with open_study(path, "Zoë") as session:
        wrong = [f"{name}: {notice}" for notice in session.recovered.notices]
        if session.read_only_because is not None:
            return [*wrong, f"{name}: {session.read_only_because}"]
        if _text(session) != expected:
            wrong.append(f"{name}: {_text(session)!r} came back instead of {expected!r}")
        session.save()
    if read_study(path).study.reads[3].hairs[1].comment != expected:
        wrong.append(f"{name}: not saved when there was room")
    return wrong


if __name__ == "__main__":
    print(json.dumps(fill_up(Path(sys.argv[1]), int(sys.argv[2]))))
