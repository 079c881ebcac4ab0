"""Several tests at once."""

import numpy as np
from numpy.typing import ArrayLike

from analysis.trialstats.checking import FloatArray, numbers


def holm(p: ArrayLike) -> FloatArray:
    """Adjust p for as many tests as there are, step down: the chance of any false positive stays below the level.

    Args:
        p: (n,) raw p; NaN for a test that could not be done, which does not count.

    Returns:
        (n,) adjusted p, in the same order; NaN stays NaN.

    Raises:
        ValueError: a p is below 0 or above 1.

    Source: S. Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6 (1979) 65–70.
    """
    raw = numbers(p, "p")
    there = np.flatnonzero(~np.isnan(raw))
    if ((raw[there] < 0) | (raw[there] > 1)).any():
        raise ValueError("p: a value is not between 0 and 1.")
    order = there[np.argsort(raw[there], kind="stable")]
    adjusted = np.full(raw.shape, np.nan)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(raw[order] * np.arange(order.size, 0, -1)))
    return adjusted
