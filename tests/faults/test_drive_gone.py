"""The drive of a study goes away in the middle of work: it is said, no edit is lost, and all goes on after."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.failing_calls import Faults, names_of_calls
from tests.workstation.storage.studies import comment
from workstation.errors import UserFacingError
from workstation.session import open_study
from workstation.storage.reader import read_state, read_study

SAID = ("the drive that it lies on does not answer", "the journal of edits cannot be written")
ROOT = Path(__file__).parents[2]


class GoneFrom(Faults):
    """All calls fail from one on, as they do when a cable is pulled."""

    def __call__(self, name):
        self.names.append(name)
        if len(self.names) - 1 >= self.at and not name.startswith("SQL"):  # the journal lies on a disk of this computer
            raise self.error()


def save_without_drive(session, number, at):
    """Save while each call from one on fails; what was raised, and whether the file was replaced all the same."""
    gone = GoneFrom(lambda: OSError(number, os.strerror(number)), at)
    with pytest.MonkeyPatch.context() as patch:
        gone.install(patch, session)
        try:
            session.save()
        except UserFacingError as error:
            return error, gone.replaced
    return None, gone.replaced


@pytest.mark.parametrize(
    ("first", "number"), list(enumerate([errno.ESTALE, errno.ENOTCONN, errno.ETIMEDOUT, errno.EHOSTDOWN]))
)
def test_each_call_may_be_the_first_that_the_drive_does_not_answer(path, first, number):
    n_calls = len(names_of_calls(path))
    n_edits, failed = read_state(path).revision, 0
    for at in range(first, n_calls, 12):
        before = path.read_bytes()
        with open_study(path, "Zoë") as session:
            assert session.recovered.notices == ()
            assert session.document.history.last_seq == n_edits
            comment(session.document, f"ohne Laufwerk ab {at}")
            n_edits += 1
            raised, replaced = save_without_drive(session, number, at)
            if raised is not None:
                failed += 1
                assert raised.what.startswith(SAID)
                assert raised.remedy
            if not replaced:
                assert path.read_bytes() == before
            session.save()  # it is back
            assert session.n_unsaved == 0
        assert read_study(path).state.revision == n_edits
    assert failed > n_calls // 24
    with open_study(path, "Zoë") as session:
        assert session.study.reads[3].hairs[1].comment == f"ohne Laufwerk ab {at}"


def test_a_study_is_not_saved_into_the_empty_folder_of_a_drive_that_is_gone(path):
    """What remains of an unmounted drive is an empty folder on the disk below."""
    drive, away = path.parent, path.parent.with_name("drive")
    with open_study(path, "Zoë") as session:
        comment(session.document, "eins")
        drive.rename(away)
        drive.mkdir()
        with pytest.raises(UserFacingError, match=r"the drive .* is not there, so it was not saved") as caught:
            session.save()
        assert "in the journal meanwhile" in caught.value.remedy
        assert list(drive.iterdir()) == []
        assert session.n_unsaved == 1
        drive.rmdir()
        away.rename(drive)
        session.save()
        assert session.n_unsaved == 0
    assert read_study(path).study.reads[3].hairs[1].comment == "eins"


def test_a_folder_that_is_gone_is_told(path):
    drive, away = path.parent, path.parent.with_name("drive")
    with open_study(path, "Zoë") as session:
        comment(session.document, "eins")
        drive.rename(away)
        with pytest.raises(UserFacingError, match="is not there"):
            session.save()
        away.rename(drive)
    with open_study(path, "Zoë") as session:  # closed while it was gone, say
        assert session.recovered.n_edits == 1


def test_a_study_that_was_merely_deleted_is_saved_anew(path):
    with open_study(path, "Zoë") as session:
        comment(session.document, "eins")
        path.unlink()
        session.save()
    assert read_study(path).study.reads[3].hairs[1].comment == "eins"


MOUNTED = """
import subprocess, sys
from pathlib import Path
from tests.workstation.storage.studies import comment, study
from workstation.errors import UserFacingError
from workstation.session import create_study, open_study
from workstation.storage.reader import read_study
server, drive = Path(sys.argv[1]), Path(sys.argv[2])
def do(*command): subprocess.run(command, check=True)
do("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", server)
do("mount", "--bind", server, drive)
path = drive / "trial.h5"
create_study(path, study(), user="Ada")
with open_study(path, "Zoë") as session:
    comment(session.document, "vor")
    session.save()
    comment(session.document, "während")
    do("umount", "-l", drive)
    try:
        session.save()
    except UserFacingError as error:
        print(error.what)
    assert session.n_unsaved == 1 and not list(drive.iterdir())
    comment(session.document, "danach")
    do("mount", "--bind", server, drive)
    session.save()
    assert session.n_unsaved == 0
assert read_study(path).study.reads[3].hairs[1].comment == "danach"
assert [p.name for p in drive.iterdir() if "lock" in p.name] == []
print("saved again")
"""


def may_mount():
    try:
        return subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(not may_mount(), reason="only the administrator may mount a drive")
def test_a_drive_that_is_really_unmounted(tmp_path):
    folders = [tmp_path / "server", tmp_path / "drive"]
    for folder in folders:
        folder.mkdir()
    found = subprocess.run(
        ["unshare", "--mount", sys.executable, "-c", MOUNTED, *map(str, folders)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.splitlines() == [
        "the drive or folder that the study was opened from is not there, so it was not saved",
        "saved again",
    ]
