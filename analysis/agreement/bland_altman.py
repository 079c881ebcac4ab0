"""Limits of agreement: how far two readings of the same image may lie apart."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.agreement.clusters import FEWEST as FEWEST_CLUSTERS
from analysis.agreement.clusters import Clusters
from analysis.agreement.line import NUMBERS as OF_LINE
from analysis.agreement.line import slope_of
from analysis.agreement.results import BlandAltman
from analysis.agreement.tables import FEWEST, SAME_DIFFERENCE, complete, few_clusters, few_images
from analysis.detection import FloatArray
from analysis.trialstats.checking import without_rounding
from analysis.trialstats.student import LEVEL, interval

Numbers = dict[str, Any]

LIMIT_Z = 1.959963984540054
"""Between the limits lie 95 of 100 differences, where they are normal."""
OF_LIMITS = ("lower", "lower_low", "lower_high", "upper", "upper_low", "upper_high")
OF_SLOPE = ("slope", "slope_low", "slope_high", "p_slope")
BEYOND_THE_MEAN = ("sd", "mean_low", "mean_high", *OF_LIMITS, *OF_SLOPE)
OF_INTERVALS = ("mean_low", "mean_high", "lower_low", "lower_high", "upper_low", "upper_high")
MOVER = "MOVER, images in subjects"


def bland_altman(first: ArrayLike, second: ArrayLike, clusters: ArrayLike | None = None) -> BlandAltman:
    """Mean difference and limits of agreement with their 95 % intervals, by the images that have both values.

    The intervals of the limits are exact for independent normal differences (Carkeet, from the non-central t). Where
    several images are of one subject, variances between and within subjects are told apart (Bland and Altman 2007),
    each subject weighs the same, and the intervals are Zou's (MOVER), with Student's t for the mean.

    Args:
        first: (n,) NaN where there is no value.
        second: (n,) of the same images in the same order.
        clusters: (n,) label of each image's subject; None: all are of different subjects.

    Returns:
        All numbers that the data allow; `reasons` has a sentence for each of the others.

    Raises:
        ValueError: if the two differ in length, or a value is infinite.

    Source: J. M. Bland and D. G. Altman, Lancet 327 (1986) 307–310, and J. Biopharm. Stat. 17 (2007) 571–582;
    A. Carkeet, Optom. Vis. Sci. 92 (2015) e71–e80; G. Y. Zou, Stat. Methods Med. Res. 22 (2013) 630–642.
    """
    pair = [np.asarray(values, dtype=np.float64) for values in (first, second)]
    if pair[0].shape != pair[1].shape or pair[0].ndim != 1:
        raise ValueError(f"There are {pair[0].size} first and {pair[1].size} second values.")
    table, groups = complete(np.column_stack(pair), clusters)
    n = len(table)
    nothing = BlandAltman(n, groups.count)
    if n == 0:
        return replace(nothing, reasons=dict.fromkeys(("mean", *BEYOND_THE_MEAN), few_images(n)))
    differences = table[:, 1] - table[:, 0]
    if n < FEWEST:
        reasons = dict.fromkeys(BEYOND_THE_MEAN, few_images(n))
        return replace(nothing, mean=float(differences.mean()), reasons=reasons)
    if np.ptp(without_rounding(differences, float(np.abs(table).max()))) == 0:
        mean = float(differences.mean())
        reasons = dict.fromkeys((*OF_INTERVALS, *OF_SLOPE), SAME_DIFFERENCE)
        return replace(nothing, mean=mean, sd=0.0, lower=mean, upper=mean, reasons=reasons)
    found, reasons = _nested(differences, groups) if groups.nested else (_independent(differences), {})
    line, reasons_of_line = _slope(table, groups)
    return replace(nothing, **found, **line, reasons=reasons | reasons_of_line)


def _independent(differences: FloatArray) -> Numbers:
    from scipy.special import nctdtrit

    n, mean, sd = differences.size, float(differences.mean()), float(differences.std(ddof=1))
    root = math.sqrt(n)
    # of so many that the limits are at the ends of a tolerance interval for one quantile of a normal distribution
    near, far = (float(nctdtrit(n - 1, LIMIT_Z * root, p)) / root for p in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    low, high = interval(mean, sd / root, n - 1)
    return {
        "mean": mean, "mean_low": low, "mean_high": high, "sd": sd,
        "lower": mean - LIMIT_Z * sd, "lower_low": mean - far * sd, "lower_high": mean - near * sd,
        "upper": mean + LIMIT_Z * sd, "upper_low": mean + near * sd, "upper_high": mean + far * sd,
        "method": "exact",
    }  # fmt: skip


def _nested(differences: FloatArray, groups: Clusters) -> tuple[Numbers, dict[str, str]]:
    """Of several images a subject: every subject's mean weighs the same."""
    from scipy.special import chdtri

    n, count = differences.size, groups.count
    if count < 2:
        sd = float(differences.std(ddof=1))
        reasons = dict.fromkeys(("mean_low", "mean_high", *OF_LIMITS), few_clusters(count))
        return {"mean": float(differences.mean()), "sd": sd}, reasons
    size = np.bincount(groups.of)
    means = np.bincount(groups.of, differences) / size
    between = float(means.var(ddof=1))
    within = float(((differences - means[groups.of]) ** 2).sum()) / (n - count)
    # what one image adds to the variance of a subject's mean
    share = 1 - float((1 / size).mean())
    mean, variance = float(means.mean()), between + share * within
    sd = math.sqrt(variance)
    found: Numbers = {"mean": mean, "sd": sd, "lower": mean - LIMIT_Z * sd, "upper": mean + LIMIT_Z * sd}
    if count < FEWEST_CLUSTERS:
        return found, dict.fromkeys(OF_INTERVALS, few_clusters(count))
    tail = (1 - LEVEL) / 2
    parts = ((between, count - 1), (share * within, n - count))
    least = variance - math.hypot(*(v * (1 - df / float(chdtri(df, tail))) for v, df in parts))
    most = variance + math.hypot(*(v * (df / float(chdtri(df, 1 - tail)) - 1) for v, df in parts))
    low, high = interval(mean, math.sqrt(between / count), count - 1)
    inner = math.hypot(mean - low, LIMIT_Z * (sd - math.sqrt(max(least, 0.0))))
    outer = math.hypot(mean - low, LIMIT_Z * (math.sqrt(most) - sd))
    found |= {
        "mean_low": low, "mean_high": high, "method": MOVER,
        "lower_low": found["lower"] - outer, "lower_high": found["lower"] + inner,
        "upper_low": found["upper"] - inner, "upper_high": found["upper"] + outer,
    }  # fmt: skip
    return found, {}


def _slope(table: FloatArray, groups: Clusters) -> tuple[Numbers, dict[str, str]]:
    """Of the difference on the mean."""
    labels = groups.of if groups.nested else None
    line = slope_of(table.mean(axis=1), table[:, 1] - table[:, 0], labels, along="between the means of the two")
    named = dict(zip(OF_LINE, OF_SLOPE, strict=False))
    found = {own: getattr(line, name) for name, own in named.items()}
    return found, {named[name]: reason for name, reason in line.reasons.items() if name in named}
