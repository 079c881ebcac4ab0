"""The agreement of the open study's readers, worked out off the main thread when somebody looks at it."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from analysis.progress import Cancelled, Report
from ui.background import Background, Task
from ui.workspace import Workspace
from workstation.agreement.results import Agreement
from workstation.model.read import FINISHED
from workstation.model.study import Study


class Agreements(QObject):
    """See the module. Lives on the main thread as long as the window.

    Args:
        workspace: whose study it is.
        background: does the work; whoever owns it shuts it down.
        parent: the Qt parent.
    """

    changed = Signal()
    """Another agreement is there, or the one that is there is out of date."""

    def __init__(self, workspace: Workspace, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._background = workspace, background
        self._task: Task[Agreement] | None = None
        self._asked: tuple[object, ...] = ()
        self._agreement: Agreement | None = None
        self._study: Study | None = None
        self._failed = False
        self._turn = 0
        workspace.session_changed.connect(self._forget)
        workspace.document_changed.connect(lambda _change: self.changed.emit())

    @property
    def agreement(self) -> Agreement | None:
        """The latest that was worked out, perhaps of a moment ago; None where there is none yet."""
        return self._agreement

    @property
    def study(self) -> Study | None:
        """The study as it was then."""
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
        study = self._workspace.study
        if study is None:
            return
        rests_on = _rests_on(study)
        if len(rests_on) == len(self._asked) and all(a is b for a, b in zip(rests_on, self._asked, strict=True)):
            return
        if self._task is not None:
            self._task.drop()
        # statistics need scipy, which takes long to import
        from workstation.agreement.comparing import agreement_of

        self._asked, self._failed = rests_on, False
        self._task = self._background.submit(
            partial(agreement_of, study, self._until_next()),
            partial(self._take, study),
            self._fail,
            name="comparing readers",
        )

    def _until_next(self) -> Report:
        """Ends work as soon as something newer is asked for: many images take a while."""
        self._turn += 1
        turn = self._turn

        def report(_stage: str, _done: float) -> None:
            if turn != self._turn:
                raise Cancelled

        return report

    def _take(self, study: Study, agreement: Agreement) -> None:
        self._task, self._study, self._agreement = None, study, agreement
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self._task, self._failed = None, True
        self.changed.emit()
        raise error

    def _forget(self) -> None:
        """Another study."""
        if self._task is not None:
            self._task.drop()
        self._turn += 1
        self._task = self._agreement = self._study = None
        self._asked, self._failed = (), False
        self.changed.emit()


def _rests_on(study: Study) -> tuple[object, ...]:
    """What agreement follows from, to be compared by identity: strokes in a read that is not submitted change none."""
    reads = [read for read in study.reads.values() if read.editable]
    states = [read if read.review.state in FINISHED else read.review.state for read in reads]
    return study.images, study.visits, study.packages, study.cutoffs, *states
