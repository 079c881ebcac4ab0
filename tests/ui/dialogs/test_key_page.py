import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit, QLabel, QLineEdit, QPushButton, QTreeWidget

from ui.dialogs.key_page import KeyPage
from ui.keys import COMMANDS


@pytest.fixture
def page(qtbot):
    return shown(qtbot, {})


def shown(qtbot, overrides):
    page = KeyPage(overrides)
    qtbot.addWidget(page)
    page.show()
    return page


def press(page, qtbot, name, key, modifier=Qt.KeyboardModifier.NoModifier):
    edit = page.findChild(QKeySequenceEdit, f"keys.{name}")
    edit.setFocus()
    qtbot.keyClick(edit, key, modifier)
    return edit


def button(page, name):
    return page.findChild(QPushButton, f"keys.{name}")


def clash(page):
    return page.findChild(QLabel, "keys.clash").text()


def listed(page):
    table = page.findChild(QTreeWidget)
    items = [table.topLevelItem(i) for i in range(table.topLevelItemCount())]
    return {item.text(0): item.text(2) for item in items if not item.isHidden()}


def test_all_commands_are_listed_with_their_keys(page):
    assert len(listed(page)) == len(COMMANDS)
    assert listed(page)["Redo"] == "Ctrl+Shift+Z, Ctrl+Y"


def test_a_key_is_changed_by_pressing_it(page, qtbot):
    page.choose("hairs.accept")
    with qtbot.waitSignal(page.changed):
        press(page, qtbot, "first", Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    assert page.overrides() == {"hairs.accept": ("Alt+Y",)}
    assert listed(page)["Accept"] == "Alt+Y"
    assert clash(page) == ""


def test_a_second_key_is_added_and_further_ones_are_kept(page, qtbot):
    page.choose("hairs.accept")
    press(page, qtbot, "second", Qt.Key.Key_F2)
    assert page.overrides() == {"hairs.accept": ("A", "F2")}
    page.choose("view.zoom_in")
    press(page, qtbot, "second", Qt.Key.Key_F3)
    assert page.overrides()["view.zoom_in"] == ("Ctrl++", "F3", "+", "=")


def test_a_clash_is_shown_at_once_and_solved_either_way(page, qtbot):
    page.choose("hairs.accept")
    press(page, qtbot, "first", Qt.Key.Key_X)
    assert clash(page) == "X is the key of “Accept” and “Reject”."
    assert page.problems() == [clash(page)]
    qtbot.mouseClick(button(page, "take"), Qt.MouseButton.LeftButton)
    assert page.overrides() == {"hairs.accept": ("X",), "hairs.reject": ()}
    assert page.problems() == []
    page.choose("hairs.accept")
    qtbot.mouseClick(button(page, "reset"), Qt.MouseButton.LeftButton)
    assert page.overrides() == {"hairs.reject": ()}


def test_a_key_of_the_views_cannot_be_taken(page, qtbot):
    page.choose("hairs.accept")
    press(page, qtbot, "first", Qt.Key.Key_H)
    assert clash(page) == "H is a key of the image views: hold to hide the overlay."
    assert button(page, "take").isHidden()
    assert len(page.problems()) == 1


def test_the_usual_keys_again_are_no_override(page, qtbot):
    page.choose("hairs.accept")
    press(page, qtbot, "first", Qt.Key.Key_F2)
    press(page, qtbot, "first", Qt.Key.Key_A)
    assert page.overrides() == {}
    assert not button(page, "reset").isEnabled()


def test_a_key_is_taken_away(page):
    page.choose("hairs.accept")
    page.findChild(QKeySequenceEdit, "keys.first").setKeySequence(QKeySequence())
    assert page.overrides() == {"hairs.accept": ()}
    assert listed(page)["Accept"] == ""


def test_all_keys_are_reset(qtbot):
    page = shown(qtbot, {"hairs.accept": ("X",), "edit.undo": ("F2",), "gone.command": ("F10",)})
    assert page.overrides() == {"hairs.accept": ("X",), "edit.undo": ("F2",)}
    qtbot.mouseClick(button(page, "reset_all"), Qt.MouseButton.LeftButton)
    assert page.overrides() == {}
    assert page.problems() == []


def test_commands_are_found_by_word_menu_and_key(page, qtbot):
    line = page.findChild(QLineEdit, "keys.search")
    qtbot.keyClicks(line, "units merge")
    assert list(listed(page)) == ["Merge units"]
    line.setText("ctrl+shift+s")
    assert list(listed(page)) == ["Save a copy as"]


def test_looking_at_another_command_changes_nothing(page, qtbot):
    for command in COMMANDS:
        page.choose(command.id)
    assert page.overrides() == {}
