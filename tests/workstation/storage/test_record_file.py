"""The record in the study file and in the trail: written, read back, refused where it makes no sense."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from tests.workstation.recorded_reads import KEY, NOW, PACKAGES, PEOPLE, REMARKS, SIGNATURES, read_study_of
from tests.workstation.small_study import make_read, make_study
from tests.workstation.storage.forging import resealed
from tests.workstation.storage.studies import same
from workstation.errors import EditRefused, UserFacingError
from workstation.model.package import Blinding, Start
from workstation.model.patch import Change, Kind, Patch
from workstation.model.people import Person, PublicKey
from workstation.model.read import ReadState, Review
from workstation.model.reading import ReadingRules, ReasonFor, Remark
from workstation.model.settlement import About, Choice, Settlement
from workstation.session import create_study, open_study
from workstation.storage.annotation import annotation_digest
from workstation.storage.codec import decode_changes, encode_changes, read_digest, read_from_blob
from workstation.storage.content import content_of
from workstation.storage.reader import read_study
from workstation.storage.verify import verify
from workstation.storage.writer import write_content


@pytest.fixture(scope="module")
def study():
    return read_study_of()


@pytest.fixture
def path(tmp_path, study):
    write_content(tmp_path / "read.h5", content_of(study, [], []), {})
    return tmp_path / "read.h5"


def test_the_record_comes_back_equal(study, path):
    found = read_study(path).study
    assert same(found, study)
    assert (found.people, found.remarks) == (study.people, study.remarks)
    assert (found.signatures, found.packages, found.reading) == (study.signatures, study.packages, study.reading)
    assert found.blinding is None
    assert found.reads[3].settlements == study.reads[3].settlements
    assert (found.reads[3].adjudicates, found.reads[5].amends, found.reads[4].repeat) == ((1, 2), 3, 1)
    assert found.reads[3].review == Review(ReadState.SIGNED, "fine", 2, "Zoë")


def test_a_work_file_comes_back_equal(tmp_path):
    one = make_study(blinding=Blinding("aaaa", "Bo", Start.BLANK))
    create_study(tmp_path / "bo.h5", one, user="Ada")
    assert read_study(tmp_path / "bo.h5").study.blinding == Blinding("aaaa", "Bo", Start.BLANK)


def test_the_order_in_memory_is_no_matter(study):
    turned = replace(study, people=MappingProxyType(dict(reversed(study.people.items()))))
    assert content_of(turned, [], []).state == content_of(study, [], []).state


@pytest.mark.parametrize(
    "change",
    [
        Change(Kind.SETTLEMENT, 4, None, Settlement(4, About.UNIT, (7,), (7, 8), Choice.SECOND, (7, 8))),
        Change(Kind.PERSON, 0, PEOPLE[1], PEOPLE[0]),
        Change(Kind.READING, 0, ReadingRules(), ReadingRules(20.0, ReasonFor.ALWAYS)),
        Change(Kind.REMARK, 2, None, REMARKS[1]),
        Change(Kind.SIGNATURE, 1, None, SIGNATURES[0]),
        Change(Kind.PACKAGE, 0, PACKAGES[0], PACKAGES[1]),
        Change(Kind.REVIEW, 0, Review(ReadState.SUBMITTED, "", 1), Review(ReadState.ACCEPTED, "", 1, "Zoë")),
    ],
    ids=lambda change: str(change.kind),
)
def test_a_change_comes_back_equal_from_the_trail(change):
    text, blobs = encode_changes((change,))
    assert blobs == {}
    assert decode_changes(text, lambda *_: pytest.fail("no read is meant")) == (change,)


def test_a_third_read_comes_back_equal_from_the_trail(study):
    third = study.reads[3]
    _, blobs = encode_changes((Change(Kind.READ, 3, None, third),))
    [(digest, text)] = blobs.items()
    assert read_from_blob(text).same_content(third)
    assert digest == read_digest(third)


def test_what_older_programs_did_not_know_is_not_written_where_it_says_nothing():
    """Else the digests of reads that older files name would not be theirs any more."""
    _, blobs = encode_changes((Change(Kind.READ, 1, None, make_read([])),))
    [text] = blobs.values()
    assert not any(word in text for word in (b"amends", b"settlements", b"adjudicates", b"repeat", b"n_submitted"))


def test_the_states_of_older_files_are_understood():
    before, after = '{"comment":"","state":"adjudicated"}', '{"comment":"","state":"reviewed"}'
    patch = f'[{{"after":{after},"before":{before},"id":0,"kind":"review"}}]'
    [change] = decode_changes(patch, lambda *_: pytest.fail("no read is meant"))
    assert (change.before, change.after) == (Review(ReadState.ACCEPTED), Review(ReadState.SUBMITTED))


@pytest.mark.parametrize(
    ("group", "column", "value", "said"),
    [
        ("remarks", "read_id", 99, "remark 1 is of read 99"),
        ("remarks", "answers", 1, "answers remark 1, which is none of its read"),
        ("remarks", "text", b" ", "has no text"),
        ("signatures", "public_key", b"AAAA", "signature 1 is none"),
        ("signatures", "chain_sha256", b"x", "lacks a name or a checksum"),
        ("signatures", "meaning", b"whatever", "whatever"),
        ("public_keys", "person", b"Eve", "there is no person 'Eve'"),
        ("people", "roles", b"king", "king"),
        ("packages", "first_byte", 3, "does not fit its text"),
        ("packages", "returned_revision", 7, "another number of edits"),
        ("package_items", "package_id", b"dddd", "there is no package 'dddd'"),
        ("package_items", "image_id", 50, "image 50, which does not exist"),
        ("settlements", "read_id", 1, "settles nothing"),
        ("settlements", "first_ids", b"1 two", "two"),
        ("reads", "second_read", 3, "which are not two of its image"),
        ("reads", "repeat", 2, "is repeat 2"),
        ("reads", "package", b"zzzz", "which does not exist"),
        ("reads", "amends", 77, "amends read 77"),
        ("reading_rules", "adjudicate_above_percent", np.nan, "must differ"),
    ],
)
def test_what_makes_no_sense_is_refused(study, tmp_path, group, column, value, said):
    content = content_of(study, [], [])
    array = content.groups[group][column].copy()
    if array.dtype.kind == "S":
        array = array.astype(f"S{max(array.dtype.itemsize, len(value))}")
    array[{"repeat": 3, "second_read": 2, "package": 3}.get(column, 0) if group == "reads" else 0] = value
    groups = {**content.groups, group: {**content.groups[group], column: array}}
    path = tmp_path / "spoilt.h5"
    write_content(path, resealed(replace(content, groups=groups)), {})
    with pytest.raises(UserFacingError, match="makes no sense") as refused:
        read_study(path)
    assert said in str(refused.value)


def test_the_annotation_digest_tells_what_a_read_says_and_nothing_else(study):
    read = study.reads[3]
    digest = annotation_digest(read)
    elsewhere = replace(read, id=9, image_id=4, reader="Eve", review=replace(read.review, state=ReadState.IN_REVIEW))
    assert annotation_digest(elsewhere) == digest
    for other in (
        replace(read, review=replace(read.review, comment="")),
        replace(read, settlements=MappingProxyType({})),
        replace(read, hairs=study.reads[2].hairs),
        replace(read, units=MappingProxyType({})),
        replace(read, field=replace(read.field, polygon_px=read.field.polygon_px[:-1])),
    ):
        assert annotation_digest(other) != digest


def test_an_edit_is_refused_where_it_would_make_no_sense(tmp_path):
    path = tmp_path / "study.h5"
    create_study(path, make_study([make_read([])]), user="Ada")
    ada = Person("Ada")
    refused = (
        (Change(Kind.PERSON, 0, None, Person(" ")), "has no name"),
        (Change(Kind.PERSON, 0, None, Person("Eve", (), (PublicKey("AAAA", NOW),))), "a key of Eve is none"),
        (Change(Kind.PERSON, 0, None, Person("ADA", (), (PublicKey(KEY, NOW),))), "differ in capitals alone"),
        (Change(Kind.REMARK, 1, None, Remark(1, 5, "Ada", NOW, "so")), "read 5, which does not exist"),
        (Change(Kind.REMARK, 1, None, Remark(1, 1, "Ada", NOW, "")), "has no text"),
    )
    with open_study(path, "Ada") as session:
        session.document.apply(Patch("add person", None, (Change(Kind.PERSON, 0, None, ada),)))
        for change, said in refused:
            with pytest.raises(EditRefused, match=said):
                session.document.apply(Patch("edit", None, (change,)))
        first, answer = Remark(1, 1, "Ada", NOW, "so?"), Remark(2, 1, "Ada", NOW, "so.", answers=1)
        session.document.apply(Patch("remark", None, (Change(Kind.REMARK, 1, None, first),)))
        session.document.apply(Patch("remark", None, (Change(Kind.REMARK, 2, None, answer),)))
        with pytest.raises(EditRefused, match="has answers"):
            session.document.apply(Patch("remove remark", None, (Change(Kind.REMARK, 1, first, None),)))
        session.save()
    assert all(finding.holds for finding in verify(path) if finding.check.value not in ("images",))


def test_signing_and_handing_out_are_not_undone(study):
    signed = Change(Kind.REVIEW, 0, Review(ReadState.ACCEPTED), Review(ReadState.SIGNED))
    assert not signed.undoable
    assert not Change(Kind.SIGNATURE, 1, None, SIGNATURES[0]).undoable
    assert not Change(Kind.PACKAGE, 0, None, PACKAGES[0]).undoable
    assert Change(Kind.REVIEW, 0, Review(ReadState.SUBMITTED), Review(ReadState.ACCEPTED)).undoable


def test_which_read_stands_for_the_image(study):
    def standing(*reads):
        return make_study(list(reads)).read_in_use(1).id

    detection = make_read([], id_=1, state=ReadState.DETECTED)
    ada = make_read([], id_=2, reader="Ada", state=ReadState.SUBMITTED)
    bo = make_read([], id_=3, reader="Bo")
    third = make_read([], id_=4, reader="Cy", adjudicates=(2, 3))
    again = make_read([], id_=9, reader="Ada", state=ReadState.ACCEPTED, repeat=1)
    amended = make_read([], id_=8, reader="Ada", amends=2)

    def at(read, state):
        return replace(read, review=Review(state))

    assert standing(detection, ada, bo) == 3
    assert standing(detection, again) == 1
    assert standing(detection, at(ada, ReadState.ACCEPTED), bo, again) == 2
    assert standing(ada, bo, third) == 3  # a third read that is not finished settles nothing yet
    assert standing(ada, bo, at(third, ReadState.SUBMITTED)) == 4
    assert standing(at(ada, ReadState.SIGNED), bo, amended) == 2
    assert standing(at(ada, ReadState.SIGNED), bo, at(amended, ReadState.SUBMITTED)) == 8
    assert standing(at(ada, ReadState.SIGNED), bo, at(amended, ReadState.RETURNED)) == 2
