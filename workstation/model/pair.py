"""Two images of one area at two visits: how they lie to each other, and what readers decided of their units and hairs.

What became of each unit and hair is never stored here: it follows from both reads, the registration and the decisions
(`workstation.pairing`), so it cannot be out of date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from types import MappingProxyType

from analysis.matching.match import Level, Ruling
from analysis.registration.result import Registration, Verdict


@dataclass(frozen=True, slots=True)
class RegistrationRecord:
    """A registration and what it was made from."""

    result: Registration
    baseline_read_id: int
    followup_read_id: int
    """The reads whose units it rests on."""
    n_landmarks: int
    """Pairs of landmarks that were placed by hand then."""
    software_version: str
    created_utc: str
    """ISO 8601, UTC, to the second."""

    @property
    def usable(self) -> bool:
        """Whether units can be matched through it."""
        return self.result.warp is not None and self.result.verdict is not Verdict.FAILED

    @property
    def because(self) -> str:
        """Why the verdict is what it is, as it stands after a colon: without a capital and a full stop."""
        reason = self.result.reason
        return f"{reason[:1].lower()}{reason[1:]}".removesuffix(".")


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that a reader marked in both images."""

    id: int
    """Unique among the landmarks and decisions of one pair, never used again."""
    pair_id: int
    baseline_px: tuple[float, float]
    followup_px: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reader decided of a unit or a hair, or of two; matching obeys it.

    It holds where its ids mean what they meant: in the reads that it was made on and in those that began as a copy.
    """

    id: int
    """Unique among the landmarks and decisions of one pair, never used again."""
    pair_id: int
    ruling: Ruling
    baseline_read_id: int
    followup_read_id: int
    reader: str

    @property
    def level(self) -> Level:
        """What it is about."""
        return self.ruling.level


@dataclass(frozen=True, slots=True)
class Pair:
    """An earlier and a later image of one area."""

    id: int
    baseline_image_id: int
    """The earlier one, as a rule of the first visit."""
    followup_image_id: int
    registration: RegistrationRecord | None = None
    landmarks: Mapping[int, Landmark] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    decisions: Mapping[int, Decision] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    next_id: int = 1
    """The id of the next landmark or decision. It only grows, also over undo."""

    @property
    def image_ids(self) -> tuple[int, int]:
        """Both images, the earlier one first."""
        return self.baseline_image_id, self.followup_image_id
