"""Long work on files, one piece after the other on a thread, each with its progress shown and a way to stop it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from analysis.progress import Report
from ui.background import JobWatcher
from ui.messages import Message
from ui.workspace import Workspace
from workstation.errors import UserFacingError
from workstation.jobs import Job
from workstation.session import Session

R = TypeVar("R")


class LongJobs(QObject):
    """What does such work; the base of those that know what to do. Lives on the main thread as the window does.

    Args:
        workspace: is told how it went.
        follow: shows a watcher's progress under a title.
        parent: the Qt parent.
    """

    idle = Signal()
    """All that was asked for is done, or failed, or was stopped."""

    def __init__(
        self, workspace: Workspace, follow: Callable[[str, JobWatcher], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._follow = follow
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=type(self).__name__)
        self._running: dict[JobWatcher, Session | None] = {}

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._running)

    def works_on(self, session: Session) -> bool:
        """Whether anything is under way that needs a study to stay open."""
        return session in self._running.values()

    def shutdown(self) -> None:
        """Stop what runs and wait for it; for good."""
        for watcher in self._running:
            made = watcher.stop()
            if made is not None:
                self.let_go(made)
        self._running.clear()
        self._executor.shutdown()

    def let_go(self, made: object) -> None:
        """Take back what was made when nobody wanted it any more."""

    def _run(
        self,
        title: str,
        work: Callable[[Report], R],
        then: Callable[[R], object],
        *,
        stopped: str,
        session: Session | None = None,
    ) -> None:
        """Do work, then call `then` with what it gave; `stopped` is told where it was stopped.

        Args:
            title: what it is, for the progress.
            work: what to do, on the thread.
            then: called on the main thread.
            stopped: a sentence.
            session: the study that must stay open meanwhile.
        """
        watcher = JobWatcher(Job(self._executor, work), self)
        self._running[watcher] = session
        for ended in (watcher.finished, watcher.failed, watcher.cancelled):
            ended.connect(lambda *_: self._end(watcher))
        watcher.finished.connect(then)
        watcher.failed.connect(self._failed)
        watcher.cancelled.connect(lambda: self._workspace.tell(stopped))
        self._follow(title, watcher)

    def _end(self, watcher: JobWatcher) -> None:
        self._running.pop(watcher, None)
        watcher.deleteLater()
        if not self._running:
            self.idle.emit()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self._workspace.told.emit(Message.of_error(error))
