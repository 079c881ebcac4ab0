from dataclasses import replace

import numpy as np
import pytest

from tests.ui.small_session import READER
from ui.messages import MessageKind
from ui.pointing import Cursor, Target, TargetKind
from ui.workspace import Workspace
from workstation.edits import begin_read, delete_hairs, set_calibration, set_status
from workstation.entry import Selection
from workstation.errors import UserFacingError
from workstation.model.hair import Status
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import DETECTOR, ReadState, Review
from workstation.settings import Settings

OWN = 3
"""Ada's read of image 1."""


@pytest.fixture
def workspace(qtbot, session):
    workspace = Workspace(Settings(reader=READER))
    workspace.set_session(session, (1, 2))
    return workspace


@pytest.fixture
def told(workspace):
    messages = []
    workspace.told.connect(messages.append)
    return messages


def reject(read):
    return set_status(read, [1], Status.REJECTED)


def test_a_session_shows_its_first_images_and_selects_nothing(workspace):
    assert workspace.shown == (1, 2)
    assert workspace.active == 1
    assert workspace.selection == Selection()
    assert workspace.can_edit


def test_the_own_read_is_shown_before_the_detection(workspace):
    assert workspace.read(1).id == OWN
    assert workspace.read(2).reader == DETECTOR


def test_images_that_do_not_exist_are_not_shown(workspace):
    workspace.set_shown((7, 2, 2))
    assert workspace.shown == (2,)
    assert workspace.active == 2


def test_a_correction_is_told_with_an_undo_and_heard(workspace, told, qtbot):
    with qtbot.waitSignal(workspace.document_changed) as heard:
        change = workspace.commit(1, reject)
    assert heard.args == [change]
    assert workspace.study.reads[OWN].hairs[1].status is Status.REJECTED
    assert [(m.text, m.kind, m.undo) for m in told] == [("Reject hairs.", MessageKind.DONE, True)]


def test_the_first_correction_begins_a_read_and_the_selection_goes_along(workspace):
    workspace.select(Selection(2, frozenset({1}), frozenset({12})))
    workspace.commit(2, reject)
    read = workspace.read(2)
    assert (read.reader, read.based_on) == (READER, 2)
    assert read.hairs[1].status is Status.REJECTED
    assert workspace.selection == Selection(read.id, frozenset({1}), frozenset({12}))
    assert workspace.study.reads[2].hairs[1].status is Status.UNREVIEWED


def test_what_is_refused_is_told_and_changes_nothing(workspace, told):
    before = workspace.study
    assert workspace.commit(1, lambda read: delete_hairs(read, [99])) is None
    assert workspace.study is before
    assert told[0].kind is MessageKind.WARNING
    assert "99" in told[0].text


def test_what_would_change_nothing_is_passed_over(workspace, told):
    workspace.commit(1, reject)
    told.clear()
    assert workspace.commit(1, reject) is None
    assert told == []


def test_undo_brings_the_selection_back(workspace):
    workspace.select(Selection(OWN, frozenset({1, 2})))
    workspace.commit(1, lambda read: delete_hairs(read, [1, 2]))
    assert workspace.selection == Selection()
    workspace.undo()
    assert workspace.selection == Selection(OWN, frozenset({1, 2}))
    assert set(workspace.study.reads[OWN].hairs) == {1, 2, 3, 4}
    workspace.redo()
    assert workspace.selection == Selection()
    assert set(workspace.study.reads[OWN].hairs) == {3, 4}


def test_undo_shows_the_image_that_it_changes(workspace):
    workspace.commit(1, reject)
    workspace.set_shown((2,))
    workspace.undo()
    assert workspace.shown == (1,)


def test_nothing_to_undo_is_said(workspace, told):
    workspace.undo()
    assert told[0].text == "There is nothing to undo."


def test_a_change_of_the_study_can_be_undone(workspace):
    workspace.commit_study(lambda study: set_calibration(study, 1, 5.0))
    assert workspace.study.images[1].calibration.um_per_px == 5.0
    workspace.undo()
    assert workspace.study.images[1].calibration.um_per_px == 10.0


def test_a_failing_disk_is_told_and_changes_nothing(workspace, told, monkeypatch):
    def fail(_entry):
        raise UserFacingError("the disk is full", remedy="Make room.")

    before = workspace.study
    monkeypatch.setattr(workspace.session.document._journal, "append", fail)
    assert workspace.commit(1, reject) is None
    assert workspace.study is before
    assert told[0].text == "The disk is full. Make room."


def test_selecting_makes_its_image_the_active_one(workspace):
    workspace.select(Selection(2, frozenset({1})))
    assert workspace.active == 2
    assert workspace.selected_image == 2


def test_a_selected_unit_stands_for_its_hairs(workspace):
    workspace.select(Selection(OWN, frozenset({3}), frozenset({11})))
    assert workspace.selected_hairs() == {1, 2, 3}


def test_what_does_not_exist_cannot_be_selected(workspace):
    workspace.select(Selection(OWN, frozenset({1, 99}), frozenset({98})))
    assert workspace.selection == Selection(OWN, frozenset({1}))
    workspace.select(Selection(42, frozenset({1})))
    assert workspace.selection == Selection()


