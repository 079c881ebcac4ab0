"""The record of the open study, put together off the main thread when somebody looks at it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from ui.background import Background
from ui.worked_out import WorkedOut
from ui.workspace import Workspace
from workstation.record.rows import Record, record_of
from workstation.session import Session


class Records(WorkedOut[Record]):
    """See the module and `WorkedOut`."""

    def __init__(self, workspace: Workspace, background: Background, parent: QObject | None = None) -> None:
        super().__init__(workspace, background, "putting the record together", parent)

    def _work(self, session: Session) -> Callable[[], Record]:
        moment = session.moment
        return partial(record_of, moment.study, session.trail[: moment.revision])
