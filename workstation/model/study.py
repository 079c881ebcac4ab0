"""A study: subjects, their visits, the images taken then, and the reads of those images."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from analysis.calibration import Calibration
from workstation.model.package import Blinding, Package
from workstation.model.pair import Pair
from workstation.model.people import Person
from workstation.model.read import DECIDED, FINISHED, Read
from workstation.model.reading import ReadingRules, Remark
from workstation.model.signature import Signature
from workstation.model.trial import AdverseEvent, Questionnaire, Response, TrialPlan


@dataclass(frozen=True, slots=True)
class WidthCutoffs:
    """Where vellus ends and terminal begins. Both equal gives TrichoScan's one cut.

    Raises:
        ValueError: unless 0 < vellus_below_um ≤ terminal_from_um ≤ 1000.
    """

    vellus_below_um: float = 30.0
    terminal_from_um: float = 60.0

    def __post_init__(self) -> None:
        if not 0 < self.vellus_below_um <= self.terminal_from_um <= 1000:
            raise ValueError(
                f"width cut-offs must satisfy 0 < vellus ≤ terminal ≤ 1000 µm, not {self.vellus_below_um:g} and "
                f"{self.terminal_from_um:g} µm"
            )


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """When a change between two visits is given, and when a hair's width counts as changed.

    Raises:
        ValueError: unless 0 < min_overlap ≤ 1 and 0 < width_error_um ≤ 100.
    """

    min_overlap: float = 0.5
    """Least share of the baseline's field that the follow-up must show."""
    width_error_um: float = 20.0
    """A width that changed by less may be measurement error alone: the limit that 95 of 100 unchanged hairs keep."""

    def __post_init__(self) -> None:
        if not 0 < self.min_overlap <= 1:
            raise ValueError(f"the least overlap must be above 0 and at most 1, not {self.min_overlap:g}")
        if not 0 < self.width_error_um <= 100:
            raise ValueError(
                f"the error of a width change must be above 0 and at most 100 µm, not {self.width_error_um:g}"
            )


@dataclass(frozen=True, slots=True)
class Subject:
    """A participant."""

    id: str
    """The code used in the trial, unique in the study."""
    sex: str = ""
    age: float | None = None
    grade: str = ""
    """Hamilton–Norwood or Ludwig, as written in the manifest: `Norwood III`, say."""
    arm: str = ""
    """The treatment group; empty where the trial has one alone."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One subject's attendance."""

    id: int
    subject: str
    name: str
    """As in the manifest, unique within the subject: `baseline`, `week 12`."""
    week: float | None = None
    """The planned week since the baseline; None where it is not known."""
    date: str = ""
    """The day on which it was, ISO 8601, or empty."""


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """An image of one site at one visit. Its pixels lie beside the study and are known by their SHA-256."""

    id: int
    visit_id: int
    site: str
    path: str
    """Relative to the study's folder, with forward slashes."""
    sha256: str
    """Of the file's bytes, hexadecimal."""
    width_px: int
    height_px: int
    """As displayed, orientation applied."""
    calibration: Calibration | None = None
    device: str = ""
    source_name: str = ""
    """The file's name when it was imported."""
    notes: Mapping[str, str] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    """Further columns of the manifest."""
    conversions: tuple[str, ...] = ()
    """What decoding changed, in plain words: `16 bit reduced to 8 bit`, say."""
    embedded: bool = False
    """The file's bytes are kept inside the study file; one at `path` is then not needed."""


Derived = TypeVar("Derived")


