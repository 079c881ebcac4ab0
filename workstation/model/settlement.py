"""How a third read settled one thing that two reads say differently, or that they agree on: where each part is from."""

from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """What is settled."""

    HAIR = "hair"
    UNIT = "unit"
    """How hairs that both have are grouped into follicular units."""
    FIELD = "field"


class Choice(StrEnum):
    """What was taken into the third read."""

    AGREED = "agreed"
    """Both reads have it."""
    FIRST = "first"
    SECOND = "second"
    BOTH = "both"
    """What each has, side by side: they are different hairs."""
    NEITHER = "neither"
    EDITED = "edited"
    """The adjudicator drew or changed it."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """One thing settled."""

    id: int
    """Unique among the settlements of one third read."""
    about: About
    first_ids: tuple[int, ...]
    """Hairs or units of the first read; empty where it has none, and for the field."""
    second_ids: tuple[int, ...]
    choice: Choice
    result_ids: tuple[int, ...]
    """What came of it in the third read; some may have been deleted there since."""
