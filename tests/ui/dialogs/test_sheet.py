"""All dialogs: nothing is cut off, everything can be reached by keyboard, Esc leaves."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLabel, QLineEdit, QWidget

from tests.workstation.small_study import make_image, make_study
from ui.background import Background
from ui.crash import CrashReport
from ui.dialogs.about import AboutDialog
from ui.dialogs.crash_report import CrashReportDialog
from ui.dialogs.error import ErrorDialog
from ui.dialogs.new_study import NewStudyDialog
from ui.dialogs.reader_name import ReaderNameDialog
from ui.dialogs.scale import ScaleDialog
from ui.dialogs.settings import SettingsDialog
from ui.dialogs.shortcut_sheet import ShortcutSheet
from ui.messages import Message
from ui.theme import apply_theme
from workstation.model.study import WidthCutoffs
from workstation.settings import Settings


@pytest.fixture
def background(qapp):
    background = Background()
    yield background
    background.shutdown()


MAKERS = {
    "about": lambda _: AboutDialog(),
    "crash report": lambda _: CrashReportDialog(CrashReport("2026-02-03T14:02:00Z", "stacks", Path("gone.txt"))),
    "error": lambda _: ErrorDialog(Message("It went wrong. " * 9, details="line 3")),
    "reader name": lambda _: ReaderNameDialog(),
    "scale": lambda _: ScaleDialog(make_image(), 412.3),
    "settings": lambda _: SettingsDialog(Settings(theme="dark"), WidthCutoffs()),
    "shortcut sheet": lambda _: ShortcutSheet({}),
    "new study": lambda background: NewStudyDialog([Path("/images/a.jpg")], Settings(), background),
    "add images": lambda background: NewStudyDialog([Path("/images/a.jpg")], Settings(), background, make_study()),
}


@pytest.fixture(params=MAKERS, ids=str)
def dialog(request, qtbot, qapp, background):
    apply_theme(qapp, "dark")
    dialog = MAKERS[request.param](background)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # qtbot closes it
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def parts(dialog, kind):
    return [part for part in dialog.findChildren(kind) if part.isVisible()]


def test_no_text_is_cut_off(dialog, qtbot):
    qtbot.wait(20)
    for label in parts(dialog, QLabel):
        if label.text():
            width = label.width()
            needed = label.heightForWidth(width) if label.wordWrap() else label.minimumSizeHint().height()
            assert label.height() >= needed, label.text()
            assert label.wordWrap() or width >= label.minimumSizeHint().width(), label.text()
    for button in parts(dialog, QAbstractButton):
        if button.text():
            assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_escape_leaves(dialog, qtbot):
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_what_can_be_filled_in_is_named_and_reached_by_tab(dialog):
    fields = [part for kind in (QLineEdit, QComboBox, QAbstractSpinBox) for part in parts(dialog, kind)]
    for part in fields:
        inside_another = isinstance(part.parent(), QAbstractSpinBox | QComboBox)
        if inside_another or part.objectName().startswith("qt_"):
            continue
        assert part.focusPolicy() & Qt.FocusPolicy.TabFocus, part.objectName()
        buddy = any(label.buddy() is part for label in dialog.findChildren(QLabel))
        assert part.accessibleName() or buddy, part.objectName()


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_an_answered_dialog_is_deleted_by_qt_and_not_by_chance(make, qapp, background):
    dialog = make(background)
    gone = []
    dialog.destroyed.connect(lambda: gone.append(True))
    QTimer.singleShot(20, dialog.reject)
    dialog.exec()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert gone == [True]


def test_the_dialog_and_its_buttons_have_names(dialog):
    assert dialog.objectName().startswith("dialog.")
    assert dialog.accessibleName() == dialog.windowTitle() != ""
    for button in parts(dialog, QAbstractButton):
        inner = button.objectName().startswith("qt_") or not isinstance(button.parent(), QWidget)
        assert inner or button.text() or button.accessibleName(), button.objectName()


def test_mnemonics_do_not_fight(dialog):
    texts = [part.text() for kind in (QAbstractButton, QLabel) for part in parts(dialog, kind)]
    keys = [text[text.index("&") + 1].casefold() for text in texts if "&" in text.replace("&&", "")]
    assert sorted(set(keys)) == sorted(keys)
