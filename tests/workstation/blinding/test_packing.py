import os
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from tests.workstation.blinding.blinded_trial import (
    OWNER,
    OWNERS,
    READER,
    blinded_trial,
    handed,
    pixels_of,
)
from workstation.blinding import packing
from workstation.blinding.choosing import Choice, chosen_images
from workstation.blinding.packing import Order, hand_out, make_package, prepare_package
from workstation.blinding.work_file import handed_sha256, strange_parts
from workstation.errors import UserFacingError
from workstation.model.package import Start
from workstation.model.read import DETECTOR, ReadState, Review
from workstation.session import open_study
from workstation.storage.annotation import annotation_digest
from workstation.storage.reader import read_image_file, read_study
from workstation.storage.verify import verify


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return blinded_trial(tmp_path_factory.mktemp("made") / "study")


@pytest.fixture(scope="module")
def packed(made, tmp_path_factory):
    """A work file from the detection with repeats, made once: it is only looked at."""
    out = tmp_path_factory.mktemp("out") / "bob.h5"
    return handed(made, out), out


def work_of(packed):
    return read_study(packed[1]).study


def test_a_work_file_is_a_sound_study_of_its_own(packed):
    assert all(finding.holds for finding in verify(packed[1]))
    work, package = work_of(packed), packed[0].package
    assert (work.blinding.package_id, work.blinding.reader, work.blinding.start) == (
        package.id,
        READER,
        Start.DETECTION,
    )
    assert work.id == package.study_id
    assert handed_sha256(work) == package.handed_sha256
    assert strange_parts(work) == []


def test_it_holds_codes_places_scales_and_detections_and_nothing_else(packed):
    work, package = work_of(packed), packed[0].package
    assert len(package.items) == 11  # nine pictures of four places, one of two shown twice
    assert {s.id for s in work.subjects.values()} == {item.code for item in package.items}
    assert all((s.sex, s.age, s.grade, s.arm) == ("", None, "", "") for s in work.subjects.values())
    assert all((v.week, v.date) == (None, "") for v in work.visits.values())
    assert {v.name for v in work.visits.values()} == {"A", "B", "C"}
    for image in work.images.values():
        assert (image.device, image.source_name, dict(image.notes), image.conversions) == ("", "", {}, ())
        assert image.calibration.um_per_px == 10
    assert {read.reader for read in work.reads.values()} == {DETECTOR}
    assert all(read.detection is None and read.review == Review(ReadState.DETECTED) for read in work.reads.values())
    assert not any((work.people, work.pairs, work.events, work.packages, work.plan.title))
    assert {read.created_utc for read in work.reads.values()} == {work.created_utc}


def test_pictures_are_the_same_pixels_in_other_bytes(made, packed):
    package, out = packed[0].package, packed[1]
    study = read_study(made).study
    shown = {}
    for item in package.items:
        data = read_image_file(out, item.package_image_id)
        assert b"Miller" not in data
        assert b"eXIf" not in data
        shown.setdefault(item.image_id, []).append(data)
        assert work_of(packed).images[item.package_image_id].width_px == study.images[item.image_id].width_px
    again = [files for files in shown.values() if len(files) == 2]
    assert len(again) in (2, 3)
    for first, second in again:
        assert first != second
        assert len(first) != len(second)
        np.testing.assert_array_equal(pixels_of(first), pixels_of(second))


def test_detections_come_along_as_they_are(made, packed):
    study, work = read_study(made).study, work_of(packed)
    for item in packed[0].package.items:
        (read,) = work.reads_of(item.package_image_id)
        assert annotation_digest(read) == annotation_digest(study.reads[item.image_id])


def test_a_blank_start_brings_no_read(made, tmp_path):
    handed(made, tmp_path / "blank.h5", start=Start.BLANK)
    assert not read_study(tmp_path / "blank.h5").study.reads


def test_raw_bytes_hold_no_word_of_the_study(packed):
    data = packed[1].read_bytes().lower()
    for word in ("klm-77", "abc-12", "miller", "2026-02-03", "2026:02:03", "cyra", "lens 3", "crown", "itching"):
        assert word.encode() not in data


def test_the_study_knows_what_was_handed_out_and_no_undo_takes_it_back(tmp_path):
    path = blinded_trial(tmp_path / "study")
    prepared = handed(path, tmp_path / "bob.h5")
    with open_study(path, OWNER) as session:
        (package,) = session.study.packages.values()
        assert package == prepared.package
        assert (package.created_by, package.reader, package.returned) == (OWNER, READER, None)
        assert not session.document.can_undo
    assert sorted(os.listdir(tmp_path)) == ["bob.h5", "study"]


def test_two_packages_tell_nothing_of_each_other(made, tmp_path):
    a, b = (handed(made, tmp_path / f"{seed}.h5", seed=seed).package for seed in (3, 4))
    assert not {item.code for item in a.items} & {item.code for item in b.items}
    assert not {item.sha256 for item in a.items} & {item.sha256 for item in b.items}


