"""The journal that a killed program left, cut short or with one byte changed: every edit comes back, or what is missing
is said; never a crash, and nothing lost in silence.

Three scenes: SQLite's write-ahead log still holds the edits (`killed`), they are in the database itself (`closed`), or
the program was killed after a save, with some edits in the study file and some not (`saved`).
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from tests.faults.altered_study import DIFFERENT, EQUAL, REFUSED, Alteration, altered
from tests.workstation.storage.studies import comment, same, study
from workstation import session as opening
from workstation.errors import UserFacingError
from workstation.home import HOME_VARIABLE
from workstation.session import create_study, open_study
from workstation.storage.journal_file import journal_folder
from workstation.storage.lock import lock_path

SCENES = ("killed", "closed", "saved")
FILES = ("sqlite", "sqlite-wal", "reach")
"""By their endings: the database, SQLite's log, and the note of how far the edits reach."""
USER = "Zoë"
N_EDITS = 2


def make_scene(scene: str, folder: Path) -> dict[str, bytes]:
    """A study and its journal as a program left them: the files of the journal that matter, by their names.

    `TRICHODESK_HOME` is to be `folder / "home"`. The files are copied while the program still has them open, which is
    what a kill leaves: whatever was committed is in them.
    """
    path = folder / "trial.h5"
    create_study(path, study(2, n_vertices=2), user="Ada")
    session = open_study(path, USER)
    for k in range(N_EDITS):
        comment(session.document, f"edit {k}")
    if scene == "saved":
        session.save()
        for k in range(N_EDITS):
            comment(session.document, f"later edit {k}")
    if scene == "closed":
        session.close()
    # the index of the log is made anew by whoever opens it first
    kept = {p.name: p.read_bytes() for p in journal_folder().iterdir() if not p.name.endswith("-shm")}
    session.close()
    lock_path(path).unlink(missing_ok=True)
    return kept


def sizes(scene: str, folder: Path) -> dict[str, int]:
    """How long the files of a scene's journal are, by their endings."""
    with patch.dict("os.environ", {HOME_VARIABLE: str(folder / "home")}):
        return {_ending(name): len(data) for name, data in make_scene(scene, folder).items()}


def _ending(name: str) -> str:
    return name.rpartition(".")[2]


def checking(scene: str, folder: str) -> Callable[[tuple[str, Alteration]], tuple[str, str]]:
    """For `Worker`: opens the study with an alteration in one file of its journal, named by its ending."""
    own = Path(tempfile.mkdtemp(dir=folder))
    os.environ[HOME_VARIABLE] = str(own / "home")
    whole = make_scene(scene, own)
    names = {_ending(name): name for name in whole}
    path = own / "trial.h5"
    put(whole, journal_folder())
    with open_study(path, USER) as session:
        good = session.study
        assert session.recovered.n_edits == N_EDITS
        assert session.recovered.notices == ()
    # the study's own file is not what is tried here, and reading it takes ten times as long as all the rest
    found = opening.read_study(path)

    def check(job: tuple[str, Alteration]) -> tuple[str, str]:
        ending, alteration = job
        name = names[ending]
        put({**whole, name: altered(whole[name], alteration)}, journal_folder())
        try:
            with patch.object(opening, "read_study", lambda _: found), open_study(path, USER) as session:
                if same(session.study, good):
                    return EQUAL, ""
                if session.recovered.notices or session.read_only_because:
                    return REFUSED, (session.read_only_because or session.recovered.notices[0])
                n = session.recovered.n_edits
        except UserFacingError as error:
            return REFUSED, error.what
        return DIFFERENT, f"{ending} {alteration}: {n} edits came back and nothing was said"

    return check


def put(files: dict[str, bytes], folder: Path) -> None:
    """Let a folder hold these files and no others."""
    for old in folder.iterdir():
        old.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
