"""Errors of the program itself, wherever they are raised: logged, told once in plain words, and the program goes on.

An exception in a slot, a thread or a destructor would otherwise be printed where nobody looks.
"""

import logging
import sys
import threading
from collections.abc import Callable
from concurrent.futures import InvalidStateError
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

from workstation.errors import UserFacingError
from workstation.log_file import anonymous_trace

log = logging.getLogger(__name__)

INSIDE = (
    "Something went wrong inside the program; your corrections are safe. "
    "If it happens again, please report it with the details."
)
NO_MEMORY = "The computer's memory is used up; your corrections are safe. Close other programs, or show fewer images."

_Place = tuple[type[BaseException], str, int]


@dataclass(frozen=True, slots=True)
class Problem:
    """An error of the program, as the user is told of it."""

    text: str
    """A sentence or two."""
    details: str
    """Where it happened, for a report; without names of patients."""
    n: int = 1
    """How often it happened so far."""


class Problems(QObject):
    """Hears of every error that nobody handled, on any thread; tells it on the main thread. Lives as long as that."""

    happened = Signal(object)
    """A `Problem` that is new."""
    repeated = Signal(object)
    """A `Problem` that was told before, now with its number; after the second time, the fourth, the eighth …"""

    _noted = Signal(object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: dict[_Place, Problem] = {}
        self._lock = threading.Lock()
        self._installed = False
        # queued: whoever shows it may open a window, which a painter or another thread must not
        self._noted.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Hear of all errors from now on."""
        if not self._installed:
            self._installed = True
            self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
            sys.excepthook, threading.excepthook = self._on_exception, self._on_thread
            sys.unraisablehook = self._on_unraisable

    def uninstall(self) -> None:
        """Leave errors to whoever heard of them before."""
        if self._installed:
            self._installed = False
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before

    def note(self, error: BaseException) -> None:
        """Log an error and have it told. From any thread, and never an error itself."""
        place = _place_of(error)
        with self._lock:
            known = self._known.get(place)
            problem = _problem_of(error) if known is None else replace(known, n=known.n + 1)
            self._known[place] = problem
        if problem.n & (problem.n - 1):
            return  # an error in each repaint must not fill the log
        log.error("unexpected error, seen %d times", problem.n, exc_info=error)
        self._noted.emit(problem, known is None)

    def _tell(self, problem: Problem, is_new: bool) -> None:
        (self.happened if is_new else self.repeated).emit(problem)

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, Exception):
            self.note(error)
        else:  # Ctrl-C
            self._before[0](kind, error, trace)

    def _on_thread(self, arguments: threading.ExceptHookArgs) -> None:
        error = arguments.exc_value
        if isinstance(error, InvalidStateError):
            # a pool of Python 3.11 of which a process was killed stumbles over cancelled work; nothing is lost by it
            log.warning("a thread ended early", exc_info=error)
        elif isinstance(error, Exception):
            self.note(error)

    def _on_unraisable(self, arguments: "sys.UnraisableHookArgs") -> None:
        if isinstance(arguments.exc_value, Exception):
            self.note(arguments.exc_value)


def watch(tell: Callable[[Problem], None]) -> Problems:
    """Hear of all errors from now on.

    Args:
        tell: called on the main thread for each new problem, and for one told before when it happened twice, four
            times, eight times …

    Returns:
        What does it; `uninstall` ends it. Kept by the caller.
    """
    problems = Problems()
    problems.happened.connect(tell)
    problems.repeated.connect(tell)
    problems.install()
    return problems


def told_to_user(error: Exception, what: str, *, file: Path | None = None) -> UserFacingError:
    """An error of some work as the user is told of it; one of the program itself is logged.

    Args:
        error: what the work raised.
        what: what came of it, as a clause: `the study could not be saved`.
        file: the file it happened to.
    """
    if isinstance(error, UserFacingError):
        return error
    log.error("some work failed through an error of the program", exc_info=error)
    if isinstance(error, MemoryError):
        remedy = "Close other programs, or show fewer images."
        return UserFacingError(f"{what}: the computer's memory is used up", file=file, remedy=remedy)
    remedy = "Please report it; the log has the details."
    return UserFacingError(f"{what} because of an error inside the program", file=file, remedy=remedy)


def _problem_of(error: BaseException) -> Problem:
    told = {UserFacingError: str(error), MemoryError: NO_MEMORY}
    text = next((words for kind, words in told.items() if isinstance(error, kind)), INSIDE)
    return Problem(text, anonymous_trace(error))


def _place_of(error: BaseException) -> _Place:
    """What makes two errors the same: their kind, and the line that raised them."""
    trace = error.__traceback__
    if trace is None:
        return type(error), "", 0
    while trace.tb_next is not None:
        trace = trace.tb_next
    return type(error), trace.tb_frame.f_code.co_filename, trace.tb_lineno
