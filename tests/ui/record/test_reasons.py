"""A reason where the study asks for one: asked once, kept for the read, given up without a trace."""

import pytest

from ui.record.reason_dialog import ReasonDialog
from ui.record.reasons import Answer, Reasons
from ui.workspace import Workspace
from workstation import edits
from workstation.model.reading import ReasonFor
from workstation.settings import Settings


@pytest.fixture
def asked(session, qapp):
    """A workspace on a study in which every change must say why, and what it asks."""
    session.document.apply(edits.set_reading_rules(session.study, 10.0, ReasonFor.ALWAYS))
    workspace = Workspace(Settings(reader="Ada"))
    workspace.questions, workspace.answers = [], []

    def ask(what, can_keep):
        workspace.questions.append((what, can_keep))
        return workspace.answers.pop(0)

    workspace.reasons.ask = ask
    workspace.set_session(session)
    return workspace


def width(px):
    return lambda read: edits.set_width(read, [1], px)


def reasons(workspace):
    return [row.reason for row in workspace.session.trail]


def test_the_edit_is_made_with_the_reason(asked):
    asked.answers = [Answer("blurred", keep=False)]
    change = asked.commit(1, width(7.0))
    assert (change.entry.reason, asked.questions) == ("blurred", [("a reason is needed: set width", True)])


def test_giving_up_changes_nothing(asked):
    asked.answers = [None]
    before = asked.session.study
    assert asked.commit(1, width(7.0)) is None
    assert asked.session.study is before


def test_a_kept_reason_holds_for_the_read_until_it_is_changed(asked):
    asked.answers = [Answer("blurred", keep=True)]
    asked.commit(1, width(7.0))
    told = []
    asked.told.connect(told.append)
    assert asked.commit(1, width(6.0)).entry.reason == "blurred"
    assert told[0].text == "Set width. Reason: blurred."
    assert len(asked.questions) == 1
    asked.reasons.take(Answer("", keep=False), 3)
    asked.answers = [Answer("sharp", keep=False)]
    assert asked.commit(1, width(5.0)).entry.reason == "sharp"
    assert asked.reasons.recent == ["sharp", "blurred"]


def test_it_does_not_hold_for_another_read(asked):
    asked.answers = [Answer("blurred", keep=True), Answer("other", keep=True)]
    asked.commit(1, width(7.0))
    asked.commit(2, width(7.0))
    assert [question for question, _ in asked.questions] == ["a reason is needed: set width"] * 2
    assert reasons(asked)[-1] == "other"


def test_a_change_of_the_study_is_asked_for_each_time(asked):
    asked.answers = [Answer("measured anew", keep=False)]
    asked.commit_study(lambda study: edits.set_calibration(study, 1, 7.0))
    assert asked.questions == [("a reason is needed: set calibration", False)]
    assert reasons(asked)[-1] == "measured anew"


def test_an_undo_says_that_it_is_one_and_asks_nothing(asked):
    asked.answers = [Answer("blurred", keep=False)]
    asked.commit(1, width(7.0))
    asked.undo()
    assert (len(asked.questions), reasons(asked)[-1]) == (1, "undone")


def test_a_reason_that_was_said_with_the_edit_is_not_asked_for(asked):
    assert asked.commit(1, width(7.0), reason="by hand").entry.reason == "by hand"
    assert asked.questions == []


def test_recent_reasons_are_few_and_each_once():
    found = Reasons()
    for text in [*"abcdefghij", "c"]:
        found.take(Answer(text, keep=False), None)
    assert found.recent == ["c", "j", "i", "h", "g", "f", "e", "d"]


def test_the_dialog_takes_a_recent_reason_and_wants_one(qtbot):
    dialog = ReasonDialog("a reason is needed: split hair", ["a crease", "blurred"], can_keep=True)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog._go.isEnabled()
    dialog.findChild(type(dialog._go), "reason.recent.1").click()
    assert dialog._go.isEnabled()
    assert dialog.answer == Answer("blurred", keep=True)
    dialog._keep.setChecked(False)
    dialog._line.setText("  seen again ")
    assert dialog.answer == Answer("seen again", keep=False)


def test_a_change_of_the_study_offers_nothing_to_keep(qtbot):
    dialog = ReasonDialog("a reason is needed: set scale", [], can_keep=False)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog._line.setText("measured anew")
    assert dialog.answer == Answer("measured anew", keep=False)
