"""Pictures as a blinded reader will see them, one after the other, with what is masked outlined."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from analysis.detection import FloatArray
from ui import theme
from ui.background import Background, Task
from ui.panels.row import icon_button
from ui.theme import GRID_PX
from workstation.counting import counted
from workstation.deidentifying.pictures import masked_pixels
from workstation.endpoints import um_per_px
from workstation.errors import UserFacingError
from workstation.image_names import image_names
from workstation.images import load_of
from workstation.session import Session

SIZE_PX = QSize(50 * GRID_PX, 34 * GRID_PX)
LONGEST_PX = 1000
"""Of a picture that is kept for showing."""
Masked = tuple[NDArray[np.uint8], tuple[FloatArray, ...]]


def masked_small(session: Session, image_id: int) -> Masked:
    """A picture as it will be handed out, made small, and the outlines of what is masked in it; on any thread.

    Raises:
        UserFacingError: if the image cannot be read.
    """
    record = session.study.images[image_id]
    embedded = session.image_file
    pixels = load_of(session.path.parent, record, embedded=lambda image: embedded(image.id)).pixels
    clean, outlines = masked_pixels(pixels, um_per_px(record))
    step = max(1, -(-max(clean.shape[:2]) // LONGEST_PX))
    return np.ascontiguousarray(clean[::step, ::step]), tuple(outline / step for outline in outlines)


class MaskPreview(QWidget):
    """See the module.

    Args:
        session: the open study.
        background: makes the pictures on a thread.
        parent: the Qt parent.
    """

    def __init__(self, session: Session, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mask_preview")
        self._session, self._background = session, background
        self._names = image_names(session.study)
        self._ids: tuple[int, ...] = ()
        self._place = 0
        self._known: dict[int, Masked | None] = {}
        self._task: Task[Masked] | None = None
        self.picture = _Picture()
        self.text = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.text.setObjectName("mask_preview.text")
        self.text.setProperty("role", "muted")
        self.before = icon_button("previous", "mask_preview.before", "Previous picture")
        self.before.clicked.connect(lambda: self._step(-1))
        self.after = icon_button("next", "mask_preview.after", "Next picture")
        self.after.clicked.connect(lambda: self._step(1))
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self.before)
        row.addWidget(self.after)
        row.addWidget(self.text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.picture, 1)
        column.addLayout(row)

    def show_images(self, image_ids: Sequence[int]) -> None:
        """Offer these images, beginning with the one that is shown, if it is among them."""
        shown = self._ids[self._place] if self._ids else None
        self._ids = tuple(image_ids)
        self._place = self._ids.index(shown) if shown in self._ids else 0
        self._refresh()

    def stop(self) -> None:
        """Wait for no picture any more."""
        if self._task is not None:
            self._task.drop()
            self._task = None

    def _step(self, step: int) -> None:
        if self._ids:
            self._place = (self._place + step) % len(self._ids)
            self._refresh()

    def _refresh(self) -> None:
        self.stop()
        for button in (self.before, self.after):
            button.setEnabled(len(self._ids) > 1)
        if not self._ids:
            self.picture.show_picture(None)
            self.text.setText("")
            return
        image_id = self._ids[self._place]
        if image_id in self._known:
            self._show(image_id, self._known[image_id])
            return
        self._say("looking for text…")
        self._task = self._background.submit(
            partial(masked_small, self._session, image_id),
            partial(self._show, image_id),
            partial(self._failed, image_id),
            name="masking a picture",
        )

    def _show(self, image_id: int, masked: Masked | None) -> None:
        self._task, self._known[image_id] = None, masked
        self.picture.show_picture(masked)
        if masked is None:
            self._say("it cannot be read")
        elif masked[1]:
            self._say(f"{counted(len(masked[1]), 'place')} masked")
        else:
            self._say("nothing to mask was found")

    def _failed(self, image_id: int, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self._show(image_id, None)

    def _say(self, what: str) -> None:
        name = self._names[self._ids[self._place]]
        self.text.setText(f"{self._place + 1} of {len(self._ids)} · {name}: {what}")


class _Picture(QWidget):
    """One of them, as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mask_preview.picture")
        self.setAccessibleName("The picture as it will be handed out")
        self.setMinimumSize(SIZE_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pixmap, self._outlines = QPixmap(), tuple[FloatArray, ...]()

    def show_picture(self, masked: Masked | None) -> None:
        self._pixmap, self._outlines = QPixmap(), ()
        if masked is not None:
            pixels, self._outlines = masked
            height, width = pixels.shape[:2]
            image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
            self._pixmap = QPixmap.fromImage(image)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), colours.colour("canvas"))
            if self._pixmap.isNull():
                return
            size = self._pixmap.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            at = QPointF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(QRectF(at, size), self._pixmap, QRectF(self._pixmap.rect()))
            scale = size.width() / self._pixmap.width()
            painter.setPen(QPen(colours.colour("warn"), 1.5, Qt.PenStyle.DashLine))
            for outline in self._outlines:
                painter.drawPolygon(QPolygonF([at + (QPointF(x, y) + QPointF(0.5, 0.5)) * scale for x, y in outline]))
        finally:
            painter.end()
