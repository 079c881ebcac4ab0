"""Draws hairs in the same shapes and colours as exported pictures (`workstation.pictures.marks`)."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen

from analysis.detection import FloatArray
from analysis.geometry import arc_length, point_along
from analysis.measures import WidthClass
from ui.view.hair_shapes import HairShape, Standing, simplify
from ui.view.inks import WHITE, colour, pen
from ui.view.layers import Layers
from ui.view.polygons import polygon
from ui.view.sheet import Sheet
from workstation.model.hair import Origin
from workstation.palette import BLACK, CLASS_COLOURS, REJECTED, Rgb
from workstation.pictures.marks import CASING_PENS, CORE_PENS, DIAMOND_PENS, ROOT_PENS, TIP_PENS

CASING_OPACITY = 0.6
REJECTED_OPACITY = 0.6
MIN_WIDTH_PENS = 6.0
"""The edges of a narrower shaft are not drawn: the lines would hide it."""
DASHES = (7.0, 8.0)
DOTS = (2.2, 3.0)
"""In pens: of rejected and of doubtful hairs."""
FAR_RIM_PENS = 0.8
_TIPS: dict[WidthClass | None, tuple[tuple[float, float], ...]] = {
    WidthClass.INTERMEDIATE: ((1.2, TIP_PENS), (1.2, -TIP_PENS), (-1.2, -TIP_PENS), (-1.2, TIP_PENS)),
    WidthClass.TERMINAL: ((-TIP_PENS, 0.0), (TIP_PENS * 0.8, TIP_PENS), (TIP_PENS * 0.8, -TIP_PENS)),
}
"""Corners of the shapes at the tips, along the shaft backwards and across it, in pens."""


def shown_hairs(shapes: Iterable[HairShape], layers: Layers) -> list[HairShape]:
    """The hairs that the layers show."""
    classes = {
        WidthClass.VELLUS: layers.vellus,
        WidthClass.INTERMEDIATE: layers.intermediate,
        WidthClass.TERMINAL: layers.terminal,
        None: layers.unclassed,
    }
    return [
        shape
        for shape in shapes
        if classes[shape.width_class] and (layers.rejected or shape.standing is not Standing.REJECTED)
    ]


def ink_of(shape: HairShape) -> Rgb:
    """The colour of a hair."""
    return REJECTED if shape.standing is Standing.REJECTED else CLASS_COLOURS[shape.width_class]


def paint_hairs(painter: QPainter, shapes: Sequence[HairShape], sheet: Sheet) -> None:
    """Draw hairs that `shown_hairs` chose: dark edges first, so that no hair hides another's line."""
    simplify(shapes, sheet.level)
    if not sheet.full:
        _paint_far(painter, shapes, sheet)
        return
    with sheet.in_image(painter):
        if sheet.layers.widths:
            _paint_widths(painter, shapes, sheet)
        if sheet.layers.centrelines:
            for (rgb, standing), members in _by_ink(shapes).items():
                _lines(painter, members, sheet, _casing(standing, sheet.pen_px))
                _lines(painter, members, sheet, _core(rgb, standing, sheet.pen_px))
    paint_marks(painter, shapes, sheet)


def paint_marks(painter: QPainter, shapes: Sequence[HairShape], sheet: Sheet) -> None:
    """Roots, tips and diamonds of hairs that are not rejected, in view pixels."""
    kept = [shape for shape in shapes if shape.standing is not Standing.REJECTED]
    if sheet.layers.roots:
        _paint_roots(painter, kept, sheet)
    if sheet.layers.marks:
        for shape in kept:
            _tip(painter, shape, sheet)
        for shape in kept:
            if shape.hair.origin is Origin.ADDED:
                _diamond(painter, shape, sheet)


def _by_ink(shapes: Iterable[HairShape]) -> dict[tuple[Rgb, Standing], list[HairShape]]:
    groups: defaultdict[tuple[Rgb, Standing], list[HairShape]] = defaultdict(list)
    for shape in shapes:
        groups[ink_of(shape), shape.standing].append(shape)
    # what is rejected lies under what counts
    return dict(sorted(groups.items(), key=lambda item: item[0][1] is not Standing.REJECTED))


