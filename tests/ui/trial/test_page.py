from dataclasses import replace
from types import MappingProxyType

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from tests.ui.trial.conftest import UNITS, write_trial
from tests.workstation.trial_study import answered, trial_of
from ui.trial.page import copy_table
from workstation.edits import answer, remove_subject, remove_visit, set_plan
from workstation.model.study import Subject, Visit
from workstation.model.trial import Response, TrialPlan
from workstation.session import create_study, open_study


@pytest.fixture
def page(show_page, trial_file):
    """The statistics of the trial."""
    return show_page(trial_file)


def texts(view, row):
    model = view.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_the_primary_result_stands_on_top_in_large_letters(page):
    # changes 6, 9, 5, 12: mean 8, SD 3.16, t(3) = 3.182: 8 ± 5.03
    assert page.headline.figure.text() == "+8.0 per cm² (95 % CI 3.0 to 13.0)"
    assert page.headline.about.text().startswith("Primary: change of follicular units per cm² at week 12 (the default")
    assert "4 subjects with both visits" in page.headline.detail.text()


def test_the_table_begins_with_the_primary_outcome_at_its_week(page):
    assert page.week.currentText() == "Week 12"
    assert texts(page.table, 0)[:5] == [
        "★ follicular units per cm²",
        "4",
        "65.0 ± 12.9",
        "73.0 ± 16.0",
        "+8.0 (3.0 to 13.0)",
    ]
    assert texts(page.table, 1)[0] == "hairs per cm²"


def test_another_week_is_shown_with_its_own_subjects(page, qtbot):
    page.week.setCurrentIndex(page.week.findText("Week 4"))
    page.week.activated.emit(page.week.currentIndex())
    names = [texts(page.table, row)[0] for row in range(page.results.rowCount())]
    row = names.index("follicular units per cm²")  # it is the primary endpoint, but not at its week
    assert texts(page.table, row)[1] == "3"
    page.table.setCurrentIndex(page.results.index(row, 0))
    assert [texts(page.values, r)[:4] for r in range(page.subjects.rowCount())] == [
        ["S01", "60.0", "62.0", "+2.0"],
        ["S02", "70.0", "71.0", "+1.0"],
        ["S03", "50.0", "–", "–"],
        ["S04", "80.0", "84.0", "+4.0"],
    ]


def test_the_subjects_behind_a_result_name_their_reads_and_open_their_images(page, qtbot):
    assert texts(page.values, 1) == ["S02", "70.0", "79.0", "+9.0", "104, 106"]
    opened = []
    page.opened.connect(opened.append)
    page.values.setCurrentIndex(page.subjects.index(1, 0))
    page.values.setFocus()
    qtbot.keyClick(page.values, Qt.Key.Key_Return)
    assert opened == [(4, 6)]


def test_a_read_that_was_undone_since_is_not_opened(page, monkeypatch):
    study = page._workspace.study
    reads = MappingProxyType({id_: read for id_, read in study.reads.items() if id_ != 106})
    opened = []
    page.opened.connect(opened.append)
    monkeypatch.setattr(type(page._workspace), "study", property(lambda _: replace(study, reads=reads)))
    page.values.activated.emit(page.subjects.index(1, 0))
    assert opened == [(4,)]


def test_a_click_on_a_line_chooses_its_subject(page, qtbot):
    axes = page.lines.axes()
    at = axes.at(12, UNITS["S04"][12]).toPoint()
    qtbot.mouseClick(page.lines, Qt.MouseButton.LeftButton, pos=at + QPoint(-2, 1))
    assert page.values.currentIndex().row() == 3


def test_a_missing_number_says_why(page):
    row = next(r for r in range(page.results.rowCount()) if texts(page.table, r)[0] == "mean hair width (µm)")
    model = page.table.model()
    column = next(c for c in range(model.columnCount()) if model.headerData(c, Qt.Orientation.Horizontal) == "p, t")
    cell = model.index(row, column)
    assert cell.data() == "–"
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == "All subjects changed by the same amount (SD 0)."


def test_an_edit_of_the_plan_is_followed(page, qtbot):
    plan = TrialPlan(primary_endpoint="hair_density_per_cm2", primary_week=4.0)
    page._workspace.commit_study(lambda study: set_plan(study, plan))
    qtbot.waitUntil(lambda: "hairs per cm²" in page.headline.about.text())
    assert "week 4" in page.headline.about.text()
    assert page.headline.figure.text() == "+2.3 per cm² (95 % CI −1.5 to 6.1)"


