"""The study file of format 1.4 that was kept when the format was made: it must load for ever."""

import json
from pathlib import Path

import pytest

from tests.golden.make_study_1_4 import IMAGE, PUBLIC, SETTLEMENTS
from workstation.errors import EditRefused
from workstation.model.package import Start
from workstation.model.patch import Change, Kind, Patch
from workstation.model.people import Person, PublicKey, Role
from workstation.model.read import ReadState, Review
from workstation.model.reading import ReadingRules, ReasonFor, Remark
from workstation.model.signature import Meaning
from workstation.session import open_study
from workstation.storage.annotation import annotation_digest
from workstation.storage.reader import read_image_file, read_study
from workstation.storage.verify import verify

GOLDEN = Path(__file__).with_name("study-1.4.h5")


@pytest.fixture(scope="module")
def study():
    return read_study(GOLDEN).study


def test_its_people_and_rules(study):
    key = PublicKey("A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=", "2026-11-23T10:00:00Z")
    assert key.key == PUBLIC
    assert list(study.people.values()) == [
        Person("Ada", (Role.ASSESSOR,)), Person("Zoë", (Role.OWNER, Role.QA_REVIEWER, Role.ADJUDICATOR), (key,)),
    ]  # fmt: skip
    assert study.reading == ReadingRules(12.5, ReasonFor.AFTER_SUBMISSION)


def test_its_reads(study):
    assert {i: (r.reader, r.review.state) for i, r in study.reads.items()} == {
        1: ("Ada", ReadState.SIGNED), 2: ("Ada", ReadState.IN_REVIEW), 3: ("Bo", ReadState.SUBMITTED),
        4: ("Zoë", ReadState.IN_REVIEW), 5: ("Cy", ReadState.IN_REVIEW), 6: ("Cy", ReadState.IN_REVIEW),
    }  # fmt: skip
    assert study.reads[1].review == Review(ReadState.SIGNED, "", 2, "Zoë")
    assert (study.reads[2].amends, study.reads[2].based_on, study.reads[4].adjudicates) == (1, 1, (1, 3))
    assert [study.reads[i].repeat for i in (5, 6)] == [0, 1]
    assert study.read_in_use(1).id == 1


def test_its_remarks(study):
    assert list(study.remarks.values()) == [
        Remark(1, 1, "Zoë", "2026-11-23T10:00:07Z", "Two?\n=1", 2, None, "Ada", "2026-11-23T10:00:10Z"),
        Remark(2, 1, "Ada", "2026-11-23T10:00:09Z", "Two.", answers=1),
    ]


def test_its_third_read(study):
    assert study.reads[4].settlements == {s.id: s for s in SETTLEMENTS[:2]}  # the last was undone
    assert list(study.reads[4].hairs) == [1, 2]


def test_its_signatures(study):
    typed, signed = study.signatures.values()
    assert (typed.signer, typed.meaning, typed.signature) == ("Ada", Meaning.AUTHORSHIP, "")
    assert (signed.signer, signed.meaning, signed.public_key) == ("Zoë", Meaning.APPROVAL, PUBLIC)
    assert signed.annotation_sha256 == annotation_digest(study.reads[1])
    assert signed.annotation_sha256 == "f658902e5c816a37d6d9d4797490d8f876368006286a4abdfa09ef07171c5dd5"


def test_its_work_file(study):
    [package] = study.packages.values()
    assert (package.reader, package.created_by, package.start) == ("Cy", "Zoë", Start.BLANK)
    assert [(i.code, i.place, i.image_id, i.package_image_id, i.repeat) for i in package.items] == [
        ("K7Q2", "A", 1, 1, 0), ("ZZ81", "A", 1, 2, 1),
    ]  # fmt: skip
    assert package.returned.revision == 3
    assert [json.loads(row)["user"] for row in package.returned.rows] == ["trichodesk", "Cy", "Cy"]


def test_it_verifies(path):
    findings = verify(path)
    assert [f for f in findings if not f.holds] == []
    assert "2 signatures: 1 verified, 1 typed name." in [f.message for f in findings]


def test_it_goes_on(path):
    with open_study(path, "Zoë") as session:
        assert (session.read_only_because, session.recovered.notices) == (None, ())
        assert session.document.redo_text == "take neither"
        session.document.redo()
        with pytest.raises(EditRefused, match="signed and locked"):
            session.document.apply(_reopened(session.study))
        session.save()
    assert read_study(path).state.revision == 25
    assert read_image_file(path, 1) == IMAGE
    assert [f for f in verify(path) if not f.holds] == []


def _reopened(study):
    review = study.reads[1].review
    return Patch("reopen", 1, (Change(Kind.REVIEW, 0, review, Review(ReadState.IN_REVIEW, "", 2, "Zoë")),))
