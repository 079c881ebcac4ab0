"""Polylines: lengths along them, points on them, pieces of them. A line is `float64 (V, 2)` with V ≥ 2, in pixels.

A place on a line is given by its *arc position*: the length in pixels along the line from its first vertex.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.detection import BoolArray, FloatArray

SAME_PX = 1e-9
"""Points no farther apart than this are one point: far above float64's noise at 10⁵ px, far below any use."""


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """The point of a line that is nearest to a given point."""

    distance_px: float
    arc_px: float
    """Arc position of the nearest point; the first one where several are equally near."""
    point_px: FloatArray
    """(2,) the nearest point."""


def arc_positions(line_px: ArrayLike) -> FloatArray:
    """Arc position of every vertex, (V,): 0 first, the line's length last."""
    return np.concatenate(([0.0], np.cumsum(step_lengths(as_line(line_px)))))


def step_lengths(line_px: FloatArray) -> FloatArray:
    """Distance from each vertex (V, 2) to the next, (V - 1,)."""
    lengths: FloatArray = np.hypot(*(line_px[1:] - line_px[:-1]).T)
    return lengths


def arc_length(line_px: ArrayLike) -> float:
    """Length along the line in pixels."""
    return float(arc_positions(line_px)[-1])


def points_along(line_px: ArrayLike, arc_px: ArrayLike) -> FloatArray:
    """Points at arc positions (K,), as (K, 2). Positions beyond an end give that end."""
    line = as_line(line_px)
    along = arc_positions(line)
    wanted = np.atleast_1d(np.asarray(arc_px, dtype=np.float64))
    return np.column_stack([np.interp(wanted, along, line[:, axis]) for axis in (0, 1)])


def point_along(line_px: ArrayLike, arc_px: float) -> FloatArray:
    """The point, (2,), at one arc position."""
    point: FloatArray = points_along(line_px, arc_px)[0]
    return point


def resample(line_px: ArrayLike, step_px: float) -> FloatArray:
    """The line as equally spaced points, (M, 2), both ends kept exactly.

    Args:
        line_px: (V, 2).
        step_px: the largest distance along the line from one point to the next.

    Raises:
        ValueError: if the step is not positive.
    """
    if not step_px > 0:
        raise ValueError(f"the step must be positive, not {step_px:g} px")
    line = as_line(line_px)
    length = arc_length(line)
    # A hair's breadth less, so that a line of exactly n steps is not cut into n + 1.
    n_steps = max(1, int(np.ceil(length / step_px - 1e-9)))
    points = points_along(line, np.linspace(0.0, length, n_steps + 1))
    points[0], points[-1] = line[0], line[-1]
    return points


def project(point_px: ArrayLike, line_px: ArrayLike) -> Projection:
    """The place on the line that is nearest to a point (2,)."""
    point = np.asarray(point_px, dtype=np.float64)
    line = as_line(line_px)
    start, step = line[:-1], np.diff(line, axis=0)
    squared = np.einsum("ij,ij->i", step, step)
    share = np.einsum("ij,ij->i", point - start, step) / np.where(squared > 0, squared, 1.0)
    share = np.clip(share, 0.0, 1.0)
    feet = start + share[:, None] * step
    distances = np.hypot(*(feet - point).T)
    nearest = int(np.argmin(distances))
    along = arc_positions(line)
    arc = along[nearest] + share[nearest] * (along[nearest + 1] - along[nearest])
    return Projection(float(distances[nearest]), float(arc), feet[nearest])


def cut(line_px: ArrayLike, start_px: float, end_px: float) -> FloatArray:
    """The piece between two arc positions, with every vertex in between, (W, 2), W ≥ 2.

    Raises:
        ValueError: unless 0 ≤ start < end ≤ length.
    """
    line = as_line(line_px)
    along = arc_positions(line)
    length = float(along[-1])
    if not (-SAME_PX <= start_px < end_px <= length + SAME_PX):
        raise ValueError(f"a line of {length:g} px has no piece from {start_px:g} to {end_px:g} px")
    inside = line[(along > start_px + SAME_PX) & (along < end_px - SAME_PX)]
    return np.vstack([point_along(line, start_px), inside, point_along(line, end_px)])


def moves_on(line_px: ArrayLike) -> BoolArray:
    """(V,) whether each vertex is another point than the vertex before it; true for the first."""
    points = np.asarray(line_px, dtype=np.float64).reshape(-1, 2)
    return np.concatenate(([True], step_lengths(points) > SAME_PX))


def as_line(line_px: ArrayLike) -> FloatArray:
    """The vertices as float64 (V, 2).

    Raises:
        ValueError: if they are not at least two points of two finite coordinates.
    """
    line = np.asarray(line_px, dtype=np.float64)
    if line.ndim != 2 or line.shape[1] != 2 or len(line) < 2:
        raise ValueError(f"a line is at least two points (V, 2), not an array of shape {line.shape}")
    if not np.isfinite(line).all():
        raise ValueError("a line's coordinates must be finite")
    return line
