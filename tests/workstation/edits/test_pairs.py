"""Registrations, landmarks and decisions as edits: what each changes, what it refuses, and that all can be undone."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from analysis.matching.match import Level, Ruling, Status
from analysis.registration.result import Verdict
from tests.workstation.paired import FAILED, GOOD, MARKED, paired_visits, record, true_warp
from tests.workstation.two_visits import two_visits
from workstation import edits
from workstation.document import Document
from workstation.edits import pairs
from workstation.edits.reads import begin_read
from workstation.errors import EditRefused
from workstation.history import History
from workstation.model.pair import Landmark, Pair
from workstation.model.study import ChangeRules
from workstation.pairing import in_force, matching_of

UNIT, HAIR = Level.UNIT, Level.HAIR


class List:
    """A journal in memory."""

    def __init__(self):
        self.entries = []

    def append(self, entry):
        self.entries.append(entry)


@pytest.fixture
def document():
    return Document(paired_visits(), List(), "Zoë")


@pytest.fixture
def blank():
    """The same area, nothing registered."""
    return Document(two_visits(), List(), "Zoë")


def undone_and_redone(document):
    """The study is the one before, ids apart, and the one after again."""
    after = document.study
    document.undo()
    before = document.study
    document.redo()
    assert document.study.pairs == after.pairs
    return before


def decided(document, *rulings, reads=(1, 2)):
    """Decides one after the other."""
    for ruling in rulings:
        document.apply(pairs.decide(document.study, GOOD, ruling, "Zoë", *reads))


def rulings_of(study, pair_id=GOOD):
    return [decision.ruling for _, decision in sorted(study.pairs[pair_id].decisions.items())]


def test_the_first_registration_makes_the_pair_and_both_stay(blank):
    patch = pairs.add_registration(blank.study, 1, 2, record(true_warp()))
    blank.apply(patch)
    assert dict(blank.study.pairs) == {1: Pair(1, 1, 2, record(true_warp()))}
    assert (patch.operation, patch.read_id) == ("register", None)
    assert not blank.can_undo


def test_a_pair_that_nothing_is_known_of_takes_landmarks_and_stays(blank):
    blank.apply(pairs.add_pair(blank.study, 1, 2))
    assert dict(blank.study.pairs) == {1: Pair(1, 1, 2)}
    with pytest.raises(edits.NothingToDo):
        pairs.add_pair(blank.study, 1, 2)
    blank.apply(pairs.place_landmark(blank.study, 1, (10.0, 20.0), (15.0, 22.0)))
    assert not undone_and_redone(blank).pairs[1].landmarks
    assert blank.study.pairs[1].registration is None


def test_pairs_are_numbered_on(document):
    document.apply(pairs.add_registration(document.study, 2, 1, record(None, Verdict.FAILED, "Turned.", reads=(2, 1))))
    assert document.study.pairs[4].image_ids == (2, 1)


def test_a_later_registration_takes_the_place_of_the_one_before_and_can_be_undone(document):
    before = document.study.pairs[GOOD].registration
    other = record(true_warp(degrees=4.5))
    document.apply(pairs.add_registration(document.study, 1, 2, other))
    assert document.study.pairs[GOOD].registration == other
    assert undone_and_redone(document).pairs[GOOD].registration == before
    with pytest.raises(edits.NothingToDo):
        pairs.add_registration(document.study, 1, 2, other)


def test_a_registration_of_no_pair_that_can_be_is_refused(document):
    patch = pairs.add_registration(document.study, 1, 1, record(true_warp(), reads=(1, 1)))
    with pytest.raises(EditRefused, match="pair 4 is not of two images of the study"):
        document.apply(patch)
    with pytest.raises(EditRefused, match="names read 3, which is not of its image"):
        document.apply(pairs.add_registration(document.study, 1, 2, record(true_warp(), reads=(1, 3))))


def test_landmarks_are_placed_moved_and_removed(document):
    document.apply(pairs.place_landmark(document.study, MARKED, (10, 20), (30, 40)))
    first = document.study
    assert first.pairs[MARKED].landmarks[2] == Landmark(2, MARKED, (10.0, 20.0), (30.0, 40.0))
    assert undone_and_redone(document).pairs[MARKED].landmarks.keys() == {1}
    document.apply(pairs.move_landmark(document.study, MARKED, 2, followup_px=(31, 41)))
    assert document.study.pairs[MARKED].landmarks[2] == Landmark(2, MARKED, (10.0, 20.0), (31.0, 41.0))
    assert undone_and_redone(document).pairs == first.pairs
    document.apply(pairs.move_landmark(document.study, MARKED, 2, baseline_px=(11, 21)))
    assert document.study.pairs[MARKED].landmarks[2].baseline_px == (11.0, 21.0)
    document.apply(pairs.remove_landmarks(document.study, MARKED, [2, 1, 2]))
    assert document.undo_text == "remove landmarks"
    assert document.study.pairs[MARKED].landmarks == {}
    assert undone_and_redone(document).pairs[MARKED].landmarks.keys() == {1, 2}
    document.undo()
    document.apply(pairs.remove_landmarks(document.study, MARKED, [1]))
    assert document.undo_text == "remove landmark"


def test_an_id_is_never_given_twice_in_a_pair(document):
    document.apply(pairs.place_landmark(document.study, MARKED, (10, 20), (30, 40)))
    document.undo()
    document.apply(pairs.place_landmark(document.study, MARKED, (10, 20), (30, 40)))
    assert document.study.pairs[MARKED].landmarks.keys() == {1, 3}
    document.apply(pairs.decide(document.study, MARKED, Ruling(UNIT, 1005, None), "Zoë", 3, 2))
    assert document.study.pairs[MARKED].decisions.keys() == {4}
    assert document.study.pairs[MARKED].next_id == 5


def test_what_cannot_be_done_to_landmarks_is_refused(document):
    study = document.study
    with pytest.raises(EditRefused, match="there is no pair 8 of images"):
        pairs.place_landmark(study, 8, (1, 2), (3, 4))
    with pytest.raises(EditRefused, match="there is no landmark 9"):
        pairs.move_landmark(study, GOOD, 9, baseline_px=(1, 2))
    with pytest.raises(EditRefused, match="there is no landmark 2"):
        pairs.remove_landmarks(study, GOOD, [1, 2])  # 2 is a decision
    with pytest.raises(edits.NothingToDo):
        pairs.remove_landmarks(study, GOOD, [])
    with pytest.raises(edits.NothingToDo):
        pairs.move_landmark(study, GOOD, 1)
    with pytest.raises(EditRefused, match="landmark 9 of pair 2 lies outside the image"):
        document.apply(pairs.place_landmark(study, GOOD, (1, 2), (3, 1000)))


NAMES = [
    (Ruling(UNIT, 1020, 1020), "match units"),
    (Ruling(HAIR, 20, 20), "match hairs"),
    (Ruling(UNIT, 1020, 1021, same=False), "tell units apart"),
    (Ruling(HAIR, 20, 22, same=False), "tell hairs apart"),
    (Ruling(UNIT, 1020, None), "mark unit as lost"),
    (Ruling(HAIR, 20, None), "mark hair as lost"),
    (Ruling(UNIT, None, 1020), "mark unit as new"),
    (Ruling(HAIR, None, 20), "mark hair as new"),
]


@pytest.mark.parametrize(("ruling", "name"), NAMES)
def test_a_decision_is_kept_and_obeyed_and_taken_back(document, ruling, name):
    before = document.study
    decided(document, ruling)
    made = document.study.pairs[GOOD].decisions[9]
    assert (made.ruling, made.reader, made.baseline_read_id, made.followup_read_id) == (ruling, "Zoë", 1, 2)
    assert document.undo_text == name
    found = matching_of(document.study, document.study.pairs[GOOD])
    of_baseline = found.by_baseline.get((ruling.level, ruling.baseline_id))
    of_followup = found.by_followup.get((ruling.level, ruling.followup_id))
    if not ruling.same:
        assert of_baseline.followup_id != ruling.followup_id
    elif ruling.baseline_id is None:
        assert (of_followup.status, of_followup.baseline_id, of_followup.ruled) == (Status.NEW, None, True)
    elif ruling.followup_id is None:
        assert (of_baseline.status, of_baseline.followup_id, of_baseline.ruled) == (Status.LOST, None, True)
    else:
        assert of_baseline is of_followup
        assert (of_baseline.status, of_baseline.ruled) == (Status.KEPT, True)
    assert rulings_of(undone_and_redone(document)) == rulings_of(before)
    document.undo()
    again = matching_of(document.study, document.study.pairs[GOOD])
    assert again.units == matching_of(before, before.pairs[GOOD]).units


CONTRADICTIONS = [
    (Ruling(UNIT, 1020, 1020), Ruling(UNIT, 1020, 1021), True),
    (Ruling(UNIT, 1020, 1020), Ruling(UNIT, 1021, 1020), True),
    (Ruling(UNIT, 1020, 1020), Ruling(UNIT, 1021, 1021), False),
    (Ruling(UNIT, 1020, 1020), Ruling(UNIT, 1020, None), True),
    (Ruling(UNIT, 1020, 1020), Ruling(UNIT, None, 1020), True),
    (Ruling(UNIT, 1020, None), Ruling(UNIT, 1020, 1020), True),
    (Ruling(UNIT, None, 1020), Ruling(UNIT, 1020, 1020), True),
    (Ruling(UNIT, 1020, None), Ruling(UNIT, None, 1020), False),
    (Ruling(UNIT, 1020, 1020), Ruling(UNIT, 1020, 1020, same=False), True),
    (Ruling(UNIT, 1020, 1020, same=False), Ruling(UNIT, 1020, 1020), True),
    (Ruling(UNIT, 1020, 1020), Ruling(UNIT, 1020, 1021, same=False), False),
    (Ruling(UNIT, 1020, 1021, same=False), Ruling(UNIT, 1020, 1022, same=False), False),
    (Ruling(UNIT, 1020, 1020, same=False), Ruling(UNIT, 1020, None), False),
    (Ruling(HAIR, 20, 20), Ruling(HAIR, 20, None), True),
    (Ruling(HAIR, 20, 20), Ruling(UNIT, 1020, None), False),
]


@pytest.mark.parametrize(("first", "then", "contradict"), CONTRADICTIONS)
def test_a_decision_takes_back_what_was_decided_to_the_contrary(document, first, then, contradict):
    standing = rulings_of(document.study)
    decided(document, first, then)
    assert rulings_of(document.study) == [*standing, *([] if contradict else [first]), then]
    before = undone_and_redone(document)
    assert rulings_of(before) == [*standing, first]


def test_one_decision_can_take_back_two(document):
    standing = rulings_of(document.study)
    decided(document, Ruling(UNIT, 1020, 1020), Ruling(UNIT, 1021, 1021), Ruling(UNIT, 1020, 1021))
    assert rulings_of(document.study) == [*standing, Ruling(UNIT, 1020, 1021)]
    assert len(rulings_of(undone_and_redone(document))) == len(standing) + 2


def test_what_is_decided_already_is_nothing_to_do(document):
    decided(document, Ruling(UNIT, 1020, 1020))
    with pytest.raises(edits.NothingToDo):
        decided(document, Ruling(UNIT, 1020, 1020))


def test_what_cannot_be_decided_is_refused(document):
    with pytest.raises(EditRefused, match="there is no pair 8 of images"):
        pairs.decide(document.study, 8, Ruling(UNIT, 1020, None), "Zoë", 1, 2)
    with pytest.raises(EditRefused, match="there is no read 12"):
        decided(document, Ruling(UNIT, 1020, None), reads=(1, 12))
    with pytest.raises(EditRefused, match="names read 3, which is not of its image"):
        decided(document, Ruling(UNIT, 1020, None), reads=(3, 2))
    with pytest.raises(EditRefused, match="is about fu 1096, which never was"):
        decided(document, Ruling(UNIT, 1096, None))


def test_decisions_are_withdrawn(document):
    before = document.study
    document.apply(pairs.withdraw(before, GOOD, [2, 5, 2]))
    assert document.study.pairs[GOOD].decisions.keys() == {3, 6}
    assert document.undo_text == "let the program match"
    found = matching_of(document.study, document.study.pairs[GOOD]).by_baseline[UNIT, 1010]
    assert (found.status, found.followup_id, found.ruled) == (Status.KEPT, 1010, False)
    assert undone_and_redone(document).pairs == before.pairs
    with pytest.raises(EditRefused, match="there is no decision 2"):
        pairs.withdraw(document.study, GOOD, [3, 2])
    with pytest.raises(edits.NothingToDo):
        pairs.withdraw(document.study, GOOD, [])


def test_the_rules_of_change(document):
    before = document.study.rules
    document.apply(pairs.set_change_rules(document.study, 0.75, 8))
    assert document.study.rules == ChangeRules(0.75, 8)
    assert undone_and_redone(document).rules == before
    with pytest.raises(edits.NothingToDo):
        pairs.set_change_rules(document.study, 0.75, 8)
    for rules, said in (((0.0, 8), "least overlap"), ((1.1, 8), "least overlap"), ((0.5, 0), "width change")):
        with pytest.raises(EditRefused, match=said):
            pairs.set_change_rules(document.study, *rules)


def test_a_decision_holds_in_copies_of_its_reads_alone(document):
    def standing(study, baseline_id, followup_id):
        reads = study.reads[baseline_id], study.reads[followup_id]
        return [decision.id for decision in in_force(study, study.pairs[GOOD], *reads)]

    document.apply(begin_read(document.study, 1, 1, "Zoë", "2026-02-04T08:00:00Z"))
    copy = max(document.study.reads)
    document.apply(begin_read(document.study, copy, 1, "Zoë", "2026-02-04T09:00:00Z"))
    assert standing(document.study, 1, 2) == [2, 3, 5, 6]
    assert standing(document.study, copy, 2) == [2, 3, 5, 6]
    assert standing(document.study, copy + 1, 2) == [2, 3, 5, 6]
    decided(document, Ruling(UNIT, 1030, None), reads=(copy, 2))
    assert standing(document.study, copy + 1, 2) == [2, 3, 5, 6, 9]
    assert standing(document.study, 1, 2) == [2, 3, 5, 6]  # what it was copied from knows nothing of it
    own = replace(document.study.reads[1], id=40, based_on=None)
    afresh = replace(document.study, reads=MappingProxyType({**document.study.reads, 40: own}))
    assert standing(afresh, 40, 2) == []
    later = replace(document.study.reads[2], id=40, based_on=None)
    assert standing(replace(afresh, reads=MappingProxyType({**afresh.reads, 40: later})), 1, 40) == []
    found = matching_of(afresh, afresh.pairs[GOOD], own).by_baseline[UNIT, 1010]
    assert (found.status, found.ruled) == (Status.KEPT, False)


def test_a_decision_rests_while_what_it_is_about_is_gone(document):
    read = begin_read(document.study, 1, 1, "Zoë", "2026-02-04T08:00:00Z")
    document.apply(read)
    own = max(document.study.reads)
    document.apply(edits.delete_hairs(document.study.reads[own], [10]))
    study = document.study
    assert (UNIT, 1010) not in matching_of(study, study.pairs[GOOD]).by_baseline
    document.undo()
    again = matching_of(document.study, document.study.pairs[GOOD]).by_baseline[UNIT, 1010]
    assert (again.status, again.ruled) == (Status.LOST, True)


def test_the_history_is_the_same_after_a_restart(document):
    start = document.study
    decided(document, Ruling(UNIT, 1020, None), Ruling(UNIT, 1020, 1020))
    document.apply(pairs.place_landmark(document.study, FAILED, (1, 2), (3, 4)))
    document.undo()
    again = Document(document.study, List(), "Zoë", History.replay(document._journal.entries, "Zoë"))
    assert (again.undo_text, again.redo_text) == ("match units", "place landmark")
    while again.can_undo:
        again.undo()
    assert {i: (p.registration, p.landmarks, p.decisions) for i, p in again.study.pairs.items()} == {
        i: (p.registration, p.landmarks, p.decisions) for i, p in start.pairs.items()
    }
