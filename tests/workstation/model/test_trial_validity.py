from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.recorded_trial import GROWTH, ITCHING, PLAN, RESPONSES, WOULD, by_id, response, trial_study
from workstation.model.patch import Change, Kind, Patch, apply
from workstation.model.study import Subject, Visit
from workstation.model.study_validity import study_problems_after
from workstation.model.trial import Item, PlannedVisit
from workstation.model.trial_validity import (
    is_day,
    is_week,
    questionnaire_problems,
    trial_problems,
    trial_problems_after,
)

STUDY = trial_study()
NAN, INF = float("nan"), float("inf")
EMPTY = MappingProxyType({})


def after(*changes, study=STUDY):
    """What the patch of these changes makes wrong."""
    patch = Patch("break", None, changes)
    return trial_problems_after(apply(study, patch), patch)


def test_a_trial_is_valid():
    assert trial_problems(STUDY) == []
    assert trial_problems(trial_study(plan=replace(PLAN, visits=()))) == []


PLANS = [
    ({"title": "\0"}, "a text of the plan has a character that cannot be stored"),
    ({"control_site": "\ud800"}, "a text of the plan has a character that cannot be stored"),
    ({"visits": (PlannedVisit(NAN),)}, "a planned week is not from −2000 to 2000"),
    ({"visits": (PlannedVisit(4.0), PlannedVisit(4.0))}, "the planned visits are not in the order of their weeks, or "
     "two are of one week"),
    ({"visits": (PlannedVisit(4.0, -1),)}, "a visit's window is not from 0 to 365 days"),
    ({"visits": (PlannedVisit(4.0, 0, 366),)}, "a visit's window is not from 0 to 365 days"),
    ({"primary_endpoint": ""}, "the plan has no primary endpoint"),
    ({"primary_week": 0.0}, "the primary week is not after the baseline, from 0 to 2000"),
    ({"primary_week": INF}, "the primary week is not after the baseline, from 0 to 2000"),
    ({"primary_endpoint": "questionnaire_x"},
     "the primary endpoint is the score of the questionnaire 'x', which is not in the study"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "problem"), PLANS)
def test_a_plan_that_is_wrong_is_found(parts, problem):
    wrong = replace(PLAN, **parts)
    assert trial_problems(trial_study(plan=wrong)) == [problem]
    assert after(Change(Kind.PLAN, 0, PLAN, wrong)) == [problem]


LONG = tuple((n, "") for n in range(202))
QUESTIONNAIRES = [
    ({"title": " "}, "the questionnaire 'growth' has no title"),
    ({"intro": "\0"}, "a text of the questionnaire 'growth' has a character that cannot be stored"),
    ({"min_answered": 1.01}, "the least share of answers of the questionnaire 'growth' is not above 0 and at most 1"),
    ({"items": ()}, "the questionnaire 'growth' has 0 items instead of 1 to 200"),
    ({"items": (Item("a-b", "?"), Item("A_b", "?"))}, "the questionnaire 'growth' has more than one item 'a-b'"),
    ({"items": (Item("-a", "?"),)}, "item '-a' of the questionnaire 'growth' must have an id of 1 to 40 letters, "
     "digits, _ or -, the first a letter or a digit"),
    ({"items": (Item("Question", "?"),)},
     "item 'Question' of the questionnaire 'growth' has the name of another column in tables of answers"),
    ({"scale": ((1, "a"),)}, "the scale of the questionnaire 'growth' has 1 answers instead of 2 to 201"),
    ({"scale": LONG}, "the scale of the questionnaire 'growth' has 202 answers instead of 2 to 201"),
    ({"scale": ((1, "a"), (1, "b"))}, "the scale of the questionnaire 'growth' does not ascend"),
    ({"scale": ((1, "a"), (1001, "b"))},
     "the scale of the questionnaire 'growth' has an answer that is no whole number from −1000 to 1000"),
    ({"positive_from": 5.5}, "the questionnaire 'growth' counts a score of 5.5 as a yes, but scores go from 1 to 5"),
    ({"positive_from": NAN}, "the questionnaire 'growth' counts a score of nan as a yes, but scores go from 1 to 5"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "problem"), QUESTIONNAIRES)
def test_a_questionnaire_that_is_wrong_is_found(parts, problem):
    wrong = replace(GROWTH, **parts)
    study = trial_study(questionnaires=by_id([GROWTH]), responses=EMPTY)
    assert questionnaire_problems(wrong) == [problem]
    assert trial_problems(replace(study, questionnaires=by_id([wrong]))) == [problem]
    assert after(Change(Kind.QUESTIONNAIRE, 0, GROWTH, wrong), study=study) == [problem]


def test_a_questionnaire_whose_code_is_none_is_found():
    assert questionnaire_problems(replace(WOULD, id="a b"))[0].startswith("the questionnaire 'a b' must have an id of")


def test_a_sum_reaches_further_than_its_scale():
    assert questionnaire_problems(replace(WOULD, positive_from=2.0)) == []


