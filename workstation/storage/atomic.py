"""Replacing a file whole: at every moment there is a good file under its name, the old one or the new one."""

import contextlib
import errno
import itertools
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from workstation.errors import UserFacingError

SHARING_RETRY_S = 2.5
"""How long a file that another Windows program holds open (a virus scanner, say) is tried again."""

ANYBODY, OWNER_ONLY = 0o777, 0o600
"""Modes of a file: as the system and the target have it, or for nobody else. Windows keeps its own rights."""
_SHARING_ERRORS = frozenset({5, 32, 33})
_NETWORK_ERRORS = frozenset({21, 51, 53, 55, 59, 64, 67, 121, 1231, 1232})
"""Of Windows: a drive that is not ready, a network name that is gone, and the like."""
_REMEDIES = {
    errno.ENOSPC: ("the disk is full", "Free some space on it and save again."),
    errno.EDQUOT: ("your share of the disk is used up", "Free some space on it and save again."),
    errno.EFBIG: ("the file grew larger than this disk allows", "Save to another disk."),
    errno.EACCES: ("you may not write here", "Ask for permission to this folder, or save to another one."),
    errno.EPERM: ("you may not write here", "Ask for permission to this folder, or save to another one."),
    errno.EROFS: ("this disk can only be read", "Save to another disk."),
    errno.ENOENT: ("its folder does not exist", "Make the folder, or save to another one."),
    errno.ENOTDIR: ("its folder does not exist", "Make the folder, or save to another one."),
    errno.ENAMETOOLONG: ("the file's name is too long", "Choose a shorter name."),
    errno.EIO: ("the disk reported an error", "Check the disk, or save to another one."),
}
_GONE = ("the drive that it lies on does not answer", "Connect it again and save again, or save to another one.")
_REMEDIES |= {
    number: _GONE
    for name in (
        "ESTALE", "ENOTCONN", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "ECONNRESET",
        "ECONNABORTED", "ECONNREFUSED", "ENODEV", "ENXIO", "ENOLINK", "EREMOTEIO", "ENETRESET", "ESHUTDOWN",
    )
    if (number := getattr(errno, name, None)) is not None
}  # fmt: skip


@contextmanager
def replacing(
    target: Path,
    *,
    backups: int = 0,
    check: Callable[[Path], None] | None = None,
    keep_on_failure: bool = False,
    mode: int = ANYBODY,
) -> Iterator[Path]:
    """Write a file so that it replaces another at once, or not at all.

    The body writes to the path it is given: a new, empty file in the target's folder with the target's ending. When
    the body is done the file is synced, checked, the old file kept as `.bak`, and the new one put in its place; when
    this returns it is on disk under its name. On an error the target is as it was.

    Args:
        target: the file to replace or to make; a link is followed.
        backups: how many earlier states to keep beside it as `name.bak`, `name.bak2`, … the newest first.
        check: called with the synced temporary file; what it raises stops the replacement.
        keep_on_failure: leave the temporary file if it was written and checked but could not be put in place.
        mode: who may read and write it at most; `OWNER_ONLY` for a secret, which then is one from its first byte on.

    Raises:
        UserFacingError: if the disk is full, the folder cannot be written, and the like.
    """
    target = Path(os.path.realpath(target))
    if os.path.isdir(target):
        raise UserFacingError("a folder has this name", file=target, remedy="Choose another name.")
    with _explained(target):
        temporary = _new_file_beside(target, mode)
        good = False
        try:
            yield temporary
            sync_file(temporary)
            if check is not None:
                check(temporary)
            good = True
            _keep_backups(target, backups)
            retrying(os.replace, temporary, target)
            sync_folder(target.parent)
        except BaseException:
            if not (keep_on_failure and good):
                temporary.unlink(missing_ok=True)
            raise


def backup_paths(target: Path, backups: int) -> list[Path]:
    """Where earlier states of a file are kept, the newest first."""
    return [target.with_name(f"{target.name}.bak{n if n > 1 else ''}") for n in range(1, backups + 1)]


def sync_file(path: Path) -> None:
    """Return when a file's bytes are on disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Return when a folder's names are on disk; on Windows, and where a file system cannot, this does nothing."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(descriptor)


def retrying(action: Callable[[Path, Path], None], source: Path, destination: Path) -> None:
    """Do something to a file, again and again for 2.5 s where another Windows program holds the file open."""
    deadline = time.monotonic() + SHARING_RETRY_S
    while True:
        try:
            return action(source, destination)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _SHARING_ERRORS or time.monotonic() >= deadline:
                raise
        time.sleep(0.05)


def explain(error: OSError, target: Path) -> UserFacingError:
    """What an error of the operating system means to somebody who wanted to write `target`."""
    what, remedy = _REMEDIES.get(
        error.errno or 0, (f"it could not be written ({error.strerror or error})", "Try again, or save elsewhere.")
    )
    if getattr(error, "winerror", None) in _NETWORK_ERRORS:
        what, remedy = _GONE
    if getattr(error, "winerror", None) in _SHARING_ERRORS:
        what, remedy = "another program holds it open, or you may not write here", "Close it there and save again."
    return UserFacingError(what, file=target, remedy=remedy)


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.filename is not None and not _is_ours(Path(os.fsdecode(error.filename)), target):
            raise  # the body failed over a file of its own
        raise explain(error, target) from error


def _is_ours(path: Path, target: Path) -> bool:
    ours = (target.name, f".{target.stem[:80]}.")
    return path == target.parent or (path.parent == target.parent and path.name.startswith(ours))


def _new_file_beside(target: Path, mode: int = ANYBODY) -> Path:
    temporary = target.with_name(f".{target.stem[:80]}.{uuid.uuid4().hex[:12]}.tmp{target.suffix}")
    # O_EXCL: never a file, or a link, that somebody put there
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666 & mode))
    with contextlib.suppress(FileNotFoundError):
        os.chmod(temporary, target.stat().st_mode & 0o777 & mode)
    return temporary


def _keep_backups(target: Path, backups: int) -> None:
    """Put the target's present state in front of its backups. The target itself stays where it is throughout."""
    paths = backup_paths(target, backups)
    if not paths or not target.exists():
        return
    if paths[0].exists() and _same_state(target, paths[0]):
        return  # an earlier attempt came this far: turning again would push a good state out
    copy = _new_file_beside(target)
    try:
        copy.unlink()
        try:
            os.link(target, copy)
        except OSError:  # a file system without hard links
            shutil.copy2(target, copy)
            sync_file(copy)
        for newer, older in reversed(list(itertools.pairwise(paths))):
            if newer.exists():
                retrying(os.replace, newer, older)
        retrying(os.replace, copy, paths[0])
    except BaseException:
        copy.unlink(missing_ok=True)
        raise


def _same_state(a: Path, b: Path) -> bool:
    if os.path.samefile(a, b):
        return True
    first, second = a.stat(), b.stat()
    return (first.st_size, first.st_mtime_ns) == (second.st_size, second.st_mtime_ns)
