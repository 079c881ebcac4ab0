"""A drawing that is kept: while the image is panned, only what comes into sight is drawn.

It is kept as on a roll that is joined to itself in both directions: panning moves where the roll begins, not what is
on it. What leaves the view at one edge makes room for what comes in at the other.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import cast

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QRegion

from ui.view.boxes import Box
from ui.view.viewport import Viewport

Draw = Callable[[QPainter, QRect, Box], None]
"""Draws what meets a rectangle of the view; told the same as a box of the image. The painter is clipped to it."""

Finish = Callable[[QImage, QRect, QPoint], None]
"""Works on pixels after they were drawn: the image, a rectangle of the view, and how far off it lies in the image."""

AHEAD_PX = 64
"""So much is drawn around the view, all at once and only when something of it comes into sight: many narrow strips
would each draw the same hairs again."""
GROWN_PX = 2
"""A box of the image takes so much more of the drawing, for lines that are smoothed at its edge."""


class CachedLayer:
    """One layer of a view, in device pixels, with a margin around it that is drawn ahead.

    Args:
        opaque: it covers everything below it.
    """

    def __init__(self, *, opaque: bool) -> None:
        self._format = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied
        self._image = QImage()
        self._start = QPoint(0, 0)
        """Where in the image the view's upper left pixel is kept."""
        self._viewport: Viewport | None = None
        self._stale = QRegion()
        """What was drawn and is not true any more."""
        self._bare = QRegion()
        """What came into the margin and was not drawn yet."""
        self._straight = QImage()
        self.n_drawn_px = 0
        """How many pixels were drawn so far, for tests and measurements."""

    @property
    def viewport(self) -> Viewport | None:
        """For which viewport it is drawn; None where there is nothing to be used again."""
        return self._viewport

    def forget(self) -> None:
        """Draw all of it anew next time."""
        self._viewport = None

    def release(self) -> None:
        """Give its memory back."""
        self._image, self._straight, self._viewport = QImage(), QImage(), None

    def forget_box(self, box_px: Box) -> None:
        """Draw a box of the image anew next time."""
        if self._viewport is not None:
            self._stale = self._stale.united(device_rect(self._viewport, box_px))

    def fits(self, viewport: Viewport) -> bool:
        """Whether it can be used for a viewport by moving it alone."""
        own = self._viewport
        if own is None:
            return False
        return (own.scale, own.size, own.turn) == (viewport.scale, viewport.size, viewport.turn)

    def update(self, viewport: Viewport, draw: Draw, finish: Finish | None = None) -> None:
        """Bring it up to date for a viewport in device pixels, drawing as little as possible."""
        view = _view_rect(viewport)
        everything = view.adjusted(-AHEAD_PX, -AHEAD_PX, AHEAD_PX, AHEAD_PX)
        if self._viewport is None or not self.fits(viewport):
            if self._image.size() != everything.size():
                self._image = QImage(everything.size(), self._format)
            self._start = QPoint(AHEAD_PX, AHEAD_PX)
            self._viewport = viewport
            self._redraw(QRegion(view), draw, finish)
            self._stale, self._bare = QRegion(), QRegion(everything).subtracted(QRegion(view))
            return
        (x0, y0), (x1, y1) = self._viewport.origin, viewport.origin
        self._move(QPoint(round(x1 - x0), round(y1 - y0)), everything)
        self._viewport = viewport
        seen, unseen = self._stale.intersected(view), self._stale.intersected(everything).subtracted(QRegion(view))
        self._stale, self._bare = QRegion(), self._bare.united(unseen)
        if self._bare.intersects(view):
            seen, self._bare = seen.united(self._bare), QRegion()
        self._redraw(seen, draw, finish)

    def paint(self, painter: QPainter) -> None:
        """Put it on the view."""
        if self._viewport is not None:
            for piece, offset in self._pieces(_view_rect(self._viewport)):
                painter.drawImage(piece.topLeft(), self._image, piece.translated(offset))

    def paint_scaled(self, painter: QPainter, viewport: Viewport) -> None:
        """Put it on the view as it is, moved and scaled to where it belongs in another viewport, turned alike."""
        if self._viewport is None or self._viewport.turn != viewport.turn:
            return
        ends = viewport.to_view(self._viewport.to_image([(0, 0), self._viewport.size]))
        (left, top), (right, bottom) = ends.tolist()
        straight = self._in_one()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, top, right - left, bottom - top), straight, QRectF(straight.rect()))

    def _move(self, step: QPoint, everything: QRect) -> None:
        if step.isNull():
            return
        width, height = everything.width(), everything.height()
        self._start = QPoint((self._start.x() - step.x()) % width, (self._start.y() - step.y()) % height)
        self._straight = QImage()
        bare = QRegion(everything).subtracted(QRegion(everything.translated(step)))
        self._stale = self._stale.translated(step)
        self._bare = self._bare.translated(step).intersected(everything).united(bare)

    def _pieces(self, rect: QRect) -> Iterator[tuple[QRect, QPoint]]:
        """A rectangle of the view in pieces that lie whole in the image, each with how far off there."""
        whole, rounds = self._image.rect(), (-1, 0, 1)
        for x in (self._start.x() + k * whole.width() for k in rounds):
            for y in (self._start.y() + k * whole.height() for k in rounds):
                offset = QPoint(x, y)
                piece = rect.intersected(whole.translated(-offset))
                if not piece.isEmpty():
                    yield piece, offset

    def _in_one(self) -> QImage:
        """The view's part unrolled, so that it can be scaled without seams."""
        assert self._viewport is not None
        if self._straight.isNull():
            straight = QImage(_view_rect(self._viewport).size(), self._format)
            painter = QPainter(straight)
            try:
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
                self.paint(painter)
            finally:
                painter.end()
            self._straight = straight
        return self._straight

    def _redraw(self, region: QRegion, draw: Draw, finish: Finish | None) -> None:
        if region.isEmpty():
            return
        self._straight = QImage()
        for rect in cast("Iterable[QRect]", region):  # the stubs do not know that it is one
            for piece, offset in self._pieces(rect):
                self._draw(piece, offset, draw)
                if finish is not None:
                    finish(self._image, piece, offset)

    def _draw(self, piece: QRect, offset: QPoint, draw: Draw) -> None:
        assert self._viewport is not None
        self.n_drawn_px += piece.width() * piece.height()
        painter = QPainter(self._image)
        try:
            painter.translate(offset)
            painter.setClipRect(piece)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(piece, Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            draw(painter, piece, image_box(self._viewport, piece))
        finally:
            painter.end()


def _view_rect(viewport: Viewport) -> QRect:
    return QRect(0, 0, max(1, viewport.size[0]), max(1, viewport.size[1]))


def device_rect(viewport: Viewport, box_px: Box) -> QRect:
    """The rectangle of a drawing that holds a box of the image."""
    left, top, right, bottom = viewport.box_in_view(box_px)
    edges = [min(max(round(v), -100_000), 100_000) for v in (left, top, right, bottom)]
    return QRect(QPoint(edges[0], edges[1]), QPoint(edges[2], edges[3])).adjusted(
        -GROWN_PX, -GROWN_PX, GROWN_PX, GROWN_PX
    )


def image_box(viewport: Viewport, rect: QRect) -> Box:
    """The box of the image that a rectangle of a drawing shows."""
    return viewport.box_in_image((rect.left(), rect.top(), rect.right() + 1, rect.bottom() + 1))
