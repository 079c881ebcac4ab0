from dataclasses import replace

import pytest

from tests.workstation.edits.studying import NoJournal, changed, undone_and_redone
from tests.workstation.recorded_trial import PLAN, trial_study
from workstation.document import Document
from workstation.edits import NothingToDo, primary_choices, set_plan
from workstation.errors import EditRefused
from workstation.model.trial import PlannedVisit, TrialPlan

STUDY = trial_study()
NEW = trial_study(plan=TrialPlan())
NOW = "2026-05-06T07:08:09Z"
NAN = float("nan")


def planned(study, plan, **more):
    return changed(study, set_plan(study, plan, now_utc=NOW, **more)).plan


def test_visits_are_put_in_order_and_texts_lose_their_blanks():
    visits = (PlannedVisit(12), PlannedVisit(0, 0, 0), PlannedVisit(4, 2, 5))
    found = planned(NEW, TrialPlan(" Serum ", visits, control_arm=" placebo "))
    assert found == TrialPlan(
        "Serum", (PlannedVisit(0.0, 0, 0), PlannedVisit(4.0, 2, 5), PlannedVisit(12.0)), control_arm="placebo"
    )
    assert {type(v.week) for v in found.visits} == {float}


def test_the_moment_is_noted_when_the_primary_endpoint_is_named():
    assert planned(NEW, TrialPlan("Serum")).named_utc == ""
    assert planned(NEW, TrialPlan("Serum"), named=True).named_utc == NOW
    assert planned(NEW, TrialPlan(), named=True).named_utc == NOW
    assert planned(NEW, TrialPlan(primary_week=8)).named_utc == NOW
    assert planned(NEW, TrialPlan(primary_endpoint="mean_hair_width_um")).named_utc == NOW
    assert planned(NEW, TrialPlan("Serum", named_utc="2020-01-01T00:00:00Z")).named_utc == ""


def test_the_moment_stays_until_another_one_is_named():
    assert planned(STUDY, replace(PLAN, title="New title"), named=True).named_utc == PLAN.named_utc
    assert planned(STUDY, replace(PLAN, primary_week=4.0)).named_utc == NOW
    with pytest.raises(NothingToDo):
        set_plan(STUDY, PLAN, named=True)
    with pytest.raises(NothingToDo):
        set_plan(STUDY, replace(PLAN, named_utc=""))


def test_without_a_clock_the_present_is_noted():
    patch = set_plan(NEW, TrialPlan(primary_week=8))
    assert patch.changes[0].after.named_utc[:2] == "20"
    assert patch.changes[0].after.named_utc[-1] == "Z"


def test_a_plan_is_undone():
    document = Document(STUDY, NoJournal(), "Ada")
    document.apply(set_plan(STUDY, replace(PLAN, primary_week=4.0)))
    assert undone_and_redone(document).plan == PLAN


def test_a_questionnaire_may_be_primary():
    assert primary_choices(STUDY)[-2:] == ("questionnaire_growth", "questionnaire_would_recommend")
    assert "hair_density_per_cm2" in primary_choices(NEW)
    assert "field_cm2" not in primary_choices(NEW)
    plan = planned(STUDY, replace(PLAN, primary_endpoint=" questionnaire_growth "))
    assert plan.primary_endpoint == "questionnaire_growth"


REFUSED = [
    ({"primary_endpoint": "field_cm2"}, "'field_cm2' is no endpoint that can be compared.*fu_density_per_cm2"),
    ({"primary_endpoint": "questionnaire_itch"}, "'questionnaire_itch' is no endpoint"),
    ({"primary_week": 0.0}, "0 is not a week after the baseline"),
    ({"primary_week": NAN}, "nan is not a week after the baseline"),
    ({"primary_week": 2001.0}, "2001 is not a week after"),
    ({"visits": (PlannedVisit(4.0), PlannedVisit(4.0, 1, 1))}, "week 4 is planned twice"),
    ({"visits": (PlannedVisit(NAN),)}, "nan is not a number of weeks"),
    ({"visits": (PlannedVisit(4.0, -1, 0),)}, "-1 is not a number of days that a visit of week 4 may be early or late"),
    ({"visits": (PlannedVisit(4.0, 0, 366),)}, "366 is not a number of days"),
    ({"visits": (PlannedVisit(4.0, 0, 1.5),)}, "1.5 is not a number of days"),
    ({"visits": (PlannedVisit(4.0, 0, NAN),)}, "nan is not a number of days"),
    ({"control_arm": "placebo", "control_site": "temple"}, "either a control arm or a control site"),
    ({"title": "a\nb"}, "the title has a character that cannot be printed"),
]


@pytest.mark.parametrize(("parts", "said"), REFUSED)
def test_a_plan_that_cannot_be_is_refused(parts, said):
    with pytest.raises(EditRefused, match=said):
        set_plan(STUDY, replace(PLAN, **parts))
