from dataclasses import replace
from types import MappingProxyType

import pytest

from analysis.calibration import Calibration, CalibrationSource
from tests.workstation.small_study import make_image, make_read, make_study
from workstation.model.read import ReadState
from workstation.model.study import Subject, Visit
from workstation.model.trial import PlannedVisit, TrialPlan
from workstation.trial.overview import Progress, Timing, as_counted, columns_of, overview

BASELINE = Visit(1, "S1", "baseline", 0.0, "2026-03-02")
WEEK_4 = Visit(2, "S1", "week 4", 4.0, "2026-03-30")
WEEK_12 = Visit(3, "S1", "week 12", 12.0, "2026-05-25")


def read(image_id, state, id_=None):
    return make_read([], id_=id_ or image_id, image_id=image_id, state=state)


def row_of(study, code="S1"):
    return next(row for row in overview(study).rows if row.subject.id == code)


def test_a_cell_for_each_subject_and_week():
    visits = [BASELINE, WEEK_12, Visit(4, "S2", "baseline", 0.0, "2026-03-03"), Visit(5, "S2", "week 4", 4.0)]
    found = overview(make_study((), [make_image()], visits))
    assert [column.title for column in found.columns] == ["Baseline", "Week 4", "Week 12"]
    assert [[cell.timing for cell in row.cells] for row in found.rows] == [
        [Timing.BASELINE, Timing.MISSED, Timing.ON_TIME],
        [Timing.BASELINE, Timing.UNDATED, Timing.OPEN],
    ]
    assert found.rows[0].cells[1].progress is Progress.NO_VISIT
    assert found.rows[1].cells[0].progress is Progress.NO_IMAGE


@pytest.mark.parametrize(
    ("day", "timing", "off"),
    [
        ("2026-03-27", Timing.ON_TIME, -3),
        ("2026-03-26", Timing.EARLY, -4),
        ("2026-04-02", Timing.ON_TIME, 3),
        ("2026-04-03", Timing.LATE, 4),
    ],
)
def test_days_are_counted_from_the_baseline(day, timing, off):
    study = make_study((), [make_image()], [BASELINE, replace(WEEK_4, date=day)])
    cell = row_of(study).cells[1]
    assert (cell.timing, cell.days_off, cell.date) == (timing, off, day)


def test_weeks_of_the_plan_have_columns_and_others_are_marked():
    plan = TrialPlan(visits=(PlannedVisit(0), PlannedVisit(4, 1, 1), PlannedVisit(8)))
    study = make_study((), [make_image()], [BASELINE, replace(WEEK_4, date="2026-04-01"), WEEK_12], plan=plan)
    columns = columns_of(study)
    assert [(c.title, c.plan is not None) for c in columns] == [
        ("Baseline", True), ("Week 4", True), ("Week 8", True), ("Week 12", False),
    ]  # fmt: skip
    timings = [cell.timing for cell in row_of(study).cells]
    assert timings == [Timing.BASELINE, Timing.LATE, Timing.MISSED, Timing.UNPLANNED]


def test_visits_of_no_known_week_stand_by_their_name():
    visits = [BASELINE, Visit(2, "S1", "month 3"), Visit(3, "S2", "baseline", 0.0), Visit(4, "S2", "month 3")]
    found = overview(make_study((), [make_image(visit_id=2)], visits))
    assert [c.title for c in found.columns] == ["Baseline", "Month 3"]
    assert found.rows[0].cells[1].image_ids == (1,)


def test_the_least_site_says_how_far_a_visit_has_come():
    images = [make_image(1, 1), make_image(2, 1, site="crown"), make_image(3, 1, site="crown")]
    reads = [read(1, ReadState.SUBMITTED), read(2, ReadState.SIGNED), read(3, ReadState.IN_REVIEW)]
    cell = row_of(make_study(reads, images, [BASELINE])).cells[0]
    assert cell.progress is Progress.IN_REVIEW
    assert [(site.name, site.image_ids, site.progress) for site in cell.sites] == [
        ("vertex", (1,), Progress.SUBMITTED),
        ("crown", (2, 3), Progress.IN_REVIEW),
    ]
    assert cell.image_ids == (1, 2, 3)
    undetected = make_study(reads[:2], images, [BASELINE])
    assert row_of(undetected).cells[0].progress is Progress.NOT_DETECTED


@pytest.mark.parametrize(
    ("state", "progress"),
    [
        (ReadState.DETECTED, Progress.DETECTED),
        (ReadState.IN_REVIEW, Progress.IN_REVIEW),
        (ReadState.SUBMITTED, Progress.SUBMITTED),
        (ReadState.ACCEPTED, Progress.ACCEPTED),
        (ReadState.SIGNED, Progress.SIGNED),
    ],
)
def test_the_read_in_use_counts(state, progress):
    reads = [read(1, ReadState.DETECTED, 1), read(1, state, 2)]
    assert row_of(make_study(reads, [make_image()], [BASELINE])).cells[0].progress is progress


def test_a_site_that_is_missing_at_a_visit_is_named():
    images = [make_image(1, 1), make_image(2, 1, site="crown"), make_image(3, 2)]
    cells = row_of(make_study((), images, [BASELINE, WEEK_4, WEEK_12])).cells
    assert [cell.missing_sites for cell in cells] == [(), ("crown",), ()]


def test_other_devices_and_scales_than_at_first_are_told():
    def scaled(um_per_px):
        return Calibration(um_per_px, CalibrationSource.MANIFEST)

    images = [
        make_image(1, 1, calibration=scaled(5.0), device="HairMetrix"),
        make_image(2, 2, calibration=scaled(5.2), device="HairMetrix"),
        make_image(3, 3, calibration=scaled(7.1), device="FotoFinder"),
    ]
    cells = row_of(make_study((), images, [BASELINE, WEEK_4, WEEK_12])).cells
    assert [cell.warnings for cell in cells] == [
        (),
        (),
        (
            "vertex: taken with FotoFinder, the first image with HairMetrix.",
            "vertex: 7.1 µm/px, the first image 5 µm/px.",
        ),
    ]
    bare = make_study((), [make_image(calibration=None)], [BASELINE])
    assert row_of(bare).cells[0].warnings == ("vertex: an image has no scale.",)


def test_subjects_without_a_visit_are_there_too_in_the_order_people_count():
    codes = ["S10", "S2", "A1"]
    study = make_study((), [make_image()], [BASELINE])
    study = replace(study, subjects=MappingProxyType({code: Subject(code) for code in (*codes, "S1")}))
    found = overview(study)
    assert [row.subject.id for row in found.rows] == ["A1", "S1", "S2", "S10"]
    assert {cell.timing for cell in found.rows[0].cells} == {Timing.OPEN}
    assert sorted(["a2b", "10", "a10", "2", "A1"], key=as_counted) == ["2", "10", "A1", "a2b", "a10"]


def test_a_visit_held_twice_is_one_cell():
    again = Visit(9, "S1", "week 4 again", 4.0, "2026-04-02")
    images = [make_image(1, 2), make_image(2, 9)]
    cell = row_of(make_study((), images, [BASELINE, WEEK_4, again])).cells[1]
    assert cell.visit_ids == (2, 9)
    assert cell.image_ids == (1, 2)


def test_nothing_is_an_empty_overview():
    study = make_study((), [make_image()], [BASELINE])
    empty = replace(study, **{part: MappingProxyType({}) for part in ("subjects", "visits", "images")})
    assert overview(empty).rows == ()
