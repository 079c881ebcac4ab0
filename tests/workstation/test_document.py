import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation import edits
from workstation.document import Document
from workstation.entry import Action, Selection
from workstation.errors import EditRefused, UserFacingError
from workstation.history import History
from workstation.model.hair import Status
from workstation.model.patch import Change, Kind, Patch, StalePatchError
from workstation.model.read import DETECTOR, ReadState

NOON = datetime(2026, 2, 3, 12, 0, 0, 250_000, tzinfo=UTC)


class Journal:
    """Keeps entries in memory; `seen` is what the document showed while each was written."""

    def __init__(self):
        self.entries = []
        self.seen = []
        self.document = None
        self.fails = False

    def append(self, entry):
        if self.fails:
            raise UserFacingError("the disk is full", remedy="Make room.")
        if self.document is not None:
            self.seen.append(self.document.study)
        self.entries.append(entry)


HAIRS = [make_hair(1, 10, [[100, 100], [100, 140]]), make_hair(2, 10, [[104, 100], [124, 140]])]


@pytest.fixture
def journal():
    return Journal()


@pytest.fixture
def document(journal):
    """Image 1 with a detection, Ada's read 2 and Bo's read 3; image 2 has no read."""
    reads = [
        make_read(HAIRS, id_=1, reader=DETECTOR, state=ReadState.DETECTED),
        make_read(HAIRS, id_=2, based_on=1),
        make_read(HAIRS, id_=3, based_on=1, reader="Bo"),
    ]
    study = make_study(reads, [make_image(1), make_image(2, 2), make_image(3, 2)])
    document = Document(study, journal, "Ada", now=lambda: NOON)
    journal.document = document
    return document


def reject(document, hair_id=1, read_id=2):
    return edits.set_status(document.study.reads[read_id], [hair_id], Status.REJECTED)


def status(document, hair_id=1):
    return document.study.reads[2].hairs[hair_id].status


def test_an_edit_is_on_disk_before_it_is_seen(document, journal):
    before = document.study
    told = []
    document.subscribe(lambda change: told.append((change, document.study, len(journal.entries))))
    change = document.apply(reject(document), reason="a vessel")
    assert journal.seen == [before]
    assert told == [(change, document.study, 1)]
    assert (change.before, change.after, change.read_id) == (before, document.study, 2)
    assert change.changed == {Kind.HAIR: {1}}
    assert status(document) is Status.REJECTED
    entry = journal.entries[0]
    assert (entry.seq, entry.utc, entry.user) == (1, "2026-02-03T12:00:00.250Z", "Ada")
    assert (entry.action, entry.reason, entry.patch.operation) == (Action.DO, "a vessel", "reject hairs")


def test_the_time_is_written_in_utc(document, journal):
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    Document(document.study, journal, "Ada", now=lambda: elsewhere).apply(reject(document))
    assert journal.entries[0].utc == "2026-02-03T12:00:00.250Z"


def test_a_failing_journal_leaves_everything_as_it_was(document, journal):
    document.apply(reject(document, 2))
    study, history = document.study, document.history
    told = []
    document.subscribe(told.append)
    journal.fails = True
    for action in (lambda: document.apply(reject(document)), document.undo):
        with pytest.raises(UserFacingError, match="the disk is full"):
            action()
    assert (document.study, document.history, told) == (study, history, [])
    journal.fails = False
    assert document.apply(reject(document)).entry.seq == 2


def test_undo_and_redo_are_entries_of_their_own(document, journal):
    start = document.study.reads[2]
    document.apply(reject(document, 1))
    document.apply(reject(document, 2))
    assert (document.can_undo, document.undo_text, document.can_redo, document.redo_text) == (
        True,
        "reject hairs",
        False,
        "",
    )
    assert document.undo().entry.action is Action.UNDO
    assert document.undo().after.reads[2].same_content(start)
    assert (document.can_undo, document.undo_text, document.redo_text) == (False, "", "reject hairs")
    assert document.undo() is None
    assert document.redo().changed == {Kind.HAIR: {1}}
    assert status(document, 1) is Status.REJECTED
    assert status(document, 2) is Status.UNREVIEWED
    document.redo()
    assert document.redo() is None
    assert [e.action for e in journal.entries] == [Action.DO] * 2 + [Action.UNDO] * 2 + [Action.REDO] * 2
    assert [e.seq for e in journal.entries] == [1, 2, 3, 4, 5, 6]


def test_undo_gives_the_selection_back(document):
    before, after = Selection(2, frozenset({1})), Selection(2, frozenset(), frozenset({10}))
    assert document.apply(reject(document), selection_before=before, selection_after=after).selection == after
    assert document.undo().selection == before
    assert document.redo().selection == after


def test_undo_works_back_across_a_restart(document, journal):
    start = document.study
    document.apply(reject(document, 1))
    document.apply(reject(document, 2))
    document.undo()
    again = Document(document.study, journal, "Ada", History.replay(journal.entries, "Ada"))
    again.redo()
    again.undo()
    assert again.undo().after.reads[2].same_content(start.reads[2])
    assert [e.seq for e in journal.entries] == [1, 2, 3, 4, 5, 6]


def test_an_id_is_not_given_again_after_undo(document):
    def add():
        return document.apply(edits.add_hair(document.study.reads[2], [[5, 5], [5, 50]], unit=10))

    assert add().changed == {Kind.HAIR: {11}}
    document.undo()
    assert add().changed == {Kind.HAIR: {12}}