def test_a_subject_who_is_gone_since_is_still_shown_until_the_figures_are_new(show_page, tmp_path, qtbot):
    study = answered(trial_of(UNITS), {1: 2, 3: 4, 4: 3, 6: 5})
    visits = {**study.visits, 99: Visit(99, "S99", "week 12", 12.0)}
    people = {**study.subjects, "S99": Subject("S99")}
    answers = {**study.responses, 99: Response(99, 99, "recommend", {"r1": 5})}
    study = replace(study, visits=visits, subjects=people, responses=answers)
    create_study(tmp_path / "trial.h5", study, user="Ada")
    page = show_page(tmp_path / "trial.h5")
    names = [texts(page.table, row)[0] for row in range(page.results.rowCount())]
    page.table.setCurrentIndex(page.results.index(names.index("Would recommend (points)"), 0))
    assert "S99" in [texts(page.values, r)[0] for r in range(page.subjects.rowCount())]
    page.hide()
    for edit in (
        lambda study: answer(study, 99, "recommend", {}),
        lambda study: remove_visit(study, 99),
        lambda study: remove_subject(study, "S99"),
    ):
        page._workspace.commit_study(edit)
    page.show()
    page.refresh_now()
    qtbot.waitUntil(lambda: page._analyses.study is page._workspace.study, timeout=10_000)
    page.refresh_now()
    assert "S99" not in [texts(page.values, r)[0] for r in range(page.subjects.rowCount())]


def test_a_table_is_copied_for_a_spreadsheet(page):
    copy_table(page.values)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Subject\tBaseline\tWeek 12\tChange\tReads"
    assert lines[1] == "S01\t60.0\t66.0\t+6.0\t101, 103"


def test_a_study_of_one_visit_says_what_is_lacking(show_page, tmp_path):
    page = show_page(write_trial(tmp_path, {"S01": {0: 60}, "S02": {0: 70}}))
    assert page.headline.figure.text() == "No primary result"
    assert page.headline.detail.text() == "No image of a later visit is detected and measured yet."
    assert page.results.rowCount() == 0
    page.grab()


def test_a_trial_without_its_primary_week_names_those_that_it_has(show_page, tmp_path):
    page = show_page(write_trial(tmp_path, {"S01": {0: 60, 4: 62}, "S02": {0: 70, 4: 71}}))
    assert "there are values of week 4" in page.headline.detail.text()
    assert page.week.currentText() == "Week 4"


def test_arms_have_rows_and_marks_of_their_own(show_page, tmp_path):
    arms = {"S01": "serum", "S02": "serum", "S03": "vehicle", "S04": "vehicle"}
    page = show_page(write_trial(tmp_path, UNITS, arms=arms))
    assert [texts(page.table, row)[:3] for row in range(2)] == [
        ["★ follicular units per cm²", "serum", "2"],
        ["★ follicular units per cm²", "vehicle", "2"],
    ]
    page.table.setCurrentIndex(page.results.index(1, 0))
    assert [texts(page.values, r)[0] for r in range(page.subjects.rowCount())] == ["S03", "S04"]
    figures = page.headline.figure.text().splitlines()
    assert [figure.split(" (")[0] for figure in figures] == ["serum: +7.5 per cm²", "vehicle: +8.5 per cm²"]
    assert page.changes.accessibleDescription() == (
        "serum, week 4: +1.5; serum, week 12: +7.5; vehicle, week 4: +4.0; vehicle, week 12: +8.5"
    )


def test_too_few_in_the_control_arm_are_the_reason_for_no_p(show_page, tmp_path):
    arms = {"S01": "serum", "S02": "serum", "S03": "serum", "S04": "vehicle"}
    page = show_page(write_trial(tmp_path, UNITS, arms=arms, plan=TrialPlan(control_arm="vehicle")))
    assert "difference from the control −5.3. At least 3 subjects with a change" in page.headline.detail.text()


def test_another_study_begins_with_its_primary_outcome_and_week(page, tmp_path, qtbot):
    page.week.setCurrentIndex(page.week.findText("Week 4"))
    page.week.activated.emit(page.week.currentIndex())
    page.table.setCurrentIndex(page.results.index(3, 0))
    other = tmp_path / "other"
    other.mkdir()
    with open_study(write_trial(other, {code: at | {12: 70} for code, at in UNITS.items()}), "me") as session:
        page._workspace.set_session(session)
        page.refresh_now()
        qtbot.waitUntil(lambda: page._analyses.latest is not None, timeout=10_000)
        page.refresh_now()
        assert page.week.currentText() == "Week 12"
        assert page.table.currentIndex().row() == 0
        page._workspace.set_session(None)
