"""Work off the main thread, its results on the main thread.

Threads of `concurrent.futures` do the work; a signal of an object that lives on the main thread, queued, brings the
result back. No `QThread`: one that runs while it is collected takes the program with it.
"""

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from analysis.progress import Cancelled
from workstation.jobs import Job

log = logging.getLogger(__name__)

R = TypeVar("R")

POLL_MS = 80
"""How often a job is looked at: often enough to seem smooth."""


@dataclass(slots=True, eq=False)
class Task(Generic[R]):
    """Work that was submitted. Belongs to the main thread."""

    name: str
    on_done: Callable[[R], None]
    on_error: Callable[[Exception], None] | None
    on_dropped: Callable[[R], object] | None = None
    dropped: bool = False

    def drop(self) -> None:
        """Nobody wants the result any more: it is given to `on_dropped` at most."""
        self.dropped = True


class Background(QObject):
    """A few threads, and what is to be done with their results. Lives on the main thread.

    Whoever owns one calls `shutdown` before the program ends.

    Args:
        parent: the Qt parent.
        workers: how many threads at most.
    """

    _over = Signal()

    def __init__(self, parent: QObject | None = None, *, workers: int = 1) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="background")
        self._tasks: set[Task[Any]] = set()
        self._results: deque[Callable[[], None]] = deque()
        self._closed = False
        self._over.connect(self._deliver_one, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether anything is under way that somebody wants."""
        return any(not task.dropped for task in self._tasks)

    def submit(
        self,
        work: Callable[[], R],
        on_done: Callable[[R], None],
        on_error: Callable[[Exception], None] | None = None,
        *,
        name: str,
        on_dropped: Callable[[R], object] | None = None,
    ) -> Task[R]:
        """Do work on a thread; it must not touch anything of Qt, nor change what the main thread reads.

        Args:
            work: what to do; values it works on are immutable.
            on_done: called on the main thread with the result.
            on_error: called on the main thread with what `work` raised; without it, that is raised there, where it is
                told as any error of the program.
            name: of the work, for the log.
            on_dropped: called with a result that came when nobody wanted it any more, and that must be let go of: an
                open file, say. On the main thread, a shutdown included.

        Returns:
            The task, whose result may be dropped; after `shutdown` it is dropped from the start.
        """
        task = Task(name, on_done, on_error, on_dropped)
        if self._closed:
            task.drop()
            return task
        self._tasks.add(task)
        self._executor.submit(self._do, task, work)
        return task

    def drop_all(self) -> None:
        """Nobody wants any result of what was submitted so far; what has not begun yet never will."""
        for task in self._tasks:
            task.drop()

    def on_main(self, deliver: Callable[[], None]) -> None:
        """Have something called on the main thread, soon; for work that tells of more than its result. Any thread."""
        # it never travels in the event: one that is never delivered would keep it alive
        self._results.append(deliver)
        self._over.emit()

    def shutdown(self) -> None:
        """Drop all results and wait for the threads to end; for good. Once is enough."""
        self._closed = True
        self.drop_all()
        self._executor.shutdown(wait=True, cancel_futures=True)
        while self._results:
            self._deliver_one()
        self._tasks.clear()

    def _do(self, task: Task[R], work: Callable[[], R]) -> None:
        """On a thread of the executor."""
        if task.dropped:
            self.on_main(lambda: self._tasks.discard(task))
            return
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - it is told on the main thread
            failure = error
            self.on_main(lambda: self._fail(task, failure))
        else:
            self.on_main(lambda: self._finish(task, result))

    def _deliver_one(self) -> None:
        if self._results:  # nothing after a shutdown
            self._results.popleft()()

    def _finish(self, task: Task[R], result: R) -> None:
        self._tasks.discard(task)
        if not task.dropped:
            task.on_done(result)
        elif task.on_dropped is not None:
            task.on_dropped(result)

    def _fail(self, task: Task[R], error: Exception) -> None:
        self._tasks.discard(task)
        if task.dropped:
            log.info("%s failed when nobody waited for it any longer", task.name, exc_info=error)
        elif task.on_error is None:
            raise error
        else:
            task.on_error(error)


class JobWatcher(QObject):
    """Follows a job of `workstation.jobs` and tells how it goes. Exactly one of the last three signals comes, once.

    Args:
        job: the job.
        parent: the Qt parent.
        interval_ms: how often to look.
    """

    progressed = Signal(str, float)
    """The stage's name and the share of the work that is done; only when they changed."""
    finished = Signal(object)
    """The result."""
    failed = Signal(object)
    """The exception."""
    cancelled = Signal()

    def __init__(self, job: Job[Any], parent: QObject | None = None, *, interval_ms: int = POLL_MS) -> None:
        super().__init__(parent)
        self._job = job
        self._told = ("", 0.0)
        self._stopping = False
        self._timer = QTimer(self, interval=interval_ms)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def cancel(self) -> None:
        """Ask the job to stop. `cancelled` follows once it has, and `finished` where it was too late to."""
        if self._timer.isActive():
            self._stopping = True
            self._job.cancel()

    def stop(self) -> object | None:
        """Stop the job and wait for that; no signal follows. Gives its result where it was too late, else None."""
        self._timer.stop()
        self._job.cancel()
        try:
            result: object = self._job.future.result()
        except Exception:  # noqa: BLE001 - nobody asks any more
            return None
        return result

    def _look(self) -> None:
        if not self._job.future.done():
            now = self._job.progress
            if now != self._told and not self._stopping and not self._job.future.done():
                self._told = now
                self.progressed.emit(*now)
            return
        self._timer.stop()
        try:
            # a job drops its result once it is cancelled, but what was made should not be denied
            result = self._job.future.result(0) if self._stopping else self._job.result(0)
        except (Cancelled, CancelledError):
            self.cancelled.emit()
        except Exception as error:  # noqa: BLE001 - whoever listens tells it
            self.failed.emit(error)
        else:
            self.finished.emit(result)
