"""A study, or one read, as it was: the edits since are taken back. Exact, but for the ids that come next."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from workstation.model.patch import IN_READ, Kind, Patch
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.storage.audit import AuditRow, entry_of
from workstation.storage.codec import Plain
from workstation.storage.past import Past


def last_row_at(trail: Sequence[AuditRow], utc: str) -> int:
    """The number of the last row that was there at a time; 0 where there was none.

    Args:
        trail: the whole trail, oldest first. A clock that was set back moves no row before another.
        utc: ISO 8601; a day alone, or a minute, is meant with all of it.
    """
    wanted = utc.removesuffix("Z")
    times = [latest[: len(wanted)] for latest in accumulate((row.utc.removesuffix("Z") for row in trail), max)]
    return bisect_right(times, wanted)


def study_as_it_was(study: Study, trail: Sequence[AuditRow], after_row: int) -> Study:
    """A study as it was after a row of its trail; after row 0 it is what it was created with.

    Args:
        study: as it is after the last row.
        trail: the whole trail, oldest first.
        after_row: the row's number.

    Raises:
        ValueError: if the trail does not lead back so far.
    """
    past = Past(study)
    for row in reversed(trail[after_row:]):
        with_fault = f"row {row.seq} of the audit trail does not agree with the study"
        try:
            past.take_back(entry_of(row, lambda read_id, _: past.read(read_id)).patch)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"{with_fault} ({error})") from error
    return past.study()


@dataclass(frozen=True)
class ReadHistory:
    """All that a read said, one state after the other."""

    read: Read
    """As it is now."""
    rows: tuple[AuditRow, ...]
    """Those that changed it, oldest first, the one that brought it in before all others; without such a row it was
    there when the study was created."""
    began: bool
    """Whether the first row is the one that brought it in."""
    patches: tuple[Patch, ...]
    """What each row but that one changed in it."""

    def __len__(self) -> int:
        return len(self.patches) + 1

    def state(self, index: int) -> Read:
        """The read after so many of the changes: state 0 is how it began, the last one how it is now.

        Raises:
            ValueError: if there is no such state.
        """
        if not 0 <= index < len(self):
            raise ValueError(f"the read has {len(self)} states, not {index + 1}")
        return self._back_to(index, check_values=False)  # that was seen to when the history was made

    def _back_to(self, index: int, *, check_values: bool) -> Read:
        past = Past(Study("", "", reads={self.read.id: self.read}), check_values=check_values)
        for patch in reversed(self.patches[index:]):
            past.take_back(patch)
        return past.read(self.read.id)

    def check(self) -> None:
        """See that the trail leads from the read as it is now back to its beginning.

        Raises:
            ValueError: if it does not.
        """
        try:
            self._back_to(0, check_values=True)
        except KeyError as error:
            raise ValueError(f"the read does not lead back to {error}") from error

    def index_after(self, seq: int) -> int | None:
        """Which state it was in after a row of the study's trail; None where there was no such read yet."""
        n_rows = sum(row.seq <= seq for row in self.rows)
        if self.began:
            return n_rows - 1 if n_rows else None
        return n_rows

    def row_before(self, index: int) -> AuditRow | None:
        """The row that led to a state; None where it was there when the study was created."""
        number = index if self.began else index - 1
        return self.rows[number] if number >= 0 else None


def history_of(study: Study, trail: Sequence[AuditRow], read_id: int) -> ReadHistory:
    """The history of a read.

    Args:
        study: as it is after the last row.
        trail: the whole trail, oldest first.
        read_id: the read, which the study has.

    Raises:
        ValueError: if a row is not in the form in which it was written, or the trail does not lead back.
    """
    begins = f'"id":{read_id},"kind":"{Kind.READ}"'
    rows: list[AuditRow] = []
    patches: list[Patch] = []
    began = False

    def not_needed(other_id: int, _: Plain) -> Read:
        return study.reads[other_id]

    try:
        for row in trail:
            if row.read_id == read_id:
                patch = entry_of(row, not_needed).patch
                changes = tuple(change for change in patch.changes if change.kind in IN_READ)
                if changes:
                    rows.append(row)
                    patches.append(Patch(patch.operation, read_id, changes))
            elif begins in row.changes:
                rows, patches, began = [row], [], True
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a row of the audit trail cannot be read ({error})") from error
    history = ReadHistory(study.reads[read_id], tuple(rows), began, tuple(patches))
    history.check()
    return history
