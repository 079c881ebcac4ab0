"""Draws follicular units: a rounded outline around the roots, and the number of hairs beside it."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from ui.view.inks import TEXT_PENS, draw_stamp, pen, text_stamp
from ui.view.polygons import polygon
from ui.view.sheet import Sheet
from ui.view.unit_labels import Label
from ui.view.unit_shapes import UnitShape
from workstation.palette import BLACK, UNIT
from workstation.pictures.marks import UNIT_MARGIN_PENS

FAR_MARGIN_PENS = 4.5
OUTLINE_PENS = 1.4


def margin_pens(sheet: Sheet) -> float:
    """From a unit's roots to its outline."""
    return UNIT_MARGIN_PENS if sheet.full else FAR_MARGIN_PENS


def outlines(units: Sequence[UnitShape], sheet: Sheet) -> list[QPolygonF]:
    """Rounded outlines around the roots, in device pixels."""
    if not units:
        return []
    sizes = [len(unit.roots_px) for unit in units]
    roots = sheet.viewport.to_view(np.concatenate([unit.roots_px for unit in units]))
    groups = shapely.multipoints(roots, indices=np.repeat(np.arange(len(units)), sizes))
    around = shapely.buffer(shapely.convex_hull(groups), margin_pens(sheet) * sheet.pen_px, quad_segs=6)
    ends = np.cumsum(shapely.get_num_coordinates(around))[:-1]
    return [polygon(ring) for ring in np.split(shapely.get_coordinates(around), ends)]


def paint_units(painter: QPainter, units: Sequence[UnitShape], sheet: Sheet, labels: Mapping[int, Label]) -> None:
    """Draw units: those not counted are dashed and bear no number."""
    unit_px = sheet.pen_px
    if sheet.layers.units:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if sheet.full:
            for shape, outline in zip(units, outlines(units, sheet), strict=True):
                dashes = () if shape.counted else (5.0 * unit_px, 4.0 * unit_px)
                painter.setPen(pen(BLACK, 2.6 * OUTLINE_PENS * unit_px, 0.35, dashes))
                painter.drawPolygon(outline)
                painter.setPen(pen(UNIT, OUTLINE_PENS * unit_px, 1.0, dashes))
                painter.drawPolygon(outline)
        else:
            _far_outlines(painter, units, sheet)
    if sheet.layers.unit_counts:
        x0, y0 = sheet.viewport.origin
        for shape in units:
            if label := labels.get(shape.id):
                stamp = text_stamp(label.text, TEXT_PENS * unit_px, sheet.font)
                draw_stamp(painter, stamp, x0 + label.x, y0 + label.y)


def _far_outlines(painter: QPainter, units: Sequence[UnitShape], sheet: Sheet) -> None:
    """Circles, all at once: see `ui.view.hair_painter` for why one device pixel wide."""
    path = QPainterPath()
    margin = FAR_MARGIN_PENS * sheet.pen_px
    for shape in units:
        if shape.counted:
            x, y = sheet.viewport.to_view(shape.centre_px).tolist()
            radius = shape.spread_px * sheet.viewport.scale + margin
            path.addEllipse(QPointF(x, y), radius, radius)
    painter.strokePath(path, pen(UNIT, 1.0 if sheet.pen_px < 1.5 else sheet.pen_px))


def paint_lifted_units(painter: QPainter, units: Sequence[UnitShape], sheet: Sheet) -> None:
    """Draw the outlines of units that are pointed at or selected, heavier and on a light ground."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for outline in outlines(units, sheet):
        for ink in (
            pen(BLACK, 6.0 * sheet.pen_px, 0.5),
            pen((255, 255, 255), 4.2 * sheet.pen_px, 0.9),
            pen(UNIT, 2.0 * sheet.pen_px),
        ):
            painter.setPen(ink)
            painter.drawPolygon(outline)
