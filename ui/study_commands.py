"""What is done with the study as a whole: its pages, its subjects, their questionnaires and adverse events.

Dialogs and pages are imported when they are asked for, so that the window opens quickly.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.actions import Actions
from ui.pages import Page
from ui.quality_commands import QualityCommands
from ui.trial_commands import TrialCommands
from workstation.home import account_name

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.overview.page import OverviewPage


class StudyCommands(QObject):
    """Does it for one window."""

    def __init__(self, window: "MainWindow", actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace
        self.overview_: OverviewPage | None = None
        """The overview, once it was shown."""
        self.trial = TrialCommands(window)
        self.quality = QualityCommands(window)
        handlers: dict[str, Callable[[], object]] = {
            "study.images": lambda: self.show_page(Page.IMAGES),
            "study.overview": lambda: self.show_page(Page.OVERVIEW),
            "study.statistics": lambda: self.show_page(Page.STATISTICS),
            "study.quality": lambda: self.show_page(Page.QUALITY),
            "study.record": lambda: self.show_page(Page.RECORD),
            "study.find": self.find,
            "study.subjects": self.subjects,
            "study.questionnaires": self.questionnaires,
            "study.events": self.events,
            "study.plan": self.trial.plan,
            "study.report": self.trial.report,
            "study.people": self.people,
            "study.my_key": self.my_key,
            "image.sign": self.sign,
        }
        actions.connect_all({**handlers, **self.quality.handlers()})

    def show_page(self, page: Page) -> None:
        """Show a page; of one that is shown already, its command leads back to the images."""
        pages = self._window.pages
        pages.show_page(Page.IMAGES if page is pages.page else page)
        if pages.page is Page.IMAGES:
            self._window.focus_image()

    def find(self) -> None:
        """Let the user type which subject to look for."""
        self._window.pages.show_page(Page.OVERVIEW)
        if self.overview_ is not None:
            self.overview_.look_for()

    def subjects(self, code: str = "", visit_id: int | None = None) -> None:
        """Show the subjects and their visits, beginning with one of them."""
        from ui.dialogs.subjects import SubjectsDialog

        SubjectsDialog(self._workspace, *self._meant(code, visit_id), self._window).exec()

    def questionnaires(self, code: str = "", visit_id: int | None = None) -> None:
        """Show what subjects answered, beginning with one of them."""
        from ui.dialogs.questionnaires import QuestionnairesDialog

        background = self._window.desk.background
        QuestionnairesDialog(self._workspace, background, *self._meant(code, visit_id), self._window).exec()

    def events(self, code: str = "") -> None:
        """Show adverse events; a new one is of this subject, unless another one is chosen."""
        from ui.dialogs.events import EventsDialog

        EventsDialog(self._workspace, self._window.desk.background, self._meant(code, None)[0], self._window).exec()

    def people(self) -> None:
        """Show who takes part, and by which keys they are known."""
        from ui.signing.people_dialog import PeopleDialog

        PeopleDialog(self._workspace, self._window).exec()

    def my_key(self) -> None:
        """Show the reader's own key, or let one be made."""
        from ui.signing.my_key import MyKeyDialog

        session, settings = self._workspace.session, self._workspace.settings
        name = settings.reader or account_name() if session is None else session.document.user
        folder = settings.last_folder or Path.home()
        MyKeyDialog(name, self._window.desk.background, folder, self._window).exec()

    def sign(self) -> None:
        """Show who signed the read that is shown, and let the user sign it."""
        from ui.signing.sign_dialog import SignDialog

        read = self._workspace.active_read
        if read is not None:
            SignDialog(self._workspace, self._window.desk.background, read, self._window).exec()

    def _meant(self, code: str, visit_id: int | None) -> tuple[str, int | None]:
        """Whom a dialog begins with: the subject and visit that were chosen, else those of the active image."""
        study, image_id = self._workspace.study, self._workspace.active
        if code or study is None or image_id is None or not self._window.sees_images():
            return code, visit_id
        visit = study.visit_of(image_id)
        return visit.subject, visit.id

    def overview_page(self) -> QWidget:
        """The page with all subjects and visits."""
        from ui.overview.menu import Deeds
        from ui.overview.page import OverviewPage

        window, desk = self._window, self._window.desk
        deeds = Deeds(
            open=window.show_images,
            detect=desk.detection.detect,
            subject=self.subjects,
            answers=self.questionnaires,
            event=self.events,
            can_edit=lambda: self._workspace.can_edit,
        )
        self.overview_ = OverviewPage(window.workspace, desk.pictures, deeds)
        return self.overview_
