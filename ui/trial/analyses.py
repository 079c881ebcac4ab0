"""The analysis of the open study's trial, worked out off the main thread when somebody looks at it."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from ui.background import Background, Task
from ui.workspace import Workspace
from workstation.model.study import Study
from workstation.trial.results import Analysis, Basis


class Analyses(QObject):
    """See the module. Lives on the main thread as long as the window.

    Args:
        workspace: whose study it is.
        parent: the Qt parent.
    """

    changed = Signal()
    """Another analysis is there, or the one that is there is out of date."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._background = Background(self)
        self._task: Task[Analysis] | None = None
        self._asked: tuple[Study, Basis] | None = None
        self._analysis: Analysis | None = None
        self._study: Study | None = None
        self._failed = False
        self._basis = Basis.OWN
        workspace.session_changed.connect(self._forget)
        workspace.document_changed.connect(lambda _change: self.changed.emit())

    @property
    def analysis(self) -> Analysis | None:
        """The latest that was worked out, perhaps of a moment ago; None where there is none yet."""
        return self._analysis

    @property
    def study(self) -> Study | None:
        """The study as it was when `analysis` was worked out, whose subjects and reads that speaks of."""
        return self._study

    @property
    def pending(self) -> bool:
        """Whether it is being worked out anew."""
        return self._task is not None

    @property
    def failed(self) -> bool:
        """Whether the latest could not be worked out: then the program has told of a problem of its own."""
        return self._failed

    @property
    def basis(self) -> Basis:
        """The fields that endpoints are compared on."""
        return self._basis

    def set_basis(self, basis: Basis) -> None:
        """Compare endpoints on other fields."""
        if basis is not self._basis:
            self._basis = basis
            self.changed.emit()

    def ask(self) -> None:
        """Have it worked out of the study as it is now; `changed` follows, unless it is up to date."""
        study = self._workspace.study
        if study is None or self._is_asked(study):
            return
        if self._task is not None:
            self._task.drop()
        # statistics need scipy, which takes long to import
        from workstation.trial.analysing import analyse

        self._asked, self._failed = (study, self._basis), False
        self._task = self._background.submit(
            partial(analyse, study, self._basis), partial(self._take, study), self._fail, name="analysing the trial"
        )

    def shutdown(self) -> None:
        """End the work; for good."""
        self._background.shutdown()

    def _is_asked(self, study: Study) -> bool:
        """Whether just this is there or under way; a study is known by identity, since it never changes."""
        return self._asked is not None and self._asked[0] is study and self._asked[1] is self._basis

    def _take(self, study: Study, analysis: Analysis) -> None:
        self._task, self._study, self._analysis = None, study, analysis
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self._task, self._failed = None, True
        self.changed.emit()
        raise error

    def _forget(self) -> None:
        """Another study."""
        self._background.drop_all()
        self._task = self._asked = self._analysis = self._study = None
        self._failed, self._basis = False, Basis.OWN
        self.changed.emit()
