"""What is done with reads as a whole: the queue, remarks, amendments, other reads of an image, the reading rules."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from ui.shown_reads import ShownReads
from workstation import edits
from workstation.model.read import ReadState

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.quality.page import QualityPage
    from ui.quality.queue_panel import QueuePanel


class QualityCommands(QObject):
    """Does it for one window. Pages and dialogs are imported when they are asked for."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace
        self.page_: QualityPage | None = None
        """The page, once it was shown."""

    @property
    def sees_queue(self) -> bool:
        """Whether the queue is what is looked at on the page."""
        return self.page_ is not None and self.page_.sees_queue

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What the commands do, by their ids."""
        return {
            "quality.accept": lambda: self._queue(lambda queue: queue.accept()),
            "quality.return": lambda: self._queue(lambda queue: queue.return_()),
            "quality.remark": lambda: self._queue(lambda queue: queue.remark()),
            "quality.open": lambda: self._queue(lambda queue: queue.open()),
            "quality.next": lambda: self._queue(lambda queue: queue.next()),
            "quality.previous": lambda: self._queue(lambda queue: queue.next(-1)),
            "quality.rules": self.rules,
            "image.amend": self.amend,
            "image.other_read": self.other_read,
            "image.remark": lambda: self._window.column.write_remark(),
        }

    def page(self) -> QWidget:
        """The page of the window."""
        from ui.quality.page import QualityPage

        desk = self._window.desk
        self.page_ = QualityPage(self._workspace, desk.pictures, desk.background)
        self.page_.due.opened.connect(self._settle)
        self.page_.queue.opened.connect(self.open)
        self.page_.agreement.open_image.connect(lambda image_id: self._window.show_images((image_id,)))
        self.page_.left.connect(lambda: self._window.show_images(self._workspace.shown))
        self.page_.tabs.currentChanged.connect(lambda _index: self._window.actions_.refresh())
        return self.page_

    def open(self, image_id: int, read_id: int) -> None:
        """Show an image with a certain read of it, whoever made it."""
        self._window.show_images((image_id,))
        self._workspace.show_read(image_id, read_id)

    def rules(self) -> None:
        """Change what the study asks of its reads."""
        from ui.quality.rules_dialog import RulesDialog

        study = self._workspace.study
        if study is None:
            return
        dialog = RulesDialog(study.reading, read_only=not self._workspace.can_edit, parent=self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            wanted = dialog.rules
            self._workspace.commit_study(
                lambda study: edits.set_reading_rules(study, wanted.adjudicate_above_percent, wanted.reasons)
            )

    def amend(self) -> None:
        """Begin the correction of the signed read that is shown."""
        workspace, read = self._workspace, self._workspace.active_read
        session = workspace.session
        if session is None or read is None:
            return
        if read.review.state is not ReadState.SIGNED:
            workspace.tell("Only a signed read is amended; another one is corrected itself.")
            return
        user, image_id, signed_id = session.document.user, read.image_id, read.id
        change = workspace.commit_study(lambda study: edits.amend(study, signed_id, user))
        if change is not None:
            workspace.show_read(image_id, change.entry.patch.changes[0].id)

    def other_read(self) -> None:
        """Show the next read of the active image; after the last one the one that is usually shown."""
        workspace, session, image_id = self._workspace, self._workspace.session, self._workspace.active
        shown = workspace.active_read
        if session is None or image_id is None or shown is None:
            return
        usual = ShownReads().read(session.study, image_id, session.document.user)
        first = shown.id if usual is None else usual.id
        order = [first, *(read.id for read in session.study.reads_of(image_id) if read.id != first)]
        if len(order) == 1:
            workspace.tell("This image has no other read.")
            return
        wanted = order[(order.index(shown.id) + 1) % len(order)]
        workspace.show_read(image_id, None if wanted == first else wanted)

    def _settle(self, image_id: int) -> None:
        """Show an image with both its reads."""
        self._window.show_images([image_id])
        self._window.desk.adjudication.set_on(True)

    def _queue(self, do: "Callable[[QueuePanel], object]") -> None:
        if self.page_ is not None:
            do(self.page_.queue)
