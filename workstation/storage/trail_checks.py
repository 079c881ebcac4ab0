"""Whether the audit trail holds, row by row, and what it says of reads, of their states and of merged work files."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from workstation.counting import counted
from workstation.model.package import Package, Returned
from workstation.model.patch import IN_READ, Kind
from workstation.model.read import Read, ReadState
from workstation.model.study import Study
from workstation.storage.audit import AuditRow, first_break, row_of_text
from workstation.storage.creation import CREATED

_MARKS = {kind: f'"kind":"{kind}"' for kind in Kind}
Plain = dict[str, Any]


def begins_with_creation(rows: Sequence[AuditRow]) -> bool:
    """Whether the first row says with what the study was created; one of before format 1.4 has none."""
    return bool(rows) and rows[0].operation == CREATED and _MARKS[Kind.STUDY] in rows[0].changes


def package_problems(study: Study) -> Iterator[str]:
    """What does not hold of the trails that came back in work files, each by its reader's name."""
    for package in study.packages.values():
        if package.returned is not None and (broken := _package_break(package, package.returned)):
            yield f"the work file of {package.reader}: {broken}"


def _package_break(package: Package, returned: Returned) -> str | None:
    try:
        rows = [row_of_text(text) for text in returned.rows]
        strangers = [row for row in rows if row.user != package.reader and not _says(row, Kind.STUDY)]
    except (ValueError, TypeError, RecursionError):
        return "its audit trail cannot be read"
    if broken := first_break(rows, package.study_id, returned.revision, returned.head_sha256):
        return broken
    if strangers:
        return f"its audit row {strangers[0].seq} is by {strangers[0].user}"
    return None


def state_problems(study: Study, rows: Sequence[AuditRow]) -> Iterator[str]:
    """Where a read came into a state in a way that no edit allows: accepted by its own reader, signed and changed."""
    signed = {read.id for read in study.reads.values() if read.review.state is ReadState.SIGNED and not read.package}
    locked: dict[int, int] = {}
    for row in rows:
        read_id = row.read_id
        read = None if read_id is None else study.reads.get(read_id)
        if read is None or read_id is None:
            continue
        if read_id in locked and any(_says(row, kind) for kind in IN_READ):
            yield f"read {read_id} was signed in audit row {locked[read_id]} and changed in row {row.seq}"
            return
        if (state := _new_state(row)) is not None:
            if state == ReadState.ACCEPTED and row.user == read.reader and row.action == "do":
                yield f"read {read_id} was accepted by {row.user}, who made it (audit row {row.seq})"
                return
            if state == ReadState.SIGNED:
                locked[read_id] = row.seq
    for read_id in sorted(signed - locked.keys()):
        if not _brought_in_signed(rows, read_id):
            yield f"read {read_id} is signed, and no audit row says by whom"
            return
    yield from _unexplained(study, rows)


def _unexplained(study: Study, rows: Sequence[AuditRow]) -> Iterator[str]:
    """Reads that stand accepted by a reader of their own, whatever the rows say."""
    own = (read for read in study.reads.values() if _decided_by_itself(read))
    yield from (f"read {read.id} is {read.review.state} by {read.reader}, who made it" for read in own)


def _decided_by_itself(read: Read) -> bool:
    return read.review.state is ReadState.ACCEPTED and bool(read.reader) and read.review.decided_by == read.reader


def _says(row: AuditRow, kind: Kind) -> bool:
    return _MARKS[kind] in row.changes


def _new_state(row: AuditRow) -> str | None:
    """The state into which a row brought its read, as it is written there; None where it changed none."""
    if not _says(row, Kind.REVIEW):
        return None
    for change in json.loads(row.changes):
        if change["kind"] == Kind.REVIEW and change["before"]["state"] != change["after"]["state"]:
            return str(change["after"]["state"])
    return None


def _brought_in_signed(rows: Sequence[AuditRow], read_id: int) -> bool:
    """Whether a read came in as a whole, signed already: its digest is in that row."""
    begins = f'"id":{read_id},{_MARKS[Kind.READ]}'
    return any(begins in row.changes for row in rows)


def trail_text(rows: Sequence[AuditRow], head: str) -> str:
    """What is said of a trail that holds."""
    if not rows:
        return "No edit yet."
    return f"{counted(len(rows), 'row')}, the last one {head[:12]}…; they lead to the values in the file."
