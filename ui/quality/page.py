"""Quality as a page of the window: the queue of reads, how far readers agree, which images need a third read."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from ui.adjudication.due_panel import DuePanel
from ui.agreement.panel import AgreementPanel
from ui.background import Background
from ui.pictures import PictureStore
from ui.quality.queue_panel import QueuePanel
from ui.theme import GRID_PX
from ui.workspace import Workspace


class QualityPage(QWidget):
    """See the module.

    Args:
        workspace: whose study.
        pictures: the small pictures.
        background: works out what is slow.
        parent: the Qt parent.
    """

    left = Signal()
    """Esc: the user wants to go back to the images."""

    def __init__(
        self, workspace: Workspace, pictures: PictureStore, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("quality")
        self.setAccessibleName("Quality")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.queue = QueuePanel(workspace, pictures, background)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("quality.tabs")
        self.tabs.setDocumentMode(True)
        self.agreement = AgreementPanel(workspace, background)
        self.tabs.addTab(self.queue, "Queue")
        self.tabs.addTab(self.agreement, "Agreement")
        self.due = DuePanel(workspace)
        self.tabs.addTab(self.due, "Third reads")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        layout.addWidget(self.tabs)

    @property
    def sees_queue(self) -> bool:
        """Whether the queue is what is looked at."""
        return self.tabs.currentWidget() is self.queue

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The table has the keyboard."""
        super().focusInEvent(event)
        if self.sees_queue:
            self.queue.table.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
