"""Any two reads, any settlements, edits and undos: the third read stays valid, and where each hair is from is known."""

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workstation.two_reads import NOW, THIRD, image, random_reads, with_third
from workstation.adjudication.differences import compare_reads
from workstation.adjudication.provenance import From, origin_of, origins
from workstation.adjudication.third_read import adjudication_of
from workstation.document import Document
from workstation.edits import delete_hairs, put_into_unit, set_status
from workstation.edits.adjudication import begin_third_read, reopen_difference, settle
from workstation.errors import EditRefused
from workstation.model.hair import Status
from workstation.model.patch import apply
from workstation.model.record_validity import record_problems
from workstation.model.settlement import About, Choice
from workstation.model.validity import problems
from workstation.session import create_study, open_study

SEEDS = st.integers(0, 2**32 - 1)
CHOICES = st.sampled_from([Choice.FIRST, Choice.SECOND, Choice.BOTH, Choice.NEITHER, Choice.EDITED])
STEPS = st.lists(
    st.tuples(st.sampled_from(["settle"] * 6 + ["reopen", "delete", "reject", "group", "undo", "redo"]),
              st.integers(0, 10_000), CHOICES),
    max_size=40,
)  # fmt: skip


class List:
    def append(self, entry):
        pass


def check(study):
    """What holds of a third read at any time."""
    read = study.reads[THIRD]
    assert problems(read, image()) == []
    assert record_problems(study) == []
    results = [i for s in read.settlements.values() if s.about is About.HAIR for i in s.result_ids]
    assert len(results) == len(set(results)), "a hair came with two settlements"
    assert {i for i in read.hairs if origin_of(read, i).source is From.ADJUDICATOR} == set(read.hairs) - set(results)
    keys = [(s.about, s.first_ids, s.second_ids) for s in read.settlements.values()]
    assert len(keys) == len(set(keys)), "one thing was settled twice"
    for about in (About.HAIR, About.UNIT):
        for side in ("first_ids", "second_ids"):
            ids = [i for s in read.settlements.values() if s.about is about for i in getattr(s, side)]
            assert len(ids) == len(set(ids)), "one hair or unit is in two settlements"
    found = adjudication_of(study, read)
    assert len(found.open) + sum(found.settlement_of(d) is not None for d in found.differences) == len(
        found.differences
    )
    for hair_id, origin in origins(read).items():
        for source_id, own in zip((1, 2), (origin.first_id, origin.second_id), strict=True):
            assert own is None or own in study.reads[source_id].hairs, f"hair {hair_id} is from nowhere"


def step(document, what, number, choice):
    study = document.study
    read = study.reads[THIRD]
    hairs = sorted(read.hairs)
    differences = adjudication_of(study, read).differences
    with contextlib.suppress(EditRefused):
        match what:
            case "settle" if differences:
                document.apply(settle(study, read, differences[number % len(differences)], choice))
            case "reopen" if differences:
                document.apply(reopen_difference(study, read, differences[number % len(differences)]))
            case "delete" if hairs:
                document.apply(delete_hairs(read, [hairs[number % len(hairs)]]))
            case "reject" if hairs:
                document.apply(set_status(read, [hairs[number % len(hairs)]], Status.REJECTED))
            case "group" if hairs:
                chosen = [i for i in (hairs[number % len(hairs)], hairs[0]) if read.hairs[i].root_visible]
                document.apply(put_into_unit(read, chosen, None))
            case "undo":
                document.undo()
            case "redo":
                document.redo()


@settings(max_examples=60, deadline=None)
@given(SEEDS, STEPS)
def test_it_stays_valid_whatever_is_settled(seed, steps):
    begun = with_third(random_reads(seed))
    document = Document(begun, List(), "Zoë")
    check(document.study)
    for what, number, choice in steps:
        step(document, what, number, choice)
        check(document.study)
    while document.undo() is not None:
        pass
    assert document.study.reads[THIRD].same_content(begun.reads[THIRD])


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from([Choice.FIRST, Choice.SECOND]), st.randoms(use_true_random=False))
def test_everything_of_one_reader_is_that_readers_read(seed, choice, order):
    study = with_third(random_reads(seed))
    while left := adjudication_of(study, study.reads[THIRD]).open:
        study = apply(study, settle(study, study.reads[THIRD], order.choice(left), choice))
    check(study)
    source = study.reads[1 if choice is Choice.FIRST else 2]
    third = study.reads[THIRD]
    found = compare_reads(study, source, third)
    assert found.differences == ()
    counting = [sum(hair.counts for hair in read.hairs.values()) for read in (source, third)]
    assert counting[0] == counting[1]
    assert found.field_iou > 0.98


@settings(max_examples=12, deadline=None)
@given(SEEDS, STEPS)
def test_it_is_the_same_after_saving(seed, steps):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.h5"
        create_study(path, random_reads(seed), user="Ada")
        with open_study(path, "Zoë") as session:
            session.document.apply(begin_third_read(session.study, 1, 2, "Zoë", NOW))
            for what, number, choice in steps:
                step(session.document, what, number, choice)
            session.save()
            before = session.study.reads[THIRD]
        with open_study(path, "Zoë") as session:
            after = session.study.reads[THIRD]
            assert after.same_content(before)
            check(session.study)
            here, there = adjudication_of(session.study, after), adjudication_of(session.study, before)
            assert here.open == there.open
            if session.document.can_undo:
                session.document.undo()
                check(session.study)


@pytest.mark.parametrize("seed", range(5))
def test_the_reads_that_it_is_tried_on_differ_in_many_ways(seed):
    study = random_reads(seed)
    found = compare_reads(study, study.reads[1], study.reads[2])
    assert len({d.kind for d in found.differences}) >= 3
