"""A straight line through points, with the interval of its slope."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from analysis.agreement.clusters import FEWEST as FEWEST_CLUSTERS
from analysis.agreement.clusters import Mask, clusters_of, jackknife
from analysis.agreement.results import Slope
from analysis.agreement.tables import few_clusters
from analysis.trialstats.checking import numbers, too_few
from analysis.trialstats.student import interval, two_sided_p

FEWEST = 4
"""Points below which no slope is given: of three, one degree of freedom is left."""
NUMBERS = ("value", "ci_low", "ci_high", "p", "intercept")
OF_INTERVAL = ("ci_low", "ci_high", "p")
ON_A_LINE = "All points lie on a line: there is no error to make an interval from."
SAME_X = "There is no spread {along}."


def slope_of(x: ArrayLike, y: ArrayLike, clusters: ArrayLike | None = None, *, along: str = "along the line") -> Slope:
    """The line of least squares.

    Its interval is Student's, which takes points for independent; where several are of one subject, it is a jackknife
    over subjects.

    Args:
        x: (n,) NaN where there is none.
        y: (n,) NaN where there is none.
        clusters: (n,) label of each point's subject; None: all are of different subjects.
        along: what x is, for the reason why there is no slope: `over time`, say.

    Raises:
        ValueError: if they differ in length, or a value is infinite.
    """
    across, up = numbers(x, "x"), numbers(y, "y")
    if across.shape != up.shape:
        raise ValueError(f"There are {across.size} values of x and {up.size} of y.")
    known = ~np.isnan(across) & ~np.isnan(up)
    groups = clusters_of(clusters, across.size).where(known)
    across, up = across[known], up[known]
    n = across.size
    if n < FEWEST:
        return Slope(n, reasons=dict.fromkeys(NUMBERS, too_few(n, FEWEST, "points")))
    if np.ptp(across) <= 1e-12 * np.abs(across).max():
        return Slope(n, reasons=dict.fromkeys(NUMBERS, SAME_X.format(along=along)))
    slope, intercept = _line(across, up)
    found = Slope(n, slope, intercept=intercept)
    left = up - intercept - slope * across
    if np.abs(left).max() <= 1e-12 * max(np.abs(up).max(), 1e-300):
        return replace(found, reasons=dict.fromkeys(OF_INTERVAL, ON_A_LINE))
    df = n - 2
    se = math.sqrt(float((left**2).sum()) / df / float(((across - across.mean()) ** 2).sum()))
    if groups.nested:
        if groups.count < FEWEST_CLUSTERS:
            return replace(found, reasons=dict.fromkeys(OF_INTERVAL, few_clusters(groups.count)))

        def slope_without(kept: Mask) -> float:
            return _line(across[kept], up[kept])[0] if np.ptp(across[kept]) else math.nan

        se, df = jackknife(slope_without, groups)[0], groups.count - 1
        if not se > 0:
            return replace(found, reasons=dict.fromkeys(OF_INTERVAL, SAME_X.format(along=f"{along} within subjects")))
    low, high = interval(slope, se, df)
    return replace(found, ci_low=low, ci_high=high, p=two_sided_p(slope / se, df))


def _line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    centred = x - x.mean()
    slope = float((centred * (y - y.mean())).sum() / (centred**2).sum())
    return slope, float(y.mean() - slope * x.mean())
