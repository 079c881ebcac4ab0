"""What every statistic asks of its values, and the words for what it lacks."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

FEWEST = 3
"""Subjects below whom no test, interval or effect size is given: of two, the interval would be more than twelve times
as wide as the distance of their values, and Shapiro–Wilk is not defined."""

ROUNDING = 1e-12
"""Differences that lie no further apart than this share of the largest value are equal: what computing leaves over."""


def numbers(values: ArrayLike, what: str) -> FloatArray:
    """The values as (n,) float64, NaN where there is none.

    Raises:
        ValueError: they are no list of numbers, or one is infinite.
    """
    array = np.asarray(values, float)
    if array.ndim != 1:
        raise ValueError(f"{what}: a list of numbers is needed, not an array of {array.ndim} dimensions.")
    if np.isinf(array).any():
        raise ValueError(f"{what}: a value is infinite.")
    return array


def present(values: ArrayLike, what: str) -> FloatArray:
    """The values that are there, (n,) float64. Raises as `numbers`."""
    array = numbers(values, what)
    return array[~np.isnan(array)]


def without_rounding(differences: FloatArray, scale: float) -> FloatArray:
    """Differences that are equal but for rounding made equal, so that ties and zeros are found as such."""
    unit = scale * ROUNDING
    return differences if unit == 0 else np.round(differences / unit) * unit


def too_few(n: int, needed: int, what: str = "subjects with both values") -> str:
    """Why there is no number."""
    have = "there is none" if n == 0 else f"there {'is' if n == 1 else 'are'} only {n}"
    return f"At least {needed} {what} are needed; {have}."
