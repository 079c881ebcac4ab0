import pytest
from PySide6.QtCore import Qt

from tests.ui.quality.handed_in import QA
from ui.pages import Page
from ui.record.reasons import Answer
from workstation import edits
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import ReadState
from workstation.model.reading import ReadingRules, ReasonFor
from workstation.model.signature import Meaning, Signature


@pytest.fixture
def at_work(window, reads_path, qtbot):
    """The window on the queue of the small study, Quinn before it."""
    window.workspace.set_settings(window.workspace.settings.changed(reader=QA))
    window.begin(reads_path)
    qtbot.waitUntil(lambda: window.workspace.session is not None, timeout=10_000)
    window.actions_["study.quality"].trigger()
    queue = window.commands.study.quality.page_.queue
    qtbot.waitUntil(lambda: queue.model.rowCount() == 4, timeout=10_000)
    return window


def queue_of(window):
    return window.commands.study.quality.page_.queue


def test_letters_decide_on_the_queue_and_are_free_elsewhere(at_work):
    actions = at_work.actions_
    assert at_work.pages.page is Page.QUALITY
    assert actions["quality.accept"].isEnabled()
    assert not actions["hairs.accept"].isEnabled()
    assert not actions["image.submit"].isEnabled()
    at_work.commands.study.quality.page_.tabs.setCurrentIndex(1)
    assert not actions["quality.accept"].isEnabled()
    at_work.commands.study.quality.page_.tabs.setCurrentIndex(0)
    actions["quality.open"].trigger()
    assert at_work.pages.page is Page.IMAGES
    assert not actions["quality.accept"].isEnabled()


def test_a_read_is_accepted_looked_at_and_left_again(at_work):
    queue, workspace, actions = queue_of(at_work), at_work.workspace, at_work.actions_
    first = queue.row.read.id
    actions["quality.accept"].trigger()
    assert workspace.study.reads[first].review.state is ReadState.ACCEPTED
    queue.refresh_now()
    second = queue.row.read
    actions["quality.open"].trigger()
    assert workspace.active_read.id == second.id
    assert workspace.asked_reads == {second.image_id: second.id}
    header = at_work.comparison._panes[second.image_id].header.text
    assert f"{second.reader}, submitted" in header
    assert at_work.column.remarks.panel.isVisible()
    actions["study.quality"].trigger()
    actions["edit.undo"].trigger()
    queue.refresh_now()
    assert (workspace.study.reads[first].review.state, queue.row.read.id) == (ReadState.SUBMITTED, first)


def test_all_reads_of_an_image_are_shown_one_after_the_other(at_work):
    at_work.actions_["study.images"].trigger()
    workspace = at_work.workspace
    usual, seen = workspace.active_read.id, []
    for _ in range(len(workspace.study.reads_of(workspace.active))):
        at_work.actions_["image.other_read"].trigger()
        seen.append(workspace.active_read.id)
    assert sorted(seen) == sorted(read.id for read in workspace.study.reads_of(workspace.active))
    assert seen[-1] == usual
    assert workspace.asked_reads == {}


def test_escape_leads_back_to_the_images(at_work, qtbot):
    qtbot.keyClick(at_work.commands.study.quality.page_, Qt.Key.Key_Escape)
    assert at_work.pages.page is Page.IMAGES


def test_reading_rules_are_set_in_a_dialog(at_work, monkeypatch):
    from ui.quality.rules_dialog import RulesDialog

    def answer(dialog):
        dialog.limit.setValue(15.0)
        dialog.reasons.setCurrentIndex(1)
        dialog.deleteLater()
        return dialog.DialogCode.Accepted

    monkeypatch.setattr(RulesDialog, "exec", answer)
    at_work.actions_["quality.rules"].trigger()
    assert at_work.workspace.study.reading == ReadingRules(15.0, ReasonFor.AFTER_SUBMISSION)


def test_a_signed_read_is_amended_and_the_reason_asked_for(at_work):
    workspace, asked = at_work.workspace, []
    workspace.commit_study(lambda study: edits.accept_read(study.reads[3], QA))
    signature = Signature(1, 3, QA, Meaning.APPROVAL, "2026-03-01T10:00:00Z", "0" * 64, "1" * 64, "2" * 64)
    lock = Change(Kind.SIGNATURE, 1, None, signature)
    workspace.commit_study(lambda study: Patch("sign", 3, (edits.signed_review(study.reads[3]), lock)))
    at_work.commands.study.quality.open(1, 3)
    at_work.column.review.refresh_now()
    assert at_work.column.review.amend.isVisible()

    def ask(what, _can_keep):
        asked.append(what)
        return Answer("two hairs were missed", keep=False)

    workspace.reasons.ask = ask
    at_work.actions_["image.amend"].trigger()
    amendment = workspace.active_read
    assert (amendment.amends, amendment.reader, asked) == (3, QA, ["a reason is needed: begin amendment"])
    assert workspace.study.reads[3].review.state is ReadState.SIGNED
    assert workspace.session.trail[-1].reason == "two hairs were missed"
    at_work.column.review.refresh_now()
    assert at_work.column.review.state.text() == "In progress: amendment of read 3."
