"""Going back in the record: every state that was remembered while editing comes back, of the study and of one read."""

import random
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.property.random_edits import EDITS
from tests.property.test_trial_edits import Trail, random_step
from tests.workstation.recorded_trial import trial_study
from tests.workstation.small_study import make_image, make_study
from workstation.document import Document
from workstation.edits.drafting import NothingToDo
from workstation.edits.reads import begin_read
from workstation.errors import EditRefused
from workstation.record.as_it_was import history_of, last_row_at, study_as_it_was
from workstation.storage.audit import AuditRow


def same(one, other):
    """Equal but for the ids that come next, which only grow."""
    reads = {i: replace(read, next_id=1) for i, read in one.reads.items()}
    others = {i: replace(read, next_id=1) for i, read in other.reads.items()}
    pairs = [{i: replace(pair, next_id=1) for i, pair in study.pairs.items()} for study in (one, other)]
    return (
        reads.keys() == others.keys()
        and all(reads[i].same_content(others[i]) for i in reads)
        and pairs[0] == pairs[1]
        and replace(one, reads={}, pairs={}) == replace(other, reads={}, pairs={})
    )


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_state_of_a_read_and_of_the_study_comes_back(data):
    study = make_study([], [make_image()])
    trail = Trail(study)
    document = Document(study, trail, "Ada")
    states = [study]
    document.apply(begin_read(study, None, 1, "Ada", "2026-02-03T10:00:00Z"))
    states.append(document.study)
    for _ in range(data.draw(st.integers(1, 14))):
        step = data.draw(st.sampled_from(["edit", "edit", "edit", "undo", "redo"]))
        try:
            if step == "edit":
                read = document.study.reads[1]
                name = data.draw(st.sampled_from(sorted(EDITS)))
                document.apply(EDITS[name](data.draw, read, document.study.images[1]))
            elif getattr(document, step)() is None:
                continue
        except (EditRefused, NothingToDo):
            continue
        states.append(document.study)
    assert len(trail.rows) == len(states) - 1
    for n_rows, then in enumerate(states):
        assert same(study_as_it_was(document.study, trail.rows, n_rows), then)
    history = history_of(document.study, trail.rows, 1)
    assert (history.began, len(history)) == (True, len(states) - 1)
    for n_rows, then in enumerate(states[1:], start=1):
        index = history.index_after(n_rows)
        assert history.state(index).same_content(then.reads[1])
        assert history.row_before(index).seq == n_rows
    assert history.index_after(0) is None


@pytest.mark.parametrize("seed", range(12))
def test_every_state_of_a_trial_comes_back(seed):
    rng = random.Random(seed)
    start = trial_study(events=MappingProxyType({}), responses=MappingProxyType({}))
    trail, states = Trail(start), [start]
    document = Document(start, trail, "Ada")
    for _ in range(40):
        step, *arguments = random_step(rng, document.study)
        try:
            changed = (
                getattr(document, step)()
                if step in ("undo", "redo")
                else document.apply(step(document.study, *arguments))
            )
        except (EditRefused, NothingToDo):
            continue
        if changed is not None:
            states.append(document.study)
    for n_rows, then in enumerate(states):
        assert same(study_as_it_was(document.study, trail.rows, n_rows), then)


def row(seq, utc):
    return AuditRow(seq, utc, "Ada", "do", "add hair", 1, "hair 1", "[]", "{}", "", "0.1.0", "", "")


def test_the_last_row_at_a_time():
    trail = [row(1, "2026-02-03T09:00:00.000Z"), row(2, "2026-02-03T09:30:00.500Z"), row(3, "2026-02-04T08:00:00.000Z")]
    assert last_row_at(trail, "2026-02-03T08:59:59Z") == 0
    assert last_row_at(trail, "2026-02-03T09:00:00.000Z") == 1
    assert last_row_at(trail, "2026-02-03T09:30:00Z") == 2  # all of that second
    assert last_row_at(trail, "2026-02-03") == 2  # all of that day
    assert last_row_at(trail, "2027-01-01T00:00:00Z") == 3


def test_a_clock_that_was_set_back_moves_no_row():
    trail = [row(1, "2026-02-03T09:00:00.000Z"), row(2, "2026-02-03T08:00:00.000Z"), row(3, "2026-02-03T10:00:00.000Z")]
    assert last_row_at(trail, "2026-02-03T08:30:00Z") == 0
    assert last_row_at(trail, "2026-02-03T09:30:00Z") == 2


def test_a_trail_that_does_not_lead_back_says_where():
    study = make_study([], [make_image()])
    trail = Trail(study)
    document = Document(study, trail, "Ada")
    document.apply(begin_read(study, None, 1, "Ada", "2026-02-03T10:00:00Z"))
    with pytest.raises(ValueError, match="row 1 of the audit trail does not agree"):
        study_as_it_was(study, trail.rows, 0)
