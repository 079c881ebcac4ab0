import base64
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workstation.signing.recorded import PASSPHRASE, START, Recorded, key_for, study_of_two
from workstation.edits.people import set_roles, withdraw_key
from workstation.model.package import Package, PackageItem, Returned, Start
from workstation.model.patch import Change, Kind, Patch
from workstation.model.people import Role
from workstation.model.read import ReadState
from workstation.model.signature import Meaning
from workstation.signing.checking import Standing, check_signatures, signatures_hold, summary
from workstation.signing.keys import sign_with
from workstation.signing.signed_text import signed_text

WORK_ID = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def ada():
    return key_for("Ada")


@pytest.fixture
def desk(ada):
    """A study in which Ada's key is enrolled and her read signed with it."""
    desk = Recorded()
    desk.enrol(ada)
    desk.sign(1, "Ada", Meaning.AUTHORSHIP, ada)
    return desk


def only(desk):
    (found,) = desk.checked()
    return found


def with_signature(desk, **changed):
    """The study with its signature changed by hand, trail and all else as it is."""
    signature = replace(desk.study.signatures[1], **changed)
    return replace(desk.study, signatures=MappingProxyType({1: signature}))


def test_an_enrolled_key_verifies(desk, ada):
    found = only(desk)
    assert (found.standing, found.on_earlier) == (Standing.VERIFIED, False)
    assert found.why == f"By the key {ada.fingerprint}, enrolled for Ada on 2026-11-23."
    assert signatures_hold(desk.study, desk.rows) == (True, ["1 signature: 1 verified."])


def test_a_key_enrolled_after_the_signing_verifies_as_well(ada):
    desk = Recorded()
    desk.sign(1, "Ada", Meaning.AUTHORSHIP, ada)
    assert only(desk).standing is Standing.UNVERIFIED
    assert only(desk).why == (
        f"The key {ada.fingerprint} is not enrolled in this study: whose it is, nobody vouches for."
    )
    assert signatures_hold(desk.study, desk.rows) == (True, ["1 signature: 1 unverified key."])
    desk.enrol(ada)
    assert only(desk).standing is Standing.VERIFIED


def test_a_typed_name_is_told_as_such():
    desk = Recorded()
    desk.sign(1, "Ada", Meaning.AUTHORSHIP)
    assert only(desk).standing is Standing.TYPED
    assert only(desk).why == "A typed name alone: nothing shows that it was Ada who typed it."


def test_later_edits_of_others_change_nothing(desk):
    desk.move_hair(2, "Bo")
    desk.set_state(1, ReadState.ACCEPTED)
    assert only(desk).standing is Standing.VERIFIED


# --- what was tampered with --------------------------------------------------------------------------------------


def test_every_byte_of_a_signature_counts(desk):
    raw = base64.b64decode(desk.study.signatures[1].signature)
    for i in range(64):
        changed = base64.b64encode(raw[:i] + bytes([raw[i] ^ 1]) + raw[i + 1 :]).decode()
        (found,) = check_signatures(with_signature(desk, signature=changed), desk.rows)
        assert found.standing is Standing.BROKEN


def test_every_byte_of_its_key_counts(desk):
    raw = base64.b64decode(desk.study.signatures[1].public_key)
    for i in range(32):
        changed = base64.b64encode(raw[:i] + bytes([raw[i] ^ 1]) + raw[i + 1 :]).decode()
        (found,) = check_signatures(with_signature(desk, public_key=changed), desk.rows)
        assert found.standing is Standing.BROKEN


