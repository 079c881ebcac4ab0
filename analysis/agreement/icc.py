"""The intraclass correlation of readers' values: two-way random effects, absolute agreement, single reader."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from analysis.agreement.clusters import FEWEST as FEWEST_CLUSTERS
from analysis.agreement.clusters import Clusters
from analysis.agreement.results import Icc
from analysis.agreement.tables import FEWEST, NO_SPREAD, complete, few_clusters, few_images
from analysis.detection import FloatArray
from analysis.trialstats.student import LEVEL

EXACT = "The readers agree exactly: there is no error to make an interval from."
SAME_IMAGES = "The images do not differ from each other: there is no interval."
INDEPENDENT, NESTED = "F", "F, images in subjects"
OF_INTERVAL = ("ci_low", "ci_high")
OF_VALUE = ("value", *OF_INTERVAL)


def icc_2_1(values: ArrayLike, clusters: ArrayLike | None = None) -> Icc:
    """ICC(2,1) with its 95 % interval, of the images that every reader has read.

    The interval is McGraw and Wong's, by F, which takes images for independent. Where several are of one subject, the
    mean square of images has fewer degrees of freedom, Satterthwaite's from those between and within subjects: with
    n − 1 the interval would hold the truth in 71 to 83 of 100 cases of ten subjects with six images each.

    Args:
        values: (n, k) one row an image, one column a reader; NaN where there is no value.
        clusters: (n,) label of each image's subject; None: all are of different subjects.

    Returns:
        All numbers that the data allow; `reasons` has a sentence for each of the others.

    Raises:
        ValueError: if it is no such table.

    Source: P. E. Shrout and J. L. Fleiss, Psychol. Bull. 86 (1979) 420–428; K. O. McGraw and S. P. Wong, Forming
    inferences about some intraclass correlation coefficients, Psychol. Methods 1 (1996) 30–46, case 2, ICC(A,1).
    """
    table, groups = complete(values, clusters)
    n, k = table.shape
    nothing = Icc(n, k, groups.count)
    if n < FEWEST:
        return replace(nothing, reasons=dict.fromkeys(OF_VALUE, few_images(n)))
    images, readers, error = mean_squares(table)
    rho = _rho(images, readers, error, n, k)
    found = replace(nothing, value=rho, ms_images=images, ms_readers=readers, ms_error=error)
    if math.isnan(rho):
        return replace(found, reasons=dict.fromkeys(OF_VALUE, NO_SPREAD))
    if rho == 1:
        return replace(found, reasons=dict.fromkeys(OF_INTERVAL, EXACT))
    if images == 0:
        return replace(found, reasons=dict.fromkeys(OF_INTERVAL, SAME_IMAGES))
    if not groups.nested:
        return replace(_with_f(found, n - 1), method=INDEPENDENT)
    if groups.count < FEWEST_CLUSTERS:
        return replace(found, reasons=dict.fromkeys(OF_INTERVAL, few_clusters(groups.count)))
    return replace(_with_f(found, _df_of_images(table, groups)), method=NESTED)


def mean_squares(table: FloatArray) -> tuple[float, float, float]:
    """Mean squares between rows, between columns and of what is left, of a full table (n, k)."""
    n, k = table.shape
    centred = table - table.mean()
    rows, columns = centred.mean(axis=1), centred.mean(axis=0)
    left = centred - rows[:, None] - columns[None, :]
    # what rounding leaves of equal values is nought
    least = (np.abs(table).max() * 1e-12) ** 2
    found = (k * (rows**2).sum() / (n - 1), n * (columns**2).sum() / (k - 1), (left**2).sum() / ((n - 1) * (k - 1)))
    images, readers, error = (0.0 if value <= least else float(value) for value in found)
    return images, readers, error


def _rho(images: float, readers: float, error: float, n: int, k: int) -> float:
    below = images + (k - 1) * error + k * (readers - error) / n
    return (images - error) / below if below > 0 else math.nan


def _with_f(found: Icc, df_images: float) -> Icc:
    from scipy.special import fdtri

    # a variance is not below nought, even if its estimate is
    n, k, rho = found.n, found.k, max(found.value, 0.0)
    images, readers, error = found.ms_images, found.ms_readers, found.ms_error
    a, b = k * rho / (n * (1 - rho)), 1 + k * rho * (n - 1) / (n * (1 - rho))
    df = (a * readers + b * error) ** 2 / ((a * readers) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1)))
    low, high = float(fdtri(df_images, df, (1 + LEVEL) / 2)), float(fdtri(df, df_images, (1 + LEVEL) / 2))
    spread = k * readers + (k * n - k - n) * error
    return replace(
        found,
        ci_low=n * (images - low * error) / (low * spread + n * images),
        ci_high=n * (high * images - error) / (spread + n * high * images),
    )


def _df_of_images(table: FloatArray, groups: Clusters) -> float:
    """Satterthwaite's degrees of freedom of the mean square of images, of which some are of one subject.

    Source: F. E. Satterthwaite, Biometrics Bull. 2 (1946) 110–114.
    """
    means = table.mean(axis=1)
    of_group = (np.bincount(groups.of, means) / np.bincount(groups.of))[groups.of]
    between, within = float(((of_group - means.mean()) ** 2).sum()), float(((means - of_group) ** 2).sum())
    count = groups.count
    return (between + within) ** 2 / (between**2 / (count - 1) + within**2 / (len(means) - count))
