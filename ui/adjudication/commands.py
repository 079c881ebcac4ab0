"""What the commands of settling two reads do."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.actions import Actions
from workstation.model.settlement import Choice

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class AdjudicationCommands(QObject):
    """Does them for one window.

    Args:
        window: the window.
        actions: its actions.
    """

    def __init__(self, window: "MainWindow", actions: Actions) -> None:
        super().__init__(window)
        self._actions = actions
        self._workspace = window.workspace
        self._review = review = window.desk.adjudication
        actions.connect_all(
            {
                "adjudication.review": self._toggle,
                "adjudication.next": review.next,
                "adjudication.previous": review.previous,
                "adjudication.first": lambda: review.choose(Choice.FIRST),
                "adjudication.second": lambda: review.choose(Choice.SECOND),
                "adjudication.both": lambda: review.choose(Choice.BOTH),
                "adjudication.neither": lambda: review.choose(Choice.NEITHER),
                "adjudication.edit": review.edit,
                "adjudication.reopen": review.reopen,
                "adjudication.blinded": lambda: review.set_blinded(not self._workspace.display.blinded),
            }
        )
        review.changed.connect(self._follow)
        self._follow()

    def _toggle(self) -> None:
        self._review.set_on(not self._review.on)
        self._follow()

    def _follow(self) -> None:
        self._actions["adjudication.review"].setChecked(self._review.on)
        self._actions["adjudication.blinded"].setChecked(self._workspace.display.blinded)
