"""Putting image files beside a study: whole or not at all, and never over another file."""

import errno
import hashlib
import os
import time
import uuid
from pathlib import Path

from workstation.errors import UserFacingError
from workstation.images.loading import MAX_FILE_BYTES
from workstation.storage.atomic import explain, sync_folder

PART = ".part"
LEFTOVER_AGE_S = 3600


def images_folder(study_path: Path) -> Path:
    """The folder of a study's images: `<study's stem>.images` beside it."""
    return study_path.with_name(f"{study_path.stem}.images")


class Placing:
    """Places files into a study's folder of images, and takes back those it placed if the work is not completed.

    Use as a context manager around the whole import and the save of the study that names the files. A file that was
    there before is never changed or removed. What a study in its file names stays, even if the work was stopped just
    after it was saved.
    """

    def __init__(self, study_path: Path) -> None:
        self.folder = images_folder(study_path)
        self._study_path = study_path
        self._study_before = _identity(study_path)
        self._placed: list[Path] = []
        self._made_folder = False

    def __enter__(self) -> "Placing":
        self.begin()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or _identity(self._study_path) not in (None, self._study_before):
            self.sync()
        else:
            self.take_back()

    def begin(self) -> None:
        """Make the folder if need be.

        Raises:
            UserFacingError: if that is not possible.
        """
        if self.folder.is_symlink():
            raise UserFacingError(
                "the folder for the study's images is a link",
                file=self.folder,
                remedy="Put a real folder in its place.",
            )
        try:
            self._made_folder = not self.folder.exists()
            self.folder.mkdir(exist_ok=True)
            _remove_leftovers(self.folder)
        except OSError as error:
            raise explain(error, self.folder) from error

    def sync(self) -> None:
        """Return when the names of the placed files are on disk."""
        sync_folder(self.folder)

    def take_back(self) -> None:
        """Remove the files that were placed, and the folder if it was made for them."""
        for path in self._placed:
            path.unlink(missing_ok=True)
        self._placed.clear()
        if self._made_folder and not any(self.folder.iterdir()):
            self.folder.rmdir()
            self._made_folder = False

    def place(self, source: Path, name: str, sha256: str) -> bool:
        """Put a file into the folder under a name, as a hard link where that is possible.

        Args:
            source: an ordinary file, links resolved.
            name: within the folder.
            sha256: of the bytes that were checked.

        Returns:
            True if the file is there now; False if another file has the name already.

        Raises:
            UserFacingError: if it cannot be written, or its content is no longer what was checked.
        """
        target = self.folder / name
        if os.path.lexists(target):
            return target.is_file() and not target.is_symlink() and _hash_of(target) == sha256
        try:
            _link_or_copy(source, target)
        except FileExistsError:  # somebody else was quicker
            return False
        except OSError as error:
            raise explain(error, target) from error
        self._placed.append(target)
        if _hash_of(target) != sha256:
            raise UserFacingError(
                "the image changed while it was imported", file=source, remedy="Import it when nobody writes to it."
            )
        return True


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from the one that takes its place; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _remove_leftovers(folder: Path) -> None:
    """Remove what copies left behind that were killed; no copy under way is as old."""
    for path in folder.glob(f".*{PART}"):
        if time.time() - path.lstat().st_mtime > LEFTOVER_AGE_S:
            path.unlink(missing_ok=True)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # another disk, or a file system without hard links
        _copy(source, target)


def _copy(source: Path, target: Path) -> None:
    """Copy under a temporary name, sync, and only then give it its own: an interruption leaves no half file."""
    temporary = target.with_name(f".{uuid.uuid4().hex[:12]}{PART}")
    try:
        with temporary.open("xb") as out:
            out.write(source.read_bytes())
            out.flush()
            os.fsync(out.fileno())
        _give_name(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def _give_name(temporary: Path, target: Path) -> None:
    """Rename unless the name is taken; `os.rename` alone would replace a file on POSIX."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError as error:
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        os.rename(temporary, target)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > MAX_FILE_BYTES:
            return ""
        return hashlib.file_digest(file, "sha256").hexdigest()
