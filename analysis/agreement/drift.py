"""Whether readings drift: the difference of two readings against the order or the day on which they were made."""

import numpy as np
from numpy.typing import ArrayLike

from analysis.agreement.line import slope_of
from analysis.agreement.results import Slope
from analysis.trialstats.checking import numbers


def drift(difference: ArrayLike, when: ArrayLike, *, per: float = 1.0, along: str = "in time") -> Slope:
    """The slope of differences over time, with Student's 95 % interval; `intercept` is at the middle of that time.

    Items come in random order, so that the time of an image is independent of its subject; differences are taken for
    independent.

    Args:
        difference: (n,) second less first reading of each image; NaN where there is none.
        when: (n,) place in the order of reading, or the day; NaN where it is not known.
        per: so many places or days the slope is for.
        along: what `when` is, for the reason why there is no slope.

    Raises:
        ValueError: if they differ in length, a value is infinite, or `per` is not above 0.
    """
    if not per > 0:
        raise ValueError(f"A slope is for a stretch above 0, not {per}.")
    y, x = numbers(difference, "differences"), numbers(when, "times")
    if x.shape != y.shape:
        raise ValueError(f"There are {y.size} differences at {x.size} times.")
    both = ~np.isnan(x) & ~np.isnan(y)
    middle = float(x[both].mean()) if both.any() else 0.0
    return slope_of((x - middle) / per, y, along=along)
