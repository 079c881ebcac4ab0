from dataclasses import replace

import pytest

from tests.workstation.signing.recorded import PASSPHRASE, START, Recorded, key_for, study_of_two
from workstation.edits.signatures import meanings_for, why_not
from workstation.errors import EditRefused
from workstation.model.patch import Kind
from workstation.model.people import Person, Role
from workstation.model.read import Read, ReadState
from workstation.model.signature import Meaning
from workstation.signing.public_keys import holds
from workstation.signing.sealing import WrongPassphraseError
from workstation.signing.signed_text import signed_text
from workstation.signing.signing import signature_by_key, signing_patch, typed_signature
from workstation.storage.annotation import annotation_digest


@pytest.fixture
def desk():
    return Recorded()


@pytest.fixture
def ada():
    return key_for("Ada")


def test_what_is_signed_is_this_text(desk, ada):
    desk.move_hair(2, "Bo")
    typed = typed_signature(desk.moment, 1, "Ada", Meaning.AUTHORSHIP, now=START)
    signature = signature_by_key(typed, desk.study, ada, PASSPHRASE)
    text = (
        "trichodesk signature 1\n"
        f'{{"annotation_sha256":"{annotation_digest(desk.study.reads[1])}","chain_sha256":"{desk.rows[-1].sha256}",'
        f'"image_sha256":"{1:064x}","meaning":"I made this read","public_key":"{ada.public_key}","read_id":1,'
        f'"signed_utc":"2026-11-23T10:00:00Z","signer":"Ada","study_id":"{desk.study.id}"}}'
    )
    assert signed_text(signature, desk.study.id, 1) == text.encode()
    assert holds(ada.public_key, signature.signature, text.encode())


def test_authorship_leaves_the_state_and_is_not_undone(desk, ada):
    typed = typed_signature(desk.moment, 1, "Ada", Meaning.AUTHORSHIP, now=START)
    patch = signing_patch(desk.moment, signature_by_key(typed, desk.study, ada, PASSPHRASE))
    assert [change.kind for change in patch.changes] == [Kind.SIGNATURE]
    assert (patch.operation, patch.read_id, patch.undoable) == ("sign read", 1, False)
    desk.apply(patch, "Ada")
    assert desk.study.reads[1].review.state is ReadState.SUBMITTED


def test_approval_locks_an_accepted_read_in_the_same_edit(desk):
    desk.set_state(1, ReadState.ACCEPTED)
    n = len(desk.rows)
    signature = desk.sign(1, "Zoë", Meaning.APPROVAL)
    assert len(desk.rows) == n + 1
    assert desk.study.reads[1].review.state is ReadState.SIGNED
    assert desk.study.reads[1].review.decided_by == "Zoë"
    assert (signature.id, signature.public_key, signature.signature) == (1, "", "")
    assert not signing_patch(desk.moment, typed_signature(desk.moment, 1, "Cy", Meaning.APPROVAL)).undoable
    assert desk.sign(1, "Cy", Meaning.REVIEW).id == 2  # a locked read takes further signatures
    assert desk.sign(1, "Ada", Meaning.AUTHORSHIP).id == 3
    assert desk.study.reads[1].review.state is ReadState.SIGNED


def test_a_review_does_not_lock(desk):
    desk.set_state(1, ReadState.ACCEPTED)
    desk.sign(1, "Zoë", Meaning.REVIEW)
    assert desk.study.reads[1].review.state is ReadState.ACCEPTED


@pytest.mark.parametrize(
    ("state", "signer", "meaning", "because"),
    [
        (ReadState.IN_REVIEW, "Ada", Meaning.AUTHORSHIP, "the read is in review: it is signed “I made this read” once"),
        (ReadState.RETURNED, "Ada", Meaning.AUTHORSHIP, "the read is returned"),
        (ReadState.SUBMITTED, "Zoë", Meaning.APPROVAL, "the read is submitted: .* once it is accepted"),
        (ReadState.SUBMITTED, "Zoë", Meaning.AUTHORSHIP, "“I made this read” is for Ada to sign"),
        (ReadState.ACCEPTED, "Ada", Meaning.APPROVAL, "nobody reviews or approves a read of their own"),
        (ReadState.ACCEPTED, "Ada", Meaning.ADJUDICATION, "this read is signed “I made this read”"),
        (ReadState.ACCEPTED, "Bo", Meaning.REVIEW, "Bo is neither QA reviewer nor adjudicator"),
        (ReadState.ACCEPTED, "Nobody", Meaning.REVIEW, "Nobody is neither QA reviewer nor adjudicator"),
        (ReadState.DETECTED, "Ada", Meaning.AUTHORSHIP, "a detection is nobody's to sign"),
        (ReadState.SUBMITTED, " ", Meaning.AUTHORSHIP, "a signature needs a name"),
    ],
)
def test_who_may_not_sign(state, signer, meaning, because):
    people = {p.name: p for p in (Person("Zoë", (Role.OWNER, Role.QA_REVIEWER)), Person("Bo", (Role.ASSESSOR,)))}
    desk = Recorded(study_of_two(people=people))
    desk.set_state(1, state)
    with pytest.raises(EditRefused, match=because):
        typed_signature(desk.moment, 1, signer, meaning)


def test_what_may_be_offered(desk):
    read = desk.study.reads[1]
    assert meanings_for(desk.study, read, "Ada") == (Meaning.AUTHORSHIP,)
    assert meanings_for(desk.study, read, "Zoë") == ()
    desk.set_state(1, ReadState.ACCEPTED)
    assert meanings_for(desk.study, desk.study.reads[1], "Zoë") == (Meaning.APPROVAL, Meaning.REVIEW)
    third = replace(desk.study.reads[1], adjudicates=(1, 2))
    assert isinstance(third, Read)
    assert meanings_for(desk.study, third, "Ada") == (Meaning.ADJUDICATION,)
    assert "signed “I adjudicated this image”" in why_not(desk.study, third, Meaning.AUTHORSHIP, "Ada")


def test_the_same_is_signed_once_by_the_same_means(desk, ada):
    desk.sign(1, "Ada", Meaning.AUTHORSHIP)
    with pytest.raises(EditRefused, match="Ada has signed this already"):
        desk.sign(1, "Ada", Meaning.AUTHORSHIP)
    desk.sign(1, "Ada", Meaning.AUTHORSHIP, ada)  # a key says more than a name
    with pytest.raises(EditRefused, match="Ada has signed this already"):
        desk.sign(1, "Ada", Meaning.AUTHORSHIP, ada)


def test_a_study_that_was_changed_meanwhile_is_signed_anew(desk):
    typed = typed_signature(desk.moment, 1, "Ada", Meaning.AUTHORSHIP)
    desk.move_hair(2, "Bo")
    with pytest.raises(EditRefused, match="the study was changed while it was being signed"):
        signing_patch(desk.moment, typed)


def test_another_ones_key_or_passphrase_signs_nothing(desk, ada):
    typed = typed_signature(desk.moment, 1, "Ada", Meaning.AUTHORSHIP)
    with pytest.raises(EditRefused, match="this is the key of Bo, and Ada signs"):
        signature_by_key(typed, desk.study, key_for("Bo"), PASSPHRASE)
    with pytest.raises(WrongPassphraseError):
        signature_by_key(typed, desk.study, ada, "not the passphrase")


def test_a_read_that_is_not_there(desk):
    with pytest.raises(EditRefused, match="there is no read 9"):
        typed_signature(desk.moment, 9, "Ada", Meaning.AUTHORSHIP)