@dataclass(frozen=True)
class Study:
    """Everything in one study file."""

    id: str
    """UUID, given when the study was made."""
    created_utc: str
    cutoffs: WidthCutoffs = WidthCutoffs()
    subjects: Mapping[str, Subject] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    visits: Mapping[int, Visit] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    images: Mapping[int, ImageRecord] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    reads: Mapping[int, Read] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    rules: ChangeRules = ChangeRules()
    pairs: Mapping[int, Pair] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    plan: TrialPlan = dataclass_field(default_factory=TrialPlan)
    questionnaires: Mapping[str, Questionnaire] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    responses: Mapping[int, Response] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    events: Mapping[int, AdverseEvent] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    reading: ReadingRules = dataclass_field(default_factory=ReadingRules)
    people: Mapping[str, Person] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    """By name; empty: nobody is listed, and everybody may do everything."""
    remarks: Mapping[int, Remark] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    signatures: Mapping[int, Signature] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    packages: Mapping[str, Package] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    """By id: what was handed out to blinded readers."""
    blinding: Blinding | None = None
    """Only in a work file for a blinded reader."""

    def reads_of(self, image_id: int) -> tuple[Read, ...]:
        """All reads of an image, oldest first."""
        return self._reads_by_image.get(image_id, ())

    @cached_property
    def _reads_by_image(self) -> Mapping[int, tuple[Read, ...]]:
        found: dict[int, list[Read]] = {}
        for read_id in sorted(self.reads):
            read = self.reads[read_id]
            found.setdefault(read.image_id, []).append(read)
        return {image_id: tuple(reads) for image_id, reads in found.items()}

    def read_in_use(self, image_id: int) -> Read | None:
        """The read that stands: the latest finished third read, else accepted or signed one, else the latest.

        A person's read goes before a detection, however late that was made. An amendment that is submitted stands in
        place of what it amends, and as high: what amends a read that nobody accepted goes before no accepted one. A
        hidden repeat stands for nothing.
        """
        reads = [read for read in self.reads_of(image_id) if not read.repeat]
        if len(reads) == 1:
            return reads[0]
        amended = self.amended_reads(image_id)
        standing = [read for read in reads if read.review.state in FINISHED and read.id not in amended]
        for chosen in (
            [read for read in standing if read.adjudicates is not None],
            [read for read in standing if read.review.state in DECIDED or self.amends_decided(read)],
            [read for read in reads if read.editable and read.adjudicates is None],
            [read for read in reads if read.editable],
        ):
            if chosen:
                return chosen[-1]
        return reads[-1] if reads else None

    def amended_reads(self, image_id: int) -> frozenset[int]:
        """The reads of an image in whose place a submitted amendment stands."""
        finished = (read for read in self.reads_of(image_id) if read.review.state in FINISHED)
        return frozenset(read.amends for read in finished if read.amends is not None)

    def amends_decided(self, read: Read) -> bool:
        """Whether a read corrects one that was accepted; else it came out of a work file in place of an earlier one."""
        return read.amends is not None and self.reads[read.amends].review.state in DECIDED

    def pairs_between(self, baseline_image_id: int, followup_image_id: int) -> tuple[Pair, ...]:
        """The pairs of two images, the earlier one first: one at most in a valid study."""
        return self.derived(_by_images, "pairs").get((baseline_image_id, followup_image_id), ())

    def visit_of(self, image_id: int) -> Visit:
        """The visit at which an image was taken."""
        return self.visits[self.images[image_id].visit_id]

    def derived(self, work_out: "Callable[[Study], Derived]", *parts: str) -> Derived:
        """What follows from some parts of the study alone, worked out once for all its states that share them.

        Args:
            work_out: gives a value that nobody changes; the same function for the same thing.
            parts: the fields that it looks at, and no others.
        """
        looked_at = tuple(getattr(self, part) for part in parts)
        known = self._derived.get(work_out)
        if known is not None and all(a is b for a, b in zip(known[0], looked_at, strict=True)):
            value: Derived = known[1]
            return value
        value = work_out(self)
        self._derived[work_out] = looked_at, value
        return value

    @cached_property
    def _derived(self) -> dict[Any, tuple[tuple[object, ...], Any]]:
        return {}

    def following(self, before: "Study") -> "Study":
        """This study, which shares what was worked out with the state before it."""
        self.__dict__.setdefault("_derived", before._derived)
        return self


def _by_images(study: Study) -> Mapping[tuple[int, int], tuple[Pair, ...]]:
    found: dict[tuple[int, int], list[Pair]] = {}
    for pair in study.pairs.values():
        found.setdefault(pair.image_ids, []).append(pair)
    return {images: tuple(pairs) for images, pairs in found.items()}
