from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.recorded_trial import trial_study
from tests.workstation.two_visits import two_visits
from workstation.model.trial import PlannedVisit, TrialPlan
from workstation.session import create_study
from workstation.storage.reader import read_study


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("TRICHODESK_HOME", str(tmp_path / "home"))


@pytest.fixture
def path(tmp_path):
    """A trial without a plan."""
    create_study(tmp_path / "trial.h5", trial_study(plan=TrialPlan()), user="Ada")
    return tmp_path / "trial.h5"


def plan_of(path):
    return read_study(path).study.plan


def test_the_plan_is_printed_and_nothing_changed(path, run):
    before = read_study(path).state
    status, out, err = run("plan", path)
    assert status == 0
    assert out.splitlines() == [
        "title: –",
        "planned weeks: those that the visits name",
        "primary endpoint: fu_density_per_cm2 (follicular units per cm²)",
        "primary week: 12",
        "named: not yet, these are the defaults",
        "control: none",
    ]
    assert err == ""
    assert read_study(path).state == before


def test_a_plan_is_set_and_kept(path, run, run_json):
    status, out, err = run(
        "plan", path, "--title", "Serum", "--visit", "12:3:7", "--visit", "0:0:0", "--visit", "4",
        "--primary", "questionnaire_growth", "--week", 4, "--control-arm", "placebo",
    )  # fmt: skip
    assert status == 0, err
    assert "planned weeks: 0 (−0/+0 days), 4 (−3/+3 days), 12 (−3/+7 days)" in out
    assert "primary endpoint: questionnaire_growth (Haarwuchs – 毛)" in out
    assert "control: arm placebo" in out
    plan = plan_of(path)
    assert plan == TrialPlan(
        "Serum", (PlannedVisit(0.0, 0, 0), PlannedVisit(4.0), PlannedVisit(12.0, 3, 7)), "questionnaire_growth", 4.0,
        "placebo", "", plan.named_utc,
    )  # fmt: skip
    assert plan.named_utc
    shown = run_json("plan", path)
    assert shown["visits"][2] == {"week": 12.0, "early_days": 3, "late_days": 7}


def test_what_is_not_given_stays(path, run):
    run("plan", path, "--visit", "4", "--control-arm", "placebo", "--primary", "mean_hair_width_um")
    named = plan_of(path).named_utc
    run("plan", path, "--title", "Other")
    plan = plan_of(path)
    assert (plan.visits, plan.control_arm, plan.named_utc) == ((PlannedVisit(4.0),), "placebo", named)
    run("plan", path, "--visit", "none", "--control-site", "vertex")
    plan = plan_of(path)
    assert (plan.visits, plan.control_arm, plan.control_site) == ((), "", "vertex")
    run("plan", path, "--control-site", "")
    assert plan_of(path).control_site == ""


def test_to_name_the_defaults_is_to_name_them(path, run):
    run("plan", path, "--primary", "fu_density_per_cm2")
    first = plan_of(path).named_utc
    assert first
    revision = read_study(path).state.revision
    assert run("plan", path, "--week", 12)[0] == 0
    assert (plan_of(path).named_utc, read_study(path).state.revision) == (first, revision)


def test_a_primary_endpoint_that_is_named_late_is_told(path, run, tmp_path):
    _, _, err = run("plan", path, "--week", 4)
    assert "named now, and there are results already: 2 filled-in questionnaires of visits after the baseline" in err
    _, _, err = run("plan", path, "--title", "x")
    assert "results already" not in err
    create_study(tmp_path / "two.h5", two_visits(), user="Ada")
    _, _, err = run("plan", tmp_path / "two.h5", "--primary", "hair_density_per_cm2")
    assert "there are results already: 1 measured image of visits" in err
    before = trial_study(plan=TrialPlan(), responses=MappingProxyType({}))
    create_study(tmp_path / "before.h5", replace(before, id="6d1d9b3e-3f6e-4c3a-9a39-0a6b1f9f2f77"), user="Ada")
    _, _, err = run("plan", tmp_path / "before.h5", "--primary", "hair_density_per_cm2")
    assert "results already" not in err


def test_what_the_study_does_not_have_is_told(path, run):
    _, _, err = run("plan", path, "--control-arm", "sham", "--week", 8)
    assert "note: No subject is in the control arm 'sham'." in err
    assert "note: There is no visit of week 8" in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--primary", ""), "'' is no endpoint that can be compared between visits"),
        (("--visit", "4:1"), "'4:1' is not a planned visit. Write the week alone, 12, or with the days"),
        (("--visit", "four"), "'four' is not a planned visit"),
        (("--visit", "4:1:2.5"), "'4:1:2.5' is not a planned visit"),
        (("--visit", "nan"), "nan is not a number of weeks"),
        (("--visit", "4", "--visit", "4.0"), "week 4 is planned twice"),
        (("--primary", "beauty"), "'beauty' is no endpoint that can be compared"),
        (("--primary", ""), "'' is no endpoint that can be compared"),
        (("--week", 0), "0 is not a week after the baseline"),
        (("--control-arm", "a", "--control-site", "b"), "either a control arm or a control site"),
    ],
)
def test_refusals(path, run, options, said):
    before = read_study(path).state
    status, out, err = run("plan", path, *options)
    assert (status, out) == (1, "")
    assert said in err
    assert read_study(path).state == before
