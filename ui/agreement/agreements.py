"""The agreement of the open study's readers, worked out off the main thread when somebody looks at it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from analysis.progress import Cancelled, Report
from ui.background import Background
from ui.worked_out import WorkedOut
from ui.workspace import Workspace
from workstation.agreement.results import Agreement
from workstation.model.read import FINISHED
from workstation.session import Session


class Agreements(WorkedOut[Agreement]):
    """See the module and `WorkedOut`."""

    def __init__(self, workspace: Workspace, background: Background, parent: QObject | None = None) -> None:
        super().__init__(workspace, background, "comparing readers", parent)
        self._turn = 0

    def _rests_on(self, session: Session) -> tuple[object, ...]:
        """Strokes in a read that is not submitted change nothing."""
        study = session.study
        reads = [read for read in study.reads.values() if read.editable]
        states = [read if read.review.state in FINISHED else read.review.state for read in reads]
        return study.images, study.visits, study.packages, study.cutoffs, *states

    def _work(self, session: Session) -> Callable[[], Agreement]:
        # statistics need scipy, which takes long to import
        from workstation.agreement.comparing import agreement_of

        return partial(agreement_of, session.study, self._until_next())

    def _until_next(self) -> Report:
        """Ends work as soon as something newer is asked for: many images take a while."""
        self._turn += 1
        turn = self._turn

        def report(_stage: str, _done: float) -> None:
            if turn != self._turn:
                raise Cancelled

        return report

    def _forget(self) -> None:
        self._turn += 1
        super()._forget()
