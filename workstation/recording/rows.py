"""What is recorded, as the rows of tables: answers and events in the columns in which they are read again."""

import math

from workstation.endpoints import Cell, known
from workstation.model.study import Study, Visit
from workstation.model.trial import Response
from workstation.questionnaires.scoring import score

Rows = list[dict[str, Cell]]

SUBJECT_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("subject", "", "the participant's code"),
    ("sex", "", "female, male, or as written"),
    ("age", "years", "age at the start"),
    ("grade", "", "Hamilton–Norwood or Ludwig grade"),
    ("arm", "", "treatment group; empty where the trial has one alone"),
    ("visits", "", "number of visits"),
    ("images", "", "number of images"),
    ("adverse_events", "", "number of adverse events"),
)
VISIT_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("subject", "", "the participant's code"),
    ("visit", "", "name of the visit"),
    ("week", "week", "planned week since the baseline"),
    ("date", "", "day of the visit, ISO 8601"),
    ("images", "", "number of images"),
    ("questionnaires", "", "number of filled-in questionnaires"),
)
ANSWER_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("subject", "", "the participant's code"),
    ("visit", "", "name of the visit"),
    ("week", "week", "planned week since the baseline"),
    ("date", "", "day of the visit, ISO 8601"),
    ("questionnaire", "", "the questionnaire's id"),
    ("item", "", "the question's id"),
    ("question", "", "the question"),
    ("value", "", "the answer as a number, as it was given: not turned round"),
    ("answer", "", "the answer in words"),
)
SCORE_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("subject", "", "the participant's code"),
    ("visit", "", "name of the visit"),
    ("week", "week", "planned week since the baseline"),
    ("date", "", "day of the visit, ISO 8601"),
    ("questionnaire", "", "the questionnaire's id"),
    ("n_answered", "", "number of items that were answered"),
    ("n_items", "", "number of items"),
    ("score", "", "mean or sum of the answers; empty where too few were given"),
)
EVENT_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("subject", "", "the participant's code"),
    ("term", "", "what it was"),
    ("severity", "", "mild, moderate or severe"),
    ("relation", "", "to the treatment: not related, unlikely, possible, probable or definite"),
    ("serious", "", "death, danger to life, hospital or lasting harm"),
    ("start", "", "first day, ISO 8601"),
    ("end", "", "last day, ISO 8601; empty where it lasts or is not known"),
    ("comment", "", "the investigator's comment"),
)
"""Name, unit and meaning of the columns, here and above."""


def subject_rows(study: Study) -> Rows:
    """One row a subject, by code, in the columns of `SUBJECT_COLUMNS`."""
    visits, images, events = (dict.fromkeys(study.subjects, 0) for _ in range(3))
    for visit in study.visits.values():
        visits[visit.subject] += 1
    for image in study.images.values():
        images[study.visits[image.visit_id].subject] += 1
    for event in study.events.values():
        events[event.subject] += 1
    return [
        {
            "subject": code,
            "sex": subject.sex,
            "age": subject.age,
            "grade": subject.grade,
            "arm": subject.arm,
            "visits": visits[code],
            "images": images[code],
            "adverse_events": events[code],
        }
        for code, subject in sorted(study.subjects.items())
    ]


def visit_rows(study: Study) -> Rows:
    """One row a visit, by subject and time, in the columns of `VISIT_COLUMNS`."""
    images, filled = dict.fromkeys(study.visits, 0), dict.fromkeys(study.visits, 0)
    for image in study.images.values():
        images[image.visit_id] += 1
    for response in study.responses.values():
        filled[response.visit_id] += 1
    return [
        {**_of_visit(visit), "images": images[visit.id], "questionnaires": filled[visit.id]}
        for visit in sorted(study.visits.values(), key=_when)
    ]


def answer_rows(study: Study) -> Rows:
    """One row an answer, by subject, time, questionnaire and item, in the columns of `ANSWER_COLUMNS`."""
    rows: Rows = []
    for visit, response in _responses(study):
        questionnaire = study.questionnaires[response.questionnaire_id]
        words = dict(questionnaire.scale)
        rows += [
            {
                **_of_visit(visit),
                "questionnaire": questionnaire.id,
                "item": item.id,
                "question": item.text,
                "value": response.answers[item.id],
                "answer": words[response.answers[item.id]],
            }
            for item in questionnaire.items
            if item.id in response.answers
        ]
    return rows


def score_rows(study: Study) -> Rows:
    """One row a filled-in questionnaire with its score, in the columns of `SCORE_COLUMNS`."""
    rows: Rows = []
    for visit, response in _responses(study):
        questionnaire = study.questionnaires[response.questionnaire_id]
        rows.append(
            {
                **_of_visit(visit),
                "questionnaire": questionnaire.id,
                "n_answered": len(response.answers),
                "n_items": len(questionnaire.items),
                "score": known(score(questionnaire, response.answers)),
            }
        )
    return rows


def event_rows(study: Study) -> Rows:
    """One row an adverse event, by subject and start, in the columns of `EVENT_COLUMNS`."""
    return [
        {
            "subject": event.subject,
            "term": event.term,
            "severity": event.severity.value,
            "relation": event.relation.value,
            "serious": event.serious,
            "start": event.start_date,
            "end": event.end_date,
            "comment": event.comment,
        }
        for event in sorted(study.events.values(), key=lambda e: (e.subject, e.start_date, e.id))
    ]


def _responses(study: Study) -> list[tuple[Visit, Response]]:
    found = [(study.visits[response.visit_id], response) for response in study.responses.values()]
    return sorted(found, key=lambda pair: (*_when(pair[0]), pair[1].questionnaire_id))


def _when(visit: Visit) -> tuple[str, float, str, int]:
    return visit.subject, math.inf if visit.week is None else visit.week, visit.date, visit.id


def _of_visit(visit: Visit) -> dict[str, Cell]:
    return {"subject": visit.subject, "visit": visit.name, "week": visit.week, "date": visit.date}
