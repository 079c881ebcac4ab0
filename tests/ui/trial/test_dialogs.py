from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QPushButton, QRadioButton

from tests.ui.trial.conftest import UNITS
from tests.workstation.trial_study import trial_of
from ui.trial.plan_dialog import PlanDialog
from ui.trial.report_dialog import ReportDialog
from workstation.model.trial import PlannedVisit, TrialPlan


@pytest.fixture
def study():
    arms = {"S01": "serum", "S02": "serum", "S03": "vehicle", "S04": "vehicle"}
    return trial_of(UNITS, arms=arms)


@pytest.fixture
def plan_dialog(qtbot, study):
    dialog = PlanDialog(study)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def report_dialog(qtbot, study, tmp_path):
    dialog = ReportDialog(study, tmp_path, "trial")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def button(dialog, name):
    return dialog.findChild(QPushButton, name)


def test_the_plan_begins_with_what_the_study_shows(plan_dialog):
    assert plan_dialog.plan == TrialPlan(visits=(PlannedVisit(0), PlannedVisit(4), PlannedVisit(12)))
    assert plan_dialog.findChild(QComboBox, "plan.outcome").currentText() == "follicular units per cm²"
    assert button(plan_dialog, "dialog.plan.keep").isEnabled()


def test_a_week_with_many_digits_stays_as_it_was(qtbot, study):
    plan = TrialPlan(visits=(PlannedVisit(0), PlannedVisit(30 / 7), PlannedVisit(8.25)), primary_week=30 / 7)
    dialog = PlanDialog(replace(study, plan=plan))
    qtbot.addWidget(dialog)
    assert dialog.weeks.table.cellWidget(1, 0).text() == "4.286"
    assert dialog.plan == plan
    dialog.weeks.table.cellWidget(2, 0).setValue(8.5)
    assert dialog.plan.visits[2].week == 8.5


def test_all_weeks_of_a_plan_can_be_seen_where_nothing_can_be_changed(qtbot, study):
    dialog = PlanDialog(study, read_only=True)
    qtbot.addWidget(dialog)
    dialog.show()
    table = dialog.weeks.table
    assert table.verticalScrollBar().isEnabled()
    assert not any(table.cellWidget(row, column).isEnabled() for row in range(3) for column in range(3))
    assert not button(dialog, "plan.weeks.add").isEnabled()
    assert not button(dialog, "plan.weeks.remove").isEnabled()
    assert button(dialog, "dialog.plan.close").isEnabled()


def test_what_is_filled_in_becomes_the_plan(plan_dialog, qtbot):
    plan_dialog.findChild(QLineEdit, "plan.title").setText(" Serum ")
    for name, text in (("plan.outcome", "hairs per cm²"), ("plan.arm", "vehicle")):
        combo = plan_dialog.findChild(QComboBox, name)
        combo.setCurrentIndex(combo.findText(text))
    qtbot.mouseClick(button(plan_dialog, "plan.weeks.add"), Qt.MouseButton.LeftButton)
    plan = plan_dialog.plan
    assert (plan.title, plan.primary_endpoint, plan.control_arm) == ("Serum", "hair_density_per_cm2", "vehicle")
    assert [visit.week for visit in plan.visits] == [0, 4, 12, 13]


def test_a_plan_that_cannot_be_is_not_kept(plan_dialog, qtbot):
    table = plan_dialog.weeks.table
    table.cellWidget(2, 0).setValue(4)
    assert plan_dialog._fault.text() == "Week 4 is planned twice."
    assert not button(plan_dialog, "dialog.plan.keep").isEnabled()
    table.setCurrentCell(2, 0)
    qtbot.mouseClick(button(plan_dialog, "plan.weeks.remove"), Qt.MouseButton.LeftButton)
    assert plan_dialog._fault.text() == "The primary visit, week 12, is not among the planned ones."
    table.cellWidget(1, 0).setValue(12)
    assert button(plan_dialog, "dialog.plan.keep").isEnabled()
    for name, text in (("plan.arm", "vehicle"), ("plan.site", "vertex")):
        combo = plan_dialog.findChild(QComboBox, name)
        combo.setCurrentIndex(combo.findText(text))
    assert plan_dialog._fault.text() == "A trial has either a control arm or a control site."


