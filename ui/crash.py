"""When the whole program dies: what it was doing is written as it goes down, and offered at the next start.

Python's faulthandler writes the stacks of all threads into a file that each process has ready for it. A process that
ends well removes its file; one that a later start finds with something in it tells of a crash.
"""

import contextlib
import faulthandler
import logging
import os
import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6 import __version__ as pyside_version

from workstation.clock import utc_seconds
from workstation.errors import UserFacingError
from workstation.home import data_dir
from workstation.log_file import tail, without_names
from workstation.version import software_version

log = logging.getLogger(__name__)

FOLDER = "crashes"
MAX_REPORT_BYTES = 64_000
SAME_START_S = 2
_MARK = "\n--\n"


@dataclass(frozen=True, slots=True)
class CrashReport:
    """What is known of a crash."""

    when_utc: str
    """ISO 8601."""
    text: str
    """Versions, the stacks of all threads, the last lines of the log; no names of patients."""
    file: Path

    def discard(self) -> None:
        """Never offer it again."""
        with contextlib.suppress(OSError):
            self.file.unlink(missing_ok=True)


class CrashWatch:
    """Has a file ready for the stacks of this process. One that cannot be made is done without.

    Args:
        folder: where crash files lie; `crashes` in the program's own folder by default.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._was_enabled = faulthandler.is_enabled()
        self._path: Path | None = None
        try:
            folder = _folder() if folder is None else folder
            folder.mkdir(parents=True, exist_ok=True)
            _tidy(folder)
            self._path = folder / f"{os.getpid()}-{_start_of(os.getpid())}.txt"
            self._file = self._path.open("w", encoding="utf-8")
            self._file.write(f"{about_the_program()}{_MARK}")
            self._file.flush()
            faulthandler.enable(self._file, all_threads=True)
        except (OSError, UserFacingError) as error:
            log.warning("crashes cannot be noted: %s", error)

    def close(self) -> None:
        """The program ends well. Once is enough."""
        if self._path is None:
            return
        faulthandler.disable()
        if self._was_enabled and sys.__stderr__ is not None:
            faulthandler.enable(sys.__stderr__)
        self._file.close()
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        self._path = None


def about_the_program() -> str:
    """Versions of the program and what it stands on, a line."""
    return (
        f"trichodesk {software_version()}, Python {platform.python_version()}, PySide6 {pyside_version}, "
        f"{platform.system()} {platform.release()} {platform.machine()}"
    )


def pending_crash_report(folder: Path | None = None) -> CrashReport | None:
    """What the last crash left, until it is discarded; None where nothing crashed.

    Asked at the start, before much is logged.
    """
    try:
        folder = _folder() if folder is None else folder
        left = _tidy(folder)
        if left is None:
            return None
        about, stacks = _content(left)
        when = utc_seconds(datetime.fromtimestamp(left.stat().st_mtime, UTC))
    except (OSError, UserFacingError) as error:
        log.warning("crash files cannot be read: %s", error)
        return None
    parts = [f"{about}\nended unexpectedly at {when}.", without_names(stacks)]
    if last := tail(folder.parent):
        parts.append(f"The last lines of its log:\n{last}")
    return CrashReport(when, "\n\n".join(parts), left)


def _folder() -> Path:
    return data_dir() / FOLDER


def _tidy(folder: Path) -> Path | None:
    """Remove the files of processes that ended without telling anything, and all but the newest that do."""
    told: list[tuple[float, Path]] = []
    for path in folder.glob("*-*.txt"):
        if _is_alive(path):
            continue
        if _content(path)[1]:
            told.append((path.stat().st_mtime, path))
        else:
            path.unlink(missing_ok=True)
    told.sort()
    for _, path in told[:-1]:
        path.unlink(missing_ok=True)
    return told[-1][1] if told else None


def _content(path: Path) -> tuple[str, str]:
    """About the program, and the stacks; empty where it did not crash."""
    with path.open("rb") as file:
        text = file.read(MAX_REPORT_BYTES).decode(errors="replace")
    about, _, stacks = text.partition(_MARK)
    return about.strip(), stacks.strip()


def _is_alive(path: Path) -> bool:
    """Whether the process that a file belongs to still runs: another one may have its number by now."""
    try:
        pid, started = map(int, path.stem.split("-"))
    except ValueError:
        return False
    start = _start_of(pid)
    return start is not None and abs(start - started) <= SAME_START_S


def _start_of(pid: int) -> int | None:
    """When a process began, in seconds since 1970; None where there is no such process."""
    import psutil

    try:
        return int(psutil.Process(pid).create_time())
    except psutil.Error:
        return None
