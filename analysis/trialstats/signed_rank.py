"""Wilcoxon's signed-rank test, exact also with ties and zeros."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.trialstats.checking import FloatArray
from analysis.trialstats.results import NAN

MOST_EXACT = 200
"""Differences up to which the distribution is counted out; beyond, the approximation is off by less than 1e-5."""


@dataclass(frozen=True, slots=True)
class SignedRank:
    """What the test gives."""

    w: float
    """Sum of the ranks of the positive differences."""
    p: float
    """Two-sided. NaN where all differences are zero."""
    least_p: float
    """The smallest p that these ranks could have given."""
    method: str
    """`exact`, `sign-flip permutation` (ties or zeros), `normal approximation` (more than 200 differences)."""


def signed_rank(differences: FloatArray) -> SignedRank:
    """Test whether the differences lie symmetrically about zero.

    Ranks are those of |d| among all differences, the mean rank for ties; zeros are ranked too and their ranks then left
    out (Pratt 1959), for without them a shift of all differences away from zero could make the result less certain.
    Given the ranks, every sign of each difference that is not zero is as likely as the other: the distribution of the
    rank sum over all 2ⁿ signs is counted out rank by rank. Without ties and zeros it is Wilcoxon's own table. More than
    200 differences: the normal distribution with the fourth cumulant of the same distribution (Edgeworth).

    Args:
        differences: (n,) without NaN; equal ones exactly equal.

    Source: F. Wilcoxon, Individual comparisons by ranking methods, Biometrics Bulletin 1 (1945) 80–83; J. W. Pratt,
    Remarks on zeros and ties in the Wilcoxon signed rank procedures, J. Am. Stat. Assoc. 54 (1959) 655–667.
    """
    doubled = _doubled_ranks(np.abs(differences))
    is_zero = differences == 0
    doubled = doubled[~is_zero]
    w = int(doubled[differences[~is_zero] > 0].sum())
    if doubled.size == 0:
        return SignedRank(0.0, NAN, NAN, "")
    if doubled.size > MOST_EXACT:
        return SignedRank(w / 2, _approximate_p(doubled, w), _approximate_p(doubled, 0), "normal approximation")
    is_plain = doubled.size == differences.size == np.unique(doubled).size
    method = "exact" if is_plain else "sign-flip permutation"
    return SignedRank(w / 2, _exact_p(doubled, w), 2.0 ** (1 - doubled.size), method)


def _doubled_ranks(magnitudes: FloatArray) -> np.ndarray:
    """Twice the ranks from 1, ties at their mean: integers."""
    _, place, count = np.unique(magnitudes, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return (2 * last - count + 1)[place]


def _exact_p(doubled: np.ndarray, w: int) -> float:
    """Twice the smaller tail of the distribution of the sum of doubled ranks over all signs."""
    share = np.zeros(int(doubled.sum()) + 1)
    share[0] = 1
    reached = 0
    for rank in doubled.tolist():
        share[rank : reached + rank + 1] += share[: reached + 1].copy()
        reached += rank
        share[: reached + 1] *= 0.5
    smaller = min(w, reached - w)
    return min(1.0, 2 * float(share[: smaller + 1].sum()))


def _approximate_p(doubled: np.ndarray, w: int) -> float:
    """The same by the normal distribution with the fourth cumulant, corrected for continuity."""
    ranks = doubled / 2
    variance = float((ranks**2).sum() / 4)
    excess = -float((ranks**4).sum() / 8) / variance**2
    step = 0.5 if np.all(doubled % 2 == 0) else 0.25
    z = max(0.0, abs(w / 2 - float(ranks.sum()) / 2) - step) / math.sqrt(variance)
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    tail = math.erfc(z / math.sqrt(2)) / 2 + density * excess / 24 * (z**3 - 3 * z)
    return min(1.0, max(0.0, 2 * tail))
