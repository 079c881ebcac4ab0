import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QRadioButton

from ui.panels.image_page import ImagePage
from ui.signing.sign_dialog import SignDialog, read_facts
from ui.signing.signature_rows import signature_facts, signatures_on
from ui.workspace import Workspace
from workstation.edits import accept_read, submit
from workstation.edits.people import enrol_key
from workstation.model.read import ReadState
from workstation.model.signature import Meaning
from workstation.session import open_study
from workstation.settings import Settings
from workstation.signing.checking import Standing

from .conftest import PASSPHRASE


@pytest.fixture
def submitted(workspace, session):
    """Ada's read 3 is submitted."""
    session.document.apply(submit(session.study.reads[3]))
    return workspace


@pytest.fixture
def show(qtbot, background):
    def show(workspace, read_id=3):
        dialog = SignDialog(workspace, background, workspace.study.reads[read_id])
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return show


def part(dialog, name, kind=QRadioButton):
    return dialog.findChild(kind, f"sign.{name}")


def sign(dialog):
    return dialog.findChild(QPushButton, "dialog.sign.sign")


def told(dialog):
    return part(dialog, "told", QLabel).text()


def texts(dialog):
    return " ".join(label.text() for label in dialog.findChildren(QLabel))


def test_a_reader_signs_by_keyboard_alone(show, submitted, ada_key, qtbot):
    dialog = show(submitted)
    assert dialog.focusWidget() is part(dialog, "passphrase", QLineEdit)
    assert not sign(dialog).isEnabled()
    qtbot.keyClicks(dialog.focusWidget(), PASSPHRASE)
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    (signature,) = submitted.study.signatures.values()
    assert (signature.signer, signature.meaning, signature.read_id) == ("Ada", Meaning.AUTHORSHIP, 3)
    (checked,) = signatures_on(submitted, submitted.study.reads[3])
    assert checked.standing is Standing.UNVERIFIED
    submitted.commit_study(lambda study: enrol_key(study, "Ada", ada_key.public_key))
    (checked,) = signatures_on(submitted, submitted.study.reads[3])
    assert checked.standing is Standing.VERIFIED
    assert signature_facts([checked]) == (("Signed", "Ada, “I made this read”: verified"),)


def test_what_is_signed_stands_there_in_plain_words(show, submitted):
    dialog = show(submitted)
    study = submitted.study
    facts = dict(read_facts(study, study.reads[3]))
    assert facts["Image"] == "S01, baseline"
    assert facts["Read"] == "3, of Ada, submitted"
    assert facts["Counted"].replace("\xa0", " ").replace("\u202f", " ") == "3 hairs in 2 units on 0.077 cm²"
    for text in facts.values():
        assert text in texts(dialog)
    assert "Nobody has signed this read." in texts(dialog)


def test_a_wrong_passphrase_signs_nothing(show, submitted, ada_key, qtbot):
    dialog = show(submitted)
    qtbot.keyClicks(part(dialog, "passphrase", QLineEdit), "not the passphrase")
    sign(dialog).click()
    qtbot.waitUntil(lambda: "passphrase is wrong" in told(dialog))
    assert dialog.isVisible()
    assert part(dialog, "passphrase", QLineEdit).text() == ""
    assert not submitted.study.signatures


def test_without_a_key_there_is_the_typed_name(show, submitted):
    dialog = show(submitted)
    assert part(dialog, "typed").isChecked()
    assert not part(dialog, "by_key").isEnabled()
    assert "Study ▸ My signing key… makes one." in texts(dialog)
    sign(dialog).click()
    (checked,) = signatures_on(submitted, submitted.study.reads[3])
    assert checked.standing is Standing.TYPED
    again = show(submitted)
    assert "Typed name" in texts(again)
    sign(again).click()
    assert "Ada has signed this already" in told(again)


def test_somebody_else_reviews_approves_and_locks(show, submitted, session, study_path, qtbot):
    session.save()
    session.close()
    with open_study(study_path, "Zoë") as session:
        session.document.apply(accept_read(session.study.reads[3], "Zoë"))
        workspace = Workspace(Settings(reader="Zoë"))
        workspace.set_session(session, (1, 2))
        dialog = show(workspace)
        assert part(dialog, "approval").isChecked()
        assert "The read is locked then" in part(dialog, "follows", QLabel).text()
        part(dialog, "review").click()
        assert "approving it locks it" in part(dialog, "follows", QLabel).text()
        part(dialog, "approval").click()
        sign(dialog).click()
        read = workspace.study.reads[3]
        assert read.review.state is ReadState.SIGNED
        assert [one.signature.meaning for one in signatures_on(workspace, read)] == [Meaning.APPROVAL]
        assert not session.document.can_undo  # not the acceptance either: the signature rests on it
        workspace.set_session(None)


@pytest.mark.parametrize(
    ("read_id", "because"),
    [(1, "A detection is nobody's to sign."), (3, "The read is in review: it is signed “I made this read” once")],
)
def test_what_cannot_be_signed_says_why(show, workspace, read_id, because):
    dialog = show(workspace, read_id)
    assert because in texts(dialog)
    assert sign(dialog) is None


def test_a_study_that_changes_meanwhile_is_not_signed(show, submitted, session):
    dialog = show(submitted)
    submitted.commit_study(lambda study: enrol_key(study, "Ada", "A" * 42 + "I="))
    sign(dialog).click()
    assert "the study was changed while it was being signed" in told(dialog)
    assert not submitted.study.signatures


def test_the_image_page_says_who_signed(window, study_path, qtbot, ada_key):
    window.begin(study_path)
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    workspace = window.workspace
    workspace.set_active(1)
    workspace.session.document.apply(submit(workspace.study.reads[3]))
    dialog = SignDialog(workspace, window.desk.background, workspace.active_read, window)
    dialog.show()
    part(dialog, "typed").click()
    sign(dialog).click()
    page = window.findChild(ImagePage)
    qtbot.waitUntil(lambda: page.rows.text("Signed") == "Ada, “I made this read”: typed name")
    assert page.rows.text("Read") == "Ada, submitted"