def test_naming_the_primary_result_late_is_pointed_out(plan_dialog):
    assert plan_dialog._notice.isVisible()  # nobody has named it yet, and to keep the default names it, too
    assert "there are results already" in plan_dialog._notice.text()


def test_naming_another_primary_result_late_is_pointed_out(qtbot, study):
    dialog = PlanDialog(replace(study, plan=TrialPlan(named_utc="2026-01-01T00:00:00Z")))
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog._notice.isVisible()
    combo = dialog.findChild(QComboBox, "plan.outcome")
    combo.setCurrentIndex(combo.findText("mean hair width (µm)"))
    assert dialog._notice.isVisible()


def test_weeks_that_are_only_looked_at_stay_as_they_are(qtbot, study):
    plan = TrialPlan(visits=(PlannedVisit(0.0), PlannedVisit(1.25)), primary_week=1.25)
    dialog = PlanDialog(replace(study, plan=plan))
    qtbot.addWidget(dialog)
    assert dialog.plan == plan
    assert dialog.findChild(QDoubleSpinBox, "plan.week").text() == "week 1.25"


def test_before_there_are_results_nothing_is_pointed_out(qtbot, study):
    dialog = PlanDialog(replace(study, reads={}))
    qtbot.addWidget(dialog)
    dialog.show()
    combo = dialog.findChild(QComboBox, "plan.outcome")
    combo.setCurrentIndex(combo.findText("mean hair width (µm)"))
    assert not dialog._notice.isVisible()


def test_a_control_that_is_gone_is_kept_until_another_is_chosen(qtbot, study):
    dialog = PlanDialog(replace(study, plan=TrialPlan(control_arm="placebo")))
    qtbot.addWidget(dialog)
    assert dialog.plan.control_arm == "placebo"


def test_a_report_is_offered_beside_the_study(report_dialog, tmp_path):
    choice = report_dialog.choice
    assert (choice.path, choice.subject, choice.figures) == (tmp_path / "trial-report.pdf", "", False)


def test_the_files_name_follows_kind_and_subject(report_dialog, tmp_path):
    report_dialog.findChild(QRadioButton, "report.kind.html").setChecked(True)
    subject = report_dialog.findChild(QComboBox, "report.subject")
    subject.setCurrentIndex(subject.findData("S02"))
    assert report_dialog.choice.path == tmp_path / "trial-report-S02.html"
    assert report_dialog.choice.subject == "S02"


def test_a_name_that_was_typed_keeps_its_stem(report_dialog, qtbot, tmp_path):
    path = report_dialog.findChild(QLineEdit, "report.path")
    path.clear()
    qtbot.keyClicks(path, str(tmp_path / "mine.pdf"))
    report_dialog.findChild(QRadioButton, "report.kind.html").setChecked(True)
    assert report_dialog.choice.path == tmp_path / "mine.html"


@pytest.mark.parametrize(
    ("text", "fault"),
    [("", "Name the file."), ("report.txt", "The file's name must end in .pdf."), ("{folder}", "This is a folder. ")],
)
def test_a_place_that_cannot_be_is_named(report_dialog, tmp_path, text, fault):
    (tmp_path / "a.pdf").mkdir()
    report_dialog.findChild(QLineEdit, "report.path").setText(text.format(folder=tmp_path / "a.pdf"))
    assert report_dialog._fault.text().startswith(fault)
    assert not button(report_dialog, "dialog.report.write").isEnabled()


@pytest.mark.parametrize(("typed", "html"), [("serum.v2", "serum.v2.html"), ("a.PDF", "a.html"), ("a.htm", "a.html")])
def test_another_kind_changes_the_ending_alone(report_dialog, qtbot, tmp_path, typed, html):
    report_dialog._path.clear()
    qtbot.keyClicks(report_dialog._path, str(tmp_path / typed))
    report_dialog._kinds[1].setChecked(True)
    assert report_dialog.choice.path == tmp_path / html


@pytest.mark.parametrize("typed", ["/", "."])
def test_a_folder_alone_is_left_as_it_is(report_dialog, qtbot, typed):
    report_dialog._path.clear()
    qtbot.keyClicks(report_dialog._path, typed)
    report_dialog._kinds[1].setChecked(True)
    assert report_dialog._path.text() == typed
    assert not report_dialog._write.isEnabled()
