"""What is done with the trial: its statistics, its plan, its report."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class TrialCommands(QObject):
    """Does it for one window. Pages and dialogs are imported when they are asked for."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace

    def plan(self) -> None:
        """Change what is fixed before results are looked at."""

    def report(self) -> None:
        """Write a report."""


def statistics_page(window: "MainWindow") -> QWidget:
    """The page with the statistics of the trial."""
    return QWidget(window)
