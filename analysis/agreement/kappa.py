"""Cohen's kappa, plain and weighted: agreement on classes beyond chance."""

import math
from dataclasses import replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.agreement.clusters import FEWEST as FEWEST_CLUSTERS
from analysis.agreement.clusters import JACKKNIFE, Clusters, Mask, clusters_of, jackknife
from analysis.agreement.results import Kappa
from analysis.agreement.tables import few_clusters
from analysis.detection import FloatArray, IntArray
from analysis.trialstats.checking import too_few
from analysis.trialstats.student import LEVEL

FEWEST = 3
ONE_CLASS = "Both readers put everything into one class: chance alone would agree as well."
WITHOUT_ONE = "Without one of the subjects everything is in one class."
OF_INTERVAL = ("ci_low", "ci_high", "se")
OF_VALUE = ("value", *OF_INTERVAL, "observed", "expected")


class Weights(StrEnum):
    """How much two classes that differ agree: not at all, or the more the nearer they are."""

    NONE = "none"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


def kappa(
    first: ArrayLike,
    second: ArrayLike,
    n_classes: int,
    weights: Weights = Weights.NONE,
    clusters: ArrayLike | None = None,
) -> Kappa:
    """Cohen's kappa with its 95 % interval.

    The standard error is that of large samples (Fleiss, Cohen and Everitt), which takes objects for independent; where
    several are of one subject it is a jackknife over subjects.

    Args:
        first: (n,) class of each object by one reader, from 0.
        second: (n,) by the other.
        n_classes: how many there are, in their order.
        weights: of classes that differ.
        clusters: (n,) label of each object's subject; None: all are of different subjects.

    Raises:
        ValueError: if the two differ in length, or a class is not one of `n_classes`.

    Source: J. Cohen, Educ. Psychol. Meas. 20 (1960) 37–46 and Psychol. Bull. 70 (1968) 213–220; J. L. Fleiss, J. Cohen
    and B. S. Everitt, Psychol. Bull. 72 (1969) 323–327.
    """
    one, other = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    if one.shape != other.shape or one.ndim != 1:
        raise ValueError(f"There are {one.size} classes by the first and {other.size} by the second reader.")
    if n_classes < 2 or min(one.min(initial=0), other.min(initial=0)) < 0:
        raise ValueError("Classes are numbered from 0, and there are at least two.")
    if max(one.max(initial=0), other.max(initial=0)) >= n_classes:
        raise ValueError(f"A class is not one of {n_classes}.")
    n, groups = one.size, clusters_of(clusters, one.size)
    nothing = Kappa(n, groups.count, weights=weights.value)
    if n < FEWEST:
        return replace(nothing, reasons=dict.fromkeys(OF_VALUE, too_few(n, FEWEST, "objects classed by both")))
    agreement = agreement_weights(n_classes, weights)
    shares = _shares(one, other, n_classes)
    value, observed, expected = _kappa(shares, agreement)
    found = replace(nothing, value=value, observed=observed, expected=expected)
    if math.isnan(value):
        return replace(found, reasons=dict.fromkeys(("value", *OF_INTERVAL), ONE_CLASS))
    if groups.nested:
        return _with_jackknife(found, one, other, agreement, groups)
    se = math.sqrt(max(0.0, _variance(shares, agreement, value, expected)) / n)
    half = _normal_quantile() * se
    return replace(found, se=se, ci_low=value - half, ci_high=min(1.0, value + half), method="large sample")


def agreement_weights(n_classes: int, weights: Weights) -> FloatArray:
    """(c, c) how much each two classes agree, 1 on the diagonal."""
    apart = np.abs(np.subtract.outer(np.arange(n_classes), np.arange(n_classes))) / (n_classes - 1)
    match weights:
        case Weights.NONE:
            return np.eye(n_classes)
        case Weights.LINEAR:
            linear: FloatArray = 1 - apart
            return linear
        case Weights.QUADRATIC:
            quadratic: FloatArray = 1 - apart**2
            return quadratic


def _shares(first: IntArray, second: IntArray, n_classes: int) -> FloatArray:
    """(c, c) share of objects that the first reader put into the class of the row, the second of the column."""
    table = np.bincount(first * n_classes + second, minlength=n_classes**2).reshape(n_classes, n_classes)
    shares: FloatArray = table / max(1, first.size)
    return shares


def _kappa(shares: FloatArray, agreement: FloatArray) -> tuple[float, float, float]:
    """Kappa, and the agreement observed and expected; kappa is NaN where chance agrees wholly."""
    observed = float((agreement * shares).sum())
    expected = float(shares.sum(axis=1) @ agreement @ shares.sum(axis=0))
    value = (observed - expected) / (1 - expected) if expected < 1 - 1e-12 else math.nan
    return value, observed, expected


def _variance(shares: FloatArray, agreement: FloatArray, value: float, expected: float) -> float:
    """Of kappa, times the number of objects."""
    of_row, of_column = agreement @ shares.sum(axis=0), agreement.T @ shares.sum(axis=1)
    influence = agreement - (of_row[:, None] + of_column[None, :]) * (1 - value)
    mean = value - expected * (1 - value)
    return (float((shares * influence**2).sum()) - mean**2) / (1 - expected) ** 2


def _with_jackknife(found: Kappa, first: IntArray, second: IntArray, agreement: FloatArray, groups: Clusters) -> Kappa:
    if groups.count < FEWEST_CLUSTERS:
        return replace(found, reasons=dict.fromkeys(OF_INTERVAL, few_clusters(groups.count)))

    def of(kept: Mask) -> float:
        return _kappa(_shares(first[kept], second[kept], len(agreement)), agreement)[0]

    se, low, high = jackknife(of, groups)
    if math.isnan(se):
        return replace(found, reasons=dict.fromkeys(OF_INTERVAL, WITHOUT_ONE))
    return replace(found, se=se, ci_low=max(-1.0, low), ci_high=min(1.0, high), method=JACKKNIFE)


def _normal_quantile() -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + LEVEL) / 2))
