from dataclasses import replace

import pytest

from tests.workstation.recorded_trial import HOSPITAL, ITCHING
from tests.workstation.small_study import make_image, make_read
from workstation.entry import Action, Entry, Selection
from workstation.history import History
from workstation.model.pair import Landmark
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import ReadState, Review
from workstation.model.study import Subject, Visit, WidthCutoffs


def comment(text, read_id=1):
    before, after = Review(ReadState.IN_REVIEW), Review(ReadState.IN_REVIEW, text)
    return Patch(text, read_id, (Change(Kind.REVIEW, 0, before, after),))


NEW_READ = Patch("begin read", None, (Change(Kind.READ, 5, None, make_read([], id_=5)),))
CUTOFFS = Patch("set cut-offs", None, (Change(Kind.CUTOFFS, 0, WidthCutoffs(), WidthCutoffs(40, 40)),))
SCALE = Patch("set calibration", None, (Change(Kind.IMAGE, 1, make_image(), replace(make_image(), calibration=None)),))
OTHER_SCALE = Patch("set calibration", None, (replace(SCALE.changes[0], id=2),))
VISIT = Visit(3, "S01", "week 4")
ADDED = Patch("add visit", None, (Change(Kind.VISIT, 3, None, VISIT),))
NOTHING = Selection()


class Log:
    """Entries as a document would make them."""

    def __init__(self, user="Ada"):
        self.entries = []
        self.user = user

    def _add(self, action, patch, user, before=NOTHING, after=NOTHING):
        seq = len(self.entries) + 1
        self.entries.append(Entry(seq, f"t{seq}", user or self.user, action, patch, before, after))
        return self

    def do(self, patch, user=None, **selections):
        return self._add(Action.DO, patch, user, **selections)

    def undo(self, patch, user=None, **selections):
        return self._add(Action.UNDO, patch.inverse(), user, **selections)

    def redo(self, patch, user=None):
        return self._add(Action.REDO, patch, user)

    def history(self, user="Ada"):
        """Replayed at once and recorded one by one, which must give the same."""
        whole = History.replay(self.entries, user)
        steps = History(user=user)
        for entry in self.entries:
            steps = steps.record(entry)
        assert (names(steps), steps.last_seq) == (names(whole), whole.last_seq)
        assert whole == steps
        return whole


def names(history):
    return [e.patch.operation for e in history.done], [e.patch.operation for e in history.undone]


A, B, C = comment("a"), comment("b"), comment("c")


def test_nothing_happened_yet():
    assert names(History()) == ([], [])
    assert History.replay([]).last_seq == 0


def test_the_latest_edit_is_undone_first_and_redone_last():
    log = Log().do(A).do(B).do(C)
    assert names(log.history()) == (["a", "b", "c"], [])
    assert names(log.undo(C).undo(B).history()) == (["a"], ["c", "b"])
    assert names(log.redo(B).history()) == (["a", "b"], ["c"])
    assert names(log.redo(C).history()) == (["a", "b", "c"], [])
    assert log.history().last_seq == 7


def test_a_new_edit_ends_what_could_be_redone():
    assert names(Log().do(A).do(B).undo(B).do(C).history()) == (["a", "c"], [])


def test_an_undone_entry_keeps_the_selection_of_its_first_time():
    log = Log().do(A, before=Selection(1, frozenset({7})), after=Selection(1, frozenset({8}))).undo(A)
    undone = log.history().undone[-1]
    assert (undone.action, undone.patch) == (Action.DO, A)
    assert undone.selection_before.hair_ids == {7}


def test_the_list_may_begin_anywhere():
    before, after = Selection(1, frozenset({8})), Selection(1, frozenset({7}))
    history = History.replay(Log().undo(B, before=before, after=after).entries, "Ada")
    assert names(history) == ([], ["b"])
    assert history.undone[0].patch == B
    assert (history.undone[0].selection_before, history.undone[0].selection_after) == (after, before)
    assert names(Log().redo(C).do(A).history()) == (["c", "a"], [])
    assert names(Log().do(A).undo(A).undo(B).redo(B).history()) == (["b"], ["a"])


