"""The trial as tables: subjects, visits, and in long format every endpoint of every image."""

import math
from collections import Counter
from collections.abc import Iterator

from analysis.measures import ENDPOINTS
from workstation.endpoints import Cell
from workstation.export.image_tables import READ_COLUMNS
from workstation.export.table import Row, Source, day, integer, number, text
from workstation.model.study import Visit

SUBJECTS = (
    text("subject", "the participant's code"),
    text("arm", "treatment group; empty where the trial has one alone"),
    text("sex", "as in the manifest"),
    number("age", "age", "years", 0),
    text("grade", "Hamilton–Norwood or Ludwig grade"),
    integer("visits", "number of visits in the study"),
    integer("images", "number of images in the study"),
)
VISITS = (
    text("subject", "the participant's code"),
    text("visit", "the visit's name"),
    number("week", "planned week since the baseline", "week"),
    day("date", "the day on which it was"),
    integer("images", "number of images taken then"),
)
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


def subject_rows(source: Source) -> Iterator[Row]:
    """One row a subject, by code."""
    study = source.study
    visits = [visit.subject for visit in study.visits.values()]
    images = [study.visits[image.visit_id].subject for image in study.images.values()]
    n_visits, n_images = Counter(visits), Counter(images)
    for code, subject in sorted(study.subjects.items()):
        yield {
            "subject": code,
            "arm": subject.arm,
            "sex": subject.sex,
            "age": subject.age,
            "grade": subject.grade,
            "visits": n_visits[code],
            "images": n_images[code],
        }


def visit_rows(source: Source) -> Iterator[Row]:
    """One row a visit, by subject and time."""
    study = source.study
    n_images = Counter(image.visit_id for image in study.images.values())
    for visit in sorted(study.visits.values(), key=_order):
        yield {
            "subject": visit.subject,
            "visit": visit.name,
            "week": visit.week,
            "date": visit.date,
            "images": n_images[visit.id],
        }


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


def _order(visit: Visit) -> tuple[str, float, str, int]:
    return visit.subject, math.inf if visit.week is None else visit.week, visit.date, visit.id
