"""The audit trail: one row per committed edit, each with the SHA-256 of itself and of the row before.

A change, a row left out or put in, breaks the chain from there on. The chain has no key: it shows accidents and casual
changes, and whoever recomputes all of it can hide one. A cut tail leaves the rest in order, so the last row's hash and
the number of rows are also known to the journal and can be noted elsewhere.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields

from workstation.entry import Action, Entry
from workstation.model.patch import Change, Patch
from workstation.storage.codec import (
    FindRead,
    ReadBlobs,
    canonical,
    decode_changes,
    decode_selections,
    encode_changes,
    encode_selections,
    sha256_hex,
)
from workstation.version import software_version

MAX_TARGET_LENGTH = 120


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One committed edit as text."""

    seq: int
    utc: str
    user: str
    action: str
    operation: str
    read_id: int | None
    target: str
    """What was changed, to be read by people: `hair 3, unit 2`."""
    changes: str
    """JSON: a list of {kind, id, before, after}."""
    selection: str
    """JSON: what was selected before and after."""
    reason: str
    software_version: str
    previous: str
    """The hash of the row before; `genesis` for the first."""
    sha256: str

    def expected_sha256(self) -> str:
        """The hash that this row must have."""
        content = [getattr(self, field.name) for field in fields(self) if field.name != "sha256"]
        return sha256_hex(canonical(content).encode())


def genesis(study_id: str) -> str:
    """What stands for the row before the first one: rows of another study do not fit on it."""
    return sha256_hex(f"trichodesk study {study_id}".encode())


def _name(change: Change) -> str:
    key = ".".join(map(str, change.key)) if isinstance(change.key, tuple) else change.key
    return f"{change.kind} {key}" if key else str(change.kind)


def row_of(entry: Entry, previous: str) -> tuple[AuditRow, ReadBlobs]:
    """The row that follows the one with the hash `previous`, and the whole reads that it names."""
    patch = entry.patch
    changes, blobs = encode_changes(patch.changes)
    names = ", ".join(map(_name, patch.changes))
    target = names if len(names) <= MAX_TARGET_LENGTH else f"{len(patch.changes)} changes: {names[:90]}…"
    selection = encode_selections(entry.selection_before, entry.selection_after)
    content = (
        entry.seq, entry.utc, entry.user, entry.action.value, patch.operation, patch.read_id, target, changes,
        selection, entry.reason, software_version(), previous,
    )  # fmt: skip
    return AuditRow(*content, sha256=sha256_hex(canonical(content).encode())), blobs


def entry_of(row: AuditRow, find_read: FindRead) -> Entry:
    """The edit that a row remembers.

    Raises:
        ValueError, KeyError, TypeError: if the row's JSON is not of the right form.
    """
    patch = Patch(row.operation, row.read_id, decode_changes(row.changes, find_read))
    before, after = decode_selections(row.selection)
    return Entry(row.seq, row.utc, row.user, Action(row.action), patch, before, after, row.reason)


def row_of_text(text: str) -> AuditRow:
    """A row of a work file's trail, as a merged package keeps it: the canonical JSON of all its fields by name.

    Raises:
        ValueError, TypeError: if it is not of that form.
    """
    return AuditRow(**json.loads(text))


def first_break(rows: Sequence[AuditRow], study_id: str, revision: int, head: str) -> str | None:
    """What is wrong with the first row that does not fit on the one before; None where the trail holds.

    Args:
        rows: the whole trail, oldest first.
        study_id: of the study that it belongs to.
        revision: how many rows there must be.
        head: the hash that the last one must have.
    """
    previous = genesis(study_id)
    for seq, row in enumerate(rows, start=1):
        if row.seq != seq:
            return f"audit row {row.seq} stands where row {seq} should"
        if row.previous != previous:
            return f"audit row {seq} ({row.utc}, {row.user}) does not follow the row before it"
        if row.sha256 != row.expected_sha256():
            return f"audit row {seq} ({row.utc}, {row.user}) or the one before it was changed after it was written"
        previous = row.sha256
    if len(rows) != revision:
        return f"the audit trail has {len(rows)} rows instead of {revision}"
    return None if previous == head else "the audit trail ends with another row than the file says"
