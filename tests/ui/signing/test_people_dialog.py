import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QRadioButton,
)

from ui.signing.key_questions import EnrolDialog, WithdrawDialog
from ui.signing.people_dialog import PeopleDialog
from workstation.model.people import Person, Role
from workstation.signing.keys import make_key
from workstation.signing.public_keys import write_offer

from .conftest import PASSPHRASE


@pytest.fixture
def dialog(qtbot, workspace):
    dialog = PeopleDialog(workspace)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def button(dialog, name):
    return dialog.findChild(QPushButton, f"people.{name}.button")


def told(dialog):
    return dialog.findChild(QLabel, "people.told").text()


def rows(dialog):
    return [
        tuple(dialog.rows.index(row, column).data() for column in range(3)) for row in range(dialog.rows.rowCount())
    ]


def add(dialog, name, qtbot):
    qtbot.keyClicks(dialog.findChild(QLineEdit, "people.name"), name)
    qtbot.keyClick(dialog.findChild(QLineEdit, "people.name"), Qt.Key.Key_Return)


def answer(kind, do):
    """Answer the next dialog of a kind."""

    def look():
        asked = QApplication.activeModalWidget()
        if isinstance(asked, kind):
            do(asked)
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)


def enrol(dialog, path, monkeypatch, do=lambda asked: asked.accept()):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
    answer(EnrolDialog, do)
    button(dialog, "enrol").click()


@pytest.fixture
def offer(tmp_path):
    key = make_key("Ada", PASSPHRASE)
    write_offer(tmp_path / "ada.trichokey", key.offered)
    return tmp_path / "ada.trichokey", key


def test_the_first_one_is_the_owner_and_others_assessors(dialog, workspace, qtbot):
    assert "Nobody is listed: everybody may do everything." in dialog.findChild(QLabel, "people.note").text()
    assert dialog.focusWidget() is dialog.findChild(QLineEdit, "people.name")
    add(dialog, "Ada", qtbot)
    assert dialog.person == Person("Ada", (Role.OWNER,))
    assert dialog.findChild(QLabel, "people.note").text() == (
        "Nobody is QA reviewer or adjudicator, so no read can be accepted or returned."
    )
    add(dialog, "Bo", qtbot)
    assert rows(dialog) == [("Ada", "owner", "none"), ("Bo", "assessor", "none")]
    assert dialog.person == Person("Bo", (Role.ASSESSOR,))
    add(dialog, "ada", qtbot)
    assert "Ada is listed already" in told(dialog)
    assert dialog.findChild(QLineEdit, "people.name").text() == "ada"


def test_roles_are_ticked(dialog, workspace, qtbot):
    add(dialog, "Ada", qtbot)
    dialog.findChild(QCheckBox, "people.qa_reviewer").click()
    assert workspace.study.people["Ada"].roles == (Role.OWNER, Role.QA_REVIEWER)
    dialog.findChild(QCheckBox, "people.owner").click()  # a study that has an owner keeps one
    assert workspace.study.people["Ada"].roles == (Role.OWNER, Role.QA_REVIEWER)
    assert dialog.findChild(QCheckBox, "people.owner").isChecked()
    assert "keeps one" in told(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert workspace.study.people["Ada"].roles == (Role.OWNER,)
    assert not dialog.findChild(QCheckBox, "people.qa_reviewer").isChecked()


def test_a_key_is_enrolled_once_its_fingerprint_was_compared(dialog, workspace, offer, qtbot, monkeypatch):
    path, key = offer
    seen = []

    def refuse(asked):
        seen.append(asked.findChild(QLabel, "key.fingerprint").text())
        asked.reject()

    enrol(dialog, path, monkeypatch, refuse)
    assert seen == [key.fingerprint]
    assert not workspace.study.people
    enrol(dialog, path, monkeypatch)
    assert rows(dialog) == [("Ada", "assessor", "1 enrolled")]
    item = dialog.findChild(QListWidget, "people.keys").item(0)
    assert item.text().startswith(f"{key.fingerprint}   enrolled 20")
    assert not button(dialog, "remove").isEnabled()


def test_a_key_is_withdrawn(dialog, workspace, offer, monkeypatch):
    enrol(dialog, offer[0], monkeypatch)

    def since(asked):
        asked.findChild(QRadioButton, "withdraw.since").click()
        asked.accept()

    assert button(dialog, "withdraw").isEnabled()
    answer(WithdrawDialog, since)
    button(dialog, "withdraw").click()
    (key,) = workspace.study.people["Ada"].keys
    assert key.withdrawn_utc >= key.enrolled_utc
    assert rows(dialog) == [("Ada", "assessor", "1 withdrawn")]
    assert not button(dialog, "withdraw").isEnabled()


def test_a_file_that_is_no_key_is_told(dialog, tmp_path, monkeypatch):
    path = tmp_path / "x.trichokey"
    path.write_text("nothing")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
    button(dialog, "enrol").click()
    assert "not a reader's public key" in told(dialog)


def test_somebody_is_taken_out(dialog, workspace, qtbot):
    add(dialog, "Ada", qtbot)
    add(dialog, "Bo", qtbot)
    button(dialog, "remove").click()
    assert list(workspace.study.people) == ["Ada"]


def test_the_moment_of_a_withdrawal_is_in_utc_and_not_to_come(qtbot):
    dialog = WithdrawDialog("Ada", "A" * 42 + "I=")
    qtbot.addWidget(dialog)
    assert dialog.since_utc is None
    dialog.findChild(QRadioButton, "withdraw.since").click()
    assert dialog.since_utc is not None
    assert dialog.since_utc.endswith(":00Z")
    assert dialog._moment.maximumDateTime() == dialog._moment.dateTime()
