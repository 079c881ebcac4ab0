"""How agreement is written: the same on the command line, in the window and in a report."""

import math
from collections.abc import Iterable

from analysis.agreement.results import BlandAltman, Icc, Kappa, Repeatability, Share, Slope
from workstation.agreement.read_pairs import Kind
from workstation.agreement.results import Comparison, ObjectAgreement, OutcomeAgreement
from workstation.counting import counted
from workstation.trial.wording import NO_VALUE, estimate, interval, number, p_equals, signed, with_unit

RATIO_DIGITS = 3
MAIN = (
    "hair_count",
    "hair_density_per_cm2",
    "fu_density_per_cm2",
    "hairs_per_fu",
    "mean_hair_width_um",
    "sum_hair_width_mm_per_cm2",
    "inter_follicular_distance_mm",
)
"""The endpoints that are shown first, or where there is little room."""


def who(comparison: Comparison) -> str:
    """`Ada and Bo`, `Ada, twice`, `all readers, twice`, `all 3 readers`."""
    match comparison.kind:
        case Kind.READERS:
            return " and ".join(comparison.readers)
        case Kind.EVERYBODY:
            return f"all {len(comparison.readers)} readers"
        case Kind.REPEATS:
            return f"{comparison.readers[0] if comparison.readers else 'all readers'}, twice"


def title(comparison: Comparison) -> str:
    """`Ada and Bo · both blank`."""
    return f"{who(comparison)} · {comparison.started.value}"


def size(comparison: Comparison) -> str:
    """`12 images of 10 subjects`."""
    return f"{counted(comparison.n_images, 'image')} of {counted(comparison.n_subjects, 'subject')}"


def difference_is(comparison: Comparison) -> str:
    """What a difference is of: `Bo less Ada`, `second less first`."""
    if comparison.kind is Kind.READERS:
        return " less ".join(reversed(comparison.readers))
    return "second less first reading"


def ratio(found: Icc | Kappa | Share) -> str:
    """`0.926 (0.881 to 0.955)`: what is at most 1, with its interval."""
    return estimated(found.value, found.ci_low, found.ci_high, RATIO_DIGITS)


def estimated(value: float, low: float, high: float, digits: int) -> str:
    """As `estimate`, of what is no difference: no plus."""
    if not math.isfinite(value):
        return NO_VALUE
    ends = interval(low, high, digits)
    return number(value, digits) if ends == NO_VALUE else f"{number(value, digits)} ({ends})"


def mean_difference(found: BlandAltman | None, digits: int) -> str:
    """`+2.1 (0.3 to 3.9)`."""
    return NO_VALUE if found is None else estimate(found.mean, found.mean_low, found.mean_high, digits)


def limits(found: BlandAltman | None, digits: int) -> str:
    """`−7.9 to 12.1`."""
    return NO_VALUE if found is None else interval(found.lower, found.upper, digits)


def cv(found: Repeatability) -> str:
    """`3.1 % (2.2 to 5.0)`."""
    if not math.isfinite(found.cv_percent):
        return NO_VALUE
    ends = interval(found.cv_low, found.cv_high, 1)
    return f"{number(found.cv_percent, 1)} %" + ("" if ends == NO_VALUE else f" ({ends})")


def coefficient(found: Repeatability, digits: int) -> str:
    """1.96·√2·s_w with its interval."""
    return estimated(found.coefficient, found.coefficient_low, found.coefficient_high, digits)


def drift(found: Slope | None, digits: int) -> str:
    """`+0.8 (0.1 to 1.5)`."""
    return NO_VALUE if found is None else estimate(found.value, found.ci_low, found.ci_high, digits)


def percent(share: float) -> str:
    """An F1 of one image: `0.953`."""
    return number(share, RATIO_DIGITS)


def outcome_sentences(comparison: Comparison, found: OutcomeAgreement) -> list[str]:
    """What the numbers of one endpoint say, for a person."""
    digits, outcome = digits_of(found), found.outcome
    said = []
    if found.limits is not None and math.isfinite(found.limits.mean):
        mean = with_unit(mean_difference(found.limits, digits), outcome)
        said.append(f"Mean difference ({difference_is(comparison)}): {mean}.")
        if (ends := limits(found.limits, digits)) != NO_VALUE:
            said.append(f"95 of 100 differences are expected from {with_unit(ends, outcome)}.")
        if found.limits.p_slope < 0.05:
            said.append(f"The difference goes with the value ({p_equals(found.limits.p_slope)}).")
    if math.isfinite(found.spread.coefficient) and comparison.kind is Kind.REPEATS:
        most = with_unit(number(found.spread.coefficient, digits), outcome)
        said.append(f"Two readings by one reader differ by less than {most} in 95 of 100 cases.")
    for slope, stretch in ((found.drift_by_place, "10 reads"), (found.drift_by_day, "30 days")):
        if slope is not None and slope.p < 0.05:
            moved = with_unit(drift(slope, digits), outcome)
            said.append(f"The difference drifts by {moved} in {stretch} ({p_equals(slope.p)}).")
    return said


def object_facts(found: ObjectAgreement) -> list[tuple[str, str]]:
    """Agreement on hairs and units, as names and values."""
    width = mean_difference(found.width, 1)
    spread = limits(found.width, 1)
    return [
        ("Hairs, F1", ratio(found.hair_f1)),
        ("Units, F1", ratio(found.unit_f1)),
        ("Roots apart, median", with_um(found.root_distance_um, 0)),
        ("95 of 100 roots within", with_um(found.root_distance_um_95, 0)),
        ("Width difference", NO_VALUE if width == NO_VALUE else f"{width} µm"),
        ("Limits of it", NO_VALUE if spread == NO_VALUE else f"{spread} µm"),
        ("Class kappa", ratio(found.classes)),
        ("Class kappa, weighted", ratio(found.classes_weighted)),
    ]


def object_reasons(found: ObjectAgreement) -> list[str]:
    """Why numbers on hairs and units are missing, each sentence once."""
    parts: Iterable[tuple[str, Iterable[str]]] = (
        ("F1", found.hair_f1.reasons.values()),
        ("Units", found.unit_f1.reasons.values()),
        ("Roots", found.reasons.values()),
        ("Widths", (why for name, why in found.width.reasons.items() if "slope" not in name)),
        ("Classes", found.classes.reasons.values()),
    )
    return [f"{what}: {why}" for what, reasons in parts for why in dict.fromkeys(reasons)]


def outcome_reasons(found: OutcomeAgreement) -> list[str]:
    """Why numbers of an endpoint are missing, each sentence once."""
    parts = (found.icc, found.limits, found.spread, found.drift_by_place, found.drift_by_day)
    return list(dict.fromkeys(why for part in parts if part is not None for why in part.reasons.values()))


def with_um(value: float, digits: int) -> str:
    """`17 µm`."""
    return NO_VALUE if not math.isfinite(value) else f"{number(value, digits)} µm"


def signed_percent(value: float) -> str:
    """`+3.5 %`."""
    return NO_VALUE if not math.isfinite(value) else f"{signed(value, 1)} %"


def digits_of(found: OutcomeAgreement) -> int:
    """Decimals of differences: one more than a count has."""
    return found.outcome.digits + 1 if found.outcome.name.endswith("_count") else found.outcome.digits
