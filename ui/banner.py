"""A message that belongs to a place and waits there: recovered edits, a crash report, an image that cannot be read."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from ui.icons import IconLabel, set_icon
from ui.theme import GRID_PX


class Banner(QFrame):
    """A sentence with a sign, and what can be done about it.

    Args:
        text: the sentence.
        icon: the sign.
        role: its colour, a field of `ui.theme.Theme`.
        parent: the Qt parent.
    """

    closed = Signal()

    def __init__(self, text: str, icon: str = "info", role: str = "link", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setObjectName("banner")
        self.setAccessibleName(text)
        label = QLabel(text, wordWrap=True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2 * GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        self._row.setSpacing(GRID_PX)
        self._row.addWidget(IconLabel(icon, role))
        self._row.addWidget(label, 1)
        closer = QToolButton()
        closer.setObjectName("banner.close")
        closer.setAccessibleName("Close")
        closer.setToolTip("Close")
        closer.setIconSize(QSize(16, 16))
        set_icon(closer, "close", "muted")
        closer.clicked.connect(self._close)
        self._row.addWidget(closer)

    def add_action(self, text: str) -> QPushButton:
        """Offer something; the caller connects the button's `clicked`."""
        button = QPushButton(text, flat=True)
        button.setObjectName(f"banner.{text.lower().rstrip('…').replace(' ', '_')}")
        self._row.insertWidget(self._row.count() - 1, button)
        return button

    def _close(self) -> None:
        self.hide()
        self.closed.emit()
