import threading

import pytest

import workstation.pairing
from analysis.matching.match import Level, Status
from analysis.registration.result import Verdict
from tests.ui.matching.two_visits import IDS, register_by_hand, registration
from ui.matching.matched_pair import Stage
from workstation import edits
from workstation.pairing import PairIds


def statuses(matches):
    found = {}
    for match in matches.current.matching.units:
        found.setdefault(match.status, []).append((match.baseline_id, match.followup_id))
    return {status: sorted(pairs, key=str) for status, pairs in found.items()}


def test_two_shown_visits_are_a_pair_that_is_not_registered_yet(matches):
    assert matches.shown == (IDS,)
    assert (matches.current.ids, matches.current.stage, matches.current.matching) == (IDS, Stage.UNREGISTERED, None)


def test_once_registered_they_are_matched(matched):
    assert statuses(matched) == {
        Status.KEPT: [(21, 31), (22, 32), (26, 36), (27, 37)],
        Status.UNCERTAIN: [(24, 34)],
        Status.LOST: [(23, None)],
        Status.NEW: [(None, 35)],
    }
    assert matched.current.match_of(2, Level.UNIT, 32).baseline_id == 22
    assert matched.current.match_of(1, Level.UNIT, 99) is None


@pytest.mark.parametrize(
    ("verdict", "stage"),
    [(Verdict.GOOD, Stage.GOOD), (Verdict.CHECK, Stage.CHECK), (Verdict.FAILED, Stage.FAILED)],
)
def test_its_stage_is_the_verdict(workspace, matches, verdict, stage):
    register_by_hand(workspace, registration(verdict))
    assert matches.current.stage is stage


def test_after_an_edit_it_is_matched_anew_and_meanwhile_known_as_it_was(workspace, matched, qtbot):
    with qtbot.waitSignal(matched.changed):
        workspace.commit(2, lambda read: edits.delete_hairs(read, [1]))
    assert matched.current.pending
    assert (21, 31) in statuses(matched)[Status.KEPT]
    qtbot.waitUntil(lambda: not matched.current.pending)
    assert (21, None) in statuses(matched)[Status.LOST]
    workspace.undo()
    assert matched.current.pending
    qtbot.waitUntil(lambda: not matched.current.pending)
    assert (21, 31) in statuses(matched)[Status.KEPT]


def test_what_comes_too_late_is_dropped(workspace, matched, qtbot, monkeypatch):
    let_go, known = threading.Event(), workstation.pairing._matched
    slow = {1: True}

    def waits(*arguments):
        if slow.pop(1, False):
            let_go.wait(5)
        return known(*arguments)

    monkeypatch.setattr(workstation.pairing, "_matched", waits)
    workspace.commit(2, lambda read: edits.delete_hairs(read, [1]))
    assert matched.current.pending  # asking begins it
    workspace.undo()
    assert matched.current.pending
    seen = []
    matched.changed.connect(lambda: seen.append(statuses(matched)))
    let_go.set()
    qtbot.waitUntil(lambda: not matched.current.pending)
    assert all((21, 31) in found[Status.KEPT] for found in seen)


def test_any_two_images_can_be_asked_for(matched):
    assert matched.pair(PairIds(2, 1)).stage is Stage.UNREGISTERED
    assert matched.pair(PairIds(1, 7)).stage is Stage.NO_READ


def test_with_one_image_there_is_no_pair(workspace, matched, qtbot):
    with qtbot.waitSignal(matched.current_changed):
        workspace.set_shown((2,))
    assert matched.current is None
    assert matched.pair_of(2) is None


def test_a_closed_study_leaves_nothing_behind(workspace, matched):
    workspace.set_session(None)
    assert (matched.shown, matched.current, matched.pair(IDS).pair) == ((), None, None)
