"""What one group of subjects shows at one visit."""

import numpy as np
from numpy.typing import ArrayLike

from analysis.trialstats.checking import present
from analysis.trialstats.results import NAN, Sample


def sample(values: ArrayLike) -> Sample:
    """Number, mean, standard deviation (n − 1), median, smallest and largest of the values that are there.

    Args:
        values: (n,) one value for each subject, NaN where there is none.

    Returns:
        NaN throughout where there is no value; of one value, no SD.

    Raises:
        ValueError: a value is infinite, or `values` is no list.
    """
    there = present(values, "values")
    if there.size == 0:
        return Sample(0)
    sd = float(there.std(ddof=1)) if there.size > 1 else NAN
    return Sample(there.size, float(there.mean()), sd, float(np.median(there)), float(there.min()), float(there.max()))
