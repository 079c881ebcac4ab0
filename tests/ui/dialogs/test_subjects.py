import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton

from tests.ui.small_session import READER
from ui.dialogs.grade_choice import GradePictures
from ui.dialogs.subjects import SubjectsDialog
from ui.workspace import Workspace
from workstation.model.study import Subject, Visit
from workstation.session import open_study
from workstation.settings import Settings

NAME, WEEK, DAY, TIMING, IMAGES = range(5)


@pytest.fixture
def dialog(qtbot, trial_workspace):
    dialog = SubjectsDialog(trial_workspace, "S1")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def press(dialog, name, qtbot):
    qtbot.mouseClick(dialog.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def listed(dialog):
    return [dialog.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(dialog.list.count())]


def cells(dialog, row):
    return [dialog.visits.index(row, column).data() for column in range(5)]


def told(dialog):
    return dialog.findChild(QLabel, "subjects.told").text()


def type_cell(dialog, row, column, text, qtbot):
    dialog.table.setCurrentIndex(dialog.visits.index(row, column))
    dialog.table.setFocus()
    qtbot.keyClick(dialog.table, Qt.Key.Key_F2)
    line = dialog.table.findChild(QLineEdit)
    line.clear()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.table.findChild(QLineEdit) is None)


def type_line(line, text, qtbot):
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_subjects_are_listed_with_the_visits_of_one(dialog):
    assert listed(dialog) == ["S1", "S2", "S10"]
    assert cells(dialog, 0) == ["baseline", "0", "2026-03-02", "the baseline", "1"]
    assert cells(dialog, 2) == ["week 12", "12", "2026-06-02", "8\xa0days late", "2"]


def test_a_subject_is_added_described_and_taken_out(dialog, trial_workspace, qtbot):
    type_line(dialog.code, "S3", qtbot)
    assert listed(dialog) == ["S1", "S2", "S3", "S10"]
    assert dialog.list.currentItem().data(Qt.ItemDataRole.UserRole) == "S3"
    dialog.form.sex.setEditText("female")
    qtbot.keyClick(dialog.form.sex.lineEdit(), Qt.Key.Key_Return)
    type_line(dialog.form.age, "41,5", qtbot)
    dialog.form.arm.setEditText("serum")
    qtbot.keyClick(dialog.form.arm.lineEdit(), Qt.Key.Key_Return)
    dialog.form.grade.chosen.emit("Ludwig II")
    assert trial_workspace.study.subjects["S3"] == Subject("S3", "female", 41.5, "Ludwig II", "serum")
    press(dialog, "subjects.remove_subject", qtbot)
    assert listed(dialog) == ["S1", "S2", "S10"]


def test_each_change_is_undone_by_itself(dialog, trial_workspace, qtbot):
    type_line(dialog.form.age, "35", qtbot)
    type_line(dialog.form.age, "36", qtbot)
    press(dialog, "dialog.subjects.undo", qtbot)
    assert trial_workspace.study.subjects["S1"].age == 35
    assert dialog.form.age.text() == "35"
    press(dialog, "dialog.subjects.redo", qtbot)
    assert dialog.form.age.text() == "36"


def test_a_change_is_on_disk_at_once(dialog, trial_path, qtbot):
    type_line(dialog.form.age, "35", qtbot)
    with open_study(trial_path, READER, read_only=True) as again:
        assert again.study.subjects["S1"].age == 35
        assert again.recovered.n_edits == 1


def test_what_cannot_be_is_said_and_changes_nothing(dialog, trial_workspace, qtbot):
    before = trial_workspace.study
    type_line(dialog.form.age, "old", qtbot)
    assert told(dialog) == "“old” is not an age: type a number of years, or nothing."
    assert dialog.form.age.property("faulty") is True
    type_line(dialog.form.age, "300", qtbot)
    assert told(dialog).startswith("300 is not an age in years.")
    type_line(dialog.code, "s2", qtbot)
    assert told(dialog) == "There is a subject 'S2' already. Type another code."
    press(dialog, "subjects.remove_subject", qtbot)
    assert told(dialog) == "Subject 'S1' has 3 visits. Remove the visits first."
    assert trial_workspace.study is before


def test_the_next_planned_visit_is_added_and_its_day_typed(dialog, trial_workspace, qtbot):
    dialog.list.setCurrentRow(2)
    press(dialog, "subjects.add_visit", qtbot)
    assert cells(dialog, 1) == ["week 4", "4", "", "no day known", "0"]
    assert dialog.table.currentIndex().column() == DAY
    type_cell(dialog, 1, DAY, "2026-04-03", qtbot)
    assert cells(dialog, 1) == ["week 4", "4", "2026-04-03", "on time", "0"]
    type_cell(dialog, 1, DAY, "2026-04-08", qtbot)
    assert cells(dialog, 1)[TIMING] == "7\xa0days late"
    press(dialog, "subjects.add_visit", qtbot)
    press(dialog, "subjects.add_visit", qtbot)
    names = [visit.name for visit in trial_workspace.study.visits.values() if visit.subject == "S10"]
    assert names == ["baseline", "week 4", "week 12", "visit 4"]


