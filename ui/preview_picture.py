"""A picture of what the program does, for those who see it first: a strip of the demo, with its hairs marked."""

from importlib import resources

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme

RADIUS_PX = 8
FILE = ("demo", "start.jpg")


class PreviewPicture(QWidget):
    """The strip, as wide as there is room, its corners round."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage.fromData(resources.files("resources").joinpath(*FILE).read_bytes())
        self._scaled = QPixmap()
        self.setObjectName("start.preview")
        self.setAccessibleName("The demo with its hairs and follicular units marked")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        """Keeps the picture's proportions."""
        return round(width * self._image.height() / self._image.width())

    def sizeHint(self) -> QSize:
        """As the picture is."""
        return self._image.size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture, sharp on any screen."""
        ratio = self.devicePixelRatioF()
        wanted = self.size() * ratio
        if self._scaled.size() != wanted:
            scaled = self._image.scaled(
                wanted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._scaled = QPixmap.fromImage(scaled)
            self._scaled.setDevicePixelRatio(ratio)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        edge = QPainterPath()
        edge.addRoundedRect(frame, RADIUS_PX, RADIUS_PX)
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipPath(edge)
            painter.drawPixmap(0, 0, self._scaled)
            painter.setClipping(False)
            painter.setPen(theme.current().colour("border"))
            painter.drawPath(edge)
        finally:
            painter.end()
