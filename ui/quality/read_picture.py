"""A small picture of an image with one read drawn over it."""

from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.pictures import PictureStore
from ui.pixels import Pixels
from workstation.endpoints import um_per_px
from workstation.model.read import Read, SameRead
from workstation.model.study import Study, WidthCutoffs

STEP_PX = 96
"""The picture is drawn in steps of this size: it is not drawn anew for every pixel of a splitter that is dragged."""
LARGEST_PX = 1600
FINER = 1.5
"""It is drawn so much larger first: the thinnest lines are thinner then than a pixel, and hide no hair."""
LEAST_PX = 180
SETTLE_MS = 120


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """What is drawn: an order of `ui.pictures`."""

    image_id: int
    sha256: str
    same: SameRead
    um_per_px: float | None
    cutoffs: WidthCutoffs
    long_side_px: int

    def made_from(self, pixels: Pixels) -> Pixels:
        """The picture, uint8 (h, w, 3); on any thread."""
        from workstation.pictures.overlay import overlay_picture

        side_px = round(FINER * self.long_side_px)
        large = overlay_picture(
            pixels, self.same.read, self.um_per_px, self.cutoffs, long_side_px=side_px, with_legend=False
        )
        size = max(1, round(large.shape[1] / FINER)), max(1, round(large.shape[0] / FINER))
        return np.ascontiguousarray(cv2.resize(large, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


class ReadPictureView(QWidget):
    """See the module.

    Args:
        pictures: makes them.
        parent: the Qt parent.
    """

    opened = Signal()
    """A double click."""

    def __init__(self, pictures: PictureStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("quality.picture")
        self.setMinimumSize(LEAST_PX, LEAST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pictures = pictures
        self._study: Study | None = None
        self._read: Read | None = None
        self._order: ReadPicture | None = None
        self._picture: QImage | None = None
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        pictures.ready.connect(self._take)

    @property
    def shown(self) -> bool:
        """Whether the picture that was asked for is there."""
        return self._order is not None and self._pictures.kept(self._order) is not None

    def show_read(self, study: Study | None, read: Read | None) -> None:
        """Show a read; None: nothing."""
        if read is not self._read:
            same_image = read is not None and self._read is not None and read.image_id == self._read.image_id
            if not same_image:
                self._picture = None
            self._study, self._read = study, read
            self._ask()

    def sizeHint(self) -> QSize:
        """Room for an image to be made out."""
        return QSize(480, 420)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See Qt."""
        super().resizeEvent(event)
        self._settle.start()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """See Qt."""
        if event.button() is Qt.MouseButton.LeftButton and self._read is not None:
            self.opened.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """See Qt."""
        now = theme.current()
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.fillRect(self.rect(), now.colour("canvas"))
            if self._picture is not None:
                painter.drawImage(self._frame(self._picture.size()), self._picture)
            elif self._read is not None:
                failed = self._order is not None and self._pictures.failed(self._order)
                painter.setPen(now.colour("muted"))
                words = "The image cannot be shown." if failed else "Loading …"
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
        finally:
            painter.end()

    def _frame(self, size: QSize) -> QRectF:
        """Where a picture of this size lies: as large as there is room, in the middle."""
        share = min(self.width() / size.width(), self.height() / size.height())
        width, height = share * size.width(), share * size.height()
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _ask(self) -> None:
        study, read = self._study, self._read
        before, self._order = self._order, None
        if study is not None and read is not None and read.image_id in study.images and self.isVisible():
            self._order = self._wanted(study, read)
        if before is not None and before != self._order:
            self._pictures.give_up([before])
        if self._order is not None:
            self._pictures.picture(self._order)
        self._take()

    def _wanted(self, study: Study, read: Read) -> ReadPicture:
        image = study.images[read.image_id]
        ratio = self.devicePixelRatioF()
        share = min(self.width() * ratio / image.width_px, self.height() * ratio / image.height_px)
        side = share * max(image.width_px, image.height_px)
        long_side_px = min(max(STEP_PX, STEP_PX * round(side / STEP_PX)), LARGEST_PX)
        return ReadPicture(image.id, image.sha256, SameRead(read), um_per_px(image), study.cutoffs, long_side_px)

    def _take(self) -> None:
        kept = None if self._order is None else self._pictures.kept(self._order)
        if kept is not None:
            self._picture = kept
        elif self._read is None:
            self._picture = None
        self.update()

    def showEvent(self, event: object) -> None:
        """See Qt."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._settle.start()
