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

    The outline is cut in two halves of equal length so that their points, paired by their share of the length, lie
    nearest to each other on the average; the line runs through the middles of the pairs.

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
    start = int(apart.mean(axis=1).argmin())
    one, other = around[(start + steps) % SAMPLES], around[(start - steps) % SAMPLES]
    line, width = (one + other) / 2, apart[start]
    length = arc_length(line)
    if length < MIN_ELONGATION * float(width.mean()) or length <= 0:
        raise ValueError("the shape is not long and thin")
    kept = np.unique(np.round(np.linspace(0, half, max(2, round(length / STEP_PX) + 1))).astype(int))
    width = width[kept].copy()
    width[[0, -1]] = np.nan
    return line[kept], width


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
