"""Edits of pairs that were never saved: all come back, in order, and can be undone."""

from dataclasses import replace

import pytest

from analysis.matching.match import Level, Ruling
from analysis.registration.result import Verdict
from tests.workstation.paired import record, true_warp
from tests.workstation.storage.opening import opened
from tests.workstation.storage.studies import same
from tests.workstation.two_visits import three_visits
from workstation.edits import pairs
from workstation.session import create_study
from workstation.storage.content import content_of
from workstation.storage.reader import read_study
from workstation.storage.verify import Check, verify
from workstation.storage.writer import write_content

STEPS = (
    lambda study: pairs.add_registration(study, 1, 2, record(None, Verdict.FAILED, "zu wenig – 毛")),
    lambda study: pairs.place_landmark(study, 1, (100.125, 200.1), (110.3, 0.1 + 0.2)),
    lambda study: pairs.place_landmark(study, 1, (900, 200), (890, 230)),
    lambda study: pairs.add_registration(study, 1, 2, record(true_warp(), n_landmarks=2)),
    lambda study: pairs.move_landmark(study, 1, 2, followup_px=(890.5, 230.5)),
    lambda study: pairs.remove_landmarks(study, 1, [1]),
    lambda study: pairs.add_registration(study, 1, 3, record(true_warp(0.0, (0.0, 0.0)), reads=(1, 3))),
    lambda study: pairs.decide(study, 1, Ruling(Level.UNIT, 1010, None), "Zoë", 1, 2),
    lambda study: pairs.decide(study, 1, Ruling(Level.HAIR, 20, 21, same=False), "Zoë", 1, 2),
    lambda study: pairs.decide(study, 1, Ruling(Level.UNIT, 1010, 1010), "Zoë", 1, 2),
    lambda study: pairs.decide(study, 2, Ruling(Level.HAIR, None, 12), "Zoë", 1, 3),
    lambda study: pairs.withdraw(study, 1, [4]),
    lambda study: pairs.set_change_rules(study, 0.75, 9.5),
)  # fmt: skip


@pytest.fixture
def path(tmp_path):
    create_study(tmp_path / "trial.h5", three_visits(), user="Ada")
    return tmp_path / "trial.h5"


def edited(session, steps=STEPS):
    """The study before the first and after each of the edits."""
    states = [session.study]
    for step in steps:
        session.document.apply(step(session.study))
        states.append(session.study)
    return states


def parts(study):
    """What undo brings back: all but the next ids."""
    return [replace(pair, next_id=1) for pair in study.pairs.values()], study.rules


@pytest.mark.parametrize("n", range(1, len(STEPS) + 1))
def test_whichever_edit_was_the_last_it_comes_back(path, n):
    with opened(path) as session:
        *_, last = edited(session, STEPS[:n])
    with opened(path) as session:
        assert (session.recovered.n_edits, session.recovered.notices) == (n, ())
        assert same(session.study, last)


def test_they_are_undone_one_after_the_other_after_a_restart(path):
    with opened(path) as session:
        states = edited(session)
        session.document.undo()
    with opened(path) as session:
        assert parts(session.study) == parts(states[-2])
        assert session.document.redo_text == "set rules of change"
        session.save()
    with opened(path) as session:
        session.document.redo()
        for n_undone in range(1, 7):
            session.document.undo()
            assert parts(session.study) == parts(states[-1 - n_undone])
        # the second pair, once made, stays: what came before it is next
        assert session.document.undo_text == "remove landmark"
        session.save()
    assert [f.message for f in verify(path) if not f.holds and f.check is not Check.IMAGES] == []


def test_the_trail_leads_from_the_file_to_the_start(path):
    with opened(path) as session:
        edited(session)
        session.save()
    (trail,) = [f for f in verify(path) if f.check is Check.AUDIT]
    assert trail.holds
    assert trail.message.startswith("14 rows, ")
    with opened(path) as session:
        assert session.recovered.notices == ()
        targets = [row.target for row in session._rows]
    assert targets == [
        "study",
        "pair 1, registration 1", "landmark 1.1", "landmark 1.2", "registration 1", "landmark 1.2", "landmark 1.1",
        "pair 2, registration 2", "decision 1.3", "decision 1.4", "decision 1.3, decision 1.5", "decision 2.1",
        "decision 1.4", "rules",
    ]  # fmt: skip


def test_a_value_that_no_edit_made_is_found(path):
    with opened(path) as session:
        edited(session)
        session.save()
    file = read_study(path)
    pair = file.study.pairs[1]
    moved = replace(pair.landmarks[2], baseline_px=(901.0, 200.0))
    forged = replace(file.study, pairs={**file.study.pairs, 1: replace(pair, landmarks={2: moved})})
    write_content(path, content_of(forged, file.audit_rows, []), {})
    (trail,) = [f for f in verify(path) if f.check is Check.READS]
    assert (trail.holds, trail.message) == (
        False, "Audit row 6 does not agree with the study (landmark (1, 2) is not what that edit left).",
    )  # fmt: skip
