"""Several programs and two computers at one study: each opens it, edits if it may, lets go, and is killed some time.

Run as `python -m tests.faults.writers FOLDER SECONDS SEED HOST…`, a host for each program, `-` for this computer; it
prints one JSON object. One process with everything imported makes the others by forking.

Whoever believes that the study is its own writes so into a file beside it, before the first edit and after the last.
Two who believe it at once would stand in that file one inside the other; and a lost edit would be a gap in the numbers
that the edits have. Another computer is a process with another host name, where the system lets one have that.
"""

import contextlib
import ctypes
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from tests.benchmarks.figure import Figure
from tests.faults.killing import in_child
from tests.faults.scratch import scratch_folder
from tests.workstation.storage.studies import comment, study
from workstation.errors import UserFacingError
from workstation.home import HOME_VARIABLE
from workstation.session import create_study, open_study
from workstation.storage.lock import lock_path
from workstation.storage.verify import Check, verify

SECTION = "Several writers at one study"
ROOT = Path(__file__).parents[2]
HERE = "-"
HOSTS = ("reading-room", "archive")
SEED = 20260203
LONGEST_LIFE_S, LONGEST_EDITING_S = 1.5, 0.4
"""A life is counted in time of the processor: so that on a busy computer, too, some come as far as editing."""
LONGEST_WAIT_S = 30.0
CLONE_NEWUTS = 0x04000000
CREATION_SEQ = 1
"""The making of the study is row 1 of its trail."""


@dataclass(frozen=True)
class Extent:
    """How long, and how many programs on each of two computers."""

    seconds: float = 180.0
    programs_per_host: int = 2


def figures(extent: Extent | None = None) -> list[Figure]:
    """Some programs on one computer, then on each of two computers."""
    extent = extent or Extent()
    n = extent.programs_per_host
    found = [contend("programs on one computer", [HERE] * (n + 1), extent.seconds)]
    if can_have_hosts():
        return [*found, contend("programs on two computers", [*HOSTS] * n, extent.seconds)]
    why = "another host name needs rights that this account lacks"
    return [*found, Figure(SECTION, "programs on two computers", None, "", "0", why)]


def can_have_hosts() -> bool:
    """Whether a process may have a host name of its own."""
    with contextlib.suppress(OSError):
        return not subprocess.run(
            ["unshare", "--uts", "hostname", HOSTS[0]], capture_output=True, check=False
        ).returncode
    return False


def contend(name: str, hosts: list[str], seconds: float) -> Figure:
    """Have programs contend for a study; how often it had two owners, or lost an edit.

    Raises:
        RuntimeError: if that came to no end.
    """
    with scratch_folder() as folder:
        command = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "tests.faults.writers", str(folder)]
        ended = subprocess.run(
            [*command, str(seconds), str(SEED), *hosts], capture_output=True, text=True, cwd=ROOT, check=False
        )
    if ended.returncode or ended.stderr:
        raise RuntimeError(ended.stderr)
    told = json.loads(ended.stdout)
    tally, wrong = told["tally"], told["wrong"]
    note = (
        f"{len(hosts)} at a time for {seconds:.0f} s: {tally['begin']:,} times one's own, {tally['refused']:,} times "
        f"refused, {tally['killed']:,} killed, {tally['dead']:,} of them owners; {tally['edit']:,} edits"
    )
    return Figure(SECTION, name, len(wrong), "overlaps or losses", "0", "; ".join([note, *wrong[:2]]))


# --- in the process that makes the others ------------------------------------------------------------------------


