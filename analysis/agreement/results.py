"""What the statistics of agreement give. A number that cannot be had is NaN, and `reasons` says why."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field

from analysis.trialstats.results import NAN, Reasons, no_reasons


@dataclass(frozen=True, slots=True)
class Icc:
    """How much of the variance of one reader's values is between images: ICC(2,1), absolute agreement."""

    n: int
    """Images with a value of every reader."""
    k: int
    """Readers."""
    n_clusters: int
    """Subjects that the images show."""
    value: float = NAN
    ci_low: float = NAN
    ci_high: float = NAN
    """95 % confidence interval."""
    ms_images: float = NAN
    ms_readers: float = NAN
    ms_error: float = NAN
    """Mean squares of the two-way table."""
    method: str = ""
    """Of the interval: `F` or `F, images in subjects`."""
    reasons: Reasons = dataclass_field(default_factory=no_reasons)


@dataclass(frozen=True, slots=True)
class BlandAltman:
    """Differences between two readings of the same images, second less first."""

    n: int
    """Images with both."""
    n_clusters: int
    """Subjects that the images show."""
    mean: float = NAN
    mean_low: float = NAN
    mean_high: float = NAN
    """95 % confidence interval of the mean difference."""
    sd: float = NAN
    """Of the differences; of several images a subject, between and within subjects together."""
    lower: float = NAN
    lower_low: float = NAN
    lower_high: float = NAN
    """The lower limit of agreement, mean − 1.96 SD, and its 95 % confidence interval."""
    upper: float = NAN
    upper_low: float = NAN
    upper_high: float = NAN
    slope: float = NAN
    slope_low: float = NAN
    slope_high: float = NAN
    """Of the difference on the mean of the two, with its 95 % confidence interval: not nought where the difference
    grows with the size of what is measured."""
    p_slope: float = NAN
    method: str = ""
    """Of the intervals of the limits: `exact` or `MOVER, images in subjects`."""
    reasons: Reasons = dataclass_field(default_factory=no_reasons)


@dataclass(frozen=True, slots=True)
class Repeatability:
    """How far several readings of the same image lie apart."""

    n: int
    """Images with every reading."""
    k: int
    """Readings of each."""
    sd_within: float = NAN
    sd_low: float = NAN
    sd_high: float = NAN
    """Of one reading, within an image, with its 95 % confidence interval."""
    coefficient: float = NAN
    coefficient_low: float = NAN
    coefficient_high: float = NAN
    """1.96·√2·sd_within: two readings of one image differ by less in 95 of 100 cases."""
    cv_percent: float = NAN
    cv_low: float = NAN
    cv_high: float = NAN
    """Within-image coefficient of variation, root mean square over images."""
    reasons: Reasons = dataclass_field(default_factory=no_reasons)


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement on classes beyond what chance alone would give."""

    n: int
    """Objects that both readers classed."""
    n_clusters: int
    value: float = NAN
    ci_low: float = NAN
    ci_high: float = NAN
    """95 % confidence interval."""
    se: float = NAN
    observed: float = NAN
    """Share of (weighted) agreement."""
    expected: float = NAN
    """The same, by chance."""
    weights: str = ""
    """`none`, `linear` or `quadratic`."""
    method: str = ""
    """Of the interval: `large sample` or `jackknife over subjects`."""
    reasons: Reasons = dataclass_field(default_factory=no_reasons)


@dataclass(frozen=True, slots=True)
class Share:
    """A sum by another sum, such as F1 over several images."""

    n: int
    """Images."""
    n_clusters: int
    value: float = NAN
    ci_low: float = NAN
    ci_high: float = NAN
    """95 % confidence interval."""
    reasons: Reasons = dataclass_field(default_factory=no_reasons)


@dataclass(frozen=True, slots=True)
class Slope:
    """A straight line through points: how much y grows with x."""

    n: int
    value: float = NAN
    ci_low: float = NAN
    ci_high: float = NAN
    """95 % confidence interval."""
    p: float = NAN
    intercept: float = NAN
    """y where x is nought."""
    reasons: Reasons = dataclass_field(default_factory=no_reasons)
