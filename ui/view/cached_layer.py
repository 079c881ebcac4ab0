"""A drawing that is kept: moved while the image is panned, drawn anew only where it is new or changed."""

from collections.abc import Callable, Iterable
from typing import cast

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QRegion

from ui.view.boxes import Box
from ui.view.viewport import Viewport

Draw = Callable[[QPainter, QRect, Box], None]
"""Draws what meets a rectangle of the drawing; told the same as a box of the image. The painter is clipped to it."""

Finish = Callable[[QImage, QRect], None]
"""Works on the pixels of a rectangle after it was drawn."""

GROWN_PX = 2
"""A rectangle of the image takes so much more of the drawing, for lines that are smoothed at its edge."""


class CachedLayer:
    """One layer of a view, in device pixels.

    Args:
        opaque: it covers everything below it.
    """

    def __init__(self, *, opaque: bool) -> None:
        self._format = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied
        self._image = QImage()
        self._spare = QImage()
        self._viewport: Viewport | None = None
        self._stale = QRegion()
        self.n_drawn = 0
        """How often it was drawn as a whole, for tests and measurements."""

    @property
    def image(self) -> QImage:
        """What is drawn so far."""
        return self._image

    @property
    def viewport(self) -> Viewport | None:
        """For which viewport it is drawn; None where there is nothing to be used again."""
        return self._viewport

    def forget(self) -> None:
        """Draw all of it anew next time."""
        self._viewport = None

    def release(self) -> None:
        """Give its memory back."""
        self._image, self._spare, self._viewport = QImage(), QImage(), None

    def forget_box(self, box_px: Box) -> None:
        """Draw a box of the image anew next time."""
        if self._viewport is not None:
            self._stale = self._stale.united(device_rect(self._viewport, box_px))

    def fits(self, viewport: Viewport) -> bool:
        """Whether it can be used for a viewport by moving it alone."""
        own = self._viewport
        return own is not None and own.scale == viewport.scale and own.size == viewport.size

    def update(self, viewport: Viewport, draw: Draw, finish: Finish | None = None) -> None:
        """Bring it up to date for a viewport in device pixels, drawing as little as possible."""
        width, height = viewport.size
        everything = QRect(0, 0, width, height)
        if not self.fits(viewport):
            self._resize(width, height)
            self._stale = QRegion(everything)
            self.n_drawn += 1
        else:
            assert self._viewport is not None
            (x0, y0), (x1, y1) = self._viewport.origin, viewport.origin
            self._shift(round(x1 - x0), round(y1 - y0), everything)
        self._viewport = viewport
        stale, self._stale = self._stale.intersected(everything), QRegion()
        for rect in cast("Iterable[QRect]", stale):  # the stubs do not know that it is one
            self._draw(rect, draw)
            if finish is not None:
                finish(self._image, rect)

    def _resize(self, width: int, height: int) -> None:
        if self._image.width() != width or self._image.height() != height:
            self._image = QImage(max(1, width), max(1, height), self._format)
            self._spare = QImage()

    def _shift(self, dx: int, dy: int, everything: QRect) -> None:
        if dx == 0 and dy == 0:
            return
        if self._spare.size() != self._image.size():
            self._spare = QImage(self._image.size(), self._format)
        painter = QPainter(self._spare)
        try:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(dx, dy, self._image)
        finally:
            painter.end()
        self._image, self._spare = self._spare, self._image
        bare = QRegion(everything).subtracted(QRegion(everything.translated(dx, dy)))
        self._stale = self._stale.translated(QPoint(dx, dy)).united(bare)

    def _draw(self, rect: QRect, draw: Draw) -> None:
        assert self._viewport is not None
        painter = QPainter(self._image)
        try:
            painter.setClipRect(rect)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(rect, Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            draw(painter, rect, image_box(self._viewport, rect))
        finally:
            painter.end()


def device_rect(viewport: Viewport, box_px: Box) -> QRect:
    """The rectangle of a drawing that holds a box of the image."""
    (left, top), (right, bottom) = viewport.to_view([box_px[:2], box_px[2:]]).tolist()
    edges = [min(max(round(v), -100_000), 100_000) for v in (left, top, right, bottom)]
    return QRect(QPoint(edges[0], edges[1]), QPoint(edges[2], edges[3])).adjusted(
        -GROWN_PX, -GROWN_PX, GROWN_PX, GROWN_PX
    )


def image_box(viewport: Viewport, rect: QRect) -> Box:
    """The box of the image that a rectangle of a drawing shows."""
    corners = [(rect.left(), rect.top()), (rect.right() + 1, rect.bottom() + 1)]
    (left, top), (right, bottom) = viewport.to_image(corners).tolist()
    return left, top, right, bottom
