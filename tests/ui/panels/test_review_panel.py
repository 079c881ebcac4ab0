from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.workstation.small_study import make_hair, make_read
from ui.panels.doubtful import go_next, go_previous
from ui.panels.review_panel import ReviewPanel, goal_text, state_sentence
from ui.pointing import Cursor
from workstation import edits
from workstation.entry import Selection
from workstation.model.hair import Status
from workstation.model.read import ReadState, Review
from workstation.reviewing import review_goal


@pytest.fixture
def panel(workspace, show):
    """Of each image, hair 3 is doubtful; hair 4 does not count."""
    return show(ReviewPanel(workspace))


def said(panel, name):
    return panel.findChild(QLabel, name).text()


def test_it_says_how_many_are_left_and_what_they_may_cost(panel):
    assert said(panel, "review_left") == "1 of 1\u00a0doubtful hair left"
    assert said(panel, "review_error") == (
        "About 0.9\u00a0hairs (30.0\u00a0%) may still be wrong, above your limit of 5\u00a0%: "
        "review on, 2\u00a0hairs at least."
    )
    assert panel.ring.accessibleName() == "1 left, 0% done"
    assert panel.next.text() == "Next  N"


def test_next_selects_and_reveals_a_doubtful_hair_in_some_surrounding(panel, workspace, qtbot):
    with qtbot.waitSignal(workspace.reveal_asked) as asked:
        qtbot.mouseClick(panel.next, Qt.MouseButton.LeftButton)
    assert workspace.selection == Selection(3, frozenset({3}))
    (wish,) = asked.args
    assert (wish.image_id, wish.points_px) == (1, ((180.0, 20.0), (310.0, 125.0)))


def test_verdicts_are_offered_for_what_is_selected(panel, workspace, qtbot):
    # it stands there always, so that nothing below it moves
    assert (panel.verdict.isVisible(), panel.verdict.isEnabled()) == (True, False)
    go_next(workspace)
    panel.refresh_now()
    assert panel.verdict.isEnabled()
    qtbot.mouseClick(panel.verdict.button(Status.ACCEPTED), Qt.MouseButton.LeftButton)
    assert workspace.study.reads[3].hairs[3].status is Status.ACCEPTED
    panel.refresh_now()
    # it went on to the other image's doubtful hair
    assert workspace.selection == Selection(2, frozenset({3}))
    assert said(panel, "review_left") == "1 of 1\u00a0doubtful hair left"


def test_verdicts_are_given_and_taken_back(panel, workspace, qtbot):
    workspace.select(Selection(3, frozenset({1})))
    panel.refresh_now()
    accept, reject = panel.verdict.button(Status.ACCEPTED), panel.verdict.button(Status.REJECTED)

    def status():
        panel.refresh_now()
        return workspace.study.reads[3].hairs[1].status

    assert accept.text() == "Accept  A"
    qtbot.mouseClick(accept, Qt.MouseButton.LeftButton)
    assert (status(), accept.isChecked(), accept.text()) == (Status.ACCEPTED, True, "Accepted")
    qtbot.mouseClick(reject, Qt.MouseButton.LeftButton)
    assert (status(), accept.isChecked(), reject.isChecked()) == (Status.REJECTED, False, True)
    qtbot.mouseClick(reject, Qt.MouseButton.LeftButton)
    assert status() is Status.UNREVIEWED


def test_when_none_is_left_it_says_so_and_offers_to_mark_the_image(panel, workspace, qtbot):
    workspace.commit(1, lambda read: edits.set_status(read, [3], Status.REJECTED))
    panel.refresh_now()
    assert said(panel, "review_left") == "No doubtful hair is left."
    assert panel.ring.accessibleName() == "0 left, 100% done"
    workspace.set_settings(workspace.settings.changed(error_below_percent=10.0))
    panel.refresh_now()
    assert said(panel, "review_error") == (
        "About 0.2\u00a0hairs (10.0\u00a0%) may still be wrong, within your limit of 10\u00a0%: you may stop."
    )
    assert not panel.next.isVisible()
    assert panel.done.isDefault()
    qtbot.mouseClick(panel.done, Qt.MouseButton.LeftButton)
    assert workspace.read(1).review.state is ReadState.SUBMITTED
    panel.refresh_now()
    assert said(panel, "review_left") == "No doubtful hair is left."
    assert said(panel, "review_state").startswith("Submitted: it waits for somebody else's decision.")
    assert panel.done.text().startswith("Withdraw")
    workspace.undo()
    workspace.undo()
    panel.refresh_now()
    assert said(panel, "review_left") == "1 of 1\u00a0doubtful hair left"


def test_with_no_image_there_is_nothing_to_review(panel, workspace):
    workspace.set_session(None)
    panel.refresh_now()
    assert said(panel, "review_left") == "No image is shown."
    assert not panel.ring.isVisible()
    assert not panel.done.isVisible()


def test_an_image_without_a_detection_offers_one(panel, workspace, qtbot, monkeypatch):
    assert not panel.detect.isVisible()
    monkeypatch.setattr(workspace, "read", lambda image_id: None)
    workspace.selection_changed.emit()
    panel.refresh_now()
    assert said(panel, "review_left") == "Nothing is detected in this image yet."
    assert panel.detect.text() == "Detect hairs"
    assert panel.detect.toolTip().endswith("Ctrl+D lets you choose what to look for.")
    with qtbot.waitSignal(panel.detect_asked):
        qtbot.mouseClick(panel.detect, Qt.MouseButton.LeftButton)


