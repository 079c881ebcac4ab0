"""How much more one group changed than another."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from analysis.trialstats.checking import FEWEST, ROUNDING, numbers, present, too_few
from analysis.trialstats.paired import paired_change
from analysis.trialstats.results import Comparison
from analysis.trialstats.student import interval, two_sided_p

TESTS = ("ci_low", "ci_high", "df", "p")
OF_PAIR = {"difference": "mean", "ci_low": "ci_low", "ci_high": "ci_high", "df": "df", "p": "p_t"}
NO_SPREAD = "In both groups all changes are equal (SD 0)."


def compare_groups(changes: ArrayLike, control_changes: ArrayLike) -> Comparison:
    """Compare the changes of two groups of different subjects, whose standard deviations may differ.

    The difference is given from one subject in each group on, its interval and p from three.

    Args:
        changes: (n,) one change for each subject of the group, NaN where there is none.
        control_changes: (m,) of the control group.

    Raises:
        ValueError: a value is infinite.

    Source: B. L. Welch, The generalization of "Student's" problem when several different population variances are
    involved, Biometrika 34 (1947) 28–35.
    """
    ours, theirs = present(changes, "changes"), present(control_changes, "control changes")
    bare = Comparison(ours.size, theirs.size, method="Welch t")
    fewest = min(ours.size, theirs.size)
    reason = too_few(fewest, FEWEST, "subjects with a change in each group")
    if fewest == 0:
        return replace(bare, reasons=dict.fromkeys(("difference", *TESTS), reason))
    bare = replace(bare, difference=float(ours.mean() - theirs.mean()))
    if fewest < FEWEST:
        return replace(bare, reasons=dict.fromkeys(TESTS, reason))
    parts = float(ours.var(ddof=1)) / ours.size, float(theirs.var(ddof=1)) / theirs.size
    se = math.sqrt(sum(parts))
    if se <= ROUNDING * max(np.abs(ours).max(), np.abs(theirs).max()):
        return replace(bare, reasons=dict.fromkeys(TESTS, NO_SPREAD))
    df = sum(parts) ** 2 / (parts[0] ** 2 / (ours.size - 1) + parts[1] ** 2 / (theirs.size - 1))
    low, high = interval(bare.difference, se, df)
    return replace(bare, ci_low=low, ci_high=high, df=df, p=two_sided_p(bare.difference / se, df))


def compare_sites(changes: ArrayLike, control_changes: ArrayLike) -> Comparison:
    """Compare the changes at two sites of the same subjects, by those who have both, with the paired t.

    Args:
        changes: (n,) one change for each subject at the site in question, NaN where there is none.
        control_changes: (n,) at the control site of the same subjects in the same order.

    Raises:
        ValueError: the two differ in length, or a value is infinite.
    """
    ours, theirs = numbers(changes, "changes"), numbers(control_changes, "control changes")
    pair = paired_change(theirs, ours)
    reasons = {name: pair.reasons[OF_PAIR[name]] for name in OF_PAIR if OF_PAIR[name] in pair.reasons}
    return Comparison(
        pair.n, pair.n, pair.mean, pair.ci_low, pair.ci_high, pair.df, pair.p_t, "paired t", reasons=reasons
    )
