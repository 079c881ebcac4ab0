import json

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QDialog, QMessageBox, QScrollArea

from tests.ui.small_session import READER, make_small_study
from ui.desk import Desk
from ui.dialogs.reader_name import ReaderNameDialog
from ui.keys import COMMANDS
from ui.main_window import MainWindow
from ui.messages import MessageKind
from ui.panels.section import Section
from ui.problems import Problem
from workstation.edits import set_status
from workstation.entry import Selection
from workstation.errors import EditRefused, UserFacingError
from workstation.home import account_name
from workstation.model.hair import Status
from workstation.model.read import ReadState
from workstation.session import open_study
from workstation.settings import Settings, load_settings, save_settings

OWN = 3
"""Ada's read of image 1."""


@pytest.fixture
def told(window):
    messages = []
    window.workspace.told.connect(messages.append)
    return messages


def reject(window):
    window.workspace.select(Selection(OWN, frozenset({1})))
    window.actions_["hairs.reject"].trigger()


def status(path):
    with open_study(path, READER, read_only=True) as session:
        return session.study.reads[OWN].hairs[1].status, session.recovered.n_edits


def test_the_first_start_offers_three_ways(window):
    window.begin()
    assert window.pages.currentWidget() is window.start
    assert not window.tool_bar.isVisible()
    assert window.windowTitle() == "trichodesk"


def test_a_study_opens_on_its_first_and_last_visit(opened, study_path, qtbot):
    assert opened.pages.currentWidget() is not opened.start
    assert list(opened.comparison.views) == [1, 2]
    assert study_path.name in opened.windowTitle()
    qtbot.waitUntil(lambda: load_settings().recent_files == (study_path,))


def test_every_command_does_something(opened):
    """A command that is in the menus and is not connected to anything would be a dead end."""
    for command in COMMANDS:
        action = opened.actions_[command.id]
        assert action.receivers("2triggered(bool)") > 0, command.id


def test_keys_work_at_once_in_a_study_that_was_opened(opened, qtbot):
    assert opened.focusWidget() is opened.comparison.view_of(1)


def test_marks_in_the_menus_say_how_things_are(opened):
    reviewed, in_image = opened.actions_["image.submit"], opened.actions_["hairs.root_visible"]
    assert not reviewed.isChecked()
    assert not in_image.isChecked()  # nothing is selected
    reviewed.trigger()
    assert reviewed.isChecked()
    opened.workspace.set_active(2)
    assert not reviewed.isChecked()
    opened.workspace.set_active(1)
    assert reviewed.isChecked()
    opened.workspace.undo()
    assert not reviewed.isChecked()
    opened.workspace.select(Selection(OWN, frozenset({1})))
    assert in_image.isChecked()
    in_image.trigger()
    assert not in_image.isChecked()
    opened.workspace.undo()
    assert in_image.isChecked()


def test_a_mark_stays_as_it_was_where_nothing_came_of_a_click(opened, monkeypatch):
    def refuse(_):
        raise EditRefused("not now")

    monkeypatch.setattr("workstation.edits.submit", refuse)
    opened.actions_["image.submit"].trigger()
    assert not opened.actions_["image.submit"].isChecked()


def test_commands_that_need_a_study_are_grey_without_one(window):
    enabled = {command.id for command in COMMANDS if window.actions_[command.id].isEnabled()}
    assert {"file.open", "file.new", "file.settings", "help.keys"} <= enabled
    assert not enabled & {"file.save", "edit.undo", "tool.draw", "hairs.accept", "image.detect", "view.fit"}


def test_the_title_tells_what_is_not_in_the_file_yet(opened, qtbot):
    assert not opened.isWindowModified()
    reject(opened)
    assert opened.isWindowModified()
    opened.actions_["file.save"].trigger()
    qtbot.waitUntil(lambda: not opened.isWindowModified())


def test_closing_saves_and_asks_nothing(opened, study_path, qtbot):
    reject(opened)
    opened.close()
    qtbot.waitUntil(lambda: not opened.isVisible())
    opened.desk.shutdown()
    assert status(study_path) == (Status.REJECTED, 0)


def test_an_edit_is_on_disk_before_anything_is_saved(opened, study_path):
    reject(opened)
    assert status(study_path) == (Status.REJECTED, 1)