@pytest.mark.parametrize(
    "changed",
    [
        {"signer": "Bo"},
        {"meaning": Meaning.APPROVAL},
        {"signed_utc": "2026-11-23T10:01:01Z"},
        {"image_sha256": "f" * 64},
        {"annotation_sha256": "f" * 64},
        {"chain_sha256": "f" * 64},
        {"read_id": 2},
    ],
)
def test_everything_that_it_says_counts(desk, changed):
    (found,) = check_signatures(with_signature(desk, **changed), desk.rows)
    assert found.standing is Standing.BROKEN
    assert found.why.startswith("It was not made with its key over what it says")


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"signer": "Bo"}, "The audit trail does not have it"),
        ({"signed_utc": "yesterday"}, "Its time is none"),
        ({"signed_utc": "2026-11-23T10:00:00"}, "Its time is none"),
        ({"image_sha256": "f" * 64}, "The image is not the one"),
        ({"chain_sha256": "f" * 64}, "The audit trail does not have it"),
        ({"annotation_sha256": "f" * 64}, "The audit trail does not have it"),
        ({"read_id": 2}, "The audit trail has it on read 1"),
        ({"read_id": 7}, "The read that it is on is gone"),
    ],
)
def test_a_typed_name_is_bound_to_the_same(changed, because):
    desk = Recorded()
    desk.sign(1, "Ada", Meaning.AUTHORSHIP)
    (found,) = check_signatures(with_signature(desk, **changed), desk.rows)
    assert found.standing is Standing.BROKEN
    assert found.why.startswith(because)


def test_a_key_taken_off_leaves_no_typed_name(desk):
    (found,) = check_signatures(with_signature(desk, public_key="", signature=""), desk.rows)
    assert (found.standing, found.why) == (Standing.BROKEN, "The audit trail does not have it.")


def test_an_annotation_changed_behind_the_record(desk):
    read = desk.study.reads[1]
    hairs = MappingProxyType({1: replace(read.hairs[1], width_px=99.0), 2: read.hairs[2]})
    reads = MappingProxyType({**desk.study.reads, 1: replace(read, hairs=hairs)})
    (found,) = check_signatures(replace(desk.study, reads=reads), desk.rows)
    assert (found.standing, found.why) == (Standing.BROKEN, "The annotation is not the one that was signed.")
    assert signatures_hold(replace(desk.study, reads=reads), desk.rows) == (
        False,
        ["Signature 1, of Ada on read 1, “I made this read”: The annotation is not the one that was signed."],
    )


def test_another_image(desk):
    images = MappingProxyType({1: replace(desk.study.images[1], sha256="f" * 64)})
    (found,) = check_signatures(replace(desk.study, images=images), desk.rows)
    assert (found.standing, found.why) == (
        Standing.BROKEN,
        "The image is not the one that was read when it was signed.",
    )


def test_a_read_that_was_corrected_since(desk, ada):
    """Returned to its reader, corrected, signed anew: the first signature is on what the read said then."""
    desk.set_state(1, ReadState.RETURNED)
    desk.move_hair(1)
    desk.move_hair(1)
    desk.set_state(1, ReadState.SUBMITTED, "Ada")
    desk.sign(1, "Ada", Meaning.AUTHORSHIP, ada)
    first, second = desk.checked()
    assert (first.standing, first.on_earlier) == (Standing.VERIFIED, True)
    assert first.why.endswith("The read was corrected after that.")
    assert first.word == "verified, on an earlier version"
    assert (second.standing, second.on_earlier) == (Standing.VERIFIED, False)


def test_a_correction_that_leads_elsewhere(desk):
    """The trail has an edit, but not the one that made the read what it is."""
    desk.set_state(1, ReadState.RETURNED)
    desk.move_hair(1)
    read = desk.study.reads[1]
    hairs = MappingProxyType({1: read.hairs[1], 2: replace(read.hairs[2], width_px=99.0)})
    reads = MappingProxyType({**desk.study.reads, 1: replace(read, hairs=hairs)})
    (found,) = check_signatures(replace(desk.study, reads=reads), desk.rows)
    assert found.standing is Standing.BROKEN


