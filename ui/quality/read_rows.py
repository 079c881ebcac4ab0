"""The reads of the open study with what is known of the work on them, worked out off the main thread."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from ui.background import Background, Task
from ui.workspace import Workspace
from workstation.model.study import Study
from workstation.quality.rows import ReadRow, all_rows


class ReadRows(QObject):
    """See the module. Lives on the main thread as long as what shows them.

    Args:
        workspace: whose study.
        background: works them out.
        parent: the Qt parent.
    """

    changed = Signal()
    """Other rows are there."""

    def __init__(self, workspace: Workspace, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._background = workspace, background
        self._rows: tuple[ReadRow, ...] = ()
        self._asked: Study | None = None
        self._task: Task[tuple[ReadRow, ...]] | None = None
        workspace.session_changed.connect(self._forget)

    @property
    def rows(self) -> tuple[ReadRow, ...]:
        """The latest, perhaps of a moment ago: those that wait first, worst first, then the others by image."""
        return self._rows

    @property
    def pending(self) -> bool:
        """Whether they are being worked out."""
        return self._task is not None

    def ask(self) -> None:
        """Have them worked out of the study as it is now; `changed` follows, unless they are up to date."""
        session = self._workspace.session
        if session is None or session.study is self._asked:
            return
        if self._task is not None:
            self._task.drop()
        self._asked = session.study
        # the trail is taken now: on another thread it might be longer than the study knows
        self._task = self._background.submit(
            partial(all_rows, session.study, session.trail), self._take, name="looking through the reads"
        )

    def _take(self, rows: tuple[ReadRow, ...]) -> None:
        self._task, self._rows = None, rows
        self.changed.emit()

    def _forget(self) -> None:
        """Another study."""
        if self._task is not None:
            self._task.drop()
        self._task, self._asked, self._rows = None, None, ()
        self.changed.emit()
