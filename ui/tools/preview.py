"""How tools draw what would be: over the image, in view coordinates, never over the hair itself.

A preview is light with a dark edge, which shows on any skin and is no colour that means a class. Colours that mean
something come from the palette and have a light edge: the field blue, exclusions vermillion, units green.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from analysis.detection import FloatArray
from ui.view.viewport import Viewport
from workstation.palette import EXCLUDED, FIELD, UNIT, Rgb

LIGHT: Rgb = (255, 255, 255)
DARK: Rgb = (20, 20, 20)
GONE: Rgb = EXCLUDED
"""What would be taken away."""
UNIT_COLOUR: Rgb = UNIT
FIELD_COLOUR: Rgb = FIELD
EXCLUDED_COLOUR: Rgb = EXCLUDED
HANDLE_RADIUS = 4.0
LABEL_OFFSET = (14.0, 16.0)
LABEL_MARGIN = 6.0
CASING = 3.8
CORE = 1.7


def polygon(viewport: Viewport, points_px: ArrayLike, *, closed: bool = False) -> QPolygonF:
    """Image points (N, 2) as a polygon of the view."""
    points = viewport.to_view(np.asarray(points_px, dtype=np.float64).reshape(-1, 2)).tolist()
    return QPolygonF([QPointF(x, y) for x, y in (points + points[:1] if closed else points)])


def line(
    painter: QPainter,
    viewport: Viewport,
    points_px: ArrayLike,
    colour: Rgb = LIGHT,
    *,
    dashed: bool = False,
    closed: bool = False,
    core: float = CORE,
) -> None:
    """A line through image points (N, 2): light with a dark edge, or coloured with a light one."""
    drawn = polygon(viewport, points_px, closed=closed)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    edge = DARK if colour == LIGHT else LIGHT
    for rgb, width in ((edge, core + CASING - CORE), (colour, core)):
        pen = QPen(QColor(*rgb), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        if dashed:
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([6.0 / width, 4.0 / width])
        painter.setPen(pen)
        painter.drawPolyline(drawn)


def lines(painter: QPainter, viewport: Viewport, lines_px: Iterable[FloatArray]) -> None:
    """Many lines (V, 2) at once, as bright strokes."""
    path = QPainterPath()
    for line_px in lines_px:
        path.addPolygon(polygon(viewport, line_px))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(*LIGHT, 200), 1.6))
    painter.drawPath(path)


def dots(painter: QPainter, viewport: Viewport, points_px: ArrayLike) -> None:
    """Many image points (N, 2) at once."""
    painter.setPen(QPen(QColor(*LIGHT), 4.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPoints(polygon(viewport, points_px))


def hairlines(painter: QPainter, viewport: Viewport, line_px: FloatArray, width_px: FloatArray) -> None:
    """The two edges of a shaft along a line (V, 2) with widths (V,); a width that is not known breaks them."""
    if len(line_px) < 2:
        return
    across = normals(line_px) * width_px[:, None] / 2
    known = np.isfinite(width_px)
    painter.setPen(QPen(QColor(*LIGHT), 1.0))
    for side in (line_px - across, line_px + across):
        for piece in _runs(known):
            painter.drawPolyline(polygon(viewport, side[piece]))


def normals(line_px: FloatArray) -> FloatArray:
    """Unit normals at the vertices (V, 2) of a line."""
    along = np.gradient(line_px, axis=0)
    length = np.hypot(*along.T)[:, None]
    found: FloatArray = np.column_stack([-along[:, 1], along[:, 0]]) / np.where(length > 0, length, 1.0)
    return found


def ring(painter: QPainter, viewport: Viewport, at_px: ArrayLike, radius: float = 5.0, colour: Rgb = LIGHT) -> None:
    """A ring around an image point (2,), of a radius in the view."""
    x, y = viewport.to_view(at_px).tolist()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rgb, width in ((DARK, CASING), (colour, CORE)):
        painter.setPen(QPen(QColor(*rgb), width))
        painter.drawEllipse(QPointF(x, y), radius, radius)


def handle(painter: QPainter, viewport: Viewport, at_px: ArrayLike, *, held: bool = False) -> None:
    """A handle at an image point (2,): a small square, filled where it is held."""
    x, y = viewport.to_view(at_px).tolist()
    reach = HANDLE_RADIUS + (1.0 if held else 0.0)
    painter.setPen(QPen(QColor(*DARK), 1.2))
    painter.setBrush(QColor(*LIGHT) if held else QColor(*LIGHT, 150))
    painter.drawRect(QRectF(x - reach, y - reach, 2 * reach, 2 * reach))


def plus(painter: QPainter, viewport: Viewport, at_px: ArrayLike) -> None:
    """A small plus at an image point (2,): something can be put in here."""
    x, y = viewport.to_view(at_px).tolist()
    for rgb, width in ((DARK, CASING + 0.6), (LIGHT, CORE + 0.6)):
        painter.setPen(QPen(QColor(*rgb), width))
        painter.drawLine(QPointF(x - 5, y), QPointF(x + 5, y))
        painter.drawLine(QPointF(x, y - 5), QPointF(x, y + 5))


def region(
    painter: QPainter,
    viewport: Viewport,
    outlines_px: Iterable[FloatArray],
    colour: Rgb,
    *,
    hatched: bool = False,
    dashed: bool = False,
) -> None:
    """Regions by their outlines, each (M, 2): an edge, and a thin hatching where it is asked for."""
    for outline_px in outlines_px:
        if hatched:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(QColor(*colour, 150), Qt.BrushStyle.BDiagPattern))
            painter.drawPolygon(polygon(viewport, outline_px))
        line(painter, viewport, outline_px, colour, closed=True, dashed=dashed, core=2.0)


def stroke(painter: QPainter, viewport: Viewport, stroke_px: FloatArray, radius_px: float, colour: Rgb) -> None:
    """What a round brush covers along a stroke (K, 2)."""
    reach = radius_px * viewport.scale
    if len(stroke_px) == 1:
        x, y = viewport.to_view(stroke_px[0]).tolist()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*colour, 100))
        painter.drawEllipse(QPointF(x, y), reach, reach)
        return
    path = QPainterPath()
    path.addPolygon(polygon(viewport, stroke_px))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(
        QPen(
            QColor(*colour, 100),
            2 * reach,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        )
    )
    painter.drawPath(path)


def label(painter: QPainter, viewport: Viewport, at_px: ArrayLike, *lines: str) -> None:
    """Words beside an image point (2,), kept inside the view."""
    texts = [text for text in lines if text]
    if not texts:
        return
    font = QFont(painter.font())
    font.setStyleHint(QFont.StyleHint.SansSerif)
    metrics = QFontMetricsF(font)
    width = max(metrics.horizontalAdvance(text) for text in texts) + 2 * LABEL_MARGIN
    height = metrics.height() * len(texts) + 1.2 * LABEL_MARGIN
    x, y = viewport.to_view(at_px).tolist()
    left = _kept(x, LABEL_OFFSET[0], width, viewport.size[0])
    top = _kept(y, LABEL_OFFSET[1], height, viewport.size[1])
    box = QRectF(left, top, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*DARK, 215))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor(*LIGHT))
    painter.setFont(font)
    for i, text in enumerate(texts):
        baseline = top + 0.6 * LABEL_MARGIN + metrics.ascent() + i * metrics.height()
        painter.drawText(QPointF(left + LABEL_MARGIN, baseline), text)


def badge(painter: QPainter, viewport: Viewport, at_px: ArrayLike, text: str, colour: Rgb) -> None:
    """A number in a small round field, its middle at an image point (2,)."""
    x, y = viewport.to_view(at_px).tolist()
    metrics = QFontMetricsF(painter.font())
    height = metrics.height() + 2
    width = max(height, metrics.horizontalAdvance(text) + 10)
    box = QRectF(x - width / 2, y - height / 2, width, height)
    painter.setPen(QPen(QColor(*colour), 1.6))
    painter.setBrush(QColor(*DARK, 225))
    painter.drawRoundedRect(box, height / 2, height / 2)
    painter.setPen(QColor(*LIGHT))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _kept(place: float, offset: float, extent: float, limit: float) -> float:
    """Beside a place: after it where there is room, else before it."""
    after = place + offset
    return after if after + extent <= limit else max(0.0, place - offset - extent)


def _runs(mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[slice]:
    """The stretches, of two or more, of a mask (V,) that hold."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [slice(a, b) for a, b in edges.reshape(-1, 2).tolist() if b - a >= 2]
