"""From a blinded reader's desk to the study and on: real files, packed, worked in, signed, merged, verified."""

import shutil

import pytest

from tests.workstation.blinding.blinded_trial import OWNER, READER, blinded_trial, handed, worked_in
from workstation.blinding.merging import merge_work_file
from workstation.edits import accept_read, delete_hairs, submit
from workstation.edits.people import enrol_key, set_roles, withdraw_key
from workstation.edits.review import withdraw_read
from workstation.model.people import Role
from workstation.model.read import ReadState
from workstation.model.signature import Meaning
from workstation.session import open_study
from workstation.signing.checking import Standing, check_signatures
from workstation.signing.keys import make_key
from workstation.signing.signing import signature_by_key, signing_patch, typed_signature
from workstation.storage.verify import Check, verify

PASSPHRASE = "four plain words here"
IMAGES = (1, 2, 3)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study and a work file in which three pictures are read and submitted: copied by each test."""
    folder = tmp_path_factory.mktemp("signed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRICHODESK_HOME", str(tmp_path_factory.mktemp("home")))
        handed(blinded_trial(folder / "study"), folder / "bob.h5", repeats=0, image_ids=IMAGES)
        worked_in(folder / "bob.h5", lambda read: delete_hairs(read, [1]))
    return folder


@pytest.fixture
def files(made, tmp_path):
    folder = shutil.copytree(made, tmp_path / "copy")
    return folder / "study" / "miller.h5", folder / "bob.h5"


@pytest.fixture
def bob():
    return make_key(READER, PASSPHRASE)


def sign(session, read_id, meaning, key):
    typed = typed_signature(session.moment, read_id, session.document.user, meaning)
    signature = signature_by_key(typed, session.study, key, PASSPHRASE)
    session.document.apply(signing_patch(session.moment, signature))


def sign_all(work, key):
    with open_study(work, READER) as session:
        for read in session.study.reads.values():
            if read.review.state is ReadState.SUBMITTED:
                sign(session, read.id, Meaning.AUTHORSHIP, key)
        session.save()


def merge(path, work, *keys):
    with open_study(path, OWNER) as session:
        for key in keys:
            session.document.apply(enrol_key(session.study, key.name, key.public_key))
        merge_work_file(session, work)


def standings(path):
    with open_study(path, OWNER, read_only=True) as session:
        found = check_signatures(session.study, session.trail)
    return [(one.standing, one.on_earlier) for one in found]


def found_by_verify(path):
    return [(f.holds, f.message) for f in verify(path) if f.check is Check.SIGNATURES]


def test_what_a_blinded_reader_signed_holds_in_the_study(files, bob):
    path, work = files
    sign_all(work, bob)
    assert standings(work) == [(Standing.UNVERIFIED, False)] * 3  # nobody is listed in a work file
    merge(path, work, bob)
    assert standings(path) == [(Standing.VERIFIED, False)] * 3
    assert found_by_verify(path) == [(True, "3 signatures: 3 verified.")]


def test_it_is_accepted_and_approved_there(files, bob):
    path, work = files
    sign_all(work, bob)
    merge(path, work, bob)
    ada = make_key(OWNER, PASSPHRASE)
    with open_study(path, OWNER) as session:
        read = next(read for read in session.study.reads.values() if read.package)
        session.document.apply(enrol_key(session.study, OWNER, ada.public_key))
        session.document.apply(set_roles(session.study, OWNER, (Role.OWNER, Role.QA_REVIEWER)))
        session.document.apply(accept_read(read, OWNER))
        sign(session, read.id, Meaning.APPROVAL, ada)
        assert session.study.reads[read.id].review.state is ReadState.SIGNED
        session.save()
    assert found_by_verify(path) == [(True, "4 signatures: 4 verified.")]


def test_changed_and_signed_anew_after_it_came_in(files, bob):
    """The first signature stays with the read that it came with; the second is on the one that amends it."""
    path, work = files
    sign_all(work, bob)
    merge(path, work, bob)
    with open_study(work, READER) as session:
        read = next(read for read in session.study.reads.values() if read.editable)
        session.document.apply(withdraw_read(read))
        session.document.apply(delete_hairs(session.study.reads[read.id], [2]))
        session.document.apply(submit(session.study.reads[read.id]))
        sign(session, read.id, Meaning.AUTHORSHIP, bob)
        session.save()
    merge(path, work)
    assert standings(path) == [(Standing.VERIFIED, False)] * 4
    merge(path, work)  # once more: nothing new
    assert found_by_verify(path) == [(True, "4 signatures: 4 verified.")]


def test_changed_and_signed_anew_before_it_came_in(files, bob):
    path, work = files
    sign_all(work, bob)
    with open_study(work, READER) as session:
        read = next(read for read in session.study.reads.values() if read.editable)
        session.document.apply(withdraw_read(read))
        session.document.apply(delete_hairs(session.study.reads[read.id], [2]))
        session.document.apply(submit(session.study.reads[read.id]))
        sign(session, read.id, Meaning.AUTHORSHIP, bob)
        session.save()
    merge(path, work, bob)
    assert sorted(standings(path)) == [(Standing.VERIFIED, False)] * 3 + [(Standing.VERIFIED, True)]


def test_a_key_withdrawn_while_the_work_file_was_away(files, bob):
    """It says that it was signed before; nobody but the reader's own clock says so."""
    path, work = files
    sign_all(work, bob)
    with open_study(path, OWNER) as session:
        session.document.apply(enrol_key(session.study, READER, bob.public_key))
        later = "2099-01-01T00:00:00Z"
        session.document.apply(withdraw_key(session.study, READER, bob.public_key, since_utc=later, now_utc=later))
        session.save()
    merge(path, work)
    assert standings(path) == [(Standing.UNVERIFIED, False)] * 3
