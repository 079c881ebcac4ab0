from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.edits.applying import done
from tests.workstation.small_study import make_hair, make_read, make_study
from workstation import edits
from workstation.errors import EditRefused
from workstation.model.patch import apply
from workstation.model.read import ReadState, Review
from workstation.model.settlement import About, Choice, Settlement

HAIRS = [make_hair(1, 10, [[100, 100], [100, 140]])]
NOW = "2026-03-01T10:00:00Z"


def test_a_read_is_submitted_and_withdrawn_and_remembers_how_often():
    read = make_read([])
    submitted = done(read, edits.submit(read))
    assert submitted.review == Review(ReadState.SUBMITTED, n_submitted=1)
    with pytest.raises(edits.NothingToDo):
        edits.submit(submitted)
    withdrawn = done(submitted, edits.withdraw_read(submitted))
    assert withdrawn.review == Review(ReadState.IN_REVIEW, n_submitted=1)
    with pytest.raises(edits.NothingToDo):
        edits.withdraw_read(withdrawn)
    assert done(withdrawn, edits.submit(withdrawn)).review.n_submitted == 2


@pytest.mark.parametrize("state", [ReadState.DETECTED, ReadState.ACCEPTED, ReadState.SIGNED])
def test_a_read_that_stands_is_neither_submitted_nor_withdrawn(state):
    read = make_read([], state=state)
    for edit in (edits.submit, edits.withdraw_read):
        with pytest.raises(EditRefused, match=f"the read is {state}"):
            edit(read)


def test_who_accepted_a_read_stands_in_it():
    read = make_read([], state=ReadState.SUBMITTED)
    accepted = done(read, edits.accept_read(read, "Bo"))
    assert accepted.review == Review(ReadState.ACCEPTED, decided_by="Bo")
    with pytest.raises(edits.NothingToDo):
        edits.accept_read(accepted, "Bo")


@pytest.mark.parametrize(
    ("state", "remedy"),
    [
        (ReadState.DETECTED, "A detection is nobody's read."),
        (ReadState.IN_REVIEW, "Ada submits it first."),
        (ReadState.RETURNED, "Ada submits it first."),
        (ReadState.SIGNED, "A signed read changes only by an amendment."),
    ],
)
def test_only_a_submitted_read_is_decided_on(state, remedy):
    read = make_read([], state=state)
    with pytest.raises(EditRefused, match=f"the read is {state}, so it cannot be accepted") as refused:
        edits.accept_read(read, "Bo")
    assert refused.value.remedy == remedy
    if state is not ReadState.RETURNED:
        with pytest.raises(EditRefused, match=f"the read is {state}, so it cannot be returned"):
            edits.return_read(make_study([read]), read, "Bo", "look again")


def test_a_read_is_returned_with_a_remark_at_once():
    read = make_read(HAIRS, state=ReadState.SUBMITTED)
    study = make_study([read])
    patch = edits.return_read(study, read, "Bo", " look at the rim \n", hair_id=1, now_utc=NOW)
    after = apply(study, patch)
    assert after.reads[1].review == Review(ReadState.RETURNED, decided_by="Bo")
    (remark,) = after.remarks.values()
    assert (remark.author, remark.text, remark.hair_id, remark.created_utc) == ("Bo", "look at the rim", 1, NOW)
    back = apply(after, patch.inverse())
    assert (back.remarks, back.reads) == (study.remarks, study.reads)


def test_a_read_is_not_returned_without_a_word():
    read = make_read([], state=ReadState.ACCEPTED)
    study = make_study([read])
    with pytest.raises(EditRefused, match="returned with a remark that says why"):
        edits.return_read(study, read, "Bo")
    study = apply(study, edits.add_remark(study, 1, "Cy", "two hairs are missing at the top"))
    assert len(edits.return_read(study, read, "Bo").changes) == 1
    done_with = apply(study, edits.mark_done(study, 1, "Ada"))
    with pytest.raises(EditRefused, match="returned with a remark that says why"):
        edits.return_read(done_with, read, "Bo")


def test_a_signed_read_is_amended_by_a_copy_that_names_it():
    settlement = Settlement(1, About.HAIR, (1,), (), Choice.FIRST, (1,))
    signed = replace(
        make_read(HAIRS, id_=3, state=ReadState.SIGNED, reader="Cy", adjudicates=(1, 2)),
        settlements=MappingProxyType({1: settlement}),
        review=Review(ReadState.SIGNED, "blurred", 2, "Bo"),
    )
    study = make_study([make_read([], id_=1), make_read([], id_=2, reader="Bo"), signed])
    after = apply(study, edits.amend(study, 3, "Cy", NOW))
    amendment = after.reads[4]
    assert after.reads[3] is signed
    assert (amendment.amends, amendment.based_on, amendment.reader) == (3, 3, "Cy")
    assert amendment.review == Review(ReadState.IN_REVIEW, "blurred")
    assert (amendment.adjudicates, dict(amendment.settlements)) == ((1, 2), {1: settlement})
    assert dict(amendment.hairs) == dict(signed.hairs)
    with pytest.raises(EditRefused, match="read 3 is amended already by read 4 of Cy, which is in review"):
        edits.amend(after, 3, "Ada")


def test_only_a_signed_read_is_amended():
    study = make_study([make_read([], state=ReadState.ACCEPTED)])
    with pytest.raises(EditRefused, match="the read is accepted"):
        edits.amend(study, 1, "Ada")
    with pytest.raises(EditRefused, match="there is no read 9"):
        edits.amend(study, 9, "Ada")


def test_an_amendment_takes_the_place_of_what_it_amends_once_it_is_submitted():
    study = make_study([make_read(HAIRS, state=ReadState.SIGNED)])
    study = apply(study, edits.amend(study, 1, "Ada", NOW))
    assert study.read_in_use(1).id == 1
    study = apply(study, edits.submit(study.reads[2]))
    assert study.read_in_use(1).id == 2


def test_what_came_anew_out_of_a_work_file_stands_in_place_of_its_own_earlier_one_alone():
    first = make_read(HAIRS, state=ReadState.SUBMITTED)
    again = make_read(HAIRS, id_=3, state=ReadState.SUBMITTED, amends=1)
    other = make_read(HAIRS, id_=2, reader="Bo", state=ReadState.SUBMITTED)
    assert make_study([first, other, again]).read_in_use(1).id == 3
    accepted = replace(other, review=Review(ReadState.ACCEPTED, decided_by="Cy"))
    assert make_study([first, accepted, again]).read_in_use(1).id == 2
    after = replace(again, review=Review(ReadState.ACCEPTED, decided_by="Cy"))
    assert make_study([first, accepted, after]).read_in_use(1).id == 3


def test_the_review_of_a_signature_locks_an_accepted_read_alone():
    read = make_read([], state=ReadState.ACCEPTED)
    assert edits.signed_review(read).after == Review(ReadState.SIGNED)
    with pytest.raises(EditRefused, match="Only an accepted read is locked"):
        edits.signed_review(make_read([], state=ReadState.SUBMITTED))


def test_a_comment_on_the_image_leaves_the_state_alone():
    read = make_read([], state=ReadState.SUBMITTED)
    after = done(read, edits.comment_image(read, "out of focus at the left\n"))
    assert after.review == replace(read.review, comment="out of focus at the left")
    with pytest.raises(EditRefused, match="cannot be stored"):
        edits.comment_image(read, "\0")
