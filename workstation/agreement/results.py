"""What the comparison of a study's readers gives, for the command line, the window and the report."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.agreement.results import BlandAltman, Icc, Kappa, Repeatability, Share, Slope
from workstation.agreement.read_pairs import Kind, Started
from workstation.trial.results import Outcome


@dataclass(frozen=True, slots=True)
class Point:
    """One image: what two reads of it give, and when they were made."""

    image_id: int
    subject: str
    first_read: int
    """Its number: of repeats of all readers an image can have several points."""
    first: float
    second: float
    """NaN where a read gives none."""
    place: float
    """Mean of the places that the two have among the reads of their readers, from 1."""
    day: float
    """Mean of the days on which they were begun, counted from the first of the study; NaN where it is not known."""

    @property
    def mean(self) -> float:
        """Of the two."""
        return (self.first + self.second) / 2

    @property
    def difference(self) -> float:
        """Second less first."""
        return self.second - self.first


@dataclass(frozen=True, slots=True)
class OutcomeAgreement:
    """Agreement on one endpoint. The unit of all numbers is the image, nested in subjects."""

    outcome: Outcome
    icc: Icc
    spread: Repeatability
    limits: BlandAltman | None
    """As the drift: of two readings; None of more."""
    drift_by_place: Slope | None
    """Of the difference, for ten reads."""
    drift_by_day: Slope | None
    """Of the difference, for thirty days."""
    points: tuple[Point, ...]
    """The images that have both values; empty of more than two readers."""


@dataclass(frozen=True, slots=True)
class ImageAgreement:
    """One image: the hairs and units of two reads. Numbers of hairs and units are of those in both fields."""

    image_id: int
    subject: str
    readers: tuple[str, str]
    """The same one twice where it is a repeat."""
    first_read: int
    second_read: int
    first_hairs: int
    second_hairs: int
    shared_hairs: int
    hair_f1: float
    """NaN where neither has any."""
    unit_f1: float
    root_distance_um: float
    """Median over the shared hairs; NaN without a scale or a shared hair."""
    count_difference_percent: float
    """Second less first, of the mean of the two; NaN where neither has any."""


@dataclass(frozen=True, slots=True)
class ObjectAgreement:
    """Agreement on hairs and units, over all images of a comparison."""

    images: tuple[ImageAgreement, ...]
    n_shared: int
    """Hairs that both have."""
    hair_f1: Share
    unit_f1: Share
    root_distance_um: float
    """Median over the shared hairs."""
    root_distance_um_95: float
    """So near are 95 of 100 of them."""
    width: BlandAltman
    """Of the widths of the shared hairs in µm, in subjects."""
    classes: Kappa
    """Of the width classes of the shared hairs; plain."""
    classes_weighted: Kappa
    """The same, linearly weighted: vellus is further from terminal than from intermediate."""
    class_counts: tuple[tuple[int, ...], ...]
    """Shared hairs by class of the first reader (rows) and of the second; vellus, intermediate, terminal."""
    reasons: Mapping[str, str]
    """Why distances are missing."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two readers, or one reader twice, or all readers at once; of reads that began alike."""

    kind: Kind
    started: Started
    readers: tuple[str, ...]
    """Of repeats one; none where the repeats of all readers are taken together."""
    n_images: int
    n_subjects: int
    outcomes: tuple[OutcomeAgreement, ...]
    objects: ObjectAgreement | None
    """None of more than two readers."""

    @property
    def key(self) -> tuple[Kind, Started, tuple[str, ...]]:
        """Which it is."""
        return self.kind, self.started, self.readers


@dataclass(frozen=True, slots=True)
class Agreement:
    """All comparisons of a study: two readers by their names, then all readers, then repeats."""

    comparisons: tuple[Comparison, ...]
    warnings: tuple[str, ...]
    """What a reader of the figures must know."""
    unit: str
    """What the figures count: one sentence."""
    empty: str
    """Why there is no comparison; empty where there is one."""
