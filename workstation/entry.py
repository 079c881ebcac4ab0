"""A committed edit as it is remembered: in the history, in the journal, in the audit trail."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from workstation.model.patch import Patch


class Action(StrEnum):
    """Why a patch was applied. An undo is a new entry with the inverse patch: nothing is taken out of the record."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Selection:
    """What was selected in one read."""

    read_id: int | None = None
    hair_ids: frozenset[int] = frozenset()
    unit_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """One committed edit."""

    seq: int
    """Counts up by one from 1 over the life of the study."""
    utc: str
    """ISO 8601, UTC, to the millisecond."""
    user: str
    action: Action
    patch: Patch
    """As applied: for an undo the inverse of what it takes back."""
    selection_before: Selection = Selection()
    selection_after: Selection = Selection()
    reason: str = ""


class Journal(Protocol):
    """Keeps entries on disk."""

    def append(self, entry: Entry) -> None:
        """Put an entry on disk, synced, before returning.

        Raises:
            UserFacingError: if it could not be written; then it is not in the journal.
        """
        ...
