"""The marks that hairs and units are drawn with, in pixels of the canvas."""

import numpy as np
import shapely

from analysis.detection import FloatArray
from analysis.geometry import point_along
from analysis.matching.match import Status
from analysis.measures import WidthClass
from workstation.palette import BLACK, MATCH_COLOURS, REJECTED, Rgb
from workstation.pictures.canvas import Canvas

ROOT_PENS = 3.6
TIP_PENS = 4.5
DIAMOND_PENS = 5.5
CASING_PENS = 3.0
CORE_PENS = 1.3
UNIT_MARGIN_PENS = 9.0
MATCH_PENS = 8.0
"""Half the size of the mark of a unit's match."""
_MATCH_CORNERS: dict[Status, list[tuple[float, float]]] = {
    Status.LOST: [(-1, -1), (1, -1), (1, 1), (-1, 1)],
    Status.NEW: [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)],
    Status.UNCERTAIN: [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
}


def normals(line: FloatArray) -> FloatArray:
    """Unit normals at a line's vertices, (V, 2)."""
    along = np.gradient(line, axis=0)
    length = np.hypot(*along.T)[:, None]
    return np.column_stack([-along[:, 1], along[:, 0]]) / np.where(length > 0, length, 1.0)


def width_lines(canvas: Canvas, line: FloatArray, width: FloatArray, colour: Rgb) -> None:
    """The shaft's two edges as hairlines; (V, 2) and (V,)."""
    across = normals(line) * width[:, None] / 2
    for side in (line - across, line + across):
        canvas.line(side, colour, 0.8)


def rejected_line(canvas: Canvas, line: FloatArray) -> None:
    """A dashed line."""
    canvas.dashes(line, BLACK, CASING_PENS)
    canvas.dashes(line, REJECTED, CORE_PENS)


def root_mark(canvas: Canvas, line: FloatArray, colour: Rgb) -> None:
    """A ring where the hair leaves the skin."""
    canvas.ring(line[0], ROOT_PENS * canvas.pen_px, BLACK, CASING_PENS)
    canvas.ring(line[0], ROOT_PENS * canvas.pen_px, colour, CORE_PENS)


def class_mark(canvas: Canvas, line: FloatArray, width_class: WidthClass | None, colour: Rgb) -> None:
    """At the tip: a dot for vellus, a bar for intermediate, an arrow's head for terminal, nothing if unknown."""
    tip, back = line[-1], line[-2] - line[-1]
    along = back / max(float(np.hypot(*back)), 1e-9) * canvas.pen_px
    across = np.array([-along[1], along[0]])
    match width_class:
        case WidthClass.VELLUS:
            turns = np.linspace(0, 2 * np.pi, 17)[:-1]
            _stamp(
                canvas, tip + TIP_PENS * 0.6 * canvas.pen_px * np.column_stack([np.cos(turns), np.sin(turns)]), colour
            )
        case WidthClass.INTERMEDIATE:
            corners = [(1.2, TIP_PENS), (1.2, -TIP_PENS), (-1.2, -TIP_PENS), (-1.2, TIP_PENS)]
            _stamp(canvas, np.array([tip + a * along + b * across for a, b in corners]), colour)
        case WidthClass.TERMINAL:
            corners = [(-TIP_PENS, 0.0), (TIP_PENS * 0.8, TIP_PENS), (TIP_PENS * 0.8, -TIP_PENS)]
            _stamp(canvas, np.array([tip + a * along + b * across for a, b in corners]), colour)
        case None:
            pass


def added_mark(canvas: Canvas, line: FloatArray, arc: float, colour: Rgb) -> None:
    """An open diamond half-way along a hair that a reader added."""
    middle, reach = point_along(line, arc / 2), DIAMOND_PENS * canvas.pen_px
    corners = middle + reach * np.array([[0, -1], [1, 0], [0, 1], [-1, 0]])
    canvas.line(corners, BLACK, CASING_PENS, closed=True)
    canvas.line(corners, colour, CORE_PENS, closed=True)


def unit_outline(canvas: Canvas, roots: FloatArray) -> shapely.Polygon:
    """A rounded outline around a unit's roots, (K, 2)."""
    around = shapely.MultiPoint(roots).convex_hull.buffer(UNIT_MARGIN_PENS * canvas.pen_px, quad_segs=8)
    assert isinstance(around, shapely.Polygon)
    return around


def match_mark(canvas: Canvas, centre: FloatArray, status: Status) -> None:
    """What became of a unit: kept a ring, lost a square, new a diamond, uncertain a triangle."""
    colour, reach = MATCH_COLOURS[status], MATCH_PENS * canvas.pen_px
    if status is Status.KEPT:
        canvas.ring(centre, 0.75 * reach, BLACK, CASING_PENS + 1)
        canvas.ring(centre, 0.75 * reach, colour, 2)
        return
    corners = centre + reach * np.array(_MATCH_CORNERS[status])
    canvas.line(corners, BLACK, CASING_PENS + 1, closed=True)
    canvas.line(corners, colour, 2, closed=True)


def _stamp(canvas: Canvas, corners: FloatArray, colour: Rgb) -> None:
    canvas.line(corners, BLACK, 2, closed=True)
    canvas.area(corners, colour)
