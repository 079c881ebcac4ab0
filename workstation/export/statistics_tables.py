"""The trial's statistics as tables, and where each of their numbers comes from: reads, and through them hairs."""

from collections.abc import Iterable, Iterator

from workstation.endpoints import Cell, known, read_columns
from workstation.export.described import columns_of
from workstation.export.image_tables import READ_COLUMNS
from workstation.export.table import Row, Source, Table, flag, integer, number, text
from workstation.trial.missing import missing_data
from workstation.trial.results import ValueTable
from workstation.trial.rows import (
    ATTENDANCE_COLUMNS,
    MISSING_COLUMNS,
    RESULT_COLUMNS,
    VALUE_COLUMNS,
    YES_COLUMNS,
    analysis_rows,
    attendance_rows,
    missing_rows,
    trial_rows,
    yes_rows,
)

SOURCES = (
    text("outcome", "name of the endpoint, or questionnaire_ and the questionnaire's code"),
    text("unit", "unit of the values"),
    text("subject", "the participant's code"),
    text("arm", "treatment group; empty where the trial has one alone"),
    number("week", "planned week of the value; 0 is the baseline", "week"),
    flag("is_control", "whether it is a value of the control site"),
    number("subject_value", "what the statistics take for this subject and week"),
    integer("reads", "number of reads that this value rests on: that many rows have it"),
    *READ_COLUMNS,
    text("site", "treatment area that the image shows"),
    text("visit", "the visit at which the image was taken"),
    number("value", "what this read alone gives on its own field"),
    text("image_sha256", "SHA-256 of the image's file"),
)


def source_rows(source: Source) -> Iterator[Row]:
    """One row for each read behind each value of the statistics; a questionnaire's score has one row without a read."""
    own = {row["read_id"]: row for row in source.endpoints}
    for table in source.analysis.tables:
        yield from _source_rows(source, table, own, is_control=False)
    for table in source.analysis.control_tables:
        yield from _source_rows(source, table, own, is_control=True)


def _source_rows(
    source: Source, table: ValueTable, own: dict[Cell, dict[str, Cell]], *, is_control: bool
) -> Iterator[Row]:
    subjects = source.study.subjects
    for subject, values in zip(table.subjects, table.values.tolist(), strict=True):
        for week, value in zip(table.weeks, values, strict=True):
            if (shown := known(value)) is None:
                continue
            read_ids = table.read_ids.get((subject, week), ())
            of_value: dict[str, Cell] = {
                "outcome": table.outcome.name,
                "unit": table.outcome.unit,
                "subject": subject,
                "arm": subjects[subject].arm,
                "week": week,
                "is_control": is_control,
                "subject_value": shown,
                "reads": len(read_ids),
            }
            if not read_ids:
                yield of_value
            for read_id in read_ids:
                yield {**of_value, **_of_read(source, read_id), "value": own[read_id][table.outcome.name]}


def _of_read(source: Source, read_id: int) -> Row:
    study = source.study
    read = study.reads[read_id]
    image = study.images[read.image_id]
    return {
        **read_columns(read, source.names[image.id]),
        "site": image.site,
        "visit": study.visits[image.visit_id].name,
        "image_sha256": image.sha256,
    }


def _missing_rows(source: Source) -> Iterable[Row]:
    return missing_rows(missing_data(source.study, tables=source.analysis.tables))


STATISTICS_TABLES = (
    Table(
        "statistics", "Statistics", "One row an outcome, arm and week: values and change from the baseline.",
        columns_of(RESULT_COLUMNS), lambda source: analysis_rows(source.analysis),
    ),
    Table(
        "proportions", "Proportions", "One row a questionnaire, arm and week: how many would say yes.",
        columns_of(YES_COLUMNS), lambda source: yes_rows(source.analysis),
    ),
    Table(
        "values", "Values", "One row an outcome, subject and week: what the statistics rest on.",
        columns_of(VALUE_COLUMNS), lambda source: trial_rows(source.study, source.analysis),
    ),
    Table(
        "statistics_sources", "Sources", "One row for each read behind each of those values.", SOURCES, source_rows,
        lambda source: 15 * len(source.reads),
    ),
    Table(
        "attendance", "Attendance", "One row a subject and planned week: whether it was seen, and when.",
        columns_of(ATTENDANCE_COLUMNS), lambda source: attendance_rows(source.study),
    ),
    Table(
        "missing", "Missing", "One row for each thing that the trial lacks, and why.",
        columns_of(MISSING_COLUMNS), _missing_rows,
    ),
)  # fmt: skip
