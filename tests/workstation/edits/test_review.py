from dataclasses import replace

import pytest

from tests.workstation.edits.applying import done
from tests.workstation.small_study import make_read
from workstation import edits
from workstation.errors import EditRefused
from workstation.model.read import ReadState


def test_an_image_is_marked_as_reviewed_and_reopened():
    read = make_read([])
    reviewed = done(read, edits.mark_reviewed(read))
    assert reviewed.review.state is ReadState.SUBMITTED
    with pytest.raises(edits.NothingToDo):
        edits.mark_reviewed(reviewed)
    reopened = done(reviewed, edits.reopen(reviewed))
    assert reopened.review.state is ReadState.IN_REVIEW
    with pytest.raises(edits.NothingToDo):
        edits.reopen(reopened)


@pytest.mark.parametrize("state", [ReadState.DETECTED, ReadState.ACCEPTED, ReadState.SIGNED])
def test_a_read_that_stands_is_not_reopened(state):
    read = make_read([], state=state)
    for edit in (edits.mark_reviewed, edits.reopen):
        with pytest.raises(EditRefused, match=f"the read is {state}"):
            edit(read)


def test_a_comment_on_the_image_leaves_the_state_alone():
    read = make_read([], state=ReadState.SUBMITTED)
    after = done(read, edits.comment_image(read, "out of focus at the left\n"))
    assert after.review == replace(read.review, comment="out of focus at the left")
    with pytest.raises(EditRefused, match="cannot be stored"):
        edits.comment_image(read, "\0")
