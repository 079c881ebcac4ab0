"""The main window: images in the middle, tools to the left, what they mean to the right, safety below."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QToolBar, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.adjudication.overlay import AdjudicationOverlay
from ui.adjudication.wording import target_whence
from ui.blinding.work_bar import WorkBar
from ui.blinding.work_file import WorkFile
from ui.commands import Commands
from ui.context_menu import context_menu
from ui.desk import Desk
from ui.dropped import what_was_dropped
from ui.icons import app_icon
from ui.keys import Context
from ui.layout import kept_layout, restore_layout
from ui.matching.overlay import MatchOverlay
from ui.matching.wording import fate_text
from ui.menus import RecentMenu, fill_menu_bar, tool_bar
from ui.messages import Message, MessageKind
from ui.page_switch import PageSwitch
from ui.pages import Page, Pages
from ui.panels.compare_bar import CompareBar
from ui.panels.film_strip import FilmStrip
from ui.pointing import Target
from ui.preferences import change
from ui.problems import Problem
from ui.record.past_bar import PastBar
from ui.side_column import USUAL_WIDTH_PX, SideColumn
from ui.start_page import StartPage
from ui.status_bar import StatusBar
from ui.status_text import SEPARATOR
from ui.toast import Toasts
from ui.tools.options import ToolOptions
from ui.trial_commands import statistics_page
from ui.view.comparison import ComparisonView
from workstation.errors import UserFacingError

USUAL_SIZE = (1440, 900)
SMALLEST_SIZE = (960, 600)


class MainWindow(QMainWindow):
    """The window.

    Args:
        desk: what it works with; ended by whoever made it.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.workspace = desk.workspace
        self._closing = self._closes_when_idle = self._ready_to_close = False
        self.setObjectName("main_window")
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST_SIZE)
        self.resize(*USUAL_SIZE)
        self.pages = Pages()
        self.actions_ = Actions(
            self.workspace, self, lambda: desk.registrar.waiting_text, self.sees_images, self.context
        )
        self.recent = RecentMenu(self)
        fill_menu_bar(self, self.actions_, self.recent)
        self.start = StartPage(self.workspace.settings, desk.recent_files)
        self.comparison = ComparisonView(self.workspace, desk.pixels, desk.tools, desk.background)
        self.film_strip = FilmStrip(self.workspace, desk.matches, desk.changes, desk.pictures)
        self.column = SideColumn(desk, self)
        self.match_overlay = MatchOverlay(self.workspace, desk.matches, self.comparison)
        self.adjudication_overlay = AdjudicationOverlay(desk.adjudication, self.comparison)
        self.status = StatusBar(self.workspace, self._what_became)
        self._lay_out()
        self.toasts = Toasts(self.pages)
        self.commands = Commands(self, self.actions_)
        self.work_file = WorkFile(self, self.actions_)
        self._connect()
        restore_layout(self, self.workspace.settings.window_layout)
        self._follow_session()

    # --- beginning and ending ----------------------------------------------------------------------------------

    def begin(self, study: Path | None = None, *, detect: bool = False) -> None:
        """Open a study, or show the start page.

        Args:
            study: the file.
            detect: detect where nothing was detected yet.
        """
        self.commands.offer_crash_report()
        if study is not None:
            files = self.commands.files
            files.open(study, files.detect_where_nothing_is if detect else nothing)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save what is unsaved, off the main thread, and close then; asks nothing."""
        if self._ready_to_close:
            event.accept()
            return
        event.ignore()
        if self._closing:
            return
        self._closes_when_idle = self.desk.busy
        if self._closes_when_idle:
            self.workspace.tell("The window closes as soon as the work under way is done. Stop it to close at once.")
            return
        self.desk.tools.cancel()
        self.desk.registrar.cancel()  # landmarks that wait for it are saved too
        self.commit_typed()
        layout = kept_layout(self)
        change(self.workspace, lambda settings: settings.changed(window_layout=layout))
        self.setEnabled(False)
        self._closing = True
        self.desk.saver.finish(self._close_for_good)

    def _close_for_good(self, error: UserFacingError | None) -> None:
        self.setEnabled(True)
        if error is not None and not self.commands.files.closes_unsaved(error):
            self._closing = False
            return
        self._ready_to_close = True
        self.close()

    def _close_when_idle(self) -> None:
        if self._closes_when_idle:
            self.close()

    def tell_of_failure(self, problem: Problem) -> None:
        """Say that something went wrong inside the program."""
        message = Message(problem.text, MessageKind.ERROR, details=problem.details, n_times=problem.n)
        self.toasts.show_message(message)

    def _what_became(self, target: Target) -> str:
        """What became of what is pointed at at another visit, or where it comes from."""
        fate = fate_text(self.desk.matches.pair_of(target.image_id), target)
        return SEPARATOR.join(part for part in (fate, target_whence(self.workspace, target)) if part)

    # --- what it is made of ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        desk = self.desk
        self.options = ToolOptions(desk.tools)
        self.compare_bar = CompareBar(self.comparison.comparing, self.actions_)
        images = QWidget()
        images.setObjectName("images_page")
        column = QVBoxLayout(images)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.work_bar = WorkBar()
        column.addWidget(self.work_bar)
        column.addWidget(self.film_strip)
        column.addWidget(self.options)
        column.addWidget(self.compare_bar)
        self.past_bar = PastBar(self.workspace)
        column.addWidget(self.past_bar)
        column.addWidget(self.comparison, 1)
        self.pages.offer(Page.START, lambda: self.start)
        self.pages.offer(Page.IMAGES, lambda: images)
        self.pages.offer(Page.OVERVIEW, lambda: self.commands.study.overview_page())
        self.pages.offer(Page.QUALITY, lambda: self.commands.study.quality.page())
        self.pages.offer(Page.STATISTICS, lambda: statistics_page(self))
        self.pages.offer(Page.RECORD, lambda: self.commands.record.page())
        for page in (Page.START, Page.IMAGES):
            self.pages.widget_of(page)
        self.setCentralWidget(self.pages)
        self.page_switch = PageSwitch(self.pages, self.actions_)
        self.menuBar().setCornerWidget(self.page_switch)
        self.tool_bar = tool_bar(self.actions_, self)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.tool_bar)
        self.visit_bar = self._visit_bar()
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.visit_bar)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.column)
        self.setStatusBar(self.status)
        self.resizeDocks([self.column], [USUAL_WIDTH_PX], Qt.Orientation.Horizontal)

    def _visit_bar(self) -> QToolBar:
        from ui.panels.mode_buttons import ModeButtons
        from ui.panels.visit_bar import VisitBar

        bar = QToolBar("Visits", self)
        bar.setObjectName("visit_bar")
        bar.setAccessibleName("Subject, site and visits")
        bar.setMovable(False)
        bar.addWidget(VisitBar(self.workspace))
        self.mode_buttons = bar.addWidget(ModeButtons(self.actions_, bar))
        for command_id in ("image.detect", "view.linked", "view.fit", "view.one_to_one", "image.submit"):
            bar.addAction(self.actions_[command_id])
        return bar

    def _connect(self) -> None:
        workspace, desk = self.workspace, self.desk
        workspace.session_changed.connect(self._follow_session)
        self.pages.changed.connect(self.follow_page)
        workspace.document_changed.connect(self._follow_document)
        workspace.settings_changed.connect(self._follow_settings)
        workspace.active_changed.connect(self._follow_zoom)
        workspace.active_changed.connect(self._focus_first_image)
        workspace.told.connect(self.toasts.show_message)
        desk.saver.state_changed.connect(self._follow_saving)
        desk.saver.failed.connect(lambda error: self.toasts.show_message(Message.of_error(error)))
        desk.work_began.connect(self.status.begin_work)
        # queued: what comes of the work is seen to first
        desk.idle.connect(self._close_when_idle, Qt.ConnectionType.QueuedConnection)
        self.toasts.undo_asked.connect(workspace.undo)
        self.toasts.details_asked.connect(self.commands.show_details)
        self.status.save_asked.connect(desk.saver.save_now)
        self.comparison.viewport_changed.connect(self._follow_zoom)
        self.comparison.menu_asked.connect(self._open_menu)
        self.comparison.comparing.mode_changed.connect(self._follow_mode)
        self.column.selection.left.connect(self.focus_image)
        for panel in (self.column.review, self.column.match_review):
            panel.detect_asked.connect(self.commands.detect_at_once)
        self.column.review.amend_asked.connect(self.actions_["image.amend"].trigger)
        self.column.remarks.panel.left.connect(self.focus_image)
        self._connect_files()

    def _connect_files(self) -> None:
        files, start = self.commands.files, self.start
        self.status.read_only_clicked.connect(files.save_as)
        self.recent.chosen.connect(files.open)
        start.demo_asked.connect(files.open_demo)
        start.images_asked.connect(files.new_study)
        start.study_asked.connect(files.ask_to_open)
        start.recent_chosen.connect(files.open)
        start.recent_removed.connect(files.forget)
        start.reader_named.connect(files.name_reader)

    # --- following ---------------------------------------------------------------------------------------------

    def _follow_session(self) -> None:
        session = self.workspace.session
        self.toasts.clear()
        many = (
            session is not None and session.study.blinding is None and len(session.study.subjects) != 1
        )  # or none: they are entered from there
        self.pages.show_page(Page.START if session is None else Page.OVERVIEW if many else Page.IMAGES)
        self.follow_page()
        self._follow_settings()
        self._follow_saving()
        self._follow_zoom()

    def sees_images(self) -> bool:
        """Whether the page with the images is shown, so that what is done to them is seen."""
        return self.pages.page is Page.IMAGES

    def context(self) -> Context:
        """What the verdict keys act on now."""
        if self.pages.page is Page.QUALITY:
            return Context.QUEUE if self.commands.study.quality.sees_queue else Context.NONE
        return self.workspace.reviewing

    def show_images(self, image_ids: Sequence[int]) -> None:
        """Show images side by side, the last one to be acted on, whatever page is shown now."""
        self.workspace.set_shown(image_ids)
        self.workspace.set_active(image_ids[-1] if image_ids else None)
        self.pages.show_page(Page.IMAGES)
        self.focus_image()

    def follow_page(self) -> None:
        """Tools and panels are there beside images alone."""
        images = self.sees_images()
        if not images:
            self.workspace.set_hover(None)
            self.workspace.set_cursor(None)
        for part in (self.tool_bar, self.visit_bar):
            part.setVisible(images)
        self.column.setVisible(images and self.actions_["view.panels"].isChecked())
        self.actions_.refresh()
        self._follow_zoom()

    def _follow_document(self, _change: object) -> None:
        """What an older message offers to take back is no longer what an undo would take back."""
        self.toasts.drop_undo()

    def _follow_settings(self) -> None:
        self.recent.show_files(map(Path, self.workspace.settings.recent_files))
        self.start.show_settings(self.workspace.settings)

    def _follow_saving(self, _state: object = None) -> None:
        session = self.workspace.session
        self.status.show_saving(self.desk.saver.state)
        if session is None:
            self.setWindowTitle("trichodesk")
            self.setWindowModified(False)
            return
        reading = " (reading only)" if session.read_only_because else ""
        self.setWindowTitle(f"[*]{session.path.name}{reading} — trichodesk")
        self.setWindowModified(session.n_unsaved > 0 and not session.read_only_because)

    def _follow_zoom(self, *_: object) -> None:
        view = self.comparison.current_view
        if view is None or view.frame_record is None or not self.sees_images():
            self.status.set_zoom(None)
        else:
            self.status.set_zoom(view.viewport.scale, view.frame_record.calibration)

    def _follow_mode(self) -> None:
        self.options.setVisible(not self.comparison.comparing.over)
        self._follow_zoom()

    def focus_image(self) -> None:
        """Give the keyboard back to the image after something was typed."""
        view = self.comparison.current_view
        if view is not None:
            view.setFocus()

    def _focus_first_image(self) -> None:
        """Let keys work at once in a study that was just opened; whoever types elsewhere goes on there."""
        focus = self.focusWidget()
        if focus is None or not focus.isVisible() or focus.focusPolicy() is Qt.FocusPolicy.NoFocus:
            self.focus_image()

    def commit_typed(self) -> None:
        """Take over what is being typed into a panel, before its study closes."""
        typing = self.focusWidget()
        if typing is not None:
            typing.clearFocus()

    def _open_menu(self, target: Target | None, at: QPoint) -> None:
        menu = context_menu(self.workspace, target, self.actions_, self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    # --- drag and drop -----------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take studies, images and manifests."""
        if not _asks_something() and what_was_dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        dropped = None if _asks_something() else what_was_dropped(event.mimeData())
        if dropped is not None:
            event.acceptProposedAction()
            # when this is over: whoever dragged would have to wait until a dialog is answered
            QTimer.singleShot(0, self, lambda: self.commands.files.take(dropped))


def nothing() -> None:
    """What follows where nothing should."""


def _asks_something() -> bool:
    """Whether a dialog waits for an answer about the study that is open."""
    return QApplication.activeModalWidget() is not None
