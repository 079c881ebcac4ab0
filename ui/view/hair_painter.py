"""Draws hairs in the same shapes and colours as exported pictures (`workstation.pictures.marks`)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from PySide6.QtGui import QBrush, QPainter

from analysis.geometry import arc_length, point_along
from analysis.measures import WidthClass
from ui.view.hair_shapes import HairShape, Standing, simplify
from ui.view.inks import colour, draw_stamp, pen
from ui.view.layers import Layers
from ui.view.mark_stamps import CASING_OPACITY, Mark, mark_stamp
from ui.view.polygons import path_of, polygon
from ui.view.sheet import Sheet
from ui.view.strokes import casing, stroke
from workstation.model.hair import Origin
from workstation.palette import BLACK, CLASS_COLOURS, REJECTED, WHITE, Rgb
from workstation.pictures.marks import CASING_PENS, CORE_PENS

REJECTED_OPACITY = 0.7
MIN_WIDTH_PENS = 8.0
"""The edges of a narrower shaft are not drawn: the lines would hide it."""
Dashes = dict[Standing, tuple[float, ...]]
DASHES: Dashes = {
    Standing.SURE: (),
    Standing.DOUBTFUL: (2.2, 3.0),
    Standing.REJECTED: (7, 8),
}
FAR_DASHES: Dashes = {
    Standing.SURE: (),
    Standing.DOUBTFUL: (2, 2),
    Standing.REJECTED: (4, 4),
}
"""In pens."""
FAR_CASING_PENS, FAR_CASING_OPACITY = 2.6, 0.45
CLOSE_HANDLES_PENS, FREE_HANDLES_PENS = 9.0, 22.0
"""Vertices nearer to each other than the first have no handles; farther apart than the second, large ones."""
SMALL_HANDLE_PENS, LARGE_HANDLE_PENS = 2.0, 3.2
"""Half their width."""
FEW_LIFTED = 12
"""So many hairs bear their marks also where hairs are mere lines."""
_TIPS = {
    WidthClass.VELLUS: Mark.VELLUS,
    WidthClass.INTERMEDIATE: Mark.INTERMEDIATE,
    WidthClass.TERMINAL: Mark.TERMINAL,
}


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
    with sheet.in_image(painter):
        if sheet.layers.widths and sheet.full:
            _paint_widths(painter, shapes, sheet)
        if sheet.layers.centrelines:
            _paint_lines(painter, shapes, sheet)
    if sheet.full:
        paint_marks(painter, shapes, sheet)


def _paint_lines(painter: QPainter, shapes: Sequence[HairShape], sheet: Sheet) -> None:
    level = sheet.level
    groups = {key: path_of([shape.line_at(level) for shape in members]) for key, members in _by_ink(shapes).items()}
    unit, scale = sheet.pen_px, sheet.viewport.scale
    pens, dark, kinds = (
        (CASING_PENS, CASING_OPACITY, DASHES) if sheet.full else (FAR_CASING_PENS, FAR_CASING_OPACITY, FAR_DASHES)
    )
    for (_, standing), path in groups.items():
        rejected = standing is Standing.REJECTED
        faint = dark * REJECTED_OPACITY if rejected else dark
        # a doubtful hair's dots lie on a whole dark line: they show on any ground
        casing(painter, path, pens, unit, scale, opacity=faint, dashes=kinds[standing] if rejected else ())
    for (rgb, standing), path in groups.items():
        opacity = REJECTED_OPACITY if standing is Standing.REJECTED else 1.0
        core = CORE_PENS if sheet.full else 1.0
        stroke(painter, path, rgb, core, unit, scale, opacity=opacity, dashes=kinds[standing])


def _by_ink(shapes: Iterable[HairShape]) -> dict[tuple[Rgb, Standing], list[HairShape]]:
    groups: defaultdict[tuple[Rgb, Standing], list[HairShape]] = defaultdict(list)
    for shape in shapes:
        groups[ink_of(shape), shape.standing].append(shape)
    # what is rejected lies under what counts
    return dict(sorted(groups.items(), key=lambda item: item[0][1] is not Standing.REJECTED))


def _paint_widths(painter: QPainter, shapes: Iterable[HairShape], sheet: Sheet) -> None:
    """Two hairlines each, light with a dark edge, where there is room between them."""
    least_px = MIN_WIDTH_PENS * sheet.pen_px / sheet.viewport.scale
    path = path_of(
        [
            edge
            for shape in shapes
            if shape.hair.width_px >= least_px and shape.standing is not Standing.REJECTED
            for edge in shape.edges
        ]
    )
    casing(painter, path, 2.4, sheet.pen_px, sheet.viewport.scale, opacity=0.3)
    stroke(painter, path, WHITE, 1.0, sheet.pen_px, sheet.viewport.scale, opacity=0.75)


def paint_marks(painter: QPainter, shapes: Sequence[HairShape], sheet: Sheet) -> None:
    """Roots, tips and diamonds of hairs that are not rejected, in device pixels."""
    kept = [shape for shape in shapes if shape.standing is not Standing.REJECTED]
    if not kept:
        return
    if sheet.layers.roots:
        for shape, (x, y), inwards in _ends(kept, sheet, 0, 1):
            mark = Mark.ROOT if shape.hair.root_visible else Mark.ENTRY
            draw_stamp(painter, mark_stamp(mark, ink_of(shape), sheet.pen_px, inwards), x, y)
    if sheet.layers.marks:
        for shape, (x, y), inwards in _ends(kept, sheet, -1, -2):
            if shape.width_class is not None:
                stamp = mark_stamp(_TIPS[shape.width_class], ink_of(shape), sheet.pen_px, inwards)
                draw_stamp(painter, stamp, x, y)
        for shape in kept:
            if shape.hair.origin is Origin.ADDED:
                line = shape.hair.vertices_px
                x, y = sheet.viewport.to_view(point_along(line, arc_length(line) / 2)).tolist()
                draw_stamp(painter, mark_stamp(Mark.ADDED, WHITE, sheet.pen_px), x, y)


def _ends(
    shapes: Sequence[HairShape], sheet: Sheet, end: int, before: int
) -> Iterator[tuple[HairShape, tuple[float, float], tuple[float, float]]]:
    """Each hair with where one of its ends lies in the view and which way, of any length, it goes from there."""
    ends = np.array([shape.hair.vertices_px[end] for shape in shapes])
    inwards = np.array([shape.hair.vertices_px[before] for shape in shapes]) - ends
    places, steps = sheet.viewport.to_view(ends).tolist(), sheet.viewport.step_to_view(inwards).tolist()
    yield from zip(shapes, places, steps, strict=True)


def paint_lifted(painter: QPainter, shapes: Sequence[HairShape], sheet: Sheet, *, strength: float) -> None:
    """Draw hairs again, lifted out by a light halo beside the shaft.

    Args:
        painter: paints in device pixels.
        shapes: the hairs.
        sheet: how they lie.
        strength: of the halo, 0 to 1.
    """
    unit, level = sheet.pen_px, sheet.level
    simplify(shapes, level)
    least_px = MIN_WIDTH_PENS * unit / sheet.viewport.scale
    with sheet.in_image(painter):
        for shape in shapes:
            wide = shape.hair.width_px >= least_px and sheet.layers.widths
            line = polygon(shape.line_at(level))
            outlines = [polygon(edge) for edge in shape.edges] if wide else [line]
            grow = 0.0 if wide else CASING_PENS
            for ink in (
                pen(BLACK, (4.6 + grow) * unit, 0.55 * strength),
                pen(WHITE, (2.2 + grow) * unit, 0.95 * strength),
            ):
                painter.setPen(ink)
                for outline in outlines:
                    painter.drawPolyline(outline)
            dashes = tuple(length * unit for length in DASHES[shape.standing])
            painter.setPen(pen(BLACK, CASING_PENS * unit, 0.9))
            painter.drawPolyline(line)
            painter.setPen(pen(ink_of(shape), 1.3 * CORE_PENS * unit, 1.0, dashes))
            painter.drawPolyline(line)
    if sheet.full or len(shapes) <= FEW_LIFTED:
        paint_marks(painter, shapes, sheet)


def paint_vertices(painter: QPainter, shape: HairShape, sheet: Sheet) -> None:
    """The vertices of a hair as handles; the ends alone where handles would stand in a row and hide the shaft."""
    points = sheet.viewport.to_view(shape.hair.vertices_px)
    apart = float(np.median(np.hypot(*np.diff(points, axis=0).T))) / sheet.pen_px
    shown = points if apart >= CLOSE_HANDLES_PENS else points[[0, -1]]
    half = (LARGE_HANDLE_PENS if apart >= FREE_HANDLES_PENS else SMALL_HANDLE_PENS) * sheet.pen_px
    painter.setPen(pen(BLACK, 1.2 * sheet.pen_px))
    painter.setBrush(QBrush(colour(WHITE)))
    square = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    for at in shown:
        painter.drawConvexPolygon(polygon(square + at))