def test_signals_come_only_for_changes(workspace):
    heard = []
    workspace.selection_changed.connect(lambda: heard.append("selection"))
    workspace.hover_changed.connect(lambda: heard.append("hover"))
    workspace.tool_changed.connect(lambda: heard.append("tool"))
    workspace.active_changed.connect(lambda: heard.append("active"))
    for _ in range(2):
        workspace.select(Selection(OWN, frozenset({1})))
        workspace.set_hover(Target(1, TargetKind.HAIR, 1))
        workspace.set_tool("draw")
    assert heard == ["selection", "hover", "tool"]
    workspace.set_active(2)
    workspace.set_active(2)
    assert heard[3:] == ["active"]


def test_closing_forgets_everything(workspace):
    workspace.select(Selection(OWN, frozenset({1})))
    workspace.set_session(None)
    assert (workspace.study, workspace.shown, workspace.active, workspace.selection) == (None, (), None, Selection())
    assert workspace.commit(1, reject) is None


def test_a_corrected_hair_keeps_its_line(workspace):
    line = workspace.read(1).hairs[1].vertices_px.copy()
    workspace.commit(1, reject)
    assert np.array_equal(workspace.read(1).hairs[1].vertices_px, line)


def test_what_is_selected_is_in_the_read_that_is_shown(workspace):
    workspace.select(Selection(OWN, frozenset({1})))
    workspace.commit_study(lambda study: begin_read(study, 1, 1, READER, "2026-01-02T03:04:05Z"))
    assert workspace.read(1).id == 4
    assert workspace.selection == Selection()
    workspace.undo()  # of nothing: a read is kept for ever
    assert workspace.selection == Selection()


def test_a_copy_of_the_selected_read_takes_the_selection_over(workspace):
    workspace.select(Selection(2, frozenset({1, 2})))
    workspace.commit_study(lambda study: begin_read(study, 2, 2, READER, "2026-01-02T03:04:05Z"))
    assert workspace.selection == Selection(4, frozenset({1, 2}))


def test_an_undo_in_a_read_that_is_not_shown_any_more_says_so(workspace, told):
    workspace.commit(1, reject, select=lambda _: Selection(OWN, frozenset({1})))
    workspace.commit_study(lambda study: begin_read(study, 1, 1, READER, "2026-01-02T03:04:05Z"))
    workspace.undo()
    assert workspace.study.reads[OWN].hairs[1].status is Status.UNREVIEWED
    assert told[-1].text == "Undo: reject hairs, in an earlier read of this image."
    assert workspace.selection == Selection()


def test_the_read_of_another_reader_is_not_taken_for_ones_own(workspace, told):
    """What one points at there may be another hair in the detection, or none."""
    grace = dict(id=4, reader="Grace", review=Review(ReadState.IN_REVIEW), detection=None, based_on=2)
    read = replace(workspace.study.reads[2], **grace)
    workspace.commit_study(lambda _: Patch("begin read", None, (Change(Kind.READ, 4, None, read),)))
    assert workspace.read(2).reader == "Grace"
    workspace.select(Selection(4, frozenset({1})))
    assert workspace.commit(2, reject) is None
    assert workspace.read(2).reader == READER
    assert workspace.read(2).hairs[1].status is Status.UNREVIEWED
    assert told[-1].text == "Your own read of this image begins here; that of Grace stays as it is."
    assert workspace.commit(2, reject) is not None


def test_nothing_is_selected_or_pointed_at_in_an_image_that_is_not_shown(workspace):
    """Keys would act on a hair that nobody sees."""
    workspace.select(Selection(OWN, frozenset({1})))
    workspace.set_cursor(Cursor(1, (5.0, 5.0)))
    workspace.set_hover(Target(1, TargetKind.HAIR, 1))
    workspace.set_shown((2, 1))
    assert workspace.selection == Selection(OWN, frozenset({1}))
    workspace.set_shown((2,))
    assert workspace.selection == Selection()
    assert workspace.cursor is None
    assert workspace.hover is None
    assert workspace.active == 2


def test_an_undo_in_an_image_that_is_not_shown_brings_it_back_with_its_selection(workspace):
    workspace.select(Selection(OWN, frozenset({1})))
    workspace.commit(1, reject)
    workspace.set_shown((2,))
    workspace.undo()
    assert workspace.shown == (1,)
    assert workspace.active == 1
    assert workspace.selection == Selection(OWN, frozenset({1}))


def test_a_read_that_is_asked_for_is_shown_as_long_as_its_image_is(workspace, told):
    shown = []
    workspace.shown_changed.connect(lambda: shown.append(workspace.read(1).id))
    workspace.show_read(1, 1)
    assert shown == [1]
    assert workspace.commit(1, reject) is None
    assert told[-1].text.startswith("You look at the untouched detection, which you cannot correct.")
    workspace.set_shown((2,))
    workspace.set_shown((1, 2))
    assert workspace.read(1).id == OWN
    workspace.show_read(1, 2)
    assert workspace.read(1).id == OWN, "a read of another image is not shown"


def test_a_hidden_repeat_and_a_third_read_in_progress_are_shown_only_if_asked_for(workspace):
    own = workspace.study.reads[OWN]
    third = replace(own, id=5, adjudicates=(1, OWN))
    workspace.commit_study(lambda _: Patch("begin read", None, (Change(Kind.READ, 5, None, third),)))
    assert workspace.read(1).id == OWN
    workspace.show_read(1, 5)
    assert workspace.commit(1, reject).read_id == 5
    workspace.show_read(1, None)
    assert workspace.read(1).id == OWN