def test_a_visit_without_images_is_taken_out_and_one_with_images_stays(dialog, trial_workspace, qtbot):
    dialog.list.setCurrentRow(1)
    dialog.table.setCurrentIndex(dialog.visits.index(1, NAME))
    press(dialog, "subjects.remove_visit", qtbot)
    assert [visit.name for visit in trial_workspace.study.visits.values() if visit.subject == "S2"] == ["baseline"]
    press(dialog, "dialog.subjects.undo", qtbot)
    assert cells(dialog, 1)[NAME] == "week 12"
    dialog.table.setCurrentIndex(dialog.visits.index(0, NAME))
    press(dialog, "subjects.remove_visit", qtbot)
    assert "images are kept for ever" in told(dialog)


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        (WEEK, "soon", "“soon” is not a week"),
        (WEEK, "12", "has a visit of week 12 already"),
        (DAY, "31.3.2026", "'31.3.2026' is not a date"),
        (NAME, "week 12", "has a visit 'week 12' already"),
        (NAME, " ", "A visit needs a name"),
    ],
)
def test_a_visit_that_cannot_be_is_said(dialog, trial_workspace, qtbot, column, text, said):
    before = trial_workspace.study
    type_cell(dialog, 1, column, text, qtbot)
    assert said in told(dialog)
    assert trial_workspace.study is before


def test_a_week_is_typed_or_taken_away(dialog, trial_workspace, qtbot):
    type_cell(dialog, 1, WEEK, "week 5", qtbot)
    assert trial_workspace.study.visits[2] == Visit(2, "S1", "week 4", 5.0, "2026-03-30")
    assert cells(dialog, 1)[TIMING] == "7\xa0days early"
    type_cell(dialog, 1, WEEK, "", qtbot)
    assert trial_workspace.study.visits[2].week is None


def test_it_begins_with_the_visit_that_was_meant(qtbot, trial_workspace):
    dialog = SubjectsDialog(trial_workspace, "S2", 5)
    qtbot.addWidget(dialog)
    assert dialog.table.currentIndex().row() == 1
    assert cells(dialog, 1)[NAME] == "week 12"


def test_a_study_open_for_reading_is_only_looked_at(qtbot, trial_path):
    with open_study(trial_path, READER, read_only=True) as session:
        workspace = Workspace(Settings(reader=READER))
        workspace.set_session(session, (1,))
        dialog = SubjectsDialog(workspace, "S1")
        qtbot.addWidget(dialog)
        assert told(dialog) == "The study is open for reading only."
        assert not dialog.form.isEnabled()
        assert not dialog.findChild(QPushButton, "subjects.add_visit").isEnabled()
        assert not dialog.visits.flags(dialog.visits.index(0, NAME)) & Qt.ItemFlag.ItemIsEditable


def test_a_grade_is_chosen_by_keyboard(dialog, trial_workspace, qtbot):
    dialog.form.grade.open()
    pictures = dialog.findChild(QFrame, "grades")
    assert isinstance(pictures, GradePictures)
    present = next(grade for grade, button in pictures.buttons.items() if button.isChecked())
    assert present.name == "Ludwig I"
    focused = pictures.focusWidget()
    for key, name in ((Qt.Key.Key_Right, "Ludwig II"), (Qt.Key.Key_Down, "Norwood II"), (Qt.Key.Key_Left, "Norwood I")):
        qtbot.keyClick(focused, key)
        focused = pictures.focusWidget()
        assert focused.accessibleName() == name
    qtbot.keyClick(focused, Qt.Key.Key_Return)
    assert trial_workspace.study.subjects["S1"].grade == "Norwood I"
    assert dialog.form.grade.text() == "Norwood I"


def test_a_grade_is_taken_away_by_mouse_and_one_written_otherwise_is_shown(dialog, trial_workspace, qtbot):
    dialog.form.grade.open()
    pictures = dialog.findChild(QFrame, "grades")
    qtbot.mouseClick(pictures.findChild(QPushButton, "grades.none"), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert trial_workspace.study.subjects["S1"].grade == ""
    assert dialog.form.grade.text() == "Not graded"
    dialog.form.grade.show_grade("Sinclair 3", "female")
    assert dialog.form.grade.text() == "Sinclair 3"
    assert dialog.form.grade.icon().isNull()
