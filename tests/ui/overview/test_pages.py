import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QPushButton

from ui.dialogs.events import EventsDialog
from ui.dialogs.questionnaires import QuestionnairesDialog
from ui.dialogs.subjects import SubjectsDialog
from ui.pages import Page


@pytest.fixture
def dialogs(monkeypatch):
    """The dialogs that were opened, each left at once."""
    opened = []
    for dialog in (SubjectsDialog, QuestionnairesDialog, EventsDialog):
        monkeypatch.setattr(dialog, "exec", lambda self: opened.append(self) or QDialog.DialogCode.Rejected)
    yield opened
    for dialog in opened:
        dialog.deleteLater()


def test_each_command_opens_its_dialog_with_the_active_image(trial_window, dialogs):
    trial_window.show_images((1, 5))
    for command in ("study.subjects", "study.questionnaires", "study.events"):
        trial_window.actions_[command].trigger()
    assert [type(dialog) for dialog in dialogs] == [SubjectsDialog, QuestionnairesDialog, EventsDialog]
    assert dialogs[0].form._subject.id == "S2"
    assert dialogs[1].list.visit is not None
    assert dialogs[1].list.visit.subject == "S2"
    assert dialogs[2].form.subject.currentText() == "S2"


def test_a_trial_opens_with_the_overview_and_one_subject_with_its_images(trial_window, study_path, qtbot):
    assert trial_window.pages.page is Page.OVERVIEW
    assert trial_window.focusWidget() is trial_window.commands.study.overview_.grid
    trial_window.commands.files.open(study_path)
    qtbot.waitUntil(lambda: trial_window.pages.page is Page.IMAGES)
    trial_window.commands.files.close_study()
    qtbot.waitUntil(lambda: trial_window.pages.page is Page.START)
    assert not trial_window.page_switch.isVisible()


def test_the_overview_opens_images_with_the_keyboard_on_the_later_one(trial_window, qtbot):
    grid = trial_window.commands.study.overview_.grid
    grid.go_to(0, 2)
    grid.opened.emit(grid.currentIndex())
    assert trial_window.pages.page is Page.IMAGES
    assert trial_window.workspace.shown == (1, 3)
    assert trial_window.workspace.active == 3
    qtbot.waitUntil(lambda: trial_window.focusWidget() is trial_window.comparison.view_of(3))


def test_tools_and_their_keys_are_of_the_images_alone(trial_window):
    actions = trial_window.actions_
    assert not any(actions[name].isEnabled() for name in ("tool.draw", "hairs.accept", "view.fit", "image.detect"))
    assert actions["image.detect_all"].isEnabled()
    assert not trial_window.tool_bar.isVisible()
    assert trial_window.page_switch.isVisible()
    actions["study.overview"].trigger()  # it is shown: back to the images
    assert trial_window.pages.page is Page.IMAGES
    assert not actions["study.overview"].isChecked()
    assert trial_window.tool_bar.isVisible()
    assert actions["tool.draw"].isEnabled()
    actions["study.find"].trigger()
    assert trial_window.pages.page is Page.OVERVIEW
    assert actions["study.overview"].isChecked()
    assert trial_window.focusWidget() is trial_window.commands.study.overview_.text


def test_a_study_is_made_by_hand(window, tmp_path, monkeypatch, qtbot, dialogs):
    chosen = tmp_path / "serum"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(chosen), ""))
    window.actions_["file.new_empty"].trigger()
    qtbot.waitUntil(lambda: window.pages.page is Page.OVERVIEW)
    assert chosen.with_suffix(".h5").exists()
    add = window.findChild(QPushButton, "overview.add_subjects")
    assert add.isVisible()
    add.click()
    qtbot.keyClicks(dialogs[0].code, "S01")
    qtbot.keyClick(dialogs[0].code, Qt.Key.Key_Return)
    dialogs[0].findChild(QPushButton, "subjects.add_visit").click()
    page = window.commands.study.overview_
    qtbot.waitUntil(lambda: [row.subject.id for row in page.model.rows] == ["S01"])
    assert [column.title for column in page.model.columns] == ["Baseline"]
    assert not add.isVisible()


def test_a_study_that_is_there_is_never_overwritten(window, study_path, monkeypatch):
    told = []
    window.workspace.told.connect(lambda message: told.append(message.text))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(study_path), ""))
    before = study_path.read_bytes()
    window.actions_["file.new_empty"].trigger()
    assert told == ["There is a file trial.h5 already; choose another name."]
    assert study_path.read_bytes() == before


def test_pages_are_made_when_they_are_first_shown(window):
    assert window.commands.study.overview_ is None
    assert window.pages.count() == 2
