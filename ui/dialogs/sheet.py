"""What all dialogs share: margins, buttons named for what they do, Esc to leave."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.theme import GRID_PX


class Sheet(QDialog):
    """A dialog with a column of parts.

    Args:
        name: of the object, after `dialog.`.
        title: of the window.
        parent: the window it belongs to.
    """

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"dialog.{name}")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        self.column.setSpacing(2 * GRID_PX)
        self._box: QDialogButtonBox | None = None

    def exec(self) -> int:
        """Show it until it is answered; it is gone when the caller's slot returns.

        Qt would leave it to Python's garbage collection otherwise, at a time and on a thread of its choosing.
        """
        answer = super().exec()
        if isValid(self):  # one that is deleted on close is gone
            self.deleteLater()
        return answer

    def showEvent(self, event: QShowEvent) -> None:
        """Be as large as the texts need: a least width set by hand, and texts that wrap, lead Qt's own hint astray."""
        super().showEvent(event)
        width_px = max(self.width(), self.column.totalMinimumSize().width())
        height_px = max(self.height(), self.column.totalHeightForWidth(width_px))
        if (width_px, height_px) != (self.width(), self.height()):
            self.resize(width_px, height_px)

    def add_buttons(self, accept: str, reject: str = "Cancel") -> QPushButton:
        """Put buttons at the foot.

        Args:
            accept: what the default button does; none if empty.
            reject: what the other one does, as Esc; none if empty.

        Returns:
            The default button, else the other one.
        """
        self._box = QDialogButtonBox()
        self._box.accepted.connect(self.accept)
        self._box.rejected.connect(self.reject)
        button = None
        if reject:
            button = self.add_button(reject, QDialogButtonBox.ButtonRole.RejectRole)
        if accept:
            button = self.add_button(accept, QDialogButtonBox.ButtonRole.AcceptRole)
            button.setDefault(True)
        self.column.addWidget(self._box)
        assert button is not None
        return button

    def add_button(self, text: str, role: QDialogButtonBox.ButtonRole) -> QPushButton:
        """Another button at the foot, once `add_buttons` was called."""
        assert self._box is not None
        button = self._box.addButton(text, role)
        plain = text.replace("&", "").rstrip("…").lower().replace(" ", "_")
        button.setObjectName(f"{self.objectName()}.{plain}")
        button.setAutoDefault(False)
        return button


def paragraph(text: str, role: str = "") -> QLabel:
    """A text that wraps.

    Args:
        text: as it is, without markup.
        role: `muted`, `danger` and so on, as the style sheet names it.
    """
    label = QLabel(text, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    return label


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another look of the style sheet."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().polish(widget)


def mark_faulty(widget: QWidget, faulty: bool) -> None:
    """Frame a field whose value cannot be; a sentence beside it says why."""
    if bool(widget.property("faulty")) != faulty:
        widget.setProperty("faulty", faulty)
        widget.style().polish(widget)
