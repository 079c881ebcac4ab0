"""How far several readings of the same image lie apart: within-image SD, repeatability coefficient, CV."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from analysis.agreement.results import Repeatability
from analysis.agreement.tables import FEWEST, complete, few_images
from analysis.trialstats.student import LEVEL

OF_SD = ("sd_within", "sd_low", "sd_high", "coefficient", "coefficient_low", "coefficient_high")
OF_CV = ("cv_percent", "cv_low", "cv_high")
OF_CV_INTERVAL = ("cv_low", "cv_high")
OF_INTERVALS = ("sd_low", "sd_high", "coefficient_low", "coefficient_high")
NEED_POSITIVE = "A coefficient of variation needs values above zero."
NO_ERROR = "All readings of each image are equal: there is no error to make an interval from."


def repeatability(values: ArrayLike) -> Repeatability:
    """Within-image SD, 1.96·√2 of it, and the CV, with 95 % intervals.

    A shift from one reading to the next is part of it: what is asked is how far two readings lie apart. Intervals are
    by χ² with n (k − 1) degrees of freedom; they take errors for normal, and independent from image to image. With a
    shift they are wider than they need be.

    Args:
        values: (n, k) one row an image, one column a reading; NaN where there is none.

    Returns:
        All numbers that the data allow; `reasons` has a sentence for each of the others.

    Raises:
        ValueError: if it is no such table.

    Source: J. M. Bland and D. G. Altman, Measurement error, BMJ 313 (1996) 744; their Stat. Methods Med. Res. 8 (1999)
    135–160; the root mean square CV: C. C. Glüer et al., Osteoporos. Int. 5 (1995) 262–270.
    """
    table, _ = complete(values, None)
    n, k = table.shape
    nothing = Repeatability(n, k)
    if n < FEWEST:
        return replace(nothing, reasons=dict.fromkeys((*OF_SD, *OF_CV), few_images(n)))
    variances, means = table.var(axis=1, ddof=1), table.mean(axis=1)
    if not variances.any():
        found = replace(nothing, sd_within=0.0, coefficient=0.0)
        if (means > 0).all():
            return replace(found, cv_percent=0.0, reasons=dict.fromkeys((*OF_INTERVALS, *OF_CV_INTERVAL), NO_ERROR))
        reasons = dict.fromkeys(OF_INTERVALS, NO_ERROR) | dict.fromkeys(OF_CV, NEED_POSITIVE)
        return replace(found, reasons=reasons)
    low, high = _factors(n * (k - 1))
    sd, twice = math.sqrt(float(variances.mean())), 1.96 * math.sqrt(2)
    found = replace(
        nothing,
        sd_within=sd,
        sd_low=low * sd,
        sd_high=high * sd,
        coefficient=twice * sd,
        coefficient_low=twice * low * sd,
        coefficient_high=twice * high * sd,
    )
    if not (means > 0).all():
        return replace(found, reasons=dict.fromkeys(OF_CV, NEED_POSITIVE))
    cv = 100 * math.sqrt(float(np.mean(variances / means**2)))
    return replace(found, cv_percent=cv, cv_low=low * cv, cv_high=high * cv)


def _factors(df: int) -> tuple[float, float]:
    """By what a standard deviation is multiplied for the ends of its 95 % interval."""
    from scipy.special import chdtri

    tail = (1 - LEVEL) / 2
    return math.sqrt(df / float(chdtri(df, tail))), math.sqrt(df / float(chdtri(df, 1 - tail)))
