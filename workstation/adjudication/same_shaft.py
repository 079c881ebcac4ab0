"""Whether two lines are drawn along the same shaft, wherever its root was put."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from analysis.detection import FloatArray

SHARE = 0.6
"""Of the shorter of two lines must lie along the other."""


def share_along(first_px: Sequence[FloatArray], second_px: Sequence[FloatArray], reach_px: float) -> FloatArray:
    """Which share of the shorter of two lines lies within reach of the other, 0 to 1, line by line.

    Args:
        first_px: P lines, (V, 2) each.
        second_px: as many.
        reach_px: half a hair's width and what two people's lines are apart.

    Returns:
        (P,)
    """
    if not len(first_px):
        return np.empty(0)
    a, b = _strings(first_px), _strings(second_px)
    long_first = shapely.length(a) > shapely.length(b)
    shorter, longer = np.where(long_first, b, a), np.where(long_first, a, b)
    lengths = shapely.length(shorter)
    inside = shapely.length(shapely.intersection(shorter, shapely.buffer(longer, reach_px, quad_segs=4)))
    share: FloatArray = inside / np.maximum(lengths, 1e-9)
    return share


def same_shafts(
    first_px: Sequence[FloatArray], second_px: Sequence[FloatArray], reach_px: float
) -> list[tuple[int, int]]:
    """Which of N lines runs along which of M others: pairs of indices, in order."""
    if not len(first_px) or not len(second_px):
        return []
    near = shapely.STRtree(_strings(second_px)).query(_strings(first_px), predicate="dwithin", distance=reach_px)
    i, j = near[0].tolist(), near[1].tolist()
    share = share_along([first_px[k] for k in i], [second_px[k] for k in j], reach_px)
    return sorted((a, b) for a, b, s in zip(i, j, share.tolist(), strict=True) if s >= SHARE)


def _strings(lines_px: Sequence[FloatArray]) -> NDArray[np.object_]:
    """The lines as shapely has them."""
    points, line = np.concatenate(lines_px), np.repeat(np.arange(len(lines_px)), [len(line) for line in lines_px])
    return np.asarray(shapely.linestrings(points, indices=line), dtype=np.object_)
