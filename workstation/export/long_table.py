"""Every endpoint of every image in long format, as mixed models and plotting programs want it."""

from collections.abc import Iterator

from analysis.measures import ENDPOINTS
from workstation.endpoints import Cell
from workstation.export.image_tables import READ_COLUMNS
from workstation.export.table import Row, Source, day, number, text

_OF_READ = tuple(column.name for column in READ_COLUMNS)
_WHERE = (
    text("subject", "the participant's code"),
    text("arm", "treatment group; empty where the trial has one alone"),
    text("site", "treatment area"),
    text("visit", "the visit's name"),
    number("week", "planned week since the baseline", "week"),
    day("date", "the day on which it was"),
)
LONG = (
    *_WHERE,
    *READ_COLUMNS,
    text("endpoint", "name of the endpoint"),
    text("unit", "unit of the value; empty for counts, shares and ratios"),
    number("value", "the endpoint of this read on its own field; empty where it is undefined"),
)


def long_rows(source: Source) -> Iterator[Row]:
    """One row an endpoint of each image that has a read, in the order of the table of images."""
    subjects = source.study.subjects
    for row in source.endpoints:
        if row["read_id"] is None:
            continue
        where: dict[str, Cell] = {
            "subject": row["subject"],
            "arm": subjects[str(row["subject"])].arm,
            **{name: row[name] for name in ("site", "visit", "week", "date", *_OF_READ)},
        }
        for endpoint in ENDPOINTS:
            yield {**where, "endpoint": endpoint.name, "unit": endpoint.unit, "value": row[endpoint.name]}
