"""The record of the open study, put together off the main thread when somebody looks at it."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from ui.background import Background, Task
from ui.workspace import Workspace
from workstation.record.rows import Record, record_of


class Records(QObject):
    """See the module. Lives on the main thread as long as its page.

    Args:
        workspace: whose study it is.
        background: does the work; whoever owns it shuts it down.
        parent: the Qt parent.
    """

    changed = Signal()
    """Another record is there, or the one that is there is out of date."""

    def __init__(self, workspace: Workspace, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._background = workspace, background
        self._task: Task[Record] | None = None
        self._asked: tuple[str, int] | None = None
        self._record: Record | None = None
        self._failed = False
        workspace.session_changed.connect(self._forget)
        workspace.document_changed.connect(lambda _change: self.changed.emit())

    @property
    def record(self) -> Record | None:
        """The latest that was put together, perhaps of a moment ago; None where there is none yet."""
        return self._record

    @property
    def failed(self) -> bool:
        """Whether the latest could not be put together: then the program has told of a problem of its own."""
        return self._failed

    def ask(self) -> None:
        """Have it put together of the study as it is now; `changed` follows, unless nothing was edited since."""
        session = self._workspace.session
        if session is None:
            return
        moment = session.moment
        asked = moment.audit_sha256, moment.revision
        if asked == self._asked:
            return
        if self._task is not None:
            self._task.drop()
        self._asked, self._failed = asked, False
        work = partial(record_of, moment.study, session.trail[: moment.revision])
        self._task = self._background.submit(work, self._take, self._fail, name="putting the record together")

    def _take(self, record: Record) -> None:
        self._task, self._record = None, record
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self._task, self._failed = None, True
        self.changed.emit()
        raise error

    def _forget(self) -> None:
        """Another study."""
        if self._task is not None:
            self._task.drop()
        self._task = self._record = self._asked = None
        self._failed = False
        self.changed.emit()
