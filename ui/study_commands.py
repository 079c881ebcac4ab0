"""What is done with the study as a whole: its pages, its subjects, their questionnaires and adverse events.

Dialogs and pages are imported when they are asked for, so that the window opens quickly.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.actions import Actions
from ui.pages import Page
from ui.trial_commands import TrialCommands

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class StudyCommands(QObject):
    """Does it for one window."""

    def __init__(self, window: "MainWindow", actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace
        self.trial = TrialCommands(window)
        handlers: dict[str, Callable[[], object]] = {
            "study.images": lambda: self.show_page(Page.IMAGES),
            "study.overview": lambda: self.show_page(Page.OVERVIEW),
            "study.statistics": lambda: self.show_page(Page.STATISTICS),
            "study.subjects": self.subjects,
            "study.questionnaires": self.questionnaires,
            "study.events": self.events,
            "study.plan": self.trial.plan,
            "study.report": self.trial.report,
        }
        actions.connect_all(handlers)

    def show_page(self, page: Page) -> None:
        """Show a page; of one that is shown already, its command leads back to the images."""
        pages = self._window.pages
        pages.show_page(Page.IMAGES if page is pages.page else page)
        if pages.page is Page.IMAGES:
            self._window.focus_image()

    def subjects(self) -> None:
        """Show the subjects and their visits."""

    def questionnaires(self) -> None:
        """Show what subjects answered."""

    def events(self) -> None:
        """Show adverse events."""


def overview_page(window: "MainWindow") -> QWidget:
    """The page with all subjects and visits."""
    from ui.overview.page import OverviewPage

    page = OverviewPage(window.workspace, window.desk.pictures)
    page.opened.connect(window.show_images)
    return page
