"""Intervals where several images are of one subject: images of one head do not err independently."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.trialstats.student import interval

FEWEST = 3
"""Clusters below whom no interval is given."""
JACKKNIFE = "jackknife over subjects"

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Which units belong together."""

    of: NDArray[np.int64]
    """(n,) number of the cluster of each, from 0."""
    count: int

    @property
    def nested(self) -> bool:
        """Whether a cluster has more than one unit."""
        return self.count < len(self.of)

    def where(self, chosen: Mask) -> "Clusters":
        """Of some of the units."""
        return clusters_of(self.of[chosen], int(chosen.sum()))


def clusters_of(labels: ArrayLike | None, n: int) -> Clusters:
    """The clusters of n units by a label of each; None: each unit is one of its own.

    Raises:
        ValueError: if there are not as many labels as units.
    """
    if labels is None:
        return Clusters(np.arange(n), n)
    given = np.asarray(labels)
    if given.shape != (n,):
        raise ValueError(f"There are {given.size} labels of subjects for {n} images.")
    names, of = np.unique(given, return_inverse=True)
    return Clusters(of.astype(np.int64), len(names))


def jackknife(statistic: Callable[[Mask], float], clusters: Clusters) -> tuple[float, float, float]:
    """Standard error and 95 % interval of a statistic, one cluster left out at a time.

    Args:
        statistic: its value from the units of a mask (n,), on a scale on which it is about normal.
        clusters: at least `FEWEST`.

    Returns:
        Standard error and both ends; NaN where the statistic is not defined without one of the clusters.

    Source: J. W. Tukey, Ann. Math. Statist. 29 (1958) 614; t with clusters − 1 degrees of freedom.
    """
    whole = statistic(np.ones(len(clusters.of), dtype=bool))
    without = np.array([statistic(clusters.of != left_out) for left_out in range(clusters.count)])
    if not (math.isfinite(whole) and np.isfinite(without).all()):
        return math.nan, math.nan, math.nan
    count = clusters.count
    se = math.sqrt((count - 1) / count * float(((without - without.mean()) ** 2).sum()))
    return se, *interval(whole, se, count - 1)
