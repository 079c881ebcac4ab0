"""What an audit trail tells besides its own chain: how the study began, of merged work files, of the reads' states."""

import json
from collections.abc import Iterator, Sequence

from workstation.model.package import Package, Returned
from workstation.model.patch import IN_READ, Kind
from workstation.model.read import ReadState
from workstation.model.study import Study
from workstation.storage.audit import AuditRow, first_break, row_of_text
from workstation.storage.creation import CREATED

_MARKS = {kind: f'"kind":"{kind}"' for kind in Kind}


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
            if state == ReadState.ACCEPTED and row.user == read.reader:
                yield f"read {read_id} was accepted by {row.user}, who made it (audit row {row.seq})"
                return
            if state == ReadState.SIGNED:
                locked[read_id] = row.seq
    for read in study.reads.values():  # whatever the rows say
        if read.review.state is ReadState.ACCEPTED and read.reader and read.review.decided_by == read.reader:
            yield f"read {read.id} is accepted by {read.reader}, who made it"
            return


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
