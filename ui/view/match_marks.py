"""What is shown of matches in one image: for each unit its number and what became of it, and what stands out."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.matching.match import Level, Match, Status


@dataclass(frozen=True, slots=True)
class MatchMark:
    """One unit's mark."""

    status: Status
    number: int | None
    """The unit's number at the baseline, the same in every image; None where it was not there."""
    decided: bool
    """A reader decided on it."""

    @property
    def text(self) -> str:
        """What stands beside it; empty where nothing does."""
        number = "" if self.number is None else str(self.number)
        return f"{number}?" if self.status is Status.UNCERTAIN else number if self.status is Status.KEPT else ""


Marks = Mapping[int, MatchMark]
"""By the unit's id in the image."""


@dataclass(frozen=True, slots=True)
class Partners:
    """What stands out in one image because something in another is selected or pointed at."""

    units: frozenset[int] = frozenset()
    hairs: frozenset[int] = frozenset()
    hovered_units: frozenset[int] = frozenset()
    hovered_hairs: frozenset[int] = frozenset()
    ghost: tuple[float, float] | None = None
    """The place, in pixels, where a selected unit would stand that is not there."""
    ghost_status: Status = Status.LOST

    @property
    def any(self) -> bool:
        """Whether anything stands out."""
        return bool(self.units or self.hairs or self.hovered_units or self.hovered_hairs or self.ghost)


def marks_of(matches: Mapping[tuple[Level, int], Match]) -> Marks:
    """The marks of the units of one image.

    Args:
        matches: of its units and hairs, as `Matching.by_baseline` or `by_followup`.
    """
    return {
        id_: MatchMark(match.status, match.baseline_id, match.ruled)
        for (level, id_), match in matches.items()
        if level is Level.UNIT
    }
