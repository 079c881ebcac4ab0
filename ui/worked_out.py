"""What is worked out of the open study off the main thread when somebody looks at it."""

from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from ui.background import Background, Task
from ui.workspace import Workspace
from workstation.model.study import Study
from workstation.session import Session

T = TypeVar("T")


class WorkedOut(QObject, Generic[T]):
    """The latest result, and whether another one is under way. Lives on the main thread.

    Args:
        workspace: whose study it is.
        background: does the work; whoever owns it shuts it down.
        name: what is done, for the log.
        parent: the Qt parent.
    """

    changed = Signal()
    """Another result is there, or the one that is there is out of date."""

    def __init__(self, workspace: Workspace, background: Background, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._background, self._name = workspace, background, name
        self._task: Task[T] | None = None
        self._asked: tuple[object, ...] | None = None
        self._latest: T | None = None
        self._study: Study | None = None
        self._failed = False
        workspace.session_changed.connect(self._forget)
        workspace.document_changed.connect(lambda _change: self.changed.emit())

    @property
    def latest(self) -> T | None:
        """The latest that was worked out, perhaps of a moment ago; None where there is none yet."""
        return self._latest

    @property
    def study(self) -> Study | None:
        """The study as it was when `latest` was worked out, whose images and reads that speaks of."""
        return self._study

    @property
    def pending(self) -> bool:
        """Whether it is being worked out anew."""
        return self._task is not None

    @property
    def failed(self) -> bool:
        """Whether the latest could not be worked out: then the program has told of a problem of its own."""
        return self._failed

    def ask(self) -> None:
        """Have it worked out of the study as it is now; `changed` follows, unless nothing changed that it rests on."""
        session = self._workspace.session
        if session is None:
            return
        rests_on = self._rests_on(session)
        if self._asked is not None and _same(rests_on, self._asked):
            return
        if self._task is not None:
            self._task.drop()
        self._asked, self._failed = rests_on, False
        self._task = self._background.submit(
            self._work(session), partial(self._take, session.study), self._fail, name=self._name
        )

    def _rests_on(self, session: Session) -> tuple[object, ...]:
        """What the result follows from: values that never change, known by identity."""
        return (session.study,)

    def _work(self, session: Session) -> Callable[[], T]:
        """What is done on another thread; all that it needs is taken now."""
        raise NotImplementedError

    def _take(self, study: Study, result: T) -> None:
        self._task, self._study, self._latest = None, study, result
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self._task, self._failed = None, True
        self.changed.emit()
        raise error

    def _forget(self) -> None:
        """Another study."""
        if self._task is not None:
            self._task.drop()
        self._task = self._asked = self._latest = self._study = None
        self._failed = False
        self.changed.emit()


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
