"""What lies under the mouse, where that is, and what should come into view."""

from dataclasses import dataclass
from enum import StrEnum


class TargetKind(StrEnum):
    """What can lie under the mouse."""

    HAIR = "hair"
    UNIT = "unit"
    EXCLUSION = "exclusion"


@dataclass(frozen=True, slots=True)
class Target:
    """Something in a read, under the mouse or the crosshair."""

    image_id: int
    kind: TargetKind
    id: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the mouse or the crosshair is."""

    image_id: int
    position_px: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Reveal:
    """A wish to have a place brought into view."""

    image_id: int
    points_px: tuple[tuple[float, float], ...]
    """The corners of what should be seen; a view zooms so that it stands in some surrounding."""
