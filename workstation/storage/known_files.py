"""Which study files this computer wrote or has read well before: the others are strangers.

A file is known by what its file system says of it, not by its name: another file in its place, or the same one written
to, is a stranger again. The list holds no names.
"""

import hashlib
import os
from pathlib import Path

from workstation.errors import UserFacingError
from workstation.home import data_dir

FILE_NAME = "known-study-files.txt"
MOST = 4000
"""When there are twice as many, the older half is forgotten; such a file is a stranger once more, and no harm done."""

_here: set[str] = set()
"""Known to this process, be its folder writable or not."""


def mark_of(path: Path) -> str:
    """What tells a file, in this state, from all others.

    Raises:
        OSError: if it cannot be looked at.
    """
    found = path.stat()
    told = f"{found.st_dev} {found.st_ino} {found.st_size} {found.st_mtime_ns}"
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def is_known(mark: str) -> bool:
    """Whether a file in this state was written or read well here."""
    return mark in _here or mark in _listed()


def note(mark: str) -> None:
    """A file in this state is known from now on. A list that cannot be written is done without."""
    if is_known(mark):
        return
    _here.add(mark)
    try:
        file = data_dir() / FILE_NAME
        if len(known := _listed()) >= 2 * MOST:
            draft = file.with_name(f"{FILE_NAME}.{os.getpid()}")
            draft.write_text("".join(f"{one}\n" for one in known[-MOST:]), encoding="ascii")
            os.replace(draft, file)
        with file.open("a", encoding="ascii") as out:
            out.write(f"{mark}\n")  # one short write: lines of several programs do not mix
    except (OSError, UserFacingError):
        pass


def _listed() -> list[str]:
    try:
        return (data_dir() / FILE_NAME).read_text(encoding="ascii", errors="replace").split()
    except (OSError, UserFacingError):
        return []