def test_only_some_of_the_images_are_handed_out(made, tmp_path):
    study = read_study(made).study
    ids = chosen_images(study, Choice(visits=("Baseline", "week 12"), sites=("crown", "temple")))
    assert ids == (3, 5, 8, 9)
    prepared = handed(made, tmp_path / "x.h5", image_ids=ids, repeats=0)
    assert {item.image_id for item in prepared.package.items} == {3, 5, 8, 9}
    assert chosen_images(study, Choice(subjects=("klm-77",), images=("KLM-77_2026-02-03_vertex",))) == (1,)
    with pytest.raises(UserFacingError, match="no visit 'week 5'"):
        chosen_images(study, Choice(visits=("week 5",)))
    with pytest.raises(UserFacingError, match="no image is of all"):
        chosen_images(study, Choice(subjects=("KLM-77",), sites=("crown",)))


def test_what_cannot_be_handed_out_is_refused(made, tmp_path):
    taken = tmp_path / "taken.h5"
    taken.touch()
    with open_study(made, OWNER, read_only=True) as session:
        for order, out, said in (
            (Order(" "), "a.h5", "needs its reader's name"),
            (Order(DETECTOR), "a.h5", "needs its reader's name"),
            (Order(READER, repeats=1.5), "a.h5", "no share of pairs"),
            (Order(READER), "taken.h5", "already a file"),
            (Order(READER), "a.txt", "ends in .h5"),
            (Order(READER), "none/a.h5", "does not exist"),
            (Order(READER, image_ids=()), "a.h5", "no images"),
            (Order(READER, image_ids=(99,)), "a.h5", "no image 99"),
        ):
            with pytest.raises(UserFacingError, match=said):
                prepare_package(session, tmp_path / out, order)
    assert os.listdir(tmp_path) == ["taken.h5"]


def test_a_detection_start_needs_detections(tmp_path):
    path = blinded_trial(tmp_path / "study")
    with open_study(path, OWNER, read_only=True) as session:
        reads = {i: read for i, read in session.study.reads.items() if i != 4}
        session.document._study = replace(session.study, reads=reads)
        with pytest.raises(UserFacingError, match="nothing was detected yet in image ABC-12"):
            prepare_package(session, tmp_path / "a.h5", Order(READER))


def test_only_an_owner_hands_out_where_there_is_one(tmp_path):
    path = blinded_trial(tmp_path / "study", people=OWNERS)
    with open_study(path, "Cyra") as session, pytest.raises(UserFacingError, match="only an owner"):
        make_package(session, tmp_path / "bob.h5", Order(READER))
    prepared = handed(path, tmp_path / "bob.h5")
    assert "Bob Byrne is not among the people of the study." in prepared.sentences


def test_that_a_reader_knows_the_images_is_said(made, tmp_path):
    assert "Cyra has a read of 1 of these images already." in handed(made, tmp_path / "c.h5", reader="Cyra").sentences


@pytest.mark.parametrize("name", ["ABC-12.h5", "2026-02-03 for Bob.h5", "from Cyra.h5"])
def test_a_name_that_tells_is_refused_and_nothing_is_left_behind(made, tmp_path, name):
    with open_study(made, OWNER, read_only=True) as session, pytest.raises(UserFacingError, match="was not kept"):
        prepare_package(session, tmp_path / name, Order(READER))
    assert os.listdir(tmp_path) == []


def test_what_leaks_into_it_is_found(made, tmp_path, monkeypatch):
    """The search is independent of the making: spoil that, and it is seen."""
    clean = packing.work_study

    def leaking(spoil):
        return lambda *args: spoil(clean(*args))

    def of_first(work, part, **changes):
        table = dict(getattr(work, part))
        key = next(iter(table))
        return replace(work, **{part: {**table, key: replace(table[key], **changes)}})

    spoils = {
        "picture 1 than its code": lambda work: of_first(work, "images", device="Lens 3"),
        "date '2026-02-03'": lambda work: of_first(work, "visits", date="2026-02-03"),
        "more of": lambda work: of_first(work, "subjects", sex="female"),
        "a read of Cyra": lambda work: of_first(work, "reads", reader="Cyra", review=Review(ReadState.IN_REVIEW)),
        "events that do not belong": lambda work: replace(work, events=read_study(made).study.events, subjects={
            **work.subjects, **read_study(made).study.subjects}),
    }  # fmt: skip
    with open_study(made, OWNER, read_only=True) as session:
        for said, spoil in spoils.items():
            monkeypatch.setattr(packing, "work_study", leaking(spoil))
            with pytest.raises(UserFacingError, match=said):
                prepare_package(session, tmp_path / "a.h5", Order(READER), chance=Random(1))
    assert os.listdir(tmp_path) == []


def test_metadata_in_a_picture_is_found(made, tmp_path, monkeypatch):
    clean = packing.encodings

    def with_text(*args):
        return [png[:33] + b"\0\0\0\x0ctEXtfor\0KLM-77!!" + b"\0\0\0\0" + png[33:] for png in clean(*args)]

    monkeypatch.setattr(packing, "encodings", with_text)
    with open_study(made, OWNER, read_only=True) as session, pytest.raises(UserFacingError, match="metadata 'tEXt'"):
        prepare_package(session, tmp_path / "a.h5", Order(READER))


def test_a_package_that_the_study_cannot_note_is_not_handed_out(made, tmp_path):
    with open_study(made, OWNER, read_only=True) as session:
        prepared = prepare_package(session, tmp_path / "a.h5", Order(READER))
        with pytest.raises(UserFacingError, match="read-only"):
            hand_out(session.document, prepared)
    assert os.listdir(tmp_path) == []