def test_the_expected_error_of_nothing_is_a_dash():
    assert goal_text(review_goal(make_read([]), 5)) == "Expected error: —"
    read = make_read([make_hair(i, 100 + i, [[i, 5], [i, 15]], confidence=0.75) for i in range(1, 9)])
    assert goal_text(review_goal(read, 5)) == (
        "About 2.0\u00a0hairs (25.0\u00a0%) may still be wrong, above your limit of 5\u00a0%: "
        "review on, 7\u00a0hairs at least."
    )


# --- going from one to the next -----------------------------------------------------------------------------------


@pytest.fixture
def doubting(workspace):
    """All four hairs of each image are doubtful."""
    workspace.set_settings(workspace.settings.model_copy(update={"doubtful_below": 0.95}))
    return workspace


def test_next_and_previous_are_opposite_and_go_round(doubting):
    way = []
    for _ in range(5):
        assert go_next(doubting)
        way.append(next(iter(doubting.selection.hair_ids)))
    assert sorted(way[:4]) == [1, 2, 3, 4]
    assert way[4] == way[0]
    back = []
    for _ in range(4):
        assert go_previous(doubting)
        back.append(next(iter(doubting.selection.hair_ids)))
    assert back == [way[3], way[2], way[1], way[0]]


def test_after_a_deletion_it_goes_on_from_the_cursor(doubting):
    go_next(doubting)
    go_next(doubting)
    second = next(iter(doubting.selection.hair_ids))
    go_next(doubting)
    third = next(iter(doubting.selection.hair_ids))
    root = doubting.study.reads[3].hairs[second].root_px
    doubting.commit(1, lambda read: edits.delete_hairs(read, [second]))
    doubting.select(Selection())
    doubting.set_cursor(Cursor(1, (float(root[0]), float(root[1]))))
    go_next(doubting)
    assert doubting.selection.hair_ids == {third}


def test_it_goes_on_in_the_other_image_and_tells_when_none_is_left(doubting, qtbot):
    doubting.commit(1, lambda read: edits.set_status(read, [1, 2, 3, 4], Status.ACCEPTED))
    assert go_next(doubting)
    assert (doubting.selection.read_id, doubting.active) == (2, 2)
    doubting.commit(2, lambda read: edits.set_status(read, [1, 2, 3, 4], Status.ACCEPTED))
    with qtbot.waitSignal(doubting.told) as told:
        assert not go_next(doubting)
    assert told.args[0].text == "No doubtful hair is left in the images shown."


def test_without_a_scale_the_surrounding_is_in_pixels(doubting, qtbot):
    from workstation.edits import set_calibration

    doubting.commit_study(lambda study: set_calibration(study, 1, None))
    with qtbot.waitSignal(doubting.reveal_asked) as asked:
        go_next(doubting)
    (left, top), (right, bottom) = asked.args[0].points_px
    assert (right - left, bottom - top) == (50 + 120, 25 + 120)


def test_nothing_open_leads_nowhere_silently(workspace, qtbot):
    workspace.set_session(None)
    with qtbot.assertNotEmitted(workspace.told):
        assert not go_next(workspace)


def test_where_doubtful_ones_are_not_enough_the_least_sure_are_next(panel, workspace):
    for image_id in (1, 2):
        workspace.commit(image_id, lambda read: edits.set_status(read, [3], Status.ACCEPTED))
    workspace.set_active(1)
    panel.refresh_now()
    assert said(panel, "review_left") == "No doubtful hair is left."
    assert "above your limit of 5\u00a0%: review on, 1\u00a0hair at least." in said(panel, "review_error")
    assert not panel.done.isDefault()
    workspace.select(Selection())
    assert go_next(workspace)
    assert workspace.selection.hair_ids <= {1, 2}
    workspace.set_settings(workspace.settings.changed(error_below_percent=7.0))
    panel.refresh_now()
    assert panel.done.isDefault()


@pytest.mark.parametrize(
    ("state", "reader", "asked", "told"),
    [
        (ReadState.DETECTED, "trichodesk", False, ""),
        (ReadState.IN_REVIEW, "Ada", False, ""),
        (ReadState.RETURNED, "Ada", False, "Returned by Bo: the remarks say what to look at again."),
        (ReadState.ACCEPTED, "Ada", False, "Accepted by Bo: it stands. To correct it, ask for it to be returned."),
        (ReadState.SIGNED, "Ada", False, "Signed and locked. It changes only by an amendment, which keeps the signed"),
        (ReadState.SIGNED, "Cy", True, "Signed and locked."),
        (ReadState.SUBMITTED, "Cy", True, "This is the read of Cy, submitted: you look at it, and cannot correct it."),
        (ReadState.IN_REVIEW, "Cy", False, "This is the read of Cy, in review. A correction begins your own"),
    ],
)
def test_it_says_why_a_read_cannot_be_corrected_and_what_to_do(state, reader, asked, told):
    read = replace(make_read([], reader=reader), review=Review(state, decided_by="Bo"))
    assert state_sentence(read, "Ada", asked=asked).startswith(told)
    assert bool(state_sentence(read, "Ada", asked=asked)) is bool(told)


def test_kinds_of_reads_are_told():
    read = make_read([])
    assert state_sentence(replace(read, adjudicates=(1, 2)), "Ada") == "In progress: third read."
    assert state_sentence(replace(read, amends=4, adjudicates=(1, 2)), "Ada") == "In progress: amendment of read 4."
