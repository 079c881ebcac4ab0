"""Why changes are made, where a study asks for it: what is asked, what is kept for the next edits of a read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from workstation.errors import ReasonNeeded

R = TypeVar("R")
RECENT = 8
"""So many reasons are offered again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user said."""

    reason: str
    keep: bool
    """It also holds for the next edits of the same read."""


Ask = Callable[[str, bool], Answer | None]
"""Asks the user: why this is needed, and whether a reason can be kept; None where the edit is given up."""


def nobody(_what: str, _can_keep: bool) -> None:
    """Asks nobody: without a window no reason is given."""


@dataclass(slots=True)
class Reasons:
    """See the module. Of one open study."""

    ask: Ask = nobody
    recent: list[str] = field(default_factory=list)
    """The latest first."""
    kept: dict[int, str] = field(default_factory=dict)
    """By read."""

    def tried(self, do: Callable[[str], R | None], read_of: Callable[[], int | None]) -> R | None:
        """Make an edit; where it must say why, with the reason that was kept for the read, else with one asked for.

        Args:
            do: makes the edit anew, given the reason.
            read_of: gives the read that is edited, which may have begun meanwhile; None where it is the study.

        Returns:
            None where the user gave the edit up; nothing was changed then.
        """
        try:
            return do("")
        except ReasonNeeded as needed:
            read_id = read_of()
            if read_id is not None and read_id in self.kept:
                return do(self.kept[read_id])
            answer = self.ask(needed.what, read_id is not None)
        if answer is None:
            return None
        self.take(answer, read_id)
        return do(answer.reason)

    def take(self, answer: Answer, read_id: int | None) -> None:
        """Remember an answer."""
        if answer.reason:
            self.recent = [answer.reason, *(said for said in self.recent if said != answer.reason)][:RECENT]
        if read_id is not None:
            self.kept.pop(read_id, None)
            if answer.keep and answer.reason:
                self.kept[read_id] = answer.reason
