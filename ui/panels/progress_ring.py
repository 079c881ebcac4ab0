"""A ring that closes as work is done, with what is left in its middle."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.panels.figures import number

SIDE_PX = 64
RIM_PX = 6
TOP = 90 * 16
FULL = 360 * 16


class ProgressRing(QWidget):
    """See the module.

    Args:
        parent: the Qt parent.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progress_ring")
        self.setFixedSize(QSize(SIDE_PX, SIDE_PX))
        self._n_left = 0
        self._share_done = 0.0

    def show_progress(self, n_left: int, share_done: float) -> None:
        """Show how many are left and which share, 0 to 1, is done."""
        self._n_left, self._share_done = n_left, share_done
        self.setAccessibleName(f"{n_left} left, {share_done:.0%} done")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ring, and a tick in it where all is done."""
        colours = theme.current()
        half = RIM_PX / 2 + 1
        circle = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(colours.colour("border"), RIM_PX)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawEllipse(circle)
            pen.setColor(colours.colour("ok" if self._share_done == 1 else "accent"))
            painter.setPen(pen)
            painter.drawArc(circle, TOP, -round(FULL * self._share_done))
            painter.setPen(colours.colour("text"))
            font = self.font()
            font.setPointSizeF(font.pointSizeF() * 1.3)
            font.setBold(True)
            painter.setFont(font)
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, number(self._n_left))
        finally:
            painter.end()