def main(folder: Path, seconds: float, seed: int, hosts: list[str]) -> dict[str, object]:
    """Start a program anew wherever one was killed."""
    path, rng, n_killed = folder / "trial.h5", random.Random(seed), 0
    os.environ[HOME_VARIABLE] = str(folder / "home")
    create_study(path, study(2, n_vertices=2), user="Zoë")
    path.with_suffix(".log").touch()
    end_s = time.monotonic() + seconds
    running: dict[int, tuple[int, IO[str], float, float]] = {}
    while (now := time.monotonic()) < end_s:
        for k, host in enumerate(hosts):
            if k not in running:
                own = rng.randrange(10**9)
                pid, told = in_child(lambda out, host=host, own=own: live(path, host, own))
                running[k] = (pid, told, rng.uniform(0.02, LONGEST_LIFE_S), now + LONGEST_WAIT_S)
            elif _age_s(running[k][0]) > running[k][2] or now > running[k][3]:
                n_killed += _killed(*running.pop(k)[:2])
        time.sleep(0.005)
    for pid, told, *_ in running.values():
        n_killed += _killed(pid, told)
    wrong, tally = look(path)
    if tally["dead"] > n_killed:
        wrong.append(f"{tally['dead']} owners never let go, and {n_killed} were killed")
    return {"wrong": wrong, "tally": {**tally, "killed": n_killed}}


def _age_s(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def _killed(pid: int, told: IO[str]) -> bool:
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    told.close()
    return os.WIFSIGNALED(status)


def live(path: Path, host: str, seed: int) -> None:
    """One program's life: open the study; if it is its own, edit, save and let go, again and again."""
    rng = random.Random(seed)
    if host != HERE:
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUTS):
            raise OSError(ctypes.get_errno(), "no host name of its own")
        socket.sethostname(host)
        os.environ[HOME_VARIABLE] = str(path.parent / f"home-{host}")
    while True:
        with contextlib.suppress(UserFacingError), open_study(path, "Zoë") as session:
            owner = f"{os.getpid()}-{rng.randrange(10**9)}"
            if session.read_only_because is not None:
                note(path, "refused", owner)
                continue
            note(path, "begin", owner)
            end_s = time.monotonic() + rng.uniform(0, LONGEST_EDITING_S)
            while time.monotonic() < end_s:
                comment(session.document, f"{owner} {rng.random()}")
                note(path, "edit", owner, session.document.history.last_seq)
            if host != HERE or rng.random() < 0.5:  # what is not saved stays on the computer where it was made
                session.save()
            note(path, "end", owner)
        time.sleep(rng.uniform(0, 0.05))


def note(path: Path, what: str, owner: str, seq: int = 0) -> None:
    """Write a line into the file beside the study, whole and at its end, whoever else writes."""
    descriptor = os.open(path.with_suffix(".log"), os.O_APPEND | os.O_CREAT | os.O_WRONLY)
    try:
        os.write(descriptor, f"{json.dumps([what, owner, seq])}\n".encode())
    finally:
        os.close(descriptor)


def look(path: Path) -> tuple[list[str], Counter[str]]:
    """What the notes and the study say afterwards: what was wrong, and how often what was noted."""
    wrong, tally, present, last = [], Counter(begin=0, edit=0, refused=0, dead=0), "", CREATION_SEQ
    may_lack = False
    for line in path.with_suffix(".log").read_text().splitlines():
        what, owner, seq = json.loads(line)
        tally[what] += 1
        if what == "begin":
            tally["dead"] += bool(present)  # it was killed, and may write nothing any more
            may_lack, present = bool(present), owner
        elif what in ("edit", "end") and owner != present:
            wrong.append(f"{owner} wrote while the study was {present or 'nobody'}'s")
        if what == "edit":
            if seq != last + 1 and not (may_lack and seq == last + 2):  # committed, and killed before it could be noted
                wrong.append(f"edit {seq} followed edit {last}")
            last, may_lack = seq, False
        if what == "end":
            present = ""
    lock_path(path).unlink(missing_ok=True)  # of whoever was killed last, perhaps on the other computer
    wrong += [f.message for f in verify(path) if not f.holds and f.check not in (Check.IMAGES, Check.JOURNAL)]
    return wrong, tally


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])))
