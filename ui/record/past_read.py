"""A read as it was, shown in place of what it is now."""

from dataclasses import dataclass
from functools import cached_property

from workstation.model.read import Read
from workstation.record.as_it_was import ReadHistory
from workstation.signing.wording import utc_minute


@dataclass(frozen=True, eq=False)
class PastRead:
    """One state of a read's history."""

    history: ReadHistory
    index: int
    """Of its states, from 0."""

    @cached_property
    def read(self) -> Read:
        """The read as it was then."""
        return self.history.state(self.index)

    @property
    def moment(self) -> str:
        """When it became so: `2026-02-03 14:02 UTC`."""
        row = self.history.row_before(self.index)
        return "when the study was created" if row is None else utc_minute(row.utc)

    @property
    def mark(self) -> str:
        """What stands above the image."""
        return f"as it was, {self.moment}: not the read of today"

    @property
    def text(self) -> str:
        """Which state it is and what led to it."""
        row = self.history.row_before(self.index)
        place = f"state {self.index + 1} of {len(self.history)}"
        if row is None:
            return f"{place}: as it was when the study was created"
        why = f" — “{row.reason}”" if row.reason else ""
        return f"{place}, after row {row.seq} of the record: {row.operation} ({row.target}) by {row.user}{why}"

    def at(self, index: int) -> "PastRead":
        """Another state of the same read, the nearest that there is."""
        return PastRead(self.history, min(max(index, 0), len(self.history) - 1))
