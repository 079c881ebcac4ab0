"""The reads of the open study with what is known of the work on them, worked out off the main thread."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from ui.background import Background
from ui.worked_out import WorkedOut
from ui.workspace import Workspace
from workstation.quality.rows import ReadRow, all_rows
from workstation.session import Session


class ReadRows(WorkedOut[tuple[ReadRow, ...]]):
    """See the module and `WorkedOut`."""

    def __init__(self, workspace: Workspace, background: Background, parent: QObject | None = None) -> None:
        super().__init__(workspace, background, "looking through the reads", parent)

    @property
    def rows(self) -> tuple[ReadRow, ...]:
        """The latest: those that wait first, worst first, then the others by image."""
        return self.latest or ()

    def _work(self, session: Session) -> Callable[[], tuple[ReadRow, ...]]:
        # the trail is taken now: on another thread it might be longer than the study knows
        return partial(all_rows, session.study, session.trail)