def test_answers_stay_valid_when_their_questionnaire_changes():
    shorter = replace(GROWTH, items=GROWTH.items[:4])
    assert after(Change(Kind.QUESTIONNAIRE, 0, GROWTH, shorter)) == [
        "response 1 answers 'new-hair', which is no item of 'growth'"
    ]


ANSWERS = [
    (response(9, 8, "growth", fuller=1), "response 9 is of visit 8, which does not exist"),
    (response(9, 4, "itch", fuller=1), "response 9 is to the questionnaire 'itch', which does not exist"),
    (response(9, 4, "growth"), "response 9 answers nothing"),
    (response(9, 4, "growth", nose=1), "response 9 answers 'nose', which is no item of 'growth'"),
    (response(9, 4, "growth", fuller=6), "response 9 answers 'fuller' with 6, which is not on the scale"),
    (response(9, 4, "growth", fuller=2.0), "response 9 answers 'fuller' with 2.0, which is not on the scale"),
    (response(9, 4, "growth", fuller=True), "response 9 answers 'fuller' with True, which is not on the scale"),
    (response(9, 1, "growth", fuller=2), "the questionnaire 'growth' was answered 2 times at visit 1"),
    (response(0, 4, "growth", fuller=2), "a response has the number 0"),
]


@pytest.mark.parametrize(("given", "problem"), ANSWERS)
def test_answers_that_are_wrong_are_found(given, problem):
    assert trial_problems(trial_study(responses=by_id([*RESPONSES, given]))) == [problem]
    assert after(Change(Kind.RESPONSE, given.id, None, given)) == [problem]


EVENTS = [
    ({"id": -1}, "an adverse event has the number -1"),
    ({"subject": "S09"}, "adverse event 9 is of subject 'S09', who does not exist"),
    ({"term": " "}, "adverse event 9 has no term"),
    ({"comment": "\0"}, "a text of adverse event 9 has a character that cannot be stored"),
    ({"start_date": "20260210"}, "a date of adverse event 9 is not a day written as year-month-day"),
    ({"end_date": "2026-02-29"}, "a date of adverse event 9 is not a day written as year-month-day"),
    ({"end_date": "2026-02-09"}, "adverse event 9 ends before it starts"),
]


@pytest.mark.parametrize(("parts", "problem"), EVENTS)
def test_an_event_that_is_wrong_is_found(parts, problem):
    wrong = replace(ITCHING, **{"id": 9, **parts})
    assert trial_problems(trial_study(events=by_id([wrong]))) == [problem]
    assert after(Change(Kind.EVENT, wrong.id, None, wrong)) == [problem]


def test_what_answers_and_events_rest_on_stays():
    assert after(Change(Kind.SUBJECT, 0, STUDY.subjects["S03"], None)) == ["subject 'S03' has adverse events"]
    assert after(Change(Kind.VISIT, 3, STUDY.visits[3], None)) == ["visit 3 has answers"]
    assert after(Change(Kind.QUESTIONNAIRE, 0, WOULD, None)) == ["the questionnaire 'would_recommend' has answers"]
    study = trial_study(responses=EMPTY, plan=replace(PLAN, primary_endpoint="questionnaire_growth"))
    assert after(Change(Kind.QUESTIONNAIRE, 0, GROWTH, None), study=study) == [
        "the primary endpoint is the score of the questionnaire 'growth', which is not in the study"
    ]
    assert after(Change(Kind.VISIT, 4, STUDY.visits[4], None)) == []


def test_what_rests_on_it_may_go_with_it():
    events = Change(Kind.EVENT, 3, STUDY.events[3], None)
    assert after(events, Change(Kind.SUBJECT, 0, STUDY.subjects["S03"], None)) == []


def study_problems(*changes):
    patch = Patch("break", None, changes)
    return study_problems_after(apply(STUDY, patch), patch)


def test_what_visits_and_images_rest_on_stays():
    assert study_problems(Change(Kind.SUBJECT, 0, STUDY.subjects["S02"], None)) == ["subject 'S02' has visits"]
    assert study_problems(Change(Kind.VISIT, 1, STUDY.visits[1], None)) == ["visit 1 has images"]
    assert study_problems(Change(Kind.VISIT, 4, STUDY.visits[4], None)) == []


def test_ages_and_weeks_are_plausible():
    for age in (-1.0, 121.0, NAN):
        assert study_problems(Change(Kind.SUBJECT, 0, None, Subject("S04", age=age))) == [
            "the age of subject 'S04' is not from 0 to 120 years"
        ]
    for week in (2001.0, NAN, -INF):
        assert study_problems(Change(Kind.VISIT, 9, None, Visit(9, "S01", "x", week))) == [
            "the week of visit 9 is not from −2000 to 2000"
        ]
    assert study_problems(Change(Kind.SUBJECT, 0, None, Subject("S04", arm="\0"))) == [
        "a text of subject data has a character that cannot be stored"
    ]


def test_days_and_weeks():
    assert [is_day(text) for text in ("", "2026-03-31", "2026-02-30", "2026-3-1", "20260301", "2026-03-01T00:00")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    assert [is_week(week) for week in (None, 0.0, -2000.0, 2000.5, NAN)] == [True, True, True, False, False]
