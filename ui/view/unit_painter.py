"""Draws follicular units: a rounded outline around the roots, and the number of hairs beside it."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from ui.view.inks import TEXT_PENS, draw_stamp, pen, text_stamp
from ui.view.mark_stamps import circle_stamp
from ui.view.polygons import coordinates, path_of, polygon
from ui.view.sheet import Sheet
from ui.view.strokes import casing, stroke
from ui.view.unit_labels import Label
from ui.view.unit_shapes import UnitShape
from workstation.palette import BLACK, UNIT
from workstation.pictures.marks import UNIT_MARGIN_PENS

FAR_MARGIN_PENS, LEAST_MARGIN_PENS = 4.5, 1.5
MARGIN_SHARE = 0.12
"""Of the room between units."""
ROOM_FOR_NUMBERS_PENS = 30.0
OUTLINE_PENS = 1.4
FAR_OUTLINE_PENS = 1.1


def margin_pens(sheet: Sheet) -> float:
    """From a unit's roots to its outline: less where units are crowded."""
    most = UNIT_MARGIN_PENS if sheet.full else FAR_MARGIN_PENS
    return min(max(MARGIN_SHARE * sheet.unit_room_pens, LEAST_MARGIN_PENS), most)


def has_numbers(sheet: Sheet) -> bool:
    """Whether there is room between the units for numbers that hide nothing."""
    return sheet.layers.unit_counts and sheet.unit_room_pens >= ROOM_FOR_NUMBERS_PENS


def outlines(units: Sequence[UnitShape], sheet: Sheet) -> list[FloatArray]:
    """Rounded outlines around the roots, (V, 2) each, closed, in device pixels."""
    if not units:
        return []
    sizes = [len(unit.roots_px) for unit in units]
    roots = sheet.viewport.to_view(np.concatenate([unit.roots_px for unit in units]))
    groups = shapely.multipoints(roots, indices=np.repeat(np.arange(len(units)), sizes))
    around = shapely.buffer(shapely.convex_hull(groups), margin_pens(sheet) * sheet.pen_px, quad_segs=6)
    return coordinates(around)


def paint_units(painter: QPainter, units: Sequence[UnitShape], sheet: Sheet, labels: Mapping[int, Label]) -> None:
    """Draw units: those not counted are dashed and bear no number."""
    if sheet.layers.units:
        if sheet.full:
            for counted, dashes in ((True, ()), (False, (5.0, 4.0))):
                path = path_of(outlines([unit for unit in units if unit.counted is counted], sheet))
                casing(painter, path, 1.6 + OUTLINE_PENS, sheet.pen_px, opacity=0.35, dashes=dashes)
                stroke(painter, path, UNIT, OUTLINE_PENS, sheet.pen_px, dashes=dashes)
        else:
            _far_outlines(painter, units, sheet)
    if has_numbers(sheet):
        x0, y0 = sheet.viewport.origin
        for shape in units:
            if label := labels.get(shape.id):
                stamp = text_stamp(label.text, TEXT_PENS * sheet.pen_px, sheet.font)
                draw_stamp(painter, stamp, x0 + label.x, y0 + label.y)


def _far_outlines(painter: QPainter, units: Sequence[UnitShape], sheet: Sheet) -> None:
    """Circles."""
    counted = [unit for unit in units if unit.counted]
    if not counted:
        return
    centres = sheet.viewport.to_view(np.array([unit.centre_px for unit in counted]))
    for shape, (x, y) in zip(counted, centres.tolist(), strict=True):
        radius = round(shape.spread_px * sheet.viewport.scale + margin_pens(sheet) * sheet.pen_px)
        draw_stamp(painter, circle_stamp(radius, UNIT, FAR_OUTLINE_PENS, sheet.pen_px), x, y)


def paint_lifted_units(painter: QPainter, units: Sequence[UnitShape], sheet: Sheet) -> None:
    """Draw the outlines of units that are pointed at or selected, heavier and on a light ground."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for outline in outlines(units, sheet):
        ring = polygon(outline)
        for ink in (
            pen(BLACK, 6.0 * sheet.pen_px, 0.5),
            pen((255, 255, 255), 4.2 * sheet.pen_px, 0.9),
            pen(UNIT, 2.0 * sheet.pen_px),
        ):
            painter.setPen(ink)
            painter.drawPolygon(ring)
