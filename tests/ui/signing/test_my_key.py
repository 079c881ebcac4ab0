import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QLineEdit, QPushButton

from ui.signing.my_key import MyKeyDialog
from workstation.signing.keys import key_of, keys_folder, sign_with
from workstation.signing.public_keys import holds, read_offer

from .conftest import PASSPHRASE


@pytest.fixture
def show(qtbot, background, tmp_path):
    def show(name="Ada"):
        dialog = MyKeyDialog(name, background, tmp_path)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return show


def line(dialog, name):
    return dialog.findChild(QLineEdit, f"my_key.{name}")


def button(dialog, name):
    return dialog.findChild(QPushButton, f"my_key.{name}.button")


def told(dialog):
    return dialog.findChild(QLabel, "my_key.told").text()


def answer(monkeypatch, which, path):
    monkeypatch.setattr(QFileDialog, which, lambda *_, **__: (str(path), ""))


def test_a_key_is_made_by_keyboard_alone(show, qtbot):
    dialog = show()
    assert dialog.focusWidget() is line(dialog, "make.new")
    qtbot.keyClicks(dialog.focusWidget(), PASSPHRASE)
    assert not button(dialog, "make").isEnabled()
    assert dialog.findChild(QLabel, "my_key.make.fault").text() == "Type it a second time, the very same."
    dialog.focusNextChild()
    assert dialog.focusWidget() is line(dialog, "make.again")
    qtbot.keyClicks(dialog.focusWidget(), PASSPHRASE)
    assert button(dialog, "make").isDefault()
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.key is not None)
    key = key_of("Ada")
    assert dialog.key == key
    assert dialog.findChild(QLabel, "my_key.fingerprint").text().replace("\u2002", " ") == key.fingerprint
    assert told(dialog).startswith("Your key is made. Next: export its public half")
    assert line(dialog, "make.new").text() == ""  # nothing of it stays in the window
    assert holds(key.public_key, sign_with(key, PASSPHRASE, b"x"), b"x")


def test_what_is_typed_is_hidden_until_it_is_asked_for(show):
    dialog = show()
    assert line(dialog, "make.new").echoMode() is QLineEdit.EchoMode.Password
    dialog.findChild(QCheckBox, "my_key.make.show").click()
    assert line(dialog, "make.new").echoMode() is QLineEdit.EchoMode.Normal
    assert line(dialog, "make.again").echoMode() is QLineEdit.EchoMode.Normal


def test_a_passphrase_that_is_too_short_makes_nothing(show, qtbot):
    dialog = show()
    for name in ("make.new", "make.again"):
        qtbot.keyClicks(line(dialog, name), "too short")
    assert not button(dialog, "make").isEnabled()
    assert "fewer than 12 characters" in dialog.findChild(QLabel, "my_key.make.fault").text()


def test_the_public_half_is_handed_over(show, ada_key, monkeypatch, tmp_path, qtbot):
    dialog = show()
    path = tmp_path / "Ada.trichokey"
    answer(monkeypatch, "getSaveFileName", path)
    button(dialog, "export").click()
    assert read_offer(path).public_key == ada_key.public_key
    assert told(dialog) == "Hand Ada.trichokey to the owner of the study."
    button(dialog, "copy").click()
    assert QGuiApplication.clipboard().text() == ada_key.fingerprint
    path.write_text("something else")
    button(dialog, "export").click()
    assert "already a file of this name" in told(dialog)
    assert path.read_text() == "something else"


def test_a_key_is_backed_up_and_restored(show, ada_key, monkeypatch, tmp_path):
    backup = tmp_path / "Ada backup.key"
    answer(monkeypatch, "getSaveFileName", backup)
    button(show(), "back_up").click()
    (keys_folder() / ada_key.file_name).unlink()
    dialog = show()
    assert dialog.key is None
    answer(monkeypatch, "getOpenFileName", backup)
    button(dialog, "restore").click()
    assert dialog.key == ada_key
    assert told(dialog) == "The key is back, with the passphrase that it had then."
    other = show("Bo")
    button(other, "restore").click()
    assert (other.key, told(other)) == (None, "It is the key of Ada, and you read as Bo: the settings say so.")
    backup.write_text("no key")
    button(other, "restore").click()
    assert "no signing key" in told(other)


def test_the_passphrase_is_changed(show, ada_key, qtbot):
    dialog = show()
    button(dialog, "change").click()
    assert dialog.focusWidget() is line(dialog, "old")
    qtbot.keyClicks(line(dialog, "old"), "not the passphrase")
    for name in ("change.new", "change.again"):
        qtbot.keyClicks(line(dialog, name), "some other words")
    button(dialog, "keep").click()
    qtbot.waitUntil(lambda: "the passphrase is wrong" in told(dialog).lower())
    assert key_of("Ada") == ada_key
    line(dialog, "old").clear()
    qtbot.keyClicks(line(dialog, "old"), PASSPHRASE)
    button(dialog, "keep").click()
    qtbot.waitUntil(lambda: told(dialog) == "The passphrase is changed.")
    assert sign_with(key_of("Ada"), "some other words", b"x")
    assert line(dialog, "old").text() == line(dialog, "change.new").text() == ""


def test_a_damaged_key_is_told(show, ada_key):
    (keys_folder() / ada_key.file_name).write_text("{}")
    dialog = show()
    assert dialog.key is None
    assert "this is no signing key, or a damaged one" in told(dialog)


def test_esc_leaves_and_what_is_under_way_is_dropped(show, qtbot, background):
    dialog = show()
    for name in ("make.new", "make.again"):
        qtbot.keyClicks(line(dialog, name), PASSPHRASE)
    button(dialog, "make").click()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: key_of("Ada") is not None)  # the thread was not stopped in the middle of a file
