"""The record as a table: one row a change, in the order in which things were done."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from workstation.endpoints import Cell, um_per_px
from workstation.export.csv_file import write_csv
from workstation.export.table import flag, integer, text
from workstation.record.differences import Difference, differences
from workstation.record.rows import Record, RecordRow

MAX_DIFFERENCES = 50
"""Of one change; of more, the number of the rest."""
AUDIT_COLUMNS = (
    integer("row", "number in its audit trail, from 1"),
    text("work_file_of", "reader of the blinded work file in which the change was made; empty: in the study itself"),
    text("utc", "when, ISO 8601, UTC"),
    text("user", "who"),
    text("action", "do, undo or redo"),
    text("operation", "what was done"),
    text("target", "what it was done to"),
    text("image", "the image, where it is about one"),
    integer("read_id", "the read, in the numbers of the study or of the work file"),
    text("reader", "whose read it is"),
    text("changes", "from what to what"),
    text("reason", "why, where it was said"),
    flag("after_submission", "the read had been submitted before"),
    text("software_version", "version of trichodesk that made the change"),
    text("previous_sha256", "hash of the row before"),
    text("sha256", "hash of this row"),
)


def audit_rows(record: Record, places: Iterable[int] | None = None) -> Iterator[dict[str, Cell]]:
    """Rows of the table.

    Args:
        record: the record.
        places: which of its rows; all if None.
    """
    for i in range(len(record.rows)) if places is None else places:
        found = record.rows[i]
        row = found.row
        yield {
            "row": row.seq,
            "work_file_of": found.package_reader,
            "utc": row.utc,
            "user": row.user,
            "action": row.action,
            "operation": row.operation,
            "target": row.target,
            "image": found.image,
            "read_id": row.read_id,
            "reader": found.reader,
            "changes": changes_text(record, found),
            "reason": row.reason,
            "after_submission": found.after_submission,
            "software_version": row.software_version,
            "previous_sha256": row.previous,
            "sha256": row.sha256,
        }


def write_audit_csv(path: Path, record: Record, places: Iterable[int] | None = None) -> None:
    """Write the record, or some of its rows, as CSV; spreadsheets take nothing in it for a formula.

    Raises:
        UserFacingError: if it cannot be written.
    """
    write_csv(path, [column.name for column in AUDIT_COLUMNS], audit_rows(record, places))


def differences_of(record: Record, found: RecordRow) -> tuple[Difference, ...]:
    """What a row changed; lengths by the scale that its image has now."""
    image = record.study.images.get(found.image_id or 0)
    try:
        return differences(found.row.changes, None if image is None else um_per_px(image))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):  # of a damaged or a newer row
        return (Difference("this row", "", "not in a form that this version can read"),)


def changes_text(record: Record, found: RecordRow, at_most: int = MAX_DIFFERENCES) -> str:
    """What a row changed, as one text; of more differences than so many, the number of the rest."""
    told = differences_of(record, found)
    more = [f"and {len(told) - at_most} more"] if len(told) > at_most else []
    return "; ".join([*map(str, told[:at_most]), *more])
