"""A hair's line as the reader gives it: checked, with a width at every vertex."""

import numpy as np
from numpy.typing import ArrayLike

from analysis.detection import FloatArray
from analysis.geometry import SAME_PX, arc_length, arc_positions, as_line, cut, moves_on, project
from workstation.edits.drafting import corrected
from workstation.errors import EditRefused
from workstation.model.hair import Hair, frozen_array, median_width_px
from workstation.model.validity import MIN_HAIR_LENGTH_PX


def checked_line(path_px: ArrayLike, vertex_width_px: ArrayLike | None = None) -> tuple[FloatArray, FloatArray]:
    """A path (V, 2) with its widths (V,), NaN where none are given, without vertices that repeat the one before.

    Raises:
        EditRefused: if the path is no line, is too short, or the widths do not fit it.
    """
    try:
        line = as_line(path_px)
    except ValueError as error:
        raise EditRefused(str(error)) from error
    kept = moves_on(line)
    line, widths = line[kept], checked_widths(vertex_width_px, len(line))[kept]
    if len(line) < 2 or arc_length(line) < MIN_HAIR_LENGTH_PX:
        raise EditRefused(
            f"a hair must be at least {MIN_HAIR_LENGTH_PX:g} px long",
            remedy="Place root and tip farther apart.",
        )
    return line, widths


def checked_widths(vertex_width_px: ArrayLike | None, n_vertices: int) -> FloatArray:
    """Widths (V,) for as many vertices; NaN, not measured, where there are none.

    Raises:
        EditRefused: if there are more or fewer, or one is not positive.
    """
    if vertex_width_px is None:
        return np.full(n_vertices, np.nan)
    widths = np.asarray(vertex_width_px, dtype=np.float64)
    if widths.shape != (n_vertices,):
        raise EditRefused(f"a line of {n_vertices} points needs as many widths, not {widths.size}")
    if np.isinf(widths).any() or (widths <= 0).any():
        raise EditRefused("a width must be positive")
    return widths


def checked_point(point_px: ArrayLike) -> FloatArray:
    """A point or an offset as float64 (2,).

    Raises:
        EditRefused: if it is not two finite numbers.
    """
    point = np.asarray(point_px, dtype=np.float64)
    if point.shape != (2,) or not np.isfinite(point).all():
        raise EditRefused("a point is two finite numbers, x and y")
    return point


def arc_at(hair: Hair, at: float | ArrayLike) -> float:
    """A place on a hair as arc position: a number is one already, of a point (2,) the nearest place is taken.

    Raises:
        EditRefused: if the arc position lies beyond an end.
    """
    if np.ndim(at) > 0:
        return project(checked_point(at), hair.vertices_px).arc_px
    arc, length = float(np.asarray(at)), arc_length(hair.vertices_px)
    if not 0 <= arc <= length:
        raise EditRefused(f"hair {hair.id} is {length:g} px long and has no place at {arc:g} px")
    return arc


def with_line(hair: Hair, line_px: FloatArray, vertex_width_px: FloatArray) -> Hair:
    """The hair on another line; its width follows the measured ones unless the reader set it."""
    widths = frozen_array(vertex_width_px)
    return corrected(
        hair,
        vertices_px=frozen_array(line_px, 2),
        vertex_width_px=widths,
        width_px=hair.width_px if hair.width_is_set else median_width_px(widths),
    )


def carried_widths(hair: Hair, line_px: FloatArray) -> FloatArray:
    """The hair's widths carried over to the vertices (V, 2) of a new line near its old one.

    Each vertex takes the width at the nearest place of the old line, linear between measured vertices.
    """
    if np.array_equal(line_px, hair.vertices_px):
        return hair.vertex_width_px
    return widths_at(hair, np.array([project(point, hair.vertices_px).arc_px for point in line_px]))


def widths_at(hair: Hair, arc_px: FloatArray) -> FloatArray:
    """The hair's width at arc positions (K,): linear between measured vertices, NaN where none was measured."""
    measured = ~np.isnan(hair.vertex_width_px)
    if not measured.any():
        return np.full(len(arc_px), np.nan)
    along = arc_positions(hair.vertices_px)
    widths: FloatArray = np.interp(arc_px, along[measured], hair.vertex_width_px[measured])
    return widths


def piece(hair: Hair, start_px: float, end_px: float) -> tuple[FloatArray, FloatArray]:
    """The hair's line between two arc positions, (W, 2), with its widths, (W,).

    A vertex keeps its own width, measured or not; a cut end gets the width there.
    """
    along = arc_positions(hair.vertices_px)
    own = hair.vertex_width_px
    inner = own[(along > start_px + SAME_PX) & (along < end_px - SAME_PX)]
    first, last = widths_at(hair, np.array([start_px, end_px]))
    first = own[0] if start_px <= 0 else first
    last = own[-1] if end_px >= along[-1] else last
    return cut(hair.vertices_px, start_px, end_px), np.concatenate(([first], inner, [last]))
