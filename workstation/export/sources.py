"""Where each number of the statistics comes from: the reads, and through them the images and hairs, behind it."""

from collections.abc import Iterator

from workstation.endpoints import Cell, known, read_columns
from workstation.export.image_tables import READ_COLUMNS
from workstation.export.table import Column, Kind, Row, Source, integer, number, text
from workstation.trial.results import ValueTable

SOURCES = (
    text("outcome", "name of the endpoint, or questionnaire_ and the questionnaire's code"),
    text("unit", "unit of the values"),
    text("subject", "the participant's code"),
    text("arm", "treatment group; empty where the trial has one alone"),
    number("week", "planned week of the value; 0 is the baseline", "week"),
    Column("subject_value", Kind.NUMBER, "what the statistics take for this subject and week"),
    integer("reads", "number of reads that this value rests on: that many rows have it"),
    *READ_COLUMNS,
    text("site", "treatment area that the image shows"),
    text("visit", "the visit at which the image was taken"),
    Column("value", Kind.NUMBER, "what this read alone gives on its own field"),
    text("image_sha256", "SHA-256 of the image's file"),
)


def source_rows(source: Source) -> Iterator[Row]:
    """One row for each read behind each value of the statistics; a questionnaire's score has one row without a read."""
    own = {row["read_id"]: row for row in source.endpoints}
    for table in source.analysis.tables:
        yield from _rows(source, table, own)


def _rows(source: Source, table: ValueTable, own: dict[Cell, dict[str, Cell]]) -> Iterator[Row]:
    study = source.study
    for subject, values in zip(table.subjects, table.values.tolist(), strict=True):
        for week, value in zip(table.weeks, values, strict=True):
            if (shown := known(value)) is None:
                continue
            read_ids = table.read_ids.get((subject, week), ())
            first: dict[str, Cell] = {
                "outcome": table.outcome.name,
                "unit": table.outcome.unit,
                "subject": subject,
                "arm": study.subjects[subject].arm,
                "week": week,
                "subject_value": shown,
                "reads": len(read_ids),
            }
            if not read_ids:
                yield first
            for read_id in read_ids:
                read = study.reads[read_id]
                image = study.images[read.image_id]
                yield {
                    **first,
                    **read_columns(read, source.names[image.id]),
                    "site": image.site,
                    "visit": study.visits[image.visit_id].name,
                    "value": own[read_id].get(table.outcome.name),
                    "image_sha256": image.sha256,
                }