def test_another_ones_key_under_ones_name(desk, ada):
    """Bo signs as Ada: the mathematics hold, the name does not."""
    bo = key_for("Bo")
    desk.enrol(bo)
    unsigned = replace(desk.study.signatures[1], public_key=bo.public_key, chain_sha256=desk.moment.audit_sha256)
    forged = replace(unsigned, id=2, signature=sign_with(bo, PASSPHRASE, signed_text(unsigned, desk.study.id, 1)))
    desk.apply(Patch("sign", 1, (Change(Kind.SIGNATURE, 2, None, forged),)), "Ada")
    found = desk.checked()[1]
    assert (found.standing, found.why) == (Standing.BROKEN, f"The key {bo.fingerprint} is that of Bo, not of Ada.")


def test_a_row_by_another_hand(desk, ada):
    unsigned = replace(desk.study.signatures[1], id=2, chain_sha256=desk.moment.audit_sha256)
    signed = replace(unsigned, signature=sign_with(ada, PASSPHRASE, signed_text(unsigned, desk.study.id, 1)))
    desk.apply(Patch("sign", 1, (Change(Kind.SIGNATURE, 2, None, signed),)), "Mallory")
    assert desk.checked()[1].why == "The audit trail says that Mallory put it there."


def test_a_signature_played_again_on_another_read(desk):
    """Bo's read says the very same of the same image; Ada's signature on it is none all the same."""
    again = replace(desk.study.signatures[1], id=2, read_id=2)
    desk.apply(Patch("sign", 2, (Change(Kind.SIGNATURE, 2, None, again),)), "Ada")
    first, second = desk.checked()
    assert first.standing is Standing.VERIFIED
    assert (second.standing, second.why) == (
        Standing.BROKEN,
        "It is the very signature that stands on another read.",
    )


def test_a_signature_moved_to_another_read(desk):
    moved = replace(desk.study.signatures[1], read_id=2)
    found = check_signatures(replace(desk.study, signatures=MappingProxyType({1: moved})), desk.rows)[0]
    assert found.standing is Standing.BROKEN


def test_a_signature_played_again_in_another_study(desk, ada):
    """The other study has the same image, read, reader and enrolled key, and the record of it is in order."""
    other = Recorded(replace(study_of_two(), id=WORK_ID))
    other.enrol(ada)
    again = replace(desk.study.signatures[1])
    other.apply(Patch("sign", 1, (Change(Kind.SIGNATURE, 1, None, again),)), "Ada")
    assert only(other).standing is Standing.BROKEN


def test_a_signature_at_another_point_of_the_record(desk, ada):
    """Made for one moment, put in later: what was done in between was not seen by who signed."""
    other = Recorded()
    other.enrol(ada)
    other.move_hair(2, "Bo")
    assert other.rows[0] == desk.rows[0]
    other.apply(Patch("sign", 1, (Change(Kind.SIGNATURE, 1, None, desk.study.signatures[1]),)), "Ada")
    assert only(other).why == "It stands at another point of the audit trail than it was made for."


def test_a_trail_made_anew(desk, ada):
    """Whoever recomputes the whole chain cannot recompute the signature that binds it."""
    other = Recorded()
    other.now += timedelta(days=1)
    other.enrol(ada)
    other.apply(Patch("sign", 1, (Change(Kind.SIGNATURE, 1, None, desk.study.signatures[1]),)), "Ada")
    assert only(other).why == "The audit trail is not the one that it was made in."


def test_a_signature_that_no_row_brought(desk):
    (found,) = check_signatures(desk.study, desk.rows[:1])
    assert found.why == "The audit trail does not have it."


def test_a_locked_read_without_an_approval():
    desk = Recorded()
    desk.set_state(1, ReadState.ACCEPTED)
    desk.sign(1, "Zoë", Meaning.APPROVAL)
    assert signatures_hold(desk.study, desk.rows) == (True, ["1 signature: 1 typed name."])
    bare = replace(desk.study, signatures=MappingProxyType({}))
    assert signatures_hold(bare, desk.rows) == (False, ["Read 1 is signed, but no approval of it holds."])


def test_no_signatures():
    assert signatures_hold(study_of_two(), []) == (True, ["Nobody has signed yet."])
    assert summary(()) == "Nobody has signed yet."


# --- withdrawn keys and clocks ------------------------------------------------------------------------------------


