"""What stands where a study has no image to show: what to do about it."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.view.furniture import paint_words
from ui.workspace import Workspace

TITLE = "No image"
WAY_OUT = "Drop images here, or choose File ▸ Add images…"


class NoImage(QWidget):
    """A canvas with a few words.

    Args:
        workspace: tells whether images can be added.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("no_image")
        self._workspace = workspace
        workspace.session_changed.connect(self._follow)
        self._follow()

    @property
    def words(self) -> tuple[str, str]:
        """What it says: a title, and the way out where there is one."""
        return TITLE, WAY_OUT if self._workspace.can_edit else "This study is open for reading only."

    def paintEvent(self, event: QPaintEvent) -> None:
        """See Qt."""
        painter = QPainter(self)
        try:
            now = theme.current()
            painter.fillRect(self.rect(), now.colour("canvas"))
            paint_words(painter, *self.words, (self.width(), self.height()), self.font(), now)
        finally:
            painter.end()

    def _follow(self) -> None:
        self.setAccessibleName(". ".join(self.words))
        self.update()
