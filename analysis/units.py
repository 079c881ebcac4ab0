"""Follicular units: hairs whose roots stand together."""

import numpy as np
from numpy.typing import NDArray

MAX_HAIRS = 6


def group_roots(roots_px: NDArray[np.float64], distance_px: float) -> NDArray[np.int64]:
    """Unit of each root: average-linkage clusters cut at a distance.

    Args:
        roots_px: (N, 2).
        distance_px: roots of one unit are on average nearer than this.

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
