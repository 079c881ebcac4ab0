"""How many subjects a trial needs, and what it can find with those it has: exact, by the non-central t."""

import math
from collections.abc import Callable

MOST_SUBJECTS = 10_000_000


def power_of(n: int, effect: float, sd: float, alpha: float = 0.05) -> float:
    """The chance that a two-sided paired t test of `n` subjects finds a mean change of `effect`.

    Args:
        n: subjects with both visits, at least 2.
        effect: true mean change, of either sign.
        sd: standard deviation of the change between subjects, above 0.
        alpha: level of the test.

    Raises:
        ValueError: a value is not as said.

    Source: J. Cohen, Statistical power analysis for the behavioral sciences, 2nd ed. (Erlbaum 1988).
    """
    _check(effect, sd, alpha)
    if n < 2:
        raise ValueError("A t test needs at least two subjects.")
    return _power(n - 1, abs(effect) / sd * math.sqrt(n), alpha)


def subjects_needed(effect: float, sd: float, alpha: float = 0.05, power: float = 0.8) -> int:
    """The fewest subjects with both visits for which `power_of` is at least `power`; at least 3, as for the test.

    Raises:
        ValueError: as `power_of`; `effect` is zero, or so small that ten million subjects do not do; `power` is not
            between `alpha` and 1.
    """
    _check(effect, sd, alpha)
    return _fewest(lambda n: power_of(n, effect, sd, alpha), effect, alpha, power)


def power_of_arms(n_per_arm: int, effect: float, sd: float, alpha: float = 0.05) -> float:
    """The chance that a two-sided t test of two arms of `n_per_arm` subjects finds a difference of `effect` in change.

    Args and errors as `power_of`; `sd` is that of the change within an arm, the same in both.
    """
    _check(effect, sd, alpha)
    if n_per_arm < 2:
        raise ValueError("A t test needs at least two subjects in each arm.")
    return _power(2 * (n_per_arm - 1), abs(effect) / sd * math.sqrt(n_per_arm / 2), alpha)


def subjects_needed_per_arm(effect: float, sd: float, alpha: float = 0.05, power: float = 0.8) -> int:
    """The fewest subjects in each of two arms for which `power_of_arms` is at least `power`; errors as there."""
    _check(effect, sd, alpha)
    return _fewest(lambda n: power_of_arms(n, effect, sd, alpha), effect, alpha, power)


def _check(effect: float, sd: float, alpha: float) -> None:
    if not math.isfinite(effect):
        raise ValueError("The effect is not a number.")
    if not (math.isfinite(sd) and sd > 0):
        raise ValueError("The standard deviation of the change must be above zero.")
    if not 0 < alpha < 1:
        raise ValueError("The level of the test must be between 0 and 1.")


def _power(df: int, noncentrality: float, alpha: float) -> float:
    from scipy.special import nctdtr, stdtrit

    critical = float(stdtrit(df, 1 - alpha / 2))
    return float(1 - nctdtr(df, noncentrality, critical) + nctdtr(df, noncentrality, -critical))


def _fewest(power_with: Callable[[int], float], effect: float, alpha: float, power: float) -> int:
    """By doubling and halving: power grows with the number of subjects."""
    if effect == 0:
        raise ValueError("No number of subjects finds an effect of zero.")
    if not alpha < power < 1:
        raise ValueError("The power must lie between the level of the test and 1.")
    too_few, enough = 2, 3
    while power_with(enough) < power:
        if enough == MOST_SUBJECTS:
            raise ValueError("The effect is too small for its standard deviation: ten million subjects would not do.")
        too_few, enough = enough, min(2 * enough, MOST_SUBJECTS)
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if power_with(middle) >= power else (middle, enough)
    return enough
