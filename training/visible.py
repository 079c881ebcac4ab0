"""Which part of each hair can be seen: where one lies under another for good, it ends for whoever looks."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from analysis.geometry import resample

FloatArray = NDArray[np.float64]

STEP_UM = 7.0
BURIED = 0.35
"""Of its own half width: a shaft that shows no more than this beside the one above is hidden."""
LEAST_SHARE, LEAST_UM = 0.25, 60.0
"""Of a hair's length, and of it in all: what shows less is not there."""


def visible_parts(lines_um: list[FloatArray], widths_um: FloatArray) -> list[FloatArray | None]:
    """Each hair from the first to the last place where it is seen; None where too little of it is.

    What passes under another and comes out again stays whole.

    Args:
        lines_um: axes, root first, each (V, 2), in the order in which they lie, the lowest first.
        widths_um: (N,) full widths.
    """
    dense = [resample(line, STEP_UM) for line in lines_um]
    trees = [cKDTree(points) for points in dense]
    low, high = (np.array([f(points, axis=0) for points in dense]) for f in (np.min, np.max))
    parts: list[FloatArray | None] = []
    for i, points in enumerate(dense):
        hidden = np.zeros(len(points), bool)
        for j in range(i + 1, len(dense)):
            reach = (widths_um[j] - 2 * BURIED * widths_um[i]) / 2
            if reach > 0 and (low[i] < high[j] + reach).all() and (low[j] < high[i] + reach).all():
                hidden |= np.isfinite(trees[j].query(points, distance_upper_bound=reach)[0])
        parts.append(_kept(points, hidden))
    return parts


def _kept(points: FloatArray, hidden: NDArray[np.bool_]) -> FloatArray | None:
    seen = np.flatnonzero(~hidden)
    if len(seen) < max(2, LEAST_SHARE * len(points), LEAST_UM / STEP_UM):
        return None
    return points[seen[0] : seen[-1] + 1]