def test_a_new_read_is_not_undone_and_stops_no_other_undoing():
    log = Log().do(A).do(B).undo(B).do(NEW_READ)
    assert names(log.history()) == (["a"], ["b"])
    assert log.history().last_seq == 4


def test_a_replaced_read_bars_the_edits_before_it():
    gone = Patch("forget read", None, (Change(Kind.READ, 1, make_read([]), None),))
    log = Log().do(comment("x", 2)).do(A).do(comment("y", 2)).do(gone)
    assert names(log.history()) == (["y"], [])


def test_a_user_undoes_only_their_own_edits():
    log = Log().do(A).do(comment("bo", 2), "Bo").do(B)
    assert names(log.history()) == (["a", "b"], [])
    assert names(log.history("Bo")) == (["bo"], [])
    assert names(log.history("Cy")) == ([], [])
    assert names(log.history(None)) == (["a", "bo", "b"], [])


def test_anothers_edit_keeps_what_can_be_redone():
    log = Log().do(A).undo(A).do(comment("bo", 2), "Bo").undo(comment("bo", 2), "Bo")
    assert names(log.history()) == ([], ["a"])


@pytest.mark.parametrize(
    ("foreign", "done"),
    [
        (comment("bo", 2), ["a", "set calibration", "set cut-offs", "b"]),
        (OTHER_SCALE, ["a", "set calibration", "set cut-offs", "b"]),
        (SCALE, ["set cut-offs", "b"]),
        (CUTOFFS, ["b"]),
        (comment("bo", 1), []),
    ],
)
def test_anothers_edit_of_the_same_thing_bars_the_way(foreign, done):
    log = Log().do(A).do(SCALE).do(CUTOFFS).do(B).do(foreign, "Bo")
    assert names(log.history()) == (done, [])


def test_anothers_edit_bars_what_can_be_redone():
    log = Log().do(A).do(CUTOFFS).do(B).undo(B).undo(CUTOFFS).undo(A).do(CUTOFFS, "Bo")
    assert names(log.history()) == ([], ["a"])


def test_a_removed_visit_is_undone_and_redone():
    gone = Patch("remove visit", None, (Change(Kind.VISIT, 3, VISIT, None),))
    log = Log().do(A).do(ADDED).do(gone)
    assert names(log.history()) == (["a", "remove visit"], [])  # what was added is taken out by an edit of its own
    assert names(log.undo(gone).history()) == (["a"], ["remove visit"])
    assert names(log.redo(gone).history()) == (["a", "remove visit"], [])


def test_what_another_took_out_is_not_taken_back():
    mark = Landmark(1, 1, (0.0, 0.0), (0.0, 0.0))
    placed = Patch("place landmark", None, (Change(Kind.LANDMARK, 1, None, mark),))
    assert names(Log().do(placed).do(A).do(placed.inverse(), "Bo").history()) == (["a"], [])


def test_what_was_taken_back_is_not_done_again_under_a_number_that_another_has_used():
    mine = Patch("add event", None, (Change(Kind.EVENT, 4, None, replace(ITCHING, id=4)),))
    other = Patch("add event", None, (Change(Kind.EVENT, 4, None, replace(HOSPITAL, id=4)),))
    assert names(Log().do(mine).undo(mine).do(other, "Bo").history()) == ([], [])


def test_a_code_that_another_uses_now_in_capitals_is_not_taken_back():
    subject = Subject("s9")
    gone = Patch("remove subject", None, (Change(Kind.SUBJECT, 0, subject, None),))
    again = Patch("add subject", None, (Change(Kind.SUBJECT, 0, None, replace(subject, id="S9")),))
    assert names(Log().do(gone).do(A).do(again, "Bo").history()) == (["a"], [])
    assert names(Log().do(gone).do(again).do(A).history()) == (["a"], [])


def test_a_thousand_edits_are_all_undone():
    log = Log()
    for number in range(1000):
        log.do(comment(str(number)))
    assert len(log.history().done) == 1000
