import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from ui.dialogs.shortcut_sheet import ShortcutSheet
from ui.keys import COMMANDS, VIEW_KEYS


@pytest.fixture
def sheet(qtbot):
    sheet = ShortcutSheet({})
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # qtbot closes it
    qtbot.addWidget(sheet)
    sheet.show()
    return sheet


def search(sheet, qtbot, text):
    line = sheet.findChild(QLineEdit, "shortcut_sheet.search")
    line.clear()
    qtbot.keyClicks(line, text)
    return sheet.shown()


def test_everything_that_has_a_key_stands_on_it(sheet):
    with_keys = [c.text.removesuffix("…") for c in COMMANDS if c.keys]
    assert sorted(sheet.shown()) == sorted([*with_keys, *(does for _, does in VIEW_KEYS)])


def test_it_is_searched_by_word_key_menu_and_several_words(sheet, qtbot):
    assert search(sheet, qtbot, "reject") == ["Delete", "Reject"]
    assert "Undo" in search(sheet, qtbot, "ctrl+z")
    assert search(sheet, qtbot, "TOOLS width") == ["Gauge width"]
    assert search(sheet, qtbot, "unicorn") == []
    assert any(label.text().startswith("No command") and label.isVisible() for label in sheet.findChildren(QLabel))
    assert len(search(sheet, qtbot, "")) > 60


def test_keys_are_shown_as_the_user_set_them(qtbot):
    sheet = ShortcutSheet({"hairs.accept": ("Y",), "edit.undo": ()})
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(sheet)
    named = {label.accessibleName() for label in sheet.findChildren(QLabel)}
    assert "Accept: Y" in named
    assert "Undo" not in sheet.shown()


def test_escape_closes_it_and_work_goes_on_beside_it(sheet, qtbot):
    assert not sheet.isModal()
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_keys_can_be_changed_from_it(sheet, qtbot):
    with qtbot.waitSignal(sheet.change_asked):
        qtbot.mouseClick(sheet.findChild(QPushButton, "dialog.shortcut_sheet.change_keys"), Qt.MouseButton.LeftButton)
