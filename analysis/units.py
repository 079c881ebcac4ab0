"""Follicular units: hairs whose roots stand together."""

import numpy as np
from numpy.typing import NDArray


def group_roots(roots_px: NDArray[np.float64], distance_px: float) -> NDArray[np.int64]:
    """Unit of each root: roots linked, one to the next, over no more than a distance (single linkage).

    Args:
        roots_px: (N, 2).
        distance_px: a root within it of any root of a unit belongs to that unit.

    Returns:
        int64 (N,), units numbered from 0 without gaps in the order of their first hair.
    """
    n = len(roots_px)
    if n < 2:
        return np.zeros(n, dtype=np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage

    labels = fcluster(linkage(roots_px, "single"), distance_px, criterion="distance")
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    units: NDArray[np.int64] = rank[inverse]
    return units
