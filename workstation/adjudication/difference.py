"""One thing that two reads of an image say differently."""

from dataclasses import dataclass
from enum import StrEnum

from workstation.model.settlement import About

PartKey = tuple[About, tuple[int, ...], tuple[int, ...]]
"""What a part of two reads is known by: what it is, its ids in the first read and in the second."""


class DifferenceKind(StrEnum):
    """How two reads differ."""

    ONLY_FIRST = "only in the first"
    ONLY_SECOND = "only in the second"
    LINE = "drawn otherwise"
    """Both drew something there, but not the same hair: another root, another way, one hair as several."""
    COUNTED = "counted in one"
    """Both have it; one of them rejected it, or its root is not in the image for one."""
    WIDTH = "width"
    """Both have it; its class differs, or its width by more than the measurement error."""
    UNITS = "units"
    """Hairs that both have are grouped otherwise."""
    FIELD = "field"
    CHANGED = "changed since"
    """One of the two reads was changed after it was settled."""


@dataclass(frozen=True, slots=True)
class Difference:
    """See the module."""

    kind: DifferenceKind
    about: About
    first_ids: tuple[int, ...]
    """Hairs, or units, of the first read; empty where it has none, and for the field."""
    second_ids: tuple[int, ...]
    place_px: tuple[float, float]
    """Its middle."""
    along: int
    """How far along the way through the image it lies; the field comes before all."""

    @property
    def key(self) -> PartKey:
        """What tells it from the others."""
        return self.about, self.first_ids, self.second_ids

    @property
    def order(self) -> tuple[int, str, tuple[int, ...], tuple[int, ...]]:
        """Where it stands on the way: it hangs on nothing but itself, so the others stay where they are."""
        return self.along, self.about.value, self.first_ids, self.second_ids
