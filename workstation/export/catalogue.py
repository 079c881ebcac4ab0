"""All tables of an export, in the order in which a workbook shows them."""

from collections.abc import Iterator

from workstation.changes import change_rows
from workstation.export.agreement_tables import AGREEMENT_TABLES
from workstation.export.described import columns_of
from workstation.export.image_tables import HAIRS, IMAGES, UNITS, hair_rows, image_rows, unit_rows
from workstation.export.long_table import LONG, long_rows
from workstation.export.match_tables import CHANGES, MATCHES, match_rows
from workstation.export.settlement_table import SETTLEMENTS, n_settlements, settlement_rows
from workstation.export.signature_tables import SIGNATURE_TABLE
from workstation.export.statistics_tables import STATISTICS_TABLES
from workstation.export.table import Row, Source, Table, text
from workstation.record.csv_file import AUDIT_COLUMNS, audit_rows
from workstation.record.rows import record_of
from workstation.recording import rows as recorded


def _n_hairs(source: Source) -> int:
    return sum(len(read.hairs) for read in source.reads)


def _n_units(source: Source) -> int:
    return sum(len(read.units) for read in source.reads)


SUBJECT_TABLE = Table(
    "subjects", "Subjects", "One row a participant.", columns_of(recorded.SUBJECT_COLUMNS),
    lambda source: recorded.subject_rows(source.study),
)  # fmt: skip
VISIT_TABLE = Table(
    "visits", "Visits", "One row a visit of a subject.", columns_of(recorded.VISIT_COLUMNS),
    lambda source: recorded.visit_rows(source.study),
)  # fmt: skip
ANSWER_TABLE = Table(
    "answers", "Answers", "One row an answer to a question of a questionnaire.", columns_of(recorded.ANSWER_COLUMNS),
    lambda source: recorded.answer_rows(source.study),
)  # fmt: skip
SCORE_TABLE = Table(
    "scores", "Scores", "One row a filled-in questionnaire with its score.", columns_of(recorded.SCORE_COLUMNS),
    lambda source: recorded.score_rows(source.study),
)  # fmt: skip
EVENT_TABLE = Table(
    "events", "Adverse events", "One row an adverse event.", columns_of(recorded.EVENT_COLUMNS),
    lambda source: recorded.event_rows(source.study),
)  # fmt: skip
IMAGE_TABLE = Table(
    "images", "Images", "One row an image: where it comes from, then all endpoints of its read in use.", IMAGES,
    image_rows,
)  # fmt: skip
CHANGE_TABLE = Table(
    "changes", "Changes", "One row a pair of images of one area: what changed from the earlier to the later.", CHANGES,
    lambda source: change_rows(source.study),
)  # fmt: skip
LONG_TABLE = Table(
    "endpoints_long", "Endpoints (long)", "One row an endpoint of an image's read in use.", LONG, long_rows,
)  # fmt: skip
AUDIT_TABLE = Table(
    "audit", "Record", "One row a change: who, when, what, from, to and why; merged work files included.",
    AUDIT_COLUMNS,
    lambda source: iter(()) if source.trail is None else audit_rows(record_of(source.study, source.trail)),
    lambda source: len(source.trail or ()),
)  # fmt: skip
MATCH_TABLE = Table(
    "matches", "Matches", "One row a unit or hair of a registered pair: what became of it.", MATCHES, match_rows,
    _n_hairs,
)  # fmt: skip
HAIR_TABLE = Table(
    "hairs", "Hairs", "One row a hair of a read in use, rejected ones too.", HAIRS, hair_rows, _n_hairs
)  # fmt: skip
UNIT_TABLE = Table("units", "Units", "One row a follicular unit of a read in use.", UNITS, unit_rows, _n_units)
SETTLEMENT_TABLE = Table(
    "settlements", "Settlements", "One row a thing that a third read in use settled, or that its two reads agree on.",
    SETTLEMENTS, settlement_rows, n_settlements,
)  # fmt: skip

TABLES = (
    SUBJECT_TABLE, VISIT_TABLE, IMAGE_TABLE, LONG_TABLE, CHANGE_TABLE, *STATISTICS_TABLES, *AGREEMENT_TABLES,
    ANSWER_TABLE, SCORE_TABLE, EVENT_TABLE, SETTLEMENT_TABLE, SIGNATURE_TABLE, AUDIT_TABLE, MATCH_TABLE, UNIT_TABLE,
    HAIR_TABLE,
)  # fmt: skip
"""Every table."""
SHEETS = tuple(table for table in TABLES if table not in (LONG_TABLE, AUDIT_TABLE))
"""Of a workbook: the long table says what Images says, in a form for programs; the record can have 100,000 rows."""
OBJECT_TABLES = (LONG_TABLE, MATCH_TABLE, UNIT_TABLE, HAIR_TABLE)
"""The long ones, of which a program reads a part."""

COLUMNS = (
    text("table", "name of the table: of its file, or of its sheet"),
    text("column", "name of the column"),
    text("unit", "unit of its values; empty where they have none"),
    text("holds", "text, whole number, number, true or false, or day"),
    text("meaning", "what it says"),
)


def column_rows(tables: tuple[Table, ...], *, sheets: bool = False) -> Iterator[Row]:
    """One row a column of each table: the key to all others.

    Args:
        tables: the tables.
        sheets: name them as their sheets, else as their files.
    """
    for table in tables:
        for column in table.columns:
            yield {
                "table": table.sheet if sheets else table.name,
                "column": column.name,
                "unit": column.unit,
                "holds": column.kind.value,
                "meaning": column.description,
            }
