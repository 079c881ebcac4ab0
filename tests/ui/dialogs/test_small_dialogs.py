import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton

from ui.crash import CrashReport
from ui.dialogs.about import AboutDialog
from ui.dialogs.crash_report import CrashReportDialog
from ui.dialogs.error import ErrorDialog
from ui.dialogs.reader_name import ReaderNameDialog
from ui.messages import Message, MessageKind
from workstation.home import data_dir
from workstation.version import software_version


@pytest.fixture
def shown(qtbot):
    def show(dialog):
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return show


@pytest.fixture
def opened(monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    return opened


@pytest.fixture
def crash(tmp_path):
    file = tmp_path / "crashes" / "1-2.txt"
    file.parent.mkdir()
    file.write_text("stacks")
    return CrashReport("2026-02-03T14:02:00Z", "trichodesk 0.1.0\nThread 1", file)


def button(dialog, name):
    return dialog.findChild(QPushButton, f"{dialog.objectName()}.{name}")


def click(dialog, name, qtbot):
    qtbot.mouseClick(button(dialog, name), Qt.MouseButton.LeftButton)


def test_a_name_is_kept_without_blanks_around_it(shown, qtbot):
    dialog = shown(ReaderNameDialog())
    assert not button(dialog, "keep").isEnabled()
    line = dialog.findChild(QLineEdit)
    qtbot.keyClicks(line, "   ")
    assert not button(dialog, "keep").isEnabled()
    qtbot.keyClicks(line, "Ada L. ")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert dialog.name == "Ada L."


def test_not_now_is_an_answer(shown, qtbot):
    dialog = shown(ReaderNameDialog("Ada"))
    with qtbot.waitSignal(dialog.rejected):
        click(dialog, "not_now", qtbot)


def test_about_tells_and_copies_the_versions(shown, qtbot, opened):
    dialog = shown(AboutDialog())
    assert software_version() in dialog.findChild(QLabel, "about.version").text()
    click(dialog, "copy_versions", qtbot)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(f"trichodesk {software_version()}, Python ")
    click(dialog, "open_folder", qtbot)
    assert opened == [QUrl.fromLocalFile(str(data_dir()))]


def test_details_of_an_error_can_be_copied(shown, qtbot):
    dialog = shown(ErrorDialog(Message("It went wrong.", MessageKind.ERROR, details="Traceback\n  line 3")))
    click(dialog, "copy", qtbot)
    assert QGuiApplication.clipboard().text() == "Traceback\n  line 3"
    assert button(dialog, "copy").text() == "Copied"


def test_a_message_without_details_shows_itself(shown):
    dialog = shown(ErrorDialog(Message("It went wrong.", MessageKind.ERROR)))
    assert dialog.findChild(QPlainTextEdit).toPlainText() == "It went wrong."


def test_a_crash_report_is_forgotten_once_it_was_seen(shown, qtbot, crash):
    dialog = shown(CrashReportDialog(crash))
    assert "Thread 1" in dialog.findChild(QPlainTextEdit).toPlainText()
    click(dialog, "close_and_forget", qtbot)
    assert not crash.file.exists()


def test_a_crash_report_is_kept_for_later(shown, qtbot, crash, opened):
    dialog = shown(CrashReportDialog(crash))
    click(dialog, "open_folder", qtbot)
    assert opened == [QUrl.fromLocalFile(str(crash.file.parent))]
    click(dialog, "keep_for_later", qtbot)
    assert crash.file.exists()
    again = shown(CrashReportDialog(crash))
    qtbot.keyClick(again, Qt.Key.Key_Escape)
    assert crash.file.exists()
