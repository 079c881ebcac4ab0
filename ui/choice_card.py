"""A large button: a sign, what it does, and a line about it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.icons import IconLabel
from ui.theme import GRID_PX

SIGN_PX = 32
LEAST_WIDTH_PX = 176


class ChoiceCard(QPushButton):
    """One choice among few.

    Args:
        icon: its sign.
        title: what it does; an `&` marks the key that presses it with Alt.
        text: a line about it.
        parent: the Qt parent.
    """

    def __init__(self, icon: str, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        plain = title.replace("&", "")
        self.setProperty("role", "choice")
        self.setAccessibleName(plain)
        self.setAccessibleDescription(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        heading.setBuddy(self)
        about = QLabel(text, wordWrap=True)
        about.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        for part in (IconLabel(icon, "link", SIGN_PX), heading, about):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)
        column.addStretch(1)
        self._column = column

    def sizeHint(self) -> QSize:
        """As large as what is in it."""
        width = max(self.width(), LEAST_WIDTH_PX)
        return QSize(width, self._column.totalHeightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for three in a small window."""
        return QSize(LEAST_WIDTH_PX, self._column.totalHeightForWidth(LEAST_WIDTH_PX))
