"""The middle line of a long thin shape, from its outline."""

import numpy as np
from numpy.typing import ArrayLike

from analysis.detection import FloatArray
from analysis.geometry import arc_length

SAMPLES = 240
"""Points along the outline, an even number."""
MIN_ELONGATION = 3.0
"""A shape is long and thin if its middle line is so many times as long as it is wide on the average."""
STEP_PX = 4.0
"""Between points of the line that is given."""


def centreline_of(outline_px: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """The middle line of a strip, however it bends, and the strip's width along it.

    The outline is cut in two sides so that their points, paired by their share of each side's length, lie nearest to
    each other on the average; the line runs through the middles of the pairs.

    Args:
        outline_px: (M, 2) corners of a simple polygon, closed or not.

    Returns:
        Points (V, 2) from one end to the other, and the full width (V,) there, NaN at both ends, where the shape
        closes.

    Raises:
        ValueError: if the shape is not long and thin.
    """
    around = _evenly(np.asarray(outline_px, dtype=np.float64))
    half = SAMPLES // 2
    steps = np.arange(half + 1)
    starts = np.arange(SAMPLES)[:, None]
    apart = np.linalg.norm(around[(starts + steps) % SAMPLES] - around[(starts - steps) % SAMPLES], axis=2)
    one, other = _best_sides(around, int(apart.mean(axis=1).argmin()))
    line, width = (one + other) / 2, np.linalg.norm(one - other, axis=1)
    length = arc_length(line)
    if length < MIN_ELONGATION * float(width.mean()) or length <= 0:
        raise ValueError("the shape is not long and thin")
    kept = np.unique(np.round(np.linspace(0, half, max(2, round(length / STEP_PX) + 1))).astype(int))
    width = width[kept].copy()
    width[[0, -1]] = np.nan
    return line[kept], width


def _best_sides(around: FloatArray, start: int) -> tuple[FloatArray, FloatArray]:
    """Both sides, paired, from one end of the shape to the other; of a bent shape one is longer than the other.

    Args:
        around: the outline.
        start: where to begin to look: an end where both sides were as long as each other.
    """
    ends = start, start + SAMPLES // 2
    for step in (6, 2, 1):
        shifts = range(-4 * step, 5 * step, step)
        tried = [(ends[0] + a, ends[1] + b) for a in shifts for b in shifts]
        ends = min(tried, key=lambda pair: float(np.linalg.norm(np.subtract(*_sides(around, *pair)), axis=1).mean()))
    return _sides(around, *ends)


def _sides(around: FloatArray, first: int, last: int) -> tuple[FloatArray, FloatArray]:
    share = np.linspace(0, 1, SAMPLES // 2 + 1)
    there = first + share * (last - first)
    back = first - share * (SAMPLES - (last - first))
    return _at(around, there), _at(around, back)


def _at(around: FloatArray, places: FloatArray) -> FloatArray:
    """Points (N, 2) of the outline at places between its samples."""
    low = np.floor(places).astype(int)
    share = (places - low)[:, None]
    points: FloatArray = (1 - share) * around[low % SAMPLES] + share * around[(low + 1) % SAMPLES]
    return points


def _evenly(outline_px: FloatArray) -> FloatArray:
    """`SAMPLES` points at equal steps along a closed outline."""
    if outline_px.ndim != 2 or outline_px.shape[1:] != (2,) or not np.isfinite(outline_px).all():
        raise ValueError("an outline is a list of places")
    closed = np.vstack([outline_px, outline_px[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    if len(outline_px) < 3 or along[-1] <= 0:
        raise ValueError("the outline has no extent")
    wanted = np.linspace(0, along[-1], SAMPLES, endpoint=False)
    return np.column_stack([np.interp(wanted, along, closed[:, k]) for k in (0, 1)])