def test_what_cannot_be_saved_keeps_the_window_open_if_wanted(opened, qtbot, monkeypatch):
    def fail():
        raise UserFacingError("the disk is full", remedy="Make room.")

    reject(opened)
    monkeypatch.setattr(opened.workspace.session, "save", fail)
    asked = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: asked.append(box.text()))
    monkeypatch.setattr(QMessageBox, "clickedButton", lambda box: box.escapeButton())
    opened.close()
    qtbot.waitUntil(lambda: bool(asked))
    assert opened.isVisible()
    assert opened.isEnabled()
    assert asked[0].startswith("The disk is full. Make room. The edit is in the journal")


def test_undo_from_the_message(opened, qtbot):
    reject(opened)
    toast = next(iter(opened.toasts))
    assert toast.message.text == "Reject hairs."
    opened.toasts.undo_asked.emit()
    assert opened.workspace.study.reads[OWN].hairs[1].status is Status.UNREVIEWED


def test_undo_is_named_in_the_menu(opened):
    assert not opened.actions_["edit.undo"].isEnabled()
    reject(opened)
    assert opened.actions_["edit.undo"].text() == "Undo reject hairs"
    opened.actions_["edit.undo"].trigger()
    assert opened.actions_["edit.redo"].text() == "Redo reject hairs"


def test_a_study_held_by_another_opens_for_reading_and_says_who(window, study_path, told, qtbot):
    with open_study(study_path, "Grace"):
        window.begin(study_path)
        qtbot.waitUntil(lambda: window.workspace.session is not None)
        [message] = [m for m in told if m.kind is MessageKind.WARNING]
        assert message.text.startswith("Open for reading only: ")
        assert "(reading only)" in window.windowTitle()
        assert not window.actions_["tool.draw"].isEnabled()
        window.desk.shutdown()


def test_recovered_edits_are_announced(window, study_path, told, qtbot):
    with open_study(study_path, READER) as session:
        session.document.apply(set_status(session.study.reads[OWN], [1], Status.REJECTED))
    window.begin(study_path)
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    assert any(m.text.startswith("Recovered 1 edit") for m in told)
    assert window.isWindowModified()


def test_a_file_that_is_no_study_is_told_in_words(window, tmp_path, told, qtbot):
    path = tmp_path / "notes.h5"
    path.write_text("not a study")
    window.begin(path)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].kind is MessageKind.ERROR
    assert "notes.h5" in told[0].text
    assert window.pages.currentWidget() is window.start


def test_another_study_takes_the_place_of_the_open_one_which_is_saved(opened, study_path, tmp_path, qtbot):
    reject(opened)
    other = make_small_study(tmp_path / "other", "other.h5")  # a copy has the same id; its edits are its own
    drop(opened, [other])
    qtbot.waitUntil(lambda: opened.workspace.session is not None and opened.workspace.session.path == other)
    assert status(study_path) == (Status.REJECTED, 0)


def test_what_is_dropped_is_taken_only_where_it_can_be_opened(window, tmp_path):
    text = tmp_path / "letter.txt"
    text.write_text("Dear …")
    event = drag([text])
    window.dragEnterEvent(event)
    assert not event.isAccepted()


def test_the_layout_is_kept(opened, qtbot):
    opened.actions_["view.panels"].trigger()
    display_section(opened).set_folded(False)
    opened.close()
    qtbot.waitUntil(lambda: not opened.isVisible())
    kept = json.loads(load_settings().window_layout)
    assert kept["panels"] is False
    again = MainWindow(Desk(load_settings()))
    qtbot.addWidget(again, before_close_func=lambda window: window.desk.shutdown())
    assert not again.actions_["view.panels"].isChecked()
    assert not display_section(again).folded


def test_the_start_page_stands_alone_also_after_a_study_was_open(opened, qtbot):
    opened.close()
    qtbot.waitUntil(lambda: not opened.isVisible())
    again = MainWindow(Desk(load_settings()))
    qtbot.addWidget(again, before_close_func=lambda window: window.desk.shutdown())
    again.show()
    assert not any(part.isVisible() for part in (again.tool_bar, again.visit_bar, again.column))


def test_a_section_that_is_unfolded_comes_into_sight(opened, qtbot):
    scroll = opened.findChild(QScrollArea, "side_column_scroll")
    section = opened.findChild(Section, "tables.section")

    def in_sight():
        top = section.mapTo(scroll.viewport(), section.rect().topLeft()).y()
        return top >= 0 and top + min(section.height(), scroll.viewport().height()) <= scroll.viewport().height()

    section.set_folded(False)
    qtbot.waitUntil(lambda: section.height() > 200)
    qtbot.waitUntil(in_sight)


def test_a_layout_that_cannot_be_understood_is_passed_over(qtbot):
    window = MainWindow(Desk(Settings(window_layout='{"geometry": 3}')))
    qtbot.addWidget(window, before_close_func=lambda window: window.desk.shutdown())
    assert window.actions_["view.panels"].isChecked()


