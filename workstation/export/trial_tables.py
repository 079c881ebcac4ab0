"""The trial as tables: subjects, visits, what subjects told, and in long format every endpoint of every image."""

import math
from collections import Counter
from collections.abc import Iterator

from analysis.measures import ENDPOINTS
from workstation.endpoints import Cell, known
from workstation.export.image_tables import READ_COLUMNS
from workstation.export.table import Row, Source, day, flag, integer, number, text
from workstation.model.study import Visit
from workstation.questionnaires.scoring import score

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

ANSWERS = (
    text("subject", "the participant's code"),
    text("arm", "treatment group; empty where the trial has one alone"),
    text("visit", "the visit's name"),
    number("week", "planned week since the baseline", "week"),
    day("date", "the day on which it was"),
    text("questionnaire", "the questionnaire's code"),
    text("title", "the questionnaire's title"),
    number("score", "of the whole questionnaire at this visit; empty where too few items were answered", "points", 2),
    text("item", "the item's code"),
    text("question", "the item's words"),
    integer("answer", "as given, not turned round; empty where it was not answered"),
    text("label", "what that answer means"),
    flag("reverse", "whether a high answer means the opposite of a high score"),
)
EVENTS = (
    integer("event", "number of the event in the study"),
    text("subject", "the participant's code"),
    text("arm", "treatment group; empty where the trial has one alone"),
    text("term", "what it was"),
    text("severity", "mild, moderate or severe"),
    flag("serious", "death, danger to life, hospital or lasting harm"),
    text("relation", "whether the treatment caused it, as the investigator judges"),
    day("start_date", "its first day"),
    day("end_date", "its last day; empty where it lasts or is not known"),
    text("comment", "comment"),
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


def answer_rows(source: Source) -> Iterator[Row]:
    """One row an item of each answered questionnaire, by subject and time."""
    study = source.study
    for response in sorted(study.responses.values(), key=lambda r: (*_order(study.visits[r.visit_id]), r.id)):
        visit, questionnaire = study.visits[response.visit_id], study.questionnaires[response.questionnaire_id]
        labels = dict(questionnaire.scale)
        of_response: dict[str, Cell] = {
            "subject": visit.subject,
            "arm": study.subjects[visit.subject].arm,
            "visit": visit.name,
            "week": visit.week,
            "date": visit.date,
            "questionnaire": questionnaire.id,
            "title": questionnaire.title,
            "score": known(score(questionnaire, response.answers)),
        }
        for item in questionnaire.items:
            answer = response.answers.get(item.id)
            yield {
                **of_response,
                "item": item.id,
                "question": item.text,
                "answer": answer,
                "label": None if answer is None else labels.get(answer),
                "reverse": item.reverse,
            }


def event_rows(source: Source) -> Iterator[Row]:
    """One row an adverse event, by subject and first day."""
    study = source.study
    for event in sorted(study.events.values(), key=lambda e: (e.subject, e.start_date, e.id)):
        yield {
            "event": event.id,
            "subject": event.subject,
            "arm": study.subjects[event.subject].arm,
            "term": event.term,
            "severity": event.severity.value,
            "serious": event.serious,
            "relation": event.relation.value,
            "start_date": event.start_date,
            "end_date": event.end_date,
            "comment": event.comment,
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
