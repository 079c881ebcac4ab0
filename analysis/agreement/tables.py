"""Values of several readings of the same images, and what is said where there are too few."""

import numpy as np
from numpy.typing import ArrayLike

from analysis.agreement.clusters import Clusters, clusters_of
from analysis.detection import FloatArray
from analysis.trialstats.checking import too_few

FEWEST = 3
"""Images below which nothing but the plain mean is given."""
VALUES = "with a value of every reading"
CLUSTERS = "subjects"
NO_SPREAD = "The values do not differ at all."
SAME_DIFFERENCE = "All differences are equal (SD 0)."


def complete(values: ArrayLike, clusters: ArrayLike | None) -> tuple[FloatArray, Clusters]:
    """The rows that lack no value, and their clusters.

    Args:
        values: (n, k) one row an image, one column a reading; NaN where there is none.
        clusters: (n,) label of each image's subject; None: all are of different subjects.

    Raises:
        ValueError: if it is no table of two readings or more, a value is infinite, or labels are missing.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] < 2:
        raise ValueError(f"A row for each image with at least two readings is needed, not {table.shape}.")
    if np.isinf(table).any():
        raise ValueError("A value is infinite.")
    known = ~np.isnan(table).any(axis=1)
    return table[known], clusters_of(clusters, len(table)).where(np.asarray(known))


def few_images(n: int) -> str:
    """Why there is no number."""
    return too_few(n, FEWEST, VALUES)


def few_clusters(n: int) -> str:
    """Why there is no interval, where images are nested in subjects."""
    return too_few(n, FEWEST, CLUSTERS)
