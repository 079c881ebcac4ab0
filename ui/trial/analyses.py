"""The analysis of the open study's trial, worked out off the main thread when somebody looks at it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from ui.background import Background
from ui.worked_out import WorkedOut
from ui.workspace import Workspace
from workstation.session import Session
from workstation.trial.results import Analysis, Basis


class Analyses(WorkedOut[Analysis]):
    """See the module and `WorkedOut`. Its thread is its own: an analysis takes long."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(workspace, Background(), "analysing the trial", parent)
        self._background.setParent(self)
        self._basis = Basis.OWN

    @property
    def basis(self) -> Basis:
        """The fields that endpoints are compared on."""
        return self._basis

    def set_basis(self, basis: Basis) -> None:
        """Compare endpoints on other fields."""
        if basis is not self._basis:
            self._basis = basis
            self.changed.emit()

    def shutdown(self) -> None:
        """End the work; for good."""
        self._background.shutdown()

    def _rests_on(self, session: Session) -> tuple[object, ...]:
        return session.study, self._basis

    def _work(self, session: Session) -> Callable[[], Analysis]:
        # statistics need scipy, which takes long to import
        from workstation.trial.analysing import analyse

        return partial(analyse, session.study, self._basis)

    def _forget(self) -> None:
        self._basis = Basis.OWN
        super()._forget()
