"""What the statistics of a trial give. A number that cannot be had is NaN, and `reasons` says why."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field

NAN = float("nan")
Reasons = Mapping[str, str]
"""Why a number is NaN, by the name of its field; a sentence."""


def no_reasons() -> Reasons:
    """Every number is there. A plain dictionary, for results are copied and sent between processes."""
    return {}


@dataclass(frozen=True, slots=True)
class Sample:
    """What one group of subjects shows at one visit."""

    n: int
    mean: float = NAN
    sd: float = NAN
    median: float = NAN
    minimum: float = NAN
    maximum: float = NAN


@dataclass(frozen=True, slots=True)
class PairedChange:
    """The change of the same subjects between two visits (or of one site against another of the same subjects)."""

    n: int
    """Subjects with both values."""
    mean: float = NAN
    sd: float = NAN
    """Of the differences."""
    median: float = NAN
    ci_low: float = NAN
    ci_high: float = NAN
    """95 % confidence interval of the mean change, by Student's t."""
    percent: float = NAN
    """Mean change as a percentage of the mean at the first visit of the same subjects."""
    t: float = NAN
    df: float = NAN
    p_t: float = NAN
    """Paired t test, two-sided."""
    w: float = NAN
    """Sum of the positive ranks."""
    p_wilcoxon: float = NAN
    """Wilcoxon signed-rank, two-sided, exact, also with ties or zeros."""
    p_wilcoxon_least: float = NAN
    """The smallest p that so many differences could have given: with five, 0.0625."""
    wilcoxon_method: str = ""
    """`exact`, `sign-flip permutation` (ties or zeros) or `normal approximation` (more than 200 differences)."""
    p_shapiro: float = NAN
    """Shapiro–Wilk of the differences."""
    d_z: float = NAN
    """Mean of the differences by their SD."""
    d_z_low: float = NAN
    d_z_high: float = NAN
    """95 % confidence interval of d_z, from the non-central t distribution."""
    reasons: Reasons = dataclass_field(default_factory=no_reasons)


@dataclass(frozen=True, slots=True)
class ModelledChange:
    """A change as a mixed model over all visits estimates it; subjects with missing visits take part."""

    estimate: float = NAN
    se: float = NAN
    df: float = NAN
    """Of the small sample."""
    ci_low: float = NAN
    ci_high: float = NAN
    p: float = NAN
    covariance: str = ""
    """How variances and correlations of the visits were modelled: `unstructured`, `random slope`, `compound
    symmetry` or `independent`."""
    small_sample: str = ""
    """Where `se` and `df` are from: `Kenward–Roger`, or `bias-reduced cluster-robust`, which holds for every covariance
    of the visits."""
    n_subjects: int = 0
    """Of the arm, or of both arms that are compared, with any value in the model."""
    n_values: int = 0
    """Of these subjects, over all visits."""
    reasons: Reasons = dataclass_field(default_factory=no_reasons)


@dataclass(frozen=True, slots=True)
class ModelledArm:
    """What a mixed model gives for one arm."""

    arm: str
    changes: tuple[ModelledChange, ...]
    """From the baseline to each other week, in the order of the weeks."""
    differences: tuple[ModelledChange, ...]
    """The same changes less those of the control arm; empty for the control itself and where there is none."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much more one group changed than another: another arm, or another site of the same subjects."""

    n: int
    """Subjects of the group in question; for sites of the same subjects: with both."""
    n_control: int
    difference: float = NAN
    """Change of the group less change of the control."""
    ci_low: float = NAN
    ci_high: float = NAN
    df: float = NAN
    p: float = NAN
    method: str = ""
    """`Welch t`, `paired t`, say."""
    reasons: Reasons = dataclass_field(default_factory=no_reasons)


@dataclass(frozen=True, slots=True)
class Proportion:
    """How many of how many, with the exact interval of Clopper and Pearson (1934)."""

    count: int
    n: int
    share: float = NAN
    ci_low: float = NAN
    ci_high: float = NAN
