"""Who may do what, as the table in docs/quality.md has it; most of it through a document, as it is in use."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from analysis.matching.match import Level, Ruling
from tests.workstation.small_study import make_read
from tests.workstation.users import HAIRS, NOW, PEOPLE, Desk, begun, person, reject, study_with
from workstation import edits
from workstation.adjudication.third_read import adjudication_of
from workstation.document import own_read
from workstation.edits.adjudication import begin_third_read, settle
from workstation.errors import EditRefused
from workstation.model.pair import Pair
from workstation.model.patch import Change, Kind, Patch
from workstation.model.people import Person, Role
from workstation.model.read import ReadState, Review
from workstation.model.settlement import Choice
from workstation.model.signature import Meaning, Signature
from workstation.permissions import may_decide, roles_of


def test_where_nobody_is_listed_everybody_has_every_role_and_nobody_decides_on_an_own_read():
    study = study_with()
    assert roles_of(study, "Ada") == frozenset(Role)
    assert (may_decide(study, study.reads[2], "Bo"), may_decide(study, study.reads[2], "Ada")) == (True, False)
    assert not may_decide(study, study.reads[1], "Bo"), "a detection is nobody's to decide on"


def test_who_is_not_listed_is_an_assessor():
    study = study_with(people=PEOPLE)
    assert roles_of(study, "Zoë") == {Role.ASSESSOR}
    assert [may_decide(study, study.reads[2], name) for name in ("Zoë", "Olga", "Quinn", "Jo")] == [
        False, False, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        (ReadState.SUBMITTED, "this read is submitted"),
        (ReadState.ACCEPTED, "this read is accepted"),
        (ReadState.SIGNED, "this read is signed and locked"),
    ],
)
def test_what_is_out_of_its_readers_hands_is_not_corrected(state, problem):
    desk = Desk(study_with(state))
    for edit in (reject, lambda read: edits.comment_image(read, "so"), lambda read: edits.delete_hairs(read, [1])):
        with pytest.raises(EditRefused, match=problem):
            desk.by("Ada").apply(edit(desk.read()))
    assert desk.journal.entries == []


def test_a_returned_read_is_its_readers_again():
    desk = Desk(study_with(ReadState.RETURNED))
    desk.by("Ada").apply(reject(desk.read()))
    with pytest.raises(EditRefused, match="this is the read of Ada"):
        desk.by("Bo").apply(edits.delete_hairs(desk.read(), [1]))


def test_a_read_goes_through_all_states_by_the_right_hands():
    desk = Desk(study_with(people=PEOPLE))
    with pytest.raises(EditRefused, match="this is the read of Ada, who alone submits it"):
        desk.by("Quinn").apply(edits.submit(desk.read()))
    desk.by("Ada").apply(edits.submit(desk.read()))
    with pytest.raises(EditRefused, match="who alone withdraws it"):
        desk.by("Quinn").apply(edits.withdraw_read(desk.read()))
    with pytest.raises(EditRefused, match="nobody decides on a read of their own"):
        desk.by("Ada").apply(edits.accept_read(desk.read(), "Ada"))
    for name in ("Olga", "Bo"):
        with pytest.raises(EditRefused, match=f"{name} is neither QA reviewer nor adjudicator"):
            desk.by(name).apply(edits.accept_read(desk.read(), name))
    desk.by("Quinn").apply(edits.return_read(desk.study, desk.read(), "Quinn", "look at the rim"))
    assert desk.state() is ReadState.RETURNED
    desk.by("Ada").apply(edits.submit(desk.read()))
    desk.by("Jo").apply(edits.accept_read(desk.read(), "Jo"))
    assert desk.read().review == Review(ReadState.ACCEPTED, n_submitted=2, decided_by="Jo")
    desk.by("Quinn").apply(edits.return_read(desk.study, desk.read(), "Quinn", "and at the top"))
    assert desk.state() is ReadState.RETURNED


def test_nobody_decides_in_anothers_name():
    desk = Desk(study_with(ReadState.SUBMITTED))
    with pytest.raises(EditRefused, match="does not become accepted in this way"):
        desk.by("Bo").apply(edits.accept_read(desk.read(), "Cy"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Review(ReadState.IN_REVIEW), Review(ReadState.ACCEPTED, decided_by="Bo")),
        (Review(ReadState.IN_REVIEW), Review(ReadState.RETURNED, decided_by="Bo")),
        (Review(ReadState.IN_REVIEW), Review(ReadState.IN_REVIEW, n_submitted=3)),
        (Review(ReadState.IN_REVIEW), Review(ReadState.SIGNED)),
        (Review(ReadState.SUBMITTED, n_submitted=2), Review(ReadState.SUBMITTED, n_submitted=0)),
        (Review(ReadState.SUBMITTED, n_submitted=2), Review(ReadState.IN_REVIEW)),
        (Review(ReadState.RETURNED, decided_by="Bo"), Review(ReadState.IN_REVIEW)),
        (Review(ReadState.ACCEPTED), Review(ReadState.IN_REVIEW)),
    ],
)
def test_no_state_is_jumped_to(before, after):
    study = study_with()
    changed = replace(study.reads[2], review=before)
    desk = Desk(replace(study, reads=MappingProxyType({**study.reads, 2: changed})))
    patch = Patch("forge", 2, (Change(Kind.REVIEW, 0, before, after),))
    for user in ("Ada", "Bo", "Cy"):
        with pytest.raises(EditRefused):
            desk.by(user).apply(patch)


def test_a_read_that_was_submitted_before_that_was_counted_goes_back_to_its_reader():
    desk = Desk(study_with(ReadState.SUBMITTED))
    assert desk.read().review.n_submitted == 0
    with pytest.raises(EditRefused, match="this is the read of Ada"):
        desk.by("Bo").apply(edits.withdraw_read(desk.read()))
    ada = desk.by("Ada")
    ada.apply(edits.withdraw_read(desk.read()))
    assert desk.read().review == Review(ReadState.IN_REVIEW, n_submitted=1)
    ada.undo()
    assert desk.read().review == Review(ReadState.SUBMITTED)
    ada.redo()
    ada.apply(edits.submit(desk.read()))
    assert desk.read().review == Review(ReadState.SUBMITTED, n_submitted=2)


def test_handing_on_is_undone_and_done_again():
    desk = Desk(study_with())
    ada = desk.by("Ada")
    ada.apply(edits.submit(desk.read()))
    ada.undo()
    assert desk.read().review == Review(ReadState.IN_REVIEW)
    ada.redo()
    ada.apply(edits.withdraw_read(desk.read()))
    ada.undo()
    assert desk.read().review == Review(ReadState.SUBMITTED, n_submitted=1)
    bo = desk.by("Bo")
    for decide in (
        lambda: edits.return_read(desk.study, desk.read(), "Bo", "look again"),
        lambda: edits.accept_read(desk.read(), "Bo"),
    ):
        bo.apply(decide())
        bo.undo()
        assert desk.read().review == Review(ReadState.SUBMITTED, n_submitted=1)
        assert desk.study.remarks == {}
        bo.redo()
        bo.undo()


def test_a_return_is_not_undone_once_its_remark_is_answered():
    desk = Desk(study_with(ReadState.SUBMITTED))
    bo = desk.by("Bo")
    bo.apply(edits.return_read(desk.study, desk.read(), "Bo", "look again"))
    bo.apply(edits.add_remark(desk.study, 2, "Bo", "at the top", answers=1))
    bo.undo()
    bo.redo()
    answered = replace(bo.study.remarks[1], id=5, answers=1, author="Ada")
    bo._study = replace(bo.study, remarks=MappingProxyType({**bo.study.remarks, 5: answered}))
    bo.undo()
    with pytest.raises(EditRefused, match="that remark has answers, so this can no longer be undone"):
        bo.undo()


def test_a_read_is_locked_with_a_signature_and_stays_so():
    desk = Desk(study_with(ReadState.ACCEPTED))
    lock = Patch("sign", 2, (edits.signed_review(desk.read()),))
    with pytest.raises(EditRefused, match="locked only by a signature"):
        desk.by("Bo").apply(lock)
    signature = Signature(1, 2, "Bo", Meaning.APPROVAL, NOW, "0" * 64, "1" * 64, "2" * 64)
    signed = replace(lock, changes=(*lock.changes, Change(Kind.SIGNATURE, 1, None, signature)))
    with pytest.raises(EditRefused, match="nobody signs in the name of Bo"):
        desk.by("Cy").apply(signed)
    bo = desk.by("Bo")
    bo.apply(signed)
    assert desk.state() is ReadState.SIGNED
    assert not bo.can_undo
    for edit in (reject, lambda read: edits.comment_image(read, "so")):
        with pytest.raises(EditRefused, match="signed and locked"):
            desk.by("Ada").apply(edit(desk.read()))


@pytest.mark.parametrize(
    ("signer", "meaning", "problem"),
    [
        ("Bo", Meaning.AUTHORSHIP, "“I made this read” is for Ada to sign"),
        ("Ada", Meaning.APPROVAL, "nobody decides on a read of their own"),
        ("Ada", Meaning.REVIEW, "nobody decides on a read of their own"),
        ("Ada", Meaning.ADJUDICATION, "on a third read alone"),
        ("Olga", Meaning.APPROVAL, "Olga is neither QA reviewer nor adjudicator"),
    ],
)
def test_a_signature_means_what_its_signer_may_say(signer, meaning, problem):
    desk = Desk(study_with(ReadState.ACCEPTED, PEOPLE))
    signature = Signature(1, 2, signer, meaning, NOW, "0" * 64, "1" * 64, "2" * 64)
    with pytest.raises(EditRefused, match=problem):
        desk.by(signer).apply(Patch("sign", None, (Change(Kind.SIGNATURE, 1, None, signature),)))


# --- people, rules, remarks, decisions, third reads ---------------------------------------------------------------


def test_only_owners_say_who_takes_part_and_how_reads_are_made():
    desk = Desk(study_with(people=PEOPLE))
    for patch in (person(None, Person("Zoë")), edits.set_reading_rules(desk.study, 20, desk.study.reading.reasons)):
        for name in ("Ada", "Zoë", "Quinn"):
            with pytest.raises(EditRefused, match="only the study's owner changes"):
                desk.by(name).apply(patch)
        desk.by("Olga").apply(patch)
    assert "Zoë" in desk.study.people


def test_a_study_with_an_owner_keeps_one():
    desk = Desk(study_with(people=PEOPLE))
    with pytest.raises(EditRefused, match="a study that has an owner keeps one"):
        desk.by("Olga").apply(person(PEOPLE[0], Person("Olga")))
    handed_over = Patch(
        "hand over",
        None,
        (
            Change(Kind.PERSON, 0, PEOPLE[0], Person("Olga")),
            Change(Kind.PERSON, 0, PEOPLE[2], Person("Quinn", (Role.OWNER,))),
        ),
    )
    desk.by("Olga").apply(handed_over)
    with pytest.raises(EditRefused, match="Ask Quinn"):
        desk.by("Olga").apply(person(None, Person("Zoë")))


def test_without_an_owner_anybody_begins_the_list():
    desk = Desk(study_with())
    bo = desk.by("Bo")
    bo.apply(person(None, Person("Bo", (Role.OWNER,))))
    bo.undo()
    assert desk.study.people == {}


def test_a_remark_is_its_authors_and_dealt_with_by_reader_or_qa():
    desk = Desk(study_with(people=PEOPLE))
    with pytest.raises(EditRefused, match="nobody writes a remark in the name of Quinn"):
        desk.by("Zoë").apply(edits.add_remark(desk.study, 2, "Quinn", "look again"))
    desk.by("Zoë").apply(edits.add_remark(desk.study, 2, "Zoë", "look again"))
    for edit in (edits.change_remark(desk.study, 1, "do not"), edits.take_back_remark(desk.study, 1)):
        with pytest.raises(EditRefused, match="this remark is Zoë's"):
            desk.by("Ada").apply(edit)
    for name in ("Zoë", "Bo", "Olga"):
        with pytest.raises(EditRefused, match="Ada or a QA reviewer says when this remark is dealt with"):
            desk.by(name).apply(edits.mark_done(desk.study, 1, name))
    for name in ("Ada", "Quinn", "Jo"):
        document = desk.by(name)
        document.apply(edits.mark_done(desk.study, 1, name))
        assert desk.study.remarks[1].done_by == name
        document.undo()
    desk.by("Zoë").apply(edits.change_remark(desk.study, 1, "look at the rim"))
    desk.by("Zoë").apply(edits.take_back_remark(desk.study, 1))


def test_only_ones_own_decision_on_a_match_is_taken_back():
    pair = Pair(1, 1, 2)
    study = study_with()
    reads = {**study.reads, 4: make_read(HAIRS, id_=4, image_id=2)}
    desk = Desk(replace(study, reads=MappingProxyType(reads), pairs=MappingProxyType({1: pair})))
    same = Ruling(Level.HAIR, 1, 1)
    with pytest.raises(EditRefused, match="nobody decides in the name of Bo"):
        desk.by("Ada").apply(edits.decide(desk.study, 1, same, "Bo", 2, 4))
    ada = desk.by("Ada")
    ada.apply(edits.decide(desk.study, 1, same, "Ada", 2, 4))
    decided = edits.withdraw(desk.study, 1, [1])
    with pytest.raises(EditRefused, match="Ada decided otherwise here, and alone takes that back"):
        desk.by("Bo").apply(decided)
    with pytest.raises(EditRefused, match="Ada decided otherwise here"):
        desk.by("Bo").apply(edits.decide(desk.study, 1, Ruling(Level.HAIR, 1, None), "Bo", 2, 4))
    desk.study = replace(desk.study, people=MappingProxyType({each.name: each for each in PEOPLE}))
    with pytest.raises(EditRefused, match="Ada decided otherwise here"):
        desk.by("Quinn").apply(decided)
    jo = desk.by("Jo")
    jo.apply(decided)
    jo.undo()
    assert list(desk.study.pairs[1].decisions) == [1]
    desk.by("Ada").apply(edits.withdraw(desk.study, 1, [1]))


def test_a_third_read_is_an_adjudicators():
    desk = Desk(study_with(people=PEOPLE))
    for name in ("Ada", "Quinn", "Zoë"):
        with pytest.raises(EditRefused, match=f"{name} is no adjudicator in this study"):
            desk.by(name).apply(begun(reader=name, adjudicates=(2, 3)))
    with pytest.raises(EditRefused, match="this is the read of Jo, who alone begins it"):
        desk.by("Ada").apply(begun(reader="Jo", adjudicates=(2, 3)))
    desk.by("Jo").apply(begun(reader="Jo", adjudicates=(2, 3)))
    assert own_read(desk.study, 1, "Jo") is None, "it stands beside a read of Jo's own until it is submitted"
    with pytest.raises(EditRefused, match="read 2 of Ada is in review and may change"):
        desk.by("Jo").apply(edits.submit(desk.read(4)))


def test_a_third_read_is_submitted_when_nothing_is_left_to_settle():
    desk = Desk(study_with(ReadState.SUBMITTED))
    desk.by("Bo").apply(edits.delete_hairs(desk.read(3), [1]))
    desk.by("Bo").apply(edits.submit(desk.read(3)))
    desk.by("Jo").apply(begin_third_read(desk.study, 2, 3, "Jo", NOW))
    with pytest.raises(EditRefused, match="1 difference is not settled yet"):
        desk.by("Jo").apply(edits.submit(desk.read(4)))
    (difference,) = adjudication_of(desk.study, desk.read(4)).open
    desk.by("Jo").apply(settle(desk.study, desk.read(4), difference, Choice.FIRST))
    desk.by("Jo").apply(edits.submit(desk.read(4)))
    assert own_read(desk.study, 1, "Jo").id == 4


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"state": ReadState.SUBMITTED}, "a read begins in review"),
        ({"state": ReadState.SIGNED}, "a read begins in review"),
        ({"repeat": 1}, "only when that is merged"),
        ({"amends": 2}, "only a signed read is amended"),
    ],
)
def test_a_read_begins_in_review(more, problem):
    desk = Desk(study_with())
    with pytest.raises(EditRefused, match=problem):
        desk.by("Ada").apply(begun(**more))


def test_a_read_of_another_is_brought_in_for_them_to_submit():
    desk = Desk(study_with())
    desk.by("Ada").apply(begun(reader="Eve"))
    with pytest.raises(EditRefused, match="who alone submits it"):
        desk.by("Ada").apply(edits.submit(desk.read(4)))
