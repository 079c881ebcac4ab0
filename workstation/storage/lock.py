"""Who has a study open: a small file beside it, so that two people do not save over one another.

HDF5's own lock does not outlive the replacement of the file, and a lock that is taken away because it is old takes
work from whoever went to lunch. So this one falls only when its owner lets go, or when the process that made it, on
this very computer, is dead.
"""

import atexit
import contextlib
import json
import os
import socket
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

from workstation.clock import local_time, utc_seconds
from workstation.errors import UserFacingError
from workstation.home import account_name, data_dir
from workstation.machine import boot_id, machine_id
from workstation.storage.atomic import explain, sync_file

ENDING = ".lock"
SAME_START_S = 2.0
"""A process whose start differs by more is another one with the same number."""
TAKEOVER_WAIT_S = 2.0


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock."""

    user: str
    host: str
    pid: int
    process_started: float
    """Seconds, as `_start_of` has them."""
    utc: str
    token: str
    boot: str = ""
    """Of the computer's latest start, where the system names it."""
    home: str = ""
    """The folder of the program's journals."""
    machine: str = ""
    """What tells the computer from another one of the same name, where the system has such."""
    processes: str = ""
    """Whose process numbers these are: a container counts its own."""

    @classmethod
    def me(cls) -> "Holder":
        """This process."""
        pid = os.getpid()
        try:
            home = str(data_dir())
        except UserFacingError:
            home = ""
        token = uuid.uuid4().hex
        name, host, started = account_name(), socket.gethostname(), _start_of(pid)
        return cls(name, host, pid, started, utc_seconds(), token, boot_id(), home, machine_id(), _processes())

    @property
    def dead(self) -> bool:
        """Whether the process is known to have ended; never so for one on another computer, or in a container."""
        if (self.host, self.machine) != (socket.gethostname(), machine_id()):
            return False
        if self.boot != boot_id():
            return True
        if self.processes != _processes():
            return False
        try:
            return abs(_start_of(self.pid) - self.process_started) > SAME_START_S
        except psutil.NoSuchProcess:
            return True
        except psutil.Error:
            return False

    def __str__(self) -> str:
        return f"{self.user} on {self.host} has it open (since {local_time(self.utc)}, process {self.pid})"


class StudyLocked(UserFacingError):
    """Somebody else has the study open."""


class StudyLock:
    """A lock that is held until `release`, or until the process ends."""

    def __init__(self, file: Path, holder: Holder, taken_from: Holder | None = None) -> None:
        self.file = file
        self.holder = holder
        self.taken_from = taken_from
        """Whose program ended without letting go."""
        atexit.register(self.release)

    def keep(self) -> None:
        """See that it is still this one's. One that somebody deleted is made again, unless another has it by now.

        Raises:
            StudyLocked: if somebody else has the study.
            UserFacingError: if the folder cannot be written.
        """
        try:
            if holder_of(self.file) != self.holder and not _create(self.file, self.holder):
                raise _locked(self.file.with_name(self.file.name.removesuffix(ENDING)), self.file)
        except OSError as error:
            raise explain(error, self.file) from error

    def release(self) -> None:
        """Let go; once is enough. A lock that is no longer this one's is left alone."""
        atexit.unregister(self.release)
        if self.holder.pid != os.getpid():
            return  # a forked child ends: its parent still works
        with contextlib.suppress(OSError):  # the disk is gone, say: the lock falls with this process
            if holder_of(self.file) == self.holder:
                self.file.unlink(missing_ok=True)


def lock_path(study: Path) -> Path:
    """Where the lock of a study lies."""
    return study.with_name(f"{study.name}{ENDING}")


def acquire(study: Path) -> StudyLock:
    """Lock a study.

    Raises:
        StudyLocked: if somebody has it open; it says who.
        UserFacingError: if the folder cannot be written.
    """
    file, me = lock_path(study), Holder.me()
    taken_from: Holder | None = None
    try:
        if not _create(file, me):
            with _takeover(file):
                holder = holder_of(file)
                if holder is not None and holder.dead:
                    file.unlink(missing_ok=True)
                    taken_from = holder
                if not _create(file, me):
                    raise _locked(study, file)
    except OSError as error:
        raise explain(error, file) from error
    return StudyLock(file, me, taken_from)


def holder_of(file: Path) -> Holder | None:
    """Who holds a lock; None where the file is missing or does not say."""
    try:
        return Holder(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _create(file: Path, holder: Holder) -> bool:
    """Make the lock file, complete from its first moment; False if there is one."""
    draft = file.with_name(f"{file.name}.{holder.token}")
    text = json.dumps(asdict(holder), indent=1)
    try:
        with draft.open("x", encoding="utf-8") as out:
            out.write(text)
        sync_file(draft)  # an empty lock after a power failure would not say that its owner is dead
        try:
            os.link(draft, file)
        except FileExistsError:  # also where a network drive made the link and lost its own answer
            with contextlib.suppress(FileNotFoundError):  # whoever had it has just let go of it
                return os.path.samefile(draft, file)
            return False
        except OSError:  # a file system without hard links: for a moment the file is there and empty
            with file.open("x", encoding="utf-8") as out:
                out.write(text)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


@contextmanager
def _takeover(file: Path) -> Iterator[None]:
    """One process at a time may look whether a lock is dead and put its own in its place.

    The guard is locked by the operating system, which lets go of it when its process dies.
    """
    guard = file.with_name(f"{file.name}.takeover")
    deadline = time.monotonic() + TAKEOVER_WAIT_S
    while (descriptor := _locked_descriptor(guard)) is None:
        if time.monotonic() >= deadline:
            raise StudyLocked("another program is opening it", file=file, remedy="Try again in a minute.")
        time.sleep(0.02)
    try:
        yield
    finally:
        with contextlib.suppress(PermissionError):  # Windows removes no open file; an empty one is in nobody's way
            guard.unlink(missing_ok=True)
        os.close(descriptor)


def _locked_descriptor(guard: Path) -> int | None:
    descriptor = os.open(guard, os.O_CREAT | os.O_RDWR)
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # whoever held it before has removed it: a lock on a file without a name guards nothing
        if os.path.samestat(os.fstat(descriptor), guard.stat()):
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def _start_of(pid: int) -> float:
    """When a process began, by a clock that is never set: on Linux since the computer started, elsewhere since 1970 as
    the system noted it then. (On Linux psutil adds a time of start that moves when the clock is set.)

    Raises:
        psutil.Error: if there is no such process, or it does not tell.
    """
    if sys.platform != "linux":
        return psutil.Process(pid).create_time()
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError) as error:
        raise psutil.NoSuchProcess(pid) from error
    except OSError as error:
        raise psutil.AccessDenied(pid) from error
    ticks = int(stat.rpartition(")")[2].split()[19])  # field 22 of proc(5); the name before it may hold anything
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes() -> str:
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def _locked(study: Path, file: Path) -> StudyLocked:
    holder = holder_of(file)
    if holder is None:
        return StudyLocked(
            "somebody has it open, and the lock does not say who",
            file=study,
            remedy=f"Close it there; if nobody has it open, delete {file.name}.",
        )
    return StudyLocked(
        str(holder),
        file=study,
        remedy=f"Close it there. If that computer is gone for good, delete {file.name}.",
    )