def _casing(standing: Standing, pen_px: float) -> QPen:
    opacity = CASING_OPACITY * (REJECTED_OPACITY if standing is Standing.REJECTED else 1.0)
    dashes = tuple(length * pen_px for length in DASHES) if standing is Standing.REJECTED else ()
    return pen(BLACK, CASING_PENS * pen_px, opacity, dashes)


def _core(rgb: Rgb, standing: Standing, pen_px: float) -> QPen:
    match standing:
        case Standing.REJECTED:
            return pen(rgb, CORE_PENS * pen_px, REJECTED_OPACITY, tuple(length * pen_px for length in DASHES))
        case Standing.DOUBTFUL:
            return pen(rgb, 1.2 * CORE_PENS * pen_px, 1.0, tuple(length * pen_px for length in DOTS))
        case Standing.SURE:
            return pen(rgb, CORE_PENS * pen_px)


def _lines(painter: QPainter, shapes: Iterable[HairShape], sheet: Sheet, ink: QPen) -> None:
    painter.setPen(ink)
    level = sheet.level
    for shape in shapes:
        painter.drawPolyline(shape.line_at(level))


def _paint_far(painter: QPainter, shapes: Sequence[HairShape], sheet: Sheet) -> None:
    """Mere lines, all of one colour at once: a path one device pixel wide is drawn many times faster than any other."""
    if not sheet.layers.centrelines:
        return
    level, rim = sheet.level, FAR_RIM_PENS * sheet.pen_px / sheet.viewport.scale
    with sheet.in_image(painter):
        for (rgb, standing), members in _by_ink(shapes).items():
            path = QPainterPath()
            for shape in members:
                path.addPolygon(shape.line_at(level))
            if standing is Standing.REJECTED:
                painter.strokePath(path, pen(rgb, sheet.pen_px, REJECTED_OPACITY, (4 * sheet.pen_px, 4 * sheet.pen_px)))
                continue
            for offset in (-rim, rim):
                painter.translate(offset, offset)
                painter.strokePath(path, pen(BLACK, 1.0, 0.45))
                painter.translate(-offset, -offset)
            dots = (2 * sheet.pen_px, 2 * sheet.pen_px) if standing is Standing.DOUBTFUL else ()
            painter.strokePath(path, pen(rgb, 1.0 if sheet.pen_px < 1.5 else sheet.pen_px, 1.0, dots))


def _paint_widths(painter: QPainter, shapes: Iterable[HairShape], sheet: Sheet) -> None:
    """Two hairlines each, light with a dark edge, where there is room between them."""
    least_px = MIN_WIDTH_PENS * sheet.pen_px / sheet.viewport.scale
    wide = [s for s in shapes if s.hair.width_px >= least_px and s.standing is not Standing.REJECTED]
    for ink in (pen(BLACK, 2.2 * sheet.pen_px, 0.35), pen(WHITE, 0.9 * sheet.pen_px, 0.8)):
        painter.setPen(ink)
        for shape in wide:
            for edge in shape.edges:
                painter.drawPolyline(edge)