def withdraw(desk, key, since=None):
    now = desk.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    desk.apply(withdraw_key(desk.study, key.name, key.public_key, since_utc=since, now_utc=now))


def test_what_was_signed_before_a_key_was_withdrawn_stays_verified(desk, ada):
    desk.now += timedelta(days=1)
    withdraw(desk, ada)
    assert only(desk).standing is Standing.VERIFIED
    assert only(desk).why.endswith("withdrawn on 2026-11-24, after it was signed.")


def test_what_was_signed_after_a_key_was_withdrawn_is_broken(desk, ada):
    withdraw(desk, ada)
    desk.set_state(1, ReadState.RETURNED)
    desk.move_hair(1)
    desk.set_state(1, ReadState.SUBMITTED, "Ada")
    desk.now += timedelta(hours=1)
    desk.sign(1, "Ada", Meaning.AUTHORSHIP, ada)
    first, second = desk.checked()
    assert first.standing is Standing.VERIFIED
    assert second.standing is Standing.BROKEN
    assert second.why == f"The key {ada.fingerprint} was withdrawn on 2026-11-23, before it was signed."


def test_a_key_withdrawn_from_an_earlier_moment_on_takes_what_it_signed_since(desk, ada):
    desk.now += timedelta(days=3)
    withdraw(desk, ada, since="2026-11-23T10:00:30Z")
    assert only(desk).standing is Standing.BROKEN


def test_a_clock_set_back_does_not_help_a_withdrawn_key(desk, ada):
    withdraw(desk, ada)
    desk.set_state(1, ReadState.RETURNED)
    desk.move_hair(1)
    desk.set_state(1, ReadState.SUBMITTED, "Ada")
    desk.sign(1, "Ada", Meaning.AUTHORSHIP, ada, now=START - timedelta(minutes=30))
    found = desk.checked()[1]
    assert found.standing is Standing.UNVERIFIED
    assert "It came into the study after that" in found.why
    assert "It says 2026-11-23T09:30:00Z, and the record has it at 2026-11-23T10:0" in found.why


def test_a_withdrawal_that_was_undone(desk, ada):
    before = desk.study.people["Ada"]
    desk.now += timedelta(days=1)
    withdraw(desk, ada)
    desk.apply(Patch("withdraw key", None, (Change(Kind.PERSON, 0, desk.study.people["Ada"], before),)))
    assert only(desk).why == f"By the key {ada.fingerprint}, enrolled for Ada on 2026-11-23."


@pytest.mark.parametrize("away", [timedelta(hours=-5), timedelta(days=400)])
def test_a_clock_that_is_wrong_is_remarked(ada, away):
    desk = Recorded()
    desk.enrol(ada)
    desk.sign(1, "Ada", Meaning.AUTHORSHIP, ada, now=START + away)
    found = only(desk)
    assert found.standing is Standing.VERIFIED
    assert (
        f"It says {(START + away).strftime('%Y-%m-%dT%H:%M:%SZ')}, and the record has it at 2026-11-23T10:" in found.why
    )


# --- out of a work file -------------------------------------------------------------------------------------------


def merged(ada, *, picture="a" * 64, then=lambda work: None, pictures_in_study="a" * 64):
    """Ada signs in a work file in which the image and the read have other numbers; that is merged into the study."""
    study = study_of_two()
    read = replace(study.reads[1], id=5, image_id=1)
    image = replace(study.images[1], sha256=picture)
    work = Recorded(
        replace(
            study, id=WORK_ID, reads=MappingProxyType({5: read}), images=MappingProxyType({1: image}),
        )
    )  # fmt: skip
    signature = work.sign(5, "Ada", Meaning.AUTHORSHIP, ada)
    then(work)
    desk = Recorded()
    desk.enrol(ada)
    returned = Returned("2026-11-23T12:00:00Z", len(work.rows), work.moment.audit_sha256, work.texts())
    item = PackageItem("K7Q2", "A", 1, 1, pictures_in_study)
    package = Package(
        "p-1", "Ada", "2026-11-22T12:00:00Z", "Zoë", Start.BLANK, WORK_ID, "6" * 64, (item,), returned
    )  # fmt: skip
    came = replace(work.study.reads[5], id=3, package="p-1")
    changes = [
        Change(Kind.PACKAGE, 0, None, package),
        Change(Kind.READ, 3, None, came),
        *(
            Change(Kind.SIGNATURE, i, None, replace(one, id=i, read_id=3))
            for i, one in enumerate(work.study.signatures.values(), start=1)
        ),
    ]
    desk.apply(Patch("merge", None, tuple(changes)))
    assert signature.read_id == 5
    return desk


