"""One reader's annotation of one image."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from analysis.detection import DetectionParameters
from analysis.measures import HairColumns
from workstation.model.columns import HairsInColumns, HairTable, table_of
from workstation.model.field import Field
from workstation.model.hair import Hair, Unit, columns_of
from workstation.model.settlement import Settlement

DETECTOR = "trichodesk"
"""The reader's name of an untouched detection."""


class ReadState(StrEnum):
    """How far a read has come. A `detected` read belongs to no person and never changes."""

    DETECTED = "detected"
    IN_REVIEW = "in review"
    SUBMITTED = "submitted"
    """Its reader is done; somebody else decides on it now."""
    RETURNED = "returned"
    """Back with its reader, with remarks."""
    ACCEPTED = "accepted"
    SIGNED = "signed"
    """Locked for ever: it changes only by an amendment, a read of its own."""


FINISHED = frozenset({ReadState.SUBMITTED, ReadState.ACCEPTED, ReadState.SIGNED})
"""Its reader holds the read to be right."""
DECIDED = frozenset({ReadState.ACCEPTED, ReadState.SIGNED})
"""Somebody else does, too."""
WITH_READER = frozenset({ReadState.IN_REVIEW, ReadState.RETURNED})
"""Its reader may correct it."""


@dataclass(frozen=True, slots=True)
class Review:
    """What a reader says of the whole image, and how far the read has come."""

    state: ReadState
    comment: str = ""
    n_submitted: int = 0
    """How often it was submitted."""
    decided_by: str = ""
    """Who accepted or returned it last."""


@dataclass(frozen=True, slots=True)
class DetectionRecord:
    """How a detection was made: kept with it, so that it can be repeated."""

    software_version: str
    parameters: DetectionParameters
    um_per_px: float
    """The scale detection worked with, which need not be the image's."""
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Read:
    """Hairs, units and field as one reader sees them."""

    id: int
    image_id: int
    reader: str
    created_utc: str
    """ISO 8601, UTC, to the second."""
    review: Review
    field: Field
    hairs: Mapping[int, Hair] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    units: Mapping[int, Unit] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    next_id: int = 1
    """The id of the next hair, unit or exclusion. It only grows, also over undo; no part of the read's content."""
    based_on: int | None = None
    """The read that this one started from, as a rule the detection."""
    detection: DetectionRecord | None = None
    """Only on an untouched detection."""
    amends: int | None = None
    """The signed read that this one corrects and, once it is submitted, stands in place of."""
    package: str = ""
    """The blinded package that it came back in."""
    repeat: int = 0
    """1: made when the reader was shown the image a second time unawares; such a read stands for nothing but that."""
    adjudicates: tuple[int, int] | None = None
    """Of a third read: the two that it settles."""
    settlements: Mapping[int, Settlement] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    """Of a third read: where each part of it comes from, as far as it is settled."""

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"settlements": dict(self.settlements)}  # a mapping proxy goes to no other process

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, settlements=MappingProxyType(state["settlements"]))

    @property
    def editable(self) -> bool:
        """Whether it is a person's: an untouched detection is kept for ever."""
        return self.review.state is not ReadState.DETECTED

    @cached_property
    def columns(self) -> HairColumns:
        """What is measured of the hairs, in the order of `hairs`: made once, since no read changes in place."""
        hairs = self.hairs
        return hairs.table.measured() if isinstance(hairs, HairsInColumns) else columns_of(hairs.values())

    @property
    def table(self) -> HairTable:
        """The hairs as columns, in the order of `hairs`; made without a `Hair` where the read came from a file."""
        hairs = self.hairs
        return hairs.table if isinstance(hairs, HairsInColumns) else table_of(hairs.values())

    @cached_property
    def remembered(self) -> dict[str, Any]:
        """What others worked out from this read and keep with it, by a name of theirs. A changed read begins empty."""
        return {}

    def hairs_of(self, unit_id: int) -> tuple[Hair, ...]:
        """The hairs of one unit, rejected ones included, in the order of their ids."""
        return tuple(sorted((h for h in self.hairs.values() if h.unit_id == unit_id), key=lambda h: h.id))

    def begins_as(self, source: "Read") -> bool:
        """Whether it has the very hairs, units and field of another read of the image, none of them changed."""
        return (
            self.image_id == source.image_id
            and self.hairs is source.hairs
            and self.units is source.units
            and self.field is source.field
            and self.next_id == source.next_id
        )

    def same_content(self, other: "Read") -> bool:
        """Whether two reads say the same of the image, whatever ids come next."""
        return (
            (self.id, self.image_id, self.reader, self.review, self.field, self.based_on, self.detection)
            == (other.id, other.image_id, other.reader, other.review, other.field, other.based_on, other.detection)
            and (self.amends, self.package, self.repeat, self.adjudicates, dict(self.settlements))
            == (other.amends, other.package, other.repeat, other.adjudicates, dict(other.settlements))
            and dict(self.hairs) == dict(other.hairs)
            and dict(self.units) == dict(other.units)
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class SameRead:
    """A read as a key: the very same object, which never changes."""

    read: Read

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameRead) and other.read is self.read

    def __hash__(self) -> int:
        return id(self.read)
