from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from ui.quality.queue_facts import kind_sentence
from ui.quality.queue_model import COLUMNS, SHOWN
from ui.quality.remarks import Purpose
from workstation.model.read import ReadState
from workstation.quality.kinds import kind_of

TITLES = [column.title for column in COLUMNS]


@pytest.fixture
def queue(page):
    return page.queue


def states(workspace):
    return {i: read.review.state for i, read in workspace.study.reads.items() if read.editable}


def texts(queue, title):
    column = TITLES.index(title)
    return [queue.model.index(row, column).data() for row in range(queue.model.rowCount())]


def choose(queue, read_id):
    queue.table.setCurrentIndex(queue.model.index(queue.model.row_of(read_id), 0))


def test_the_worst_read_stands_first_and_is_chosen(queue):
    assert [row.read.id for row in queue.model.rows] == [row.read.id for row in queue.reads.rows[:4]]
    scores = [float(score) for score in texts(queue, "Score")]
    assert scores == sorted(scores, reverse=True)
    assert queue.row is queue.model.rows[0]
    assert queue.row.read.image_id == 1, "the readers agree on the other image"
    assert set(texts(queue, "State")) == {"submitted"}
    assert queue.facts.text("Image") == "S01 · baseline · vertex"
    assert queue.why.text() == f"{queue.row.factors.reason[0].upper()}{queue.row.factors.reason[1:]}."
    assert queue.told.text() == "4 wait for a decision · 0 with their readers · 0 accepted or signed"


def test_what_was_edited_stands_beside_each_read(queue):
    edited = {row.read.id: text for row, text in zip(queue.model.rows, texts(queue, "Edited"), strict=True)}
    assert (edited[3], edited[5]) == ("0.0 %", "50.0 %")
    choose(queue, 5)
    assert queue.facts.text("Edited").replace("\xa0", " ") == "2 rejected (50.0 % of the detected)"


def test_a_read_is_accepted_and_the_next_one_chosen(queue, qa_workspace, told):
    first, second = (row.read.id for row in queue.model.rows[:2])
    queue.accept()
    queue.refresh_now()
    assert states(qa_workspace)[first] is ReadState.ACCEPTED
    assert told[-1] == "Accept read."
    assert queue.row.read.id == second
    qa_workspace.undo()
    queue.refresh_now()
    assert states(qa_workspace)[first] is ReadState.SUBMITTED
    assert queue.row.read.id == first, "what was undone is what one looks at"


def test_accepting_again_and_again_empties_the_queue(queue, qa_workspace, qtbot):
    for _ in range(4):
        queue.accept()
        queue.refresh_now()
    assert set(states(qa_workspace).values()) == {ReadState.ACCEPTED}
    qtbot.waitUntil(lambda: queue.nothing.text() == "No read waits for a decision.", timeout=10_000)
    assert queue.nothing.isVisible()
    assert not queue.detail.isEnabled()
    queue.accept()
    queue.shown.setCurrentIndex([shown.text for shown in SHOWN].index("Accepted or signed"))
    queue.refresh_now()
    assert queue.model.rowCount() == 4


def test_a_read_is_returned_with_what_is_typed(queue, qa_workspace, qtbot):
    choose(queue, 5)
    queue.return_()
    assert queue.remarks.writing.purpose is Purpose.RETURN
    assert queue.remarks.box.placeholderText() == "What should Bo look at again?"
    qtbot.keyClicks(queue.remarks.box, "look at the rim")
    qtbot.keyClick(queue.remarks.box, Qt.Key.Key_Return)
    assert states(qa_workspace)[5] is ReadState.RETURNED
    (remark,) = qa_workspace.study.remarks.values()
    assert (remark.read_id, remark.author, remark.text) == (5, "Quinn", "look at the rim")
    queue.refresh_now()
    assert queue.row.read.id != 5
    assert (queue.remarks.box.toPlainText(), queue.remarks.writing.purpose) == ("", Purpose.REMARK)
    assert qa_workspace.session.trail[-1].reason == "look at the rim"


def test_a_read_is_not_returned_without_a_word(queue, qa_workspace, qtbot, told):
    choose(queue, 5)
    queue.return_()
    qtbot.keyClick(queue.remarks.box, Qt.Key.Key_Return)
    assert told[-1] == "A read is returned with a remark that says why. Write what is to be done."
    assert states(qa_workspace)[5] is ReadState.SUBMITTED
    qtbot.keyClick(queue.remarks.box, Qt.Key.Key_Escape)
    assert queue.remarks.writing.purpose is Purpose.REMARK


def test_the_way_through_goes_round(queue):
    ids = [row.read.id for row in queue.model.rows]
    seen = []
    for _ in range(5):
        seen.append(queue.row.read.id)
        queue.next()
    assert seen == [*ids, ids[0]]
    queue.next(-1)
    queue.next(-1)
    assert queue.row.read.id == ids[3]


def test_what_may_not_be_decided_says_why(queue, qa_session):
    qa_session.document._user = "Ada"
    choose(queue, 5)
    choose(queue, 3)
    assert queue.hint.text() == "This is your own read: somebody else decides on it."
    assert not queue.buttons["quality.accept"].isEnabled()
    choose(queue, 5)
    assert not queue.hint.isVisible()
    assert queue.buttons["quality.accept"].isEnabled()


def test_reads_that_do_not_wait_are_shown_when_asked_for(queue, qa_workspace, qtbot):
    queue.shown.setCurrentIndex([shown.text for shown in SHOWN].index("With their readers"))
    queue.refresh_now()
    assert queue.nothing.text() == "No read is with its reader."
    qa_workspace.session.document.current_reader_read(1)
    qtbot.waitUntil(lambda: queue.model.rowCount() == 1, timeout=10_000)
    assert queue.row.read.reader == "Quinn"
    assert queue.hint.text() == "Quinn has this read and submits it when it is done."
    assert not queue.buttons["quality.return"].isEnabled()


def test_the_picture_is_of_the_read_that_is_chosen(queue, qtbot):
    qtbot.waitUntil(lambda: queue.picture.shown, timeout=10_000)
    before = queue.picture.grab().toImage()
    choose(queue, 6 if queue.row.read.id != 6 else 4)
    qtbot.waitUntil(lambda: queue.picture.shown and queue.picture.grab().toImage() != before, timeout=10_000)


def test_looking_at_a_read_asks_for_its_image_and_it(queue):
    asked = []
    queue.opened.connect(lambda *ids: asked.append(ids))
    choose(queue, 6)
    queue.open()
    assert asked == [(2, 6)]


def test_another_study_begins_with_what_waits(queue, qa_workspace):
    queue.shown.setCurrentIndex(3)
    qa_workspace.set_session(None)
    queue.refresh_now()
    assert (queue.model.rowCount(), queue.shown.currentIndex()) == (0, 0)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, ""),
        ({"adjudicates": (3, 5)}, "Third read: settles what Ada and Bo say differently."),
        ({"amends": 3}, "Amendment: corrects read 3 of Ada and stands in its place."),
        ({"repeat": 1}, "Hidden repeat: the reader was shown the image a second time; it stands for nothing but that."),
    ],
)
def test_what_kind_of_read_it_is_is_said(queue, qa_workspace, more, told):
    row = queue.model.rows[queue.model.row_of(5)]
    assert kind_sentence(replace(row, read=replace(row.read, **more), kind=kind_of(replace(row.read, **more))),
                         qa_workspace.study) == told  # fmt: skip
