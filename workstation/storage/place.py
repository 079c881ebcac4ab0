"""Whether a study may still be saved where it was opened: its drive may be gone, its lock taken away."""

import os
from pathlib import Path

from workstation.errors import UserFacingError
from workstation.storage.lock import StudyLock, StudyLocked

Folder = tuple[int, int] | None
"""What tells a folder from another one of its name; None where there is none."""


def folder_of(path: Path) -> Folder:
    """The folder that a study lies in, as it is at this moment."""
    try:
        found = path.parent.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def refuse_lost_place(path: Path, folder: Folder) -> None:
    """See that the place is still there. A drive that is not mounted leaves an empty folder: what is saved in that is
    out of everybody's sight when the drive comes back.

    Args:
        path: the study file; one that was merely deleted is saved anew.
        folder: in which it was opened.

    Raises:
        UserFacingError: if the place is gone.
    """
    if not os.path.exists(path) and folder_of(path) != folder:
        raise UserFacingError(
            "the drive or folder that the study was opened from is not there, so it was not saved",
            file=path,
            remedy="Connect the drive again and save again; your edits are in the journal meanwhile.",
        )


def keep_lock(path: Path, lock: StudyLock | None) -> None:
    """See that nobody else has the study by now.

    Raises:
        UserFacingError: if somebody has.
    """
    try:
        if lock is not None:
            lock.keep()
    except StudyLocked as error:
        raise UserFacingError(
            f"the study's lock was taken away, and now {error.what}, so it was not saved over",
            file=path,
            remedy="Save a copy, or close it there and save again; your edits are in the journal meanwhile.",
        ) from error