def test_an_untouched_detection_is_never_changed(document, journal):
    with pytest.raises(EditRefused, match="an untouched detection is never changed"):
        document.apply(reject(document, read_id=1))
    assert journal.entries == []


def test_the_read_of_another_is_not_changed(document, journal):
    with pytest.raises(EditRefused, match="this is the read of Bo"):
        document.apply(reject(document, read_id=3))
    assert journal.entries == []


def test_another_user_cannot_undo(document, journal):
    document.apply(reject(document))
    bo = Document(document.study, journal, "Bo", History.replay(journal.entries, "Bo"))
    assert not bo.can_undo
    careless = Document(document.study, journal, "Bo", History.replay(journal.entries))
    with pytest.raises(EditRefused, match="this is the read of Ada"):
        careless.undo()


def test_a_patch_for_another_state_is_a_bug(document, journal):
    stale = edits.set_width(document.study.reads[2], [1], 9.0)
    document.apply(reject(document))
    study = document.study
    with pytest.raises(StalePatchError):
        document.apply(stale)
    with pytest.raises(StalePatchError, match="no read 77"):
        document.apply(replace(stale, read_id=77))
    misplaced = Change(Kind.HAIR, 99, None, study.reads[2].hairs[1])
    with pytest.raises(StalePatchError, match="a change of hair 99 carries something else"):
        document.apply(replace(stale, changes=(misplaced,)))
    assert document.study is study
    assert len(journal.entries) == 1


def test_what_would_not_be_valid_is_refused(document, journal):
    read = document.study.reads[2]
    with pytest.raises(EditRefused, match="hair 1 leaves the image"):
        document.apply(edits.move_vertex(read, 1, 1, [-20, 140]))
    gone = Patch("forget unit", 2, (Change(Kind.UNIT, 10, read.units[10], None),))
    with pytest.raises(EditRefused, match="unit 10 is gone but has hairs"):
        document.apply(gone)
    assert document.study.reads[2] is read
    assert journal.entries == []


def test_an_empty_patch_is_nothing_to_do(document, journal):
    with pytest.raises(edits.NothingToDo):
        document.apply(Patch("nothing", 2, ()))
    assert journal.entries == []


def test_a_read_once_there_is_kept(document):
    read = document.study.reads[2]
    for after in (None, replace(read, reader="Cy")):
        with pytest.raises(EditRefused, match="read 2 is kept for ever"):
            document.apply(Patch("forget read", None, (Change(Kind.READ, 2, read, after),)))


def test_a_read_that_is_not_valid_is_not_taken_in(document):
    stray = make_read([make_hair(1, 10, [[5, 5], [5, 2000]])], id_=9)
    with pytest.raises(EditRefused, match="hair 1 leaves the image"):
        document.apply(Patch("begin read", None, (Change(Kind.READ, 9, None, stray),)))
    with pytest.raises(EditRefused, match="image 7, which does not exist"):
        document.apply(Patch("begin read", None, (Change(Kind.READ, 9, None, replace(stray, image_id=7)),)))


def test_a_failing_subscriber_stops_neither_the_edit_nor_the_others(document, caplog):
    told = []

    def fail(change):
        raise RuntimeError("no window")

    document.subscribe(fail)
    document.subscribe(told.append)
    with caplog.at_level(logging.ERROR):
        change = document.apply(reject(document))
    assert told == [change]
    assert status(document) is Status.REJECTED
    assert "a subscriber failed on entry 1" in caplog.text
    assert "no window" in caplog.text


def test_a_subscription_ends(document):
    told = []
    unsubscribe = document.subscribe(told.append)
    unsubscribe()
    unsubscribe()
    document.apply(reject(document))
    assert told == []


def test_a_change_made_while_one_is_told_is_told_after_it(document):
    order = []

    def also_reject_2(change):
        if change.entry.seq == 1:
            document.apply(reject(document, 2))

    document.subscribe(also_reject_2)
    document.subscribe(lambda change: order.append(change.entry.seq))
    document.apply(reject(document))
    assert order == [1, 2]
    assert status(document, 2) is Status.REJECTED


def test_the_users_own_read_is_found(document, journal):
    assert document.current_reader_read(1).id == 2
    assert journal.entries == []


def test_a_read_begins_from_the_detection_on_the_first_edit(document, journal):
    document = Document(document.study, journal, "Cy", now=lambda: NOON)
    read = document.current_reader_read(1)
    assert (read.id, read.reader, read.based_on, read.created_utc) == (4, "Cy", 1, "2026-02-03T12:00:00Z")
    assert document.study.reads[4] is read
    assert document.current_reader_read(1) is read
    assert [e.patch.operation for e in journal.entries] == ["begin read"]
    assert not document.can_undo


def test_a_blank_read_begins_where_nothing_was_detected(document):
    read = document.current_reader_read(2)
    assert (read.reader, read.based_on, dict(read.hairs)) == ("Ada", None, {})
    with pytest.raises(EditRefused, match="no image 9"):
        document.current_reader_read(9)


def test_what_is_set_for_the_study_is_undone_too(document):
    start = document.study
    document.apply(edits.set_calibration(document.study, 1, 5.0))
    document.apply(edits.set_cutoffs(document.study, 40, 40))
    assert document.undo().changed == {Kind.CUTOFFS: {0}}
    assert document.undo().read_id is None
    assert document.study == start