def _paint_roots(painter: QPainter, shapes: Sequence[HairShape], sheet: Sheet) -> None:
    """A ring where the hair leaves the skin; a bar across where it comes in from outside."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    unit, radius = sheet.pen_px, ROOT_PENS * sheet.pen_px
    if not shapes:
        return
    roots = sheet.viewport.to_view(np.array([shape.hair.vertices_px[0] for shape in shapes]))
    for shape, (x, y) in zip(shapes, roots.tolist(), strict=True):
        inks = pen(BLACK, CASING_PENS * unit, CASING_OPACITY), pen(ink_of(shape), CORE_PENS * unit)
        if shape.hair.root_visible:
            for ink in inks:
                painter.setPen(ink)
                painter.drawEllipse(QPointF(x, y), radius, radius)
            continue
        across = _direction(shape.hair.vertices_px[0], shape.hair.vertices_px[1])
        dx, dy = -across[1] * radius * 1.3, across[0] * radius * 1.3
        for ink in inks:
            painter.setPen(ink)
            painter.drawLine(QPointF(x - dx, y - dy), QPointF(x + dx, y + dy))


def _tip(painter: QPainter, shape: HairShape, sheet: Sheet) -> None:
    """A dot for vellus, a bar for intermediate, an arrow's head for terminal, nothing if unknown."""
    unit = sheet.pen_px
    x, y = sheet.viewport.to_view(shape.hair.vertices_px[-1]).tolist()
    back_x, back_y = _direction(shape.hair.vertices_px[-1], shape.hair.vertices_px[-2])
    painter.setPen(pen(BLACK, unit, CASING_OPACITY))
    painter.setBrush(QBrush(colour(ink_of(shape))))
    if shape.width_class is WidthClass.VELLUS:
        painter.drawEllipse(QPointF(x, y), 0.6 * TIP_PENS * unit, 0.6 * TIP_PENS * unit)
        return
    corners = _TIPS.get(shape.width_class, ())
    painter.drawConvexPolygon(
        [QPointF(x + unit * (a * back_x - b * back_y), y + unit * (a * back_y + b * back_x)) for a, b in corners]
    )


def _diamond(painter: QPainter, shape: HairShape, sheet: Sheet) -> None:
    """An open diamond half-way along a hair that a reader added."""
    line = shape.hair.vertices_px
    x, y = sheet.viewport.to_view(point_along(line, arc_length(line) / 2)).tolist()
    reach = DIAMOND_PENS * sheet.pen_px
    corners = [QPointF(x, y - reach), QPointF(x + reach, y), QPointF(x, y + reach), QPointF(x - reach, y)]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink in (pen(BLACK, CASING_PENS * sheet.pen_px, CASING_OPACITY), pen(WHITE, CORE_PENS * sheet.pen_px)):
        painter.setPen(ink)
        painter.drawPolygon(corners)


def _direction(start: FloatArray, end: FloatArray) -> tuple[float, float]:
    dx, dy = (end - start).tolist()
    length = math.hypot(dx, dy) or 1.0
    return dx / length, dy / length


def paint_lifted(painter: QPainter, shapes: Sequence[HairShape], sheet: Sheet, *, strength: float) -> None:
    """Draw hairs again, lifted out by a light halo beside the shaft.

    Args:
        painter: paints in device pixels.
        shapes: the hairs.
        sheet: how they lie.
        strength: of the halo, 0 to 1.
    """
    unit = sheet.pen_px
    simplify(shapes, sheet.level)
    least_px = MIN_WIDTH_PENS * unit / sheet.viewport.scale
    with sheet.in_image(painter):
        for shape in shapes:
            wide = shape.hair.width_px >= least_px and sheet.layers.widths
            outlines = shape.edges if wide else [shape.line_at(sheet.level)]
            grow = 0.0 if wide else CASING_PENS
            for ink in (
                pen(BLACK, (4.6 + grow) * unit, 0.55 * strength),
                pen(WHITE, (2.2 + grow) * unit, 0.95 * strength),
            ):
                painter.setPen(ink)
                for outline in outlines:
                    painter.drawPolyline(outline)
            painter.setPen(pen(BLACK, CASING_PENS * unit, 0.9))
            painter.drawPolyline(shape.line_at(sheet.level))
            painter.setPen(_core(ink_of(shape), shape.standing, 1.3 * unit))
            painter.drawPolyline(shape.line_at(sheet.level))
    paint_marks(painter, shapes, sheet)


def paint_vertices(painter: QPainter, shape: HairShape, sheet: Sheet) -> None:
    """The vertices of a hair as handles."""
    half = 3.0 * sheet.pen_px
    painter.setPen(pen(BLACK, 1.2 * sheet.pen_px))
    painter.setBrush(QBrush(colour(WHITE)))
    square = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    for at in sheet.viewport.to_view(shape.hair.vertices_px):
        painter.drawConvexPolygon(polygon(square + at))
