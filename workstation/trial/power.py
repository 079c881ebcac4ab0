"""How many subjects a trial like this one needs, from the spread of change that it measured."""

import re
from dataclasses import dataclass

from analysis.trialstats.power import power_of, power_of_arms, subjects_needed, subjects_needed_per_arm
from workstation.errors import UserFacingError
from workstation.trial.results import Analysis, VisitResult
from workstation.trial.wording import in_unit, number, week

ALPHA, POWER = 0.05, 0.8


@dataclass(frozen=True, slots=True)
class Power:
    """What it takes to find an effect, in two-sided t tests at the 5 % level with a power of 80 %."""

    effect: float
    """A change, or with a control arm a difference in change; in units of the primary endpoint."""
    sd: float
    """Of the change between subjects, as measured."""
    sd_from: int
    """Subjects that it was measured in."""
    needed: int
    """Subjects with both visits; with a control arm in each arm."""
    power_now: float
    """The chance that as many subjects as were measured find the effect."""
    per_arm: bool
    sentence: str


def effect_of(text: str, analysis: Analysis) -> float:
    """An effect that was typed: in units of the primary endpoint, or as a percentage of its mean at the baseline.

    Raises:
        UserFacingError: if it is neither, or is no effect.
    """
    typed = re.fullmatch(r"\s*([+\-−]?\d+(?:\.\d+)?)\s*(%?)\s*", text)
    value = float(typed[1].replace("−", "-")) if typed else 0.0
    if typed is None or value == 0:
        raise UserFacingError(
            f"{text!r} is no effect to find", remedy="Write a change of the primary endpoint, 7.4 say, or 10%."
        )
    return value if not typed[2] else value / 100 * _primary(analysis).baseline.mean


def power_for(analysis: Analysis, effect: float) -> Power:
    """What it takes to find an effect on the primary endpoint at the primary week.

    Raises:
        UserFacingError: if no spread of change was measured, or the effect is too small for any trial.
    """
    result = _primary(analysis)
    sd, n = result.change.sd, result.change.n
    if sd == 0:
        raise UserFacingError("all subjects changed by the same amount, so the spread of change is not known")
    if not sd > 0:
        raise UserFacingError(
            "the spread of change cannot be had from this trial", remedy="At least two subjects need both visits."
        )
    arms = bool(analysis.plan.control_arm)
    try:
        needed = (subjects_needed_per_arm if arms else subjects_needed)(effect, sd, ALPHA, POWER)
        now = (power_of_arms if arms else power_of)(n, effect, sd, ALPHA)
    except ValueError as error:
        raise UserFacingError(str(error).removesuffix(".")) from error
    return Power(effect, sd, n, needed, now, arms, _sentence(result, effect, needed, now, arms))


def _primary(analysis: Analysis) -> VisitResult:
    if analysis.primary is None:
        raise UserFacingError(
            f"the primary endpoint has no value at {week(analysis.plan.primary_week)}, so its spread is not known",
            remedy="Name another primary endpoint or week, or measure more.",
        )
    return analysis.primary


def _sentence(result: VisitResult, effect: float, needed: int, now: float, arms: bool) -> str:
    outcome = result.outcome
    written = [in_unit(number(value, outcome.digits), outcome) for value in (abs(effect), result.change.sd)]
    what = "difference in change" if arms else "change"
    each = " in each arm" if arms else ""
    rule = f"two-sided {100 * ALPHA:.0f} % level, power {100 * POWER:.0f} %"
    return (
        f"To find a {what} of {written[0]} in {outcome.label} at {week(result.week)}, {needed} subjects{each} are "
        f"needed ({rule}; the SD of change is {written[1]} in {result.change.n} subjects, who find it with a power of "
        f"{100 * now:.0f} %)."
    )
