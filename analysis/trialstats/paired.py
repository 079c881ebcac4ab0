"""The change of the same subjects between two visits."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.trialstats.checking import FEWEST, FloatArray, numbers, too_few, without_rounding
from analysis.trialstats.results import PairedChange
from analysis.trialstats.signed_rank import signed_rank
from analysis.trialstats.student import interval, standardised_interval, two_sided_p

Numbers = dict[str, Any]

OF_T = ("ci_low", "ci_high", "t", "df", "p_t")
OF_WILCOXON = ("w", "p_wilcoxon", "p_wilcoxon_least")
OF_D_Z = ("d_z", "d_z_low", "d_z_high")
TESTS = (*OF_T, *OF_WILCOXON, "p_shapiro", *OF_D_Z)

ALL_EQUAL = "All subjects changed by the same amount (SD 0)."
NONE_CHANGED = "No subject changed: all differences are zero."


def paired_change(before: ArrayLike, after: ArrayLike) -> PairedChange:
    """Compare two values of the same subjects, by those who have both.

    Mean and median from one pair on, the SD from two, tests, intervals and effect size from three. `percent` is of
    the mean at the first visit and needs that to be above zero. Differences that are equal but for the rounding of the
    machine are ties of the ranks.

    Args:
        before: (n,) one value for each subject, NaN where there is none.
        after: (n,) the later values of the same subjects in the same order.

    Returns:
        All numbers that the data allow; `reasons` has a sentence for each of the others, by the name of its field.

    Raises:
        ValueError: the two differ in length, or a value is infinite.

    Source: Student, The probable error of a mean, Biometrika 6 (1908) 1–25; S. S. Shapiro and M. B. Wilk, An analysis
    of variance test for normality, Biometrika 52 (1965) 591–611, by scipy; the others where they are computed.
    """
    first, second = numbers(before, "values before"), numbers(after, "values after")
    if first.shape != second.shape:
        raise ValueError(f"Values before are of {first.size} subjects, values after of {second.size}.")
    both = ~np.isnan(first) & ~np.isnan(second)
    first, second = first[both], second[both]
    n = first.size
    if n == 0:
        reason = too_few(0, FEWEST)
        return PairedChange(0, reasons=dict.fromkeys(("mean", "sd", "median", "percent", *TESTS), reason))
    scale = float(max(np.abs(first).max(), np.abs(second).max()))
    differences, for_ranks = second - first, without_rounding(second - first, scale)
    mean = float(differences.mean())
    found: Numbers = {"mean": mean, "median": float(np.median(differences))}
    reasons: dict[str, str] = {}
    if first.mean() > 0:
        found["percent"] = 100 * mean / float(first.mean())
    else:
        reasons["percent"] = "A percentage needs a mean above zero at the first visit."
    if n > 1:
        found["sd"] = float(differences.std(ddof=1))
    else:
        reasons["sd"] = too_few(n, 2)
    if n < FEWEST:
        return replace(PairedChange(n, reasons=reasons | dict.fromkeys(TESTS, too_few(n, FEWEST))), **found)
    ranks = signed_rank(for_ranks)
    if math.isnan(ranks.p):
        reasons.update(dict.fromkeys(OF_WILCOXON, NONE_CHANGED))
    else:
        found |= {"w": ranks.w, "p_wilcoxon": ranks.p, "p_wilcoxon_least": ranks.least_p}
    if np.ptp(for_ranks) == 0:
        found["sd"] = 0.0
        reasons.update(dict.fromkeys((*OF_T, *OF_D_Z, "p_shapiro"), ALL_EQUAL))
    else:
        found |= _standardised(differences)
    return replace(PairedChange(n, wilcoxon_method=ranks.method, reasons=reasons), **found)


def _standardised(differences: FloatArray) -> Numbers:
    """What rests on the mean by its standard deviation, and Shapiro–Wilk."""
    from scipy.stats import shapiro

    n, mean, sd = differences.size, float(differences.mean()), float(differences.std(ddof=1))
    se = sd / math.sqrt(n)
    t = mean / se
    low, high = interval(mean, se, n - 1)
    d_low, d_high = standardised_interval(t, n)
    return {
        "ci_low": low,
        "ci_high": high,
        "t": t,
        "df": float(n - 1),
        "p_t": two_sided_p(t, n - 1),
        "p_shapiro": float(shapiro(differences / sd).pvalue),
        "d_z": mean / sd,
        "d_z_low": d_low,
        "d_z_high": d_high,
    }
