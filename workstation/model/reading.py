"""How reads are made and looked through: the rules of a study, and what people say to each other about a read."""

import math
from dataclasses import dataclass
from enum import StrEnum


class ReasonFor(StrEnum):
    """For which changes a reason must be given."""

    NEVER = "never"
    AFTER_SUBMISSION = "after submission"
    """For changes of a read that was submitted before, for returning it, and for what every read rests on."""
    ALWAYS = "every change"


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What a study asks of its reads.

    Raises:
        ValueError: unless 0 < adjudicate_above_percent ≤ 1000.
    """

    adjudicate_above_percent: float = 10.0
    """Two readers' counts of an image that differ by more, in percent of their mean, need a third read."""
    reasons: ReasonFor = ReasonFor.NEVER

    def __post_init__(self) -> None:
        if not (math.isfinite(self.adjudicate_above_percent) and 0 < self.adjudicate_above_percent <= 1000):
            raise ValueError(
                f"two reads must differ by more than 0 and at most 1000 % to be adjudicated, not by "
                f"{self.adjudicate_above_percent:g} %"
            )


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody says about a read to its reader, or the reader in answer."""

    id: int
    read_id: int
    author: str
    created_utc: str
    """ISO 8601, UTC, to the second."""
    text: str
    hair_id: int | None = None
    """The hair that it is about; None: the whole read. The hair may have been deleted since."""
    answers: int | None = None
    """The remark that it answers."""
    done_by: str = ""
    """Who said that it is dealt with; empty while it waits."""
    done_utc: str = ""