def test_a_signature_made_in_a_work_file_verifies_in_the_study(ada):
    assert only(merged(ada)).standing is Standing.VERIFIED


def test_a_work_file_read_that_is_signed_again_in_the_study(ada):
    desk = merged(ada)
    desk.set_state(3, ReadState.ACCEPTED)
    zoe = key_for("Zoë")
    desk.enrol(zoe)
    desk.apply(set_roles(desk.study, "Zoë", (Role.OWNER, Role.QA_REVIEWER)))
    desk.sign(3, "Zoë", Meaning.APPROVAL, zoe)
    assert [one.standing for one in desk.checked()] == [Standing.VERIFIED, Standing.VERIFIED]


def test_another_picture_than_was_handed_out(ada):
    assert only(merged(ada, pictures_in_study="b" * 64)).why == (
        "The image is not the one that was read when it was signed."
    )


def test_a_work_file_signature_on_an_earlier_version(ada):
    def then(work):
        work.set_state(5, ReadState.IN_REVIEW, "Ada")
        work.move_hair(5)
        work.set_state(5, ReadState.SUBMITTED, "Ada")
        work.sign(5, "Ada", Meaning.AUTHORSHIP, ada)

    first, second = merged(ada, then=then).checked()
    assert (first.standing, first.on_earlier) == (Standing.VERIFIED, True)
    assert (second.standing, second.on_earlier) == (Standing.VERIFIED, False)


def test_a_package_whose_trail_was_changed(ada):
    desk = merged(ada)
    package = desk.study.packages["p-1"]
    for texts in ((), ("{}",), ("no JSON",)):
        cut = replace(package, returned=replace(package.returned, rows=texts))
        study = replace(desk.study, packages=MappingProxyType({"p-1": cut}))
        (found,) = check_signatures(study, desk.rows)
        assert found.standing is Standing.BROKEN


def test_a_work_file_signature_is_not_played_again_outside_its_package(ada):
    desk = merged(ada)
    read = replace(desk.study.reads[3], package="")
    study = replace(desk.study, reads=MappingProxyType({**desk.study.reads, 3: read}))
    (found,) = check_signatures(study, desk.rows)
    assert found.standing is Standing.BROKEN


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_part_of_a_signed_read_changes_unnoticed(desk, data):
    read = desk.study.reads[1]
    hair = data.draw(st.sampled_from(sorted(read.hairs)))
    how = data.draw(st.sampled_from(["width", "comment", "delete", "unit comment", "image comment"]))
    if how == "delete":
        changed = replace(read, hairs=MappingProxyType({i: h for i, h in read.hairs.items() if i != hair}))
    elif how == "image comment":
        changed = replace(read, review=replace(read.review, comment=data.draw(st.text(min_size=1))))
    elif how == "unit comment":
        units = {i: replace(unit, comment="seen") for i, unit in read.units.items()}
        changed = replace(read, units=MappingProxyType(units))
    else:
        to = {"width_px": data.draw(st.floats(5.001, 100))} if how == "width" else {"comment": "seen"}
        changed = replace(read, hairs=MappingProxyType({**read.hairs, hair: replace(read.hairs[hair], **to)}))
    study = replace(desk.study, reads=MappingProxyType({**desk.study.reads, 1: changed}))
    (found,) = check_signatures(study, desk.rows)
    assert found.standing is Standing.BROKEN
