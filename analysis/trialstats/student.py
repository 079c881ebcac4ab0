"""Student's t: interval and p of an estimate, and the standardised mean."""

import math

LEVEL = 0.95


def interval(estimate: float, se: float, df: float) -> tuple[float, float]:
    """The 95 % confidence interval of an estimate whose t has `df` degrees of freedom."""
    from scipy.special import stdtrit

    half = float(stdtrit(df, (1 + LEVEL) / 2)) * se
    return estimate - half, estimate + half


def two_sided_p(t: float, df: float) -> float:
    """The probability of a t at least as far from zero."""
    from scipy.special import stdtr

    return 2 * float(stdtr(df, -abs(t)))


def standardised_interval(t: float, n: int) -> tuple[float, float]:
    """The 95 % confidence interval of a mean in units of its standard deviation, from its t of `n` values.

    The limits are the non-centralities for which the observed t is the 97.5 and the 2.5 % point, by √n.

    Source: J. H. Steiger and R. T. Fouladi, Noncentrality interval estimation and the evaluation of statistical models,
    in: What if there were no significance tests? (Erlbaum 1997) 221–257.
    """
    from scipy.special import nctdtrinc

    tail = (1 - LEVEL) / 2
    low, high = (float(nctdtrinc(n - 1, p, t)) / math.sqrt(n) for p in (1 - tail, tail))
    return low, high
