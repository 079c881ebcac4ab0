"""The trial of a study from the columns of its file: what the model does not allow is not believed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from workstation.model.study import Study
from workstation.model.trial import (
    AdverseEvent,
    Item,
    PlannedVisit,
    Questionnaire,
    Relation,
    Response,
    Scoring,
    Severity,
    TrialPlan,
)
from workstation.model.trial_validity import trial_problems
from workstation.storage.rows import by_id, rows_of, values_of
from workstation.storage.tables import Columns


def with_trial(study: Study, groups: Mapping[str, Columns]) -> Study:
    """A study with the trial that a file's columns hold.

    Args:
        study: the file's subjects and visits.
        groups: the file's tables; empty ones, of a file older than the trial, give none.

    Raises:
        ValueError: if the columns contradict one another, or hold what the model does not allow.
    """
    found = replace(
        study,
        plan=_plan(groups["plan"], groups["planned_visits"]),
        questionnaires=MappingProxyType(_questionnaires(groups)),
        responses=MappingProxyType(by_id(_responses(groups["answers"]), "response")),
        events=MappingProxyType(by_id((_event(row) for row in rows_of(groups["adverse_events"])), "adverse event")),
    )
    if problems := trial_problems(found):
        raise ValueError(problems[0])
    return found


def _plan(plan: Columns, planned_visits: Columns) -> TrialPlan:
    visits = tuple(PlannedVisit(**row) for row in rows_of(planned_visits))
    rows = [TrialPlan(**row, visits=visits) for row in rows_of(plan)]
    if len(rows) > 1 or (visits and not rows):
        raise ValueError(f"there are {len(rows)} plans")
    return rows[0] if rows else TrialPlan()


def _questionnaires(groups: Mapping[str, Columns]) -> dict[str, Questionnaire]:
    items: dict[str, list[Item]] = {}
    scales: dict[str, list[tuple[int, str]]] = {}
    for row in rows_of(groups["questionnaire_items"]):
        items.setdefault(row["questionnaire_id"], []).append(Item(row["item"], row["text"], row["reverse"]))
    for row in rows_of(groups["questionnaire_scale"]):
        scales.setdefault(row["questionnaire_id"], []).append((row["value"], row["label"]))
    rows = rows_of(groups["questionnaires"])
    found = by_id((_questionnaire(row, items, scales) for row in rows), "questionnaire")
    if strange := (items.keys() | scales.keys()) - found.keys():
        raise ValueError(f"there is no questionnaire {min(strange)!r}")
    return found


def _questionnaire(
    row: dict[str, Any], items: dict[str, list[Item]], scales: dict[str, list[tuple[int, str]]]
) -> Questionnaire:
    code, limit = row["questionnaire_id"], row["positive_from"]
    return Questionnaire(
        id=code,
        title=row["title"],
        items=tuple(items.get(code, ())),
        scale=tuple(scales.get(code, ())),
        intro=row["intro"],
        higher_is_better=row["higher_is_better"],
        scoring=Scoring(row["scoring"]),
        min_answered=row["min_answered"],
        positive_from=None if limit != limit else limit,
    )


def _responses(columns: Columns) -> Iterator[Response]:
    """Of answers that may stand in any order: those with one response_id make a response."""
    places: dict[int, tuple[int, str]] = {}
    answers: dict[int, dict[str, int]] = {}
    names = ("response_id", "visit_id", "questionnaire_id", "item", "value")
    for id_, visit_id, code, item, value in zip(*(values_of(columns[name]) for name in names), strict=True):
        place = visit_id, code
        if places.setdefault(id_, place) != place:
            raise ValueError(f"response {id_} is of two visits or questionnaires")
        given = answers.setdefault(id_, {})
        if item in given:
            raise ValueError(f"response {id_} answers {item!r} twice")
        given[item] = value
    return (Response(id_, *place, MappingProxyType(answers[id_])) for id_, place in places.items())


def _event(row: dict[str, Any]) -> AdverseEvent:
    judged = {"severity": Severity(row["severity"]), "relation": Relation(row["relation"])}
    return AdverseEvent(row.pop("event_id"), **row | judged)
