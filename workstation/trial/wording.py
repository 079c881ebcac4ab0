"""How figures of a trial are written: the same on the command line, in the window and in a report."""

import math

from analysis.trialstats.results import PairedChange, Proportion, Sample
from workstation.trial.results import Outcome

NO_VALUE = "–"
MINUS = "−"
SMALLEST_P = 0.001
UNITS_IN_LABELS = frozenset({"", "1/cm²"})
"""Said by the label itself: `hairs per cm²`."""


def number(value: float, digits: int) -> str:
    """`74.3`, `−0.2`; a dash where there is none. Nought has no minus."""
    return NO_VALUE if not math.isfinite(value) else _written(value, digits, "")


def signed(value: float, digits: int) -> str:
    """A difference: `+7.4`, `−0.2`, `0.0`."""
    return NO_VALUE if not math.isfinite(value) else _written(value, digits, "+")


def interval(low: float, high: float, digits: int) -> str:
    """`0.3 to 5.1`: the ends of an interval, which any digits of a minus keep readable."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return NO_VALUE
    return f"{number(low, digits)} to {number(high, digits)}"


def estimate(value: float, low: float, high: float, digits: int) -> str:
    """`+7.4 (3.1 to 11.7)`: a difference and its 95 % interval; without an interval the difference alone."""
    if not math.isfinite(value):
        return NO_VALUE
    ends = interval(low, high, digits)
    return signed(value, digits) if ends == NO_VALUE else f"{signed(value, digits)} ({ends})"


def change(found: PairedChange, digits: int) -> str:
    """The mean change and its 95 % interval."""
    return estimate(found.mean, found.ci_low, found.ci_high, digits)


def percent(value: float) -> str:
    """A relative change: `+9.8 %`."""
    written = signed(value, 1)
    return written if written == NO_VALUE else f"{written} %"


def p_value(p: float) -> str:
    """`0.034`, `< 0.001`, `> 0.999`."""
    if not math.isfinite(p):
        return NO_VALUE
    if p < SMALLEST_P:
        return "< 0.001"
    return "> 0.999" if p > 1 - SMALLEST_P else f"{p:.3f}"


def p_equals(p: float) -> str:
    """In a sentence: `p = 0.034`, `p < 0.001`."""
    written = p_value(p)
    return f"p {written}" if written[0] in "<>" else f"p = {written}"


def mean_sd(sample: Sample, digits: int) -> str:
    """`74.3 ± 12.1`; of a single subject the mean alone."""
    if not math.isfinite(sample.mean):
        return NO_VALUE
    spread = f" ± {number(sample.sd, digits)}" if math.isfinite(sample.sd) else ""
    return f"{number(sample.mean, digits)}{spread}"


def proportion(found: Proportion) -> str:
    """`9 of 10 (90 %; 95 % CI 55.5 to 99.7 %)`."""
    if found.n == 0:
        return NO_VALUE
    ends = interval(100 * found.ci_low, 100 * found.ci_high, 1)
    said = "" if ends == NO_VALUE else f"; 95 % CI {ends} %"
    return f"{found.count} of {found.n} ({number(100 * found.share, 0)} %{said})"


def week(value: float) -> str:
    """`baseline`, `week 12`, `week 1.5`, `week −2`."""
    return "baseline" if value == 0 else f"week {value:g}".replace("-", MINUS)


def group(name: str) -> str:
    """The arm; where a subject is in none: `no arm`."""
    return name or "no arm"


def titled(outcome: Outcome) -> str:
    """With its unit, for the head of a table or an axis: `mean hair width (µm)`, `hairs per cm²`."""
    return outcome.label if outcome.unit in UNITS_IN_LABELS else f"{outcome.label} ({outcome.unit})"


def in_unit(written: str, outcome: Outcome) -> str:
    """A written value beside the outcome's label: `61.2 µm` of `mean hair width`, `74.3` of `hairs per cm²`."""
    return written if outcome.unit in UNITS_IN_LABELS or written == NO_VALUE else f"{written} {outcome.unit}"


def with_unit(written: str, outcome: Outcome) -> str:
    """A written value in running text: `61.2 µm`, `74.3 per cm²`, `2.13`."""
    unit = "per cm²" if outcome.unit == "1/cm²" else outcome.unit
    return f"{written} {unit}" if unit and written != NO_VALUE else written


def capitalised(text: str) -> str:
    """As a title begins, the rest as it is: `Hairs per cm²`."""
    return text[:1].upper() + text[1:]


def listed(names: list[str] | tuple[str, ...], most: int = 8) -> str:
    """`S01, S02 and 3 more`: no more than so many by name."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def _written(value: float, digits: int, plus: str) -> str:
    rounded = round(value, digits) + 0.0
    sign = MINUS if rounded < 0 else plus if rounded > 0 else ""
    return f"{sign}{abs(rounded):.{digits}f}"
