"""Walking back from a study's present state through its audit trail: what the history is made of after a restart."""

from collections.abc import Sequence
from dataclasses import dataclass

from workstation.entry import Entry
from workstation.model.creation import Creation
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.storage.audit import AuditRow, entry_of
from workstation.storage.codec import Plain, beginning, read_digest
from workstation.storage.creation import created_with, creation_of
from workstation.storage.past import Past


@dataclass(frozen=True)
class Rewound:
    """A study's past."""

    entries: tuple[Entry, ...]
    """The edits that lead without a gap to the present state, oldest first."""
    problem: str
    """Why the edits before the first of `entries` do not fit; empty where the trail reaches back to the start."""


def rewind(
    study: Study, rows: Sequence[AuditRow], *, check_values: bool = True, check_digests: bool = False
) -> Rewound:
    """Walk back from the present state through the whole trail.

    A row names a whole read by its digest alone; going back to that row gives the read itself.

    Args:
        study: the state after the last row.
        rows: all rows, oldest first.
        check_values: see whether each row left what the row after it found; needless for a trail that this program
            wrote and checked itself.
        check_digests: compare each whole read, and what the study was created with, with its digest: it takes a
            while.
    """
    entries: list[Entry] = []
    past = Past(study, check_values=check_values)

    def as_it_was(read_id: int, value: Plain) -> Read:
        read = past.read(read_id)
        if check_digests and not _is_described(read, value, past):
            raise ValueError(f"read {read_id} is not the one that was brought in then")
        return read

    for row in reversed(rows):
        try:
            entry = entry_of(row, as_it_was)
            past.take_back(entry.patch)
            if check_digests and (creation := created_with(entry)) is not None:
                _refuse_other_beginning(creation, row, past)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            return Rewound(tuple(reversed(entries)), f"audit row {row.seq} does not agree with the study ({error})")
        entries.append(entry)
    return Rewound(tuple(reversed(entries)), "")


def _is_described(read: Read, value: Plain, past: Past) -> bool:
    """Whether a read, as it was, is the one that a row brought into the study."""
    begun = beginning(value, past.read)
    if begun is None:
        return read_digest(read) == str(value["read_sha256"])
    same_origin = (read.image_id, read.created_utc) == (begun.image_id, begun.created_utc)
    return same_origin and read.same_content(begun)


def _refuse_other_beginning(creation: Creation, row: AuditRow, past: Past) -> None:
    if row.seq != 1:
        raise ValueError("the study was there already")
    if creation != creation_of(past.study()):
        raise ValueError("it was not created with what is in the file")