def test_a_second_read_begins_from_the_detection_and_the_first_is_kept(opened):
    reject(opened)
    opened.actions_["image.new_read"].trigger()
    read = opened.workspace.read(1)
    assert read.id > OWN
    assert read.hairs[1].status is Status.UNREVIEWED
    assert opened.workspace.study.reads[OWN].hairs[1].status is Status.REJECTED


def test_keys_go_to_the_other_visit(opened):
    assert opened.workspace.active == 1
    opened.actions_["view.other"].trigger()
    assert opened.workspace.active == 2
    opened.actions_["view.other"].trigger()
    assert opened.workspace.active == 1


def test_the_overlay_hides_and_comes_back(opened):
    opened.actions_["view.hide_overlay"].trigger()
    assert not opened.workspace.display.layers.visible
    assert opened.actions_["view.hide_overlay"].isChecked()
    opened.actions_["view.hide_overlay"].trigger()
    assert opened.workspace.display.layers.visible


def test_a_comment_is_typed_where_the_selection_is(opened, qtbot):
    opened.workspace.select(Selection(OWN, frozenset({1})))
    opened.actions_["edit.comment"].trigger()
    comment = opened.focusWidget()
    qtbot.keyClicks(comment, "looks odd")
    qtbot.keyClick(comment, Qt.Key.Key_Return)
    assert opened.workspace.study.reads[OWN].hairs[1].comment == "looks odd"


def test_what_is_being_typed_is_kept_when_the_window_closes(opened, study_path, qtbot):
    opened.workspace.select(Selection(OWN, frozenset({1})))
    opened.actions_["edit.comment"].trigger()
    qtbot.keyClicks(opened.focusWidget(), "looks odd")
    opened.close()
    qtbot.waitUntil(lambda: not opened.isVisible())
    opened.desk.shutdown()
    with open_study(study_path, READER, read_only=True) as session:
        assert session.study.reads[OWN].hairs[1].comment == "looks odd"


def test_an_error_that_is_repeated_is_counted(window):
    for n in (1, 2, 4):
        window.tell_of_failure(Problem("Something went wrong.", "line 7", n))
    (toast,) = window.toasts
    assert toast.n_times == 4


@pytest.fixture
def nameless(qtbot, monkeypatch):
    """The window of somebody who has not said a name, and the number of times it was asked for."""
    save_settings(Settings())
    desk = Desk(load_settings())
    window = MainWindow(desk)
    qtbot.addWidget(window, before_close_func=lambda _: desk.shutdown())
    asked = []

    def answer(_dialog):
        asked.append(desk.maker.busy or desk.opener.busy)
        return QDialog.DialogCode.Rejected

    monkeypatch.setattr(ReaderNameDialog, "exec", answer)
    return window, asked


def test_without_a_name_a_study_opens_all_the_same_under_that_of_the_account(nameless, study_path, qtbot):
    window, asked = nameless
    for _ in range(2):
        window.commands.files.open(study_path)
        qtbot.waitUntil(lambda: window.workspace.session is not None)
        assert window.workspace.session.document.user == account_name()
        window.commands.files.close_study()
        qtbot.waitUntil(lambda: window.workspace.session is None)
    assert len(asked) == 1


def test_the_demo_asks_for_a_name_before_anything_is_made_and_is_made_once(nameless, qtbot):
    window, asked = nameless
    made = []
    window.desk.work_began.connect(lambda title, _: made.append(title))
    window.commands.files.open_demo()
    window.commands.files.open_demo()
    assert asked == [False]
    assert made == ["Preparing the demo"]
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    qtbot.waitUntil(lambda: window.desk.detection.running)
    window.desk.detection.cancel()


def test_ctrl_enter_ends_a_comment_and_no_review(opened, qtbot):
    opened.workspace.select(Selection(OWN, frozenset({1})))
    opened.actions_["edit.comment"].trigger()
    comment = opened.focusWidget()
    qtbot.keyClicks(comment, "looks odd")
    qtbot.keyClick(comment, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    read = opened.workspace.study.reads[OWN]
    assert read.hairs[1].comment == "looks odd"
    assert read.review.state is ReadState.IN_REVIEW


def display_section(window):
    return window.findChild(Section, f"{window.column.display_.objectName()}.section")


def drag(paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.NoModifier)
    event.data = data  # it does not keep it alive itself
    event.ignore()
    return event


def drop(window, paths):
    window.dropEvent(drag(paths))
