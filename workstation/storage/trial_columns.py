"""The trial as columns: plan, questionnaires, answers, and the scores that follow from them, adverse events."""

from workstation.model.study import Study
from workstation.questionnaires.scoring import score
from workstation.storage.tables import Columns, Group, table
from workstation.storage.trial_schema import (
    ADVERSE_EVENTS,
    ANSWERS,
    PLAN,
    PLANNED_VISITS,
    QUESTIONNAIRE_ITEMS,
    QUESTIONNAIRE_SCALE,
    QUESTIONNAIRES,
    SCORES,
)

Rows = list[tuple[object, ...]]


def trial_columns(study: Study) -> dict[str, Columns]:
    """The groups that hold the trial, in the order of codes and ids, so that equal studies give equal columns."""
    questionnaires = [one for _, one in sorted(study.questionnaires.items())]
    tables: list[tuple[Group, Rows]] = [
        (PLAN, _plan(study)),
        (PLANNED_VISITS, [(v.week, v.early_days, v.late_days) for v in study.plan.visits]),
        (QUESTIONNAIRES, [
            (
                one.id, one.title, one.intro, one.higher_is_better, one.scoring.value, one.min_answered,
                float("nan") if one.positive_from is None else one.positive_from,
            )
            for one in questionnaires
        ]),
        (QUESTIONNAIRE_ITEMS, [
            (one.id, item.id, item.text, item.reverse) for one in questionnaires for item in one.items
        ]),
        (QUESTIONNAIRE_SCALE, [(one.id, value, label) for one in questionnaires for value, label in one.scale]),
        (ANSWERS, _answers(study)),
        (SCORES, _scores(study)),
        (ADVERSE_EVENTS, [
            (
                event.id, event.subject, event.term, event.severity.value, event.relation.value, event.serious,
                event.start_date, event.end_date, event.comment,
            )
            for _, event in sorted(study.events.items())
        ]),
    ]  # fmt: skip
    return {group.name: table(group.columns, rows) for group, rows in tables}


def _plan(study: Study) -> Rows:
    plan = study.plan
    return [
        (
            plan.title, plan.primary_endpoint, plan.primary_week, plan.control_arm, plan.control_site, plan.named_utc,
        )
    ]  # fmt: skip


def _answers(study: Study) -> Rows:
    rows: Rows = []
    for _, response in sorted(study.responses.items()):
        visit = study.visits[response.visit_id]
        about = (response.id, visit.subject, visit.id, visit.name, response.questionnaire_id)
        items = study.questionnaires[response.questionnaire_id].items
        rows += [(*about, item.id, response.answers[item.id]) for item in items if item.id in response.answers]
    return rows


def _scores(study: Study) -> Rows:
    rows: Rows = []
    for _, response in sorted(study.responses.items()):
        visit, questionnaire = study.visits[response.visit_id], study.questionnaires[response.questionnaire_id]
        week = float("nan") if visit.week is None else visit.week
        rows.append(
            (
                response.id, visit.subject, visit.id, visit.name, week, questionnaire.id, len(response.answers),
                score(questionnaire, response.answers),
            )
        )  # fmt: skip
    return rows
