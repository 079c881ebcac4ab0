"""Edits of the trial that were never saved: they come back from the journal, and can be undone."""

import h5py
import pytest

from tests.workstation.recorded_trial import GROWTH, ITCHING, trial_study
from tests.workstation.storage.opening import opened
from tests.workstation.storage.studies import same
from workstation import edits
from workstation.model.study import Subject, Visit
from workstation.session import create_study
from workstation.storage.reader import read_study
from workstation.storage.verify import Check, verify

STEPS = [
    lambda s: edits.add_subject(s, Subject("S04", arm="placebo")),
    lambda s: edits.add_visit(s, Visit(0, "S04", "baseline", 0.0)),
    lambda s: edits.answer(s, 5, "growth", {"fuller": 2, "new-hair": 4}),
    lambda s: edits.answer(s, 1, "growth", {}),
    lambda s: edits.add_questionnaire(s, type(GROWTH)("itch", "Itching", GROWTH.items, GROWTH.scale)),
    lambda s: edits.remove_questionnaire(s, "itch"),
    lambda s: edits.change_event(s, type(ITCHING)(2, "S04", "cold", ITCHING.severity, ITCHING.relation)),
    lambda s: edits.remove_event(s, 3),
    lambda s: edits.set_plan(s, type(s.plan)(title="Other"), now_utc="2026-05-06T07:08:09Z"),
    lambda s: edits.remove_subject(s, "S03"),
    lambda s: edits.remove_visit(s, 4),
]


@pytest.fixture
def path(tmp_path):
    create_study(tmp_path / "trial.h5", trial_study(), user="Ada")
    return tmp_path / "trial.h5"


def crash_after_all(path):
    with opened(path) as session:
        for step in STEPS:
            session.document.apply(step(session.study))
        return session.study


def test_unsaved_edits_come_back(path):
    left = crash_after_all(path)
    with opened(path) as session:
        assert session.recovered.n_edits == len(STEPS)
        assert same(session.study, left)
        assert session.study.plan.named_utc == "2026-05-06T07:08:09Z"
        session.save()
    assert same(read_study(path).study, left)
    assert [f for f in verify(path) if not f.holds and f.check is not Check.IMAGES] == []


def test_they_are_undone_after_a_restart_and_done_again(path):
    left = crash_after_all(path)
    with opened(path) as session:
        session.save()
    with opened(path) as session:
        n = 0
        while session.document.can_undo:
            session.document.undo()
            n += 1
        assert n == len(STEPS) - 2  # a subject and a visit that were added are no undo's matter
        before = trial_study()
        assert (session.study.responses, session.study.events) == (before.responses, before.events)
        assert session.study.plan == before.plan
        session.save()
    with opened(path) as session:
        while session.document.can_redo:
            session.document.redo()
        assert same(session.study, left)


def test_an_edit_of_an_older_file_is_replayed(path, tmp_path):
    """The trail of a file before 1.3 names subjects without an arm."""
    with opened(path) as session:
        session.document.apply(edits.change_subject(session.study, Subject("S01", "female", 35.0, "Ludwig I", "serum")))
        session.save()
    with h5py.File(path) as file:
        text = file["audit_text/json"][:].tobytes().decode()
    assert '"arm":"serum"' in text
    from workstation.storage.codec import decode_changes

    plain = '[{"kind":"subject","id":0,"before":null,"after":{"id":"S01","sex":"","age":null,"grade":""}}]'
    (change,) = decode_changes(plain, lambda *_: None)
    assert change.after == Subject("S01")
