from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.trial_study import trial_of
from workstation.model.study import Subject, Visit
from workstation.model.trial import PlannedVisit, TrialPlan
from workstation.trial.schedule import Attendance, Status, attendance, planned_visits, weeks_of_visits


def dated(*days, weeks=(0.0, 4.0, 12.0), plan=None):
    """One subject's visits on those days."""
    study = trial_of({"S01": {0: 60}})
    visits = {i: Visit(i, "S01", f"v{i}", week, day) for i, (week, day) in enumerate(zip(weeks, days, strict=False), 1)}
    return replace(study, visits=MappingProxyType(visits), plan=plan or TrialPlan())


def test_visits_are_counted_from_the_day_of_the_baseline():
    found = attendance(dated("2026-01-05", "2026-02-04", "2026-03-26"))
    assert found == (
        Attendance("S01", 0.0, Status.ON_TIME, 1, "2026-01-05", 0),
        Attendance("S01", 4.0, Status.ON_TIME, 2, "2026-02-04", 2),
        Attendance("S01", 12.0, Status.EARLY, 3, "2026-03-26", -4),
    )


@pytest.mark.parametrize(
    ("day", "status", "days_off"),
    [
        ("2026-01-29", Status.EARLY, -4), ("2026-01-30", Status.ON_TIME, -3), ("2026-02-05", Status.ON_TIME, 3),
        ("2026-02-06", Status.LATE, 4), ("", Status.UNDATED, None), ("soon", Status.UNDATED, None),
    ],
)  # fmt: skip
def test_the_window_is_three_days_each_way(day, status, days_off):
    found = attendance(dated("2026-01-05", day))[1]
    assert (found.status, found.days_off) == (status, days_off)


def test_the_plan_sets_weeks_and_windows():
    plan = TrialPlan(visits=(PlannedVisit(12, 0, 10), PlannedVisit(0), PlannedVisit(4, early_days=5), PlannedVisit(8)))
    study = dated("2026-01-05", "2026-01-29", "2026-04-08", plan=plan)
    assert [visit.week for visit in planned_visits(study)] == [0, 4, 8, 12]
    assert [(a.week, a.status, a.days_off) for a in attendance(study)] == [
        (0, Status.ON_TIME, 0), (4, Status.ON_TIME, -4), (8, Status.MISSED, None), (12, Status.ON_TIME, 9),
    ]  # fmt: skip


def test_without_a_plan_every_week_that_anybody_came_is_planned():
    study = trial_of({"S01": {0: 60, 12: 60}, "S02": {0: 60, 4: 60}})
    assert [(a.subject, a.week, a.status) for a in attendance(study)] == [
        ("S01", 0, Status.ON_TIME), ("S01", 4, Status.MISSED), ("S01", 12, Status.ON_TIME),
        ("S02", 0, Status.ON_TIME), ("S02", 4, Status.ON_TIME), ("S02", 12, Status.MISSED),
    ]  # fmt: skip


def test_a_subject_who_never_came_missed_all():
    study = trial_of({"S01": {0: 60}})
    study = replace(study, subjects=MappingProxyType({**study.subjects, "S00": Subject("S00")}))
    assert [(a.subject, a.status) for a in attendance(study)] == [("S00", Status.MISSED), ("S01", Status.ON_TIME)]


def test_without_a_day_of_the_baseline_no_visit_is_early_or_late():
    assert [a.status for a in attendance(dated("", "2026-02-02"))] == [Status.UNDATED, Status.UNDATED]


def test_the_earliest_visit_of_a_week_stands_for_it():
    found = attendance(dated("2026-01-05", "2026-02-04", "2026-02-01", weeks=(0.0, 4.0, 4.0)))
    assert (found[1].visit_id, found[1].days_off) == (3, -1)


def test_an_empty_study_has_no_schedule():
    study = replace(trial_of({"S01": {0: 60}}), visits=MappingProxyType({}), subjects=MappingProxyType({}))
    assert (planned_visits(study), attendance(study)) == ((), ())


def test_a_visit_of_no_known_week_that_came_later_is_no_baseline():
    study = dated("2026-02-02", "2026-01-05", weeks=(None, 4.0))
    assert dict(weeks_of_visits(study)) == {2: 0.0}, "no visit names week 0: the earliest is the baseline"
