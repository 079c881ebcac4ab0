"""Draws the measured region and what is left out of it."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPolygonF

from ui.view.boxes import Box, corners
from ui.view.inks import pen
from ui.view.polygons import polygon
from ui.view.sheet import Sheet
from workstation.model.field import Exclusion, Field, FieldShape
from workstation.palette import BLACK, EXCLUDED, FIELD, WHITE, Rgb

OUTSIDE_OPACITY = 0.35
"""How much the image is darkened outside the field."""
HATCH_PENS = 18
AROUND_VIEW = (-999, -999, 999, 999)
"""Drawings reach beyond the view."""


def paint_field(painter: QPainter, field: Field, sheet: Sheet, visible_px: Box) -> None:
    """Outline the field and darken what of the image is outside of it; hatch the exclusions.

    Args:
        painter: paints in device pixels.
        field: the field.
        sheet: how it lies.
        visible_px: exclusions that do not meet this box of the image are left out.
    """
    layers = sheet.layers
    if layers.field:
        outline = polygon(sheet.viewport.to_view(field.polygon_px))
        if field.shape is not FieldShape.IMAGE:
            _darken_outside(painter, outline, sheet)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink in (pen(WHITE, 3.0 * sheet.pen_px, 0.75), pen(FIELD, 1.6 * sheet.pen_px)):
            painter.setPen(ink)
            painter.drawPolygon(outline)
    if layers.exclusions:
        for exclusion in field.exclusions:
            if _meets(exclusion, visible_px):
                paint_exclusion(painter, exclusion, sheet)


def _darken_outside(painter: QPainter, outline: QPolygonF, sheet: Sheet) -> None:
    """Even-odd, for subtracting paths fails where their edges nearly coincide, as those of field and image often do."""
    outside = QPainterPath()
    outside.setFillRule(Qt.FillRule.OddEvenFill)
    image = _image_rect(sheet)
    outside.addRect(image.united(outline.boundingRect()).adjusted(-1, -1, 1, 1))
    outside.addPolygon(outline)
    outside.closeSubpath()
    painter.save()
    try:
        painter.setClipRect(image, Qt.ClipOperation.IntersectClip)
        if sheet.viewport.turn:
            painter.setClipPath(_image_path(sheet), Qt.ClipOperation.IntersectClip)
        painter.fillPath(outside, QColor(0, 0, 0, round(255 * OUTSIDE_OPACITY)))
    finally:
        painter.restore()


def _image_rect(sheet: Sheet) -> QRectF:
    """The image as far as it can be seen; around it where it is turned."""
    left, top, right, bottom = (round(edge) for edge in sheet.viewport.box_in_view(_image_box(sheet)))
    seen = QRectF(0, 0, *sheet.viewport.size).adjusted(*AROUND_VIEW)
    return QRectF(left, top, right - left, bottom - top).intersected(seen)


def _image_path(sheet: Sheet) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(polygon(sheet.viewport.to_view(corners(_image_box(sheet)))))
    path.closeSubpath()
    return path


def _image_box(sheet: Sheet) -> Box:
    return -0.5, -0.5, sheet.image_size[0] - 0.5, sheet.image_size[1] - 0.5


def paint_exclusion(painter: QPainter, exclusion: Exclusion, sheet: Sheet, *, lifted: bool = False) -> None:
    """Hatch a region so that the image stays visible between the lines."""
    outline = polygon(sheet.viewport.to_view(exclusion.polygon_px))
    brush = QBrush(_hatching(EXCLUDED, round(HATCH_PENS * sheet.pen_px), sheet.pen_px))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    # the pattern moves with the image
    painter.setBrushOrigin(QPointF(*(round(v) for v in sheet.viewport.origin)))
    painter.drawPolygon(outline)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    grown = 2.0 if lifted else 0.0
    for ink in (
        pen(WHITE if lifted else BLACK, (2.6 + grown) * sheet.pen_px, 0.7),
        pen(EXCLUDED, (1.2 + grown / 2) * sheet.pen_px),
    ):
        painter.setPen(ink)
        painter.drawPolygon(outline)


@lru_cache(maxsize=16)
def _hatching(rgb: Rgb, period_px: int, pen_px: float) -> QImage:
    """A tile of slanting lines."""
    tile = QImage(period_px, period_px, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(0)
    painter = QPainter(tile)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for ink in (pen(BLACK, 2.4 * pen_px, 0.4), pen(rgb, 1.1 * pen_px, 0.9)):
            painter.setPen(ink)
            for start in (-period_px, 0, period_px):
                painter.drawLine(QPointF(start - 2, period_px + 2), QPointF(start + period_px + 2, -2))
    finally:
        painter.end()
    return tile


def _meets(exclusion: Exclusion, box: Box) -> bool:
    low, high = exclusion.polygon_px.min(axis=0), exclusion.polygon_px.max(axis=0)
    return bool(low[0] <= box[2] and high[0] >= box[0] and low[1] <= box[3] and high[1] >= box[1])
