"""How many of how many."""

from analysis.trialstats.results import Proportion
from analysis.trialstats.student import LEVEL


def clopper_pearson(count: int, n: int) -> Proportion:
    """The share of `count` among `n` with its exact 95 % confidence interval, which covers at least that.

    Args:
        count: 0…n.
        n: 0 gives a result without numbers.

    Raises:
        ValueError: `count` is negative or more than `n`.

    Source: C. J. Clopper and E. S. Pearson, The use of confidence or fiducial limits illustrated in the case of the
    binomial, Biometrika 26 (1934) 404–413.
    """
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is no share.")
    if n == 0:
        return Proportion(0, 0)
    from scipy.special import betaincinv

    tail = (1 - LEVEL) / 2
    low = float(betaincinv(count, n - count + 1, tail)) if count > 0 else 0.0
    high = float(betaincinv(count + 1, n - count, 1 - tail)) if count < n else 1.0
    return Proportion(count, n, count / n, low, high)
