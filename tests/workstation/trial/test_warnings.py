from dataclasses import replace
from types import MappingProxyType

import pytest

from analysis.calibration import Calibration, CalibrationSource
from tests.workstation.small_study import make_read
from tests.workstation.trial_study import trial_of, with_image
from workstation.model.read import ReadState
from workstation.model.study import Subject, Visit
from workstation.model.trial import PlannedVisit, TrialPlan
from workstation.trial.warnings import trial_warnings

COMPLETE = {"S01": {0: 60, 12: 66}, "S02": {0: 70, 12: 77}}


def scaled(study, image_id, um_per_px):
    return with_image(study, image_id, calibration=Calibration(um_per_px, CalibrationSource.MANIFEST))


def with_visit(study, visit_id, **changes):
    visits = {**study.visits, visit_id: replace(study.visits[visit_id], **changes)}
    return replace(study, visits=MappingProxyType(visits))


def with_arms(study, **arms):
    people = {code: Subject(code, arm=arms.get(code, "")) for code in study.subjects}
    return replace(study, subjects=MappingProxyType(people))


def test_a_sound_trial_needs_no_warning():
    assert trial_warnings(trial_of(COMPLETE)) == ()


def test_a_primary_endpoint_that_was_named_after_results_is_told():
    made = next(iter(trial_of(COMPLETE).reads.values())).created_utc
    assert made == "2026-01-02T03:04:05Z"
    assert trial_warnings(planned(named_utc=made)) == ()
    assert trial_warnings(planned(named_utc="2026-01-02T03:04:06Z")) == (
        "The primary endpoint was named on 2026-01-02, when 2 images of visits after the baseline had been detected or "
        "read already.",
    )


def planned(**plan):
    return replace(trial_of(COMPLETE), plan=TrialPlan(**plan))


def detected(study):
    reads = {i: make_read([], id_=i, image_id=r.image_id, state=ReadState.DETECTED) for i, r in study.reads.items()}
    return replace(study, reads=MappingProxyType(reads))


def twice(study):
    """Week 12 of the first subject seen on two days."""
    visits = {**study.visits, 9: Visit(9, "S01", "again", 12.0, "2026-03-31")}
    return replace(study, visits=MappingProxyType(visits))


@pytest.mark.parametrize(
    ("study", "expected"),
    [
        (
            with_image(with_image(trial_of(COMPLETE), 1, device="A"), 2, device="B"),
            "Widths and densities of different devices are not comparable: S01, vertex (A, B).",
        ),
        (
            scaled(trial_of(COMPLETE), 2, 11.0),
            "Scales differ between visits: S01, vertex (10 to 11 µm/px).",
        ),
        (trial_of({**COMPLETE, "S03": {12: 50}}), "No baseline, and so no change: S03."),
        (with_image(trial_of(COMPLETE), 1, calibration=None),
         "No scale, and so no density, width or distance: S01-0-vertex.png."),
        (trial_of({"S01": {0: 60, 12: None}}), "Nothing was detected yet in 1 of 2 images: S01-12-vertex.png."),
        (detected(trial_of(COMPLETE)), "4 of 4 images rest on a detection that nobody has reviewed."),
        (twice(trial_of(COMPLETE)), "Several visits of one week, whose mean is used: S01, week 12."),
        (with_visit(trial_of(COMPLETE), 2, date="2026-04-10"),
         "Out of their windows: 1 of 4 visits: S01, week 12 (11 days late)."),
        (with_visit(trial_of(COMPLETE), 2, date="2026-03-26"),
         "Out of their windows: 1 of 4 visits: S01, week 12 (4 days early)."),
        (with_visit(trial_of(COMPLETE), 1, date="2026-05-01"), "The baseline is dated after a later visit: S01."),
        (with_visit(trial_of(COMPLETE), 2, week=None),
         "Of no known week, and left out of all figures: S01, week 12."),
        (trial_of({"S01": {0: 60, 12: 66}, "S02": {0: 60}}), "Missed, or still to come: S02, week 12."),
        (planned(visits=(PlannedVisit(0), PlannedVisit(6))), "Visits of weeks that were not planned: week 12."),
        (planned(primary_endpoint="questionnaire_gone"),
         "The primary endpoint 'questionnaire_gone' is not one of this study's outcomes."),
        (planned(primary_week=24.0), "There is no visit of week 24, at which the primary endpoint is to be tested."),
        (planned(control_arm="placebo"), "No subject is in the control arm 'placebo'."),
        (planned(control_site="nape"), "No image shows the control site 'nape'."),
        (with_arms(trial_of(COMPLETE), S01="serum"), "Without an arm, and so a group of their own (no arm): S02."),
        (trial_of({"S01": {0: {"vertex": 60}, 12: {"vertex": 66, "temple": 40}}}),
         "Sites without a baseline, left out of all figures: S01, temple."),
        (trial_of({"S01": {0: {"vertex": 60, "temple": 40}, 12: {"vertex": 66}}}),
         "Sites not seen at a visit, where the mean change of the others stands for the subject: "
         "S01, temple, week 12."),
        (replace(trial_of(COMPLETE), subjects=MappingProxyType({c: Subject(c) for c in ("S01", "S02", "S09")})),
         "No visit: S09."),
    ],
)  # fmt: skip
def test_what_is_said(study, expected):
    assert expected in trial_warnings(study)


def test_many_are_said_in_one_sentence():
    study = trial_of({f"S{k:02d}": {12: 60} for k in range(1, 9)} | {"S99": {0: 60, 12: 61}})
    assert "No baseline, and so no change: S01, S02, S03, S04, S05 and 3 more." in trial_warnings(study)


def test_a_device_that_is_not_named_is_no_other_one():
    assert trial_warnings(with_image(trial_of(COMPLETE), 1, device="A")) == ()


def test_a_camera_that_stands_a_little_nearer_has_the_same_scale():
    assert trial_warnings(scaled(trial_of(COMPLETE), 2, 10.4)) == ()
