"""The study file of format 1.1 that was kept when the format was made: it must load for ever."""

from pathlib import Path

from tests.golden.make_study_1_1 import IMAGE
from workstation.model.study import Subject, Visit
from workstation.session import open_study
from workstation.storage.reader import read_image_file, read_study
from workstation.storage.verify import Check, verify

GOLDEN = Path(__file__).with_name("study-1.1.h5")


def test_what_was_added():
    study = read_study(GOLDEN).study
    assert list(study.subjects.values()) == [
        Subject("S01", "f", 34.5, "Ludwig I"), Subject("S02", "m"), Subject("S03", "f", 41.0),
    ]  # fmt: skip
    assert study.visits[3] == Visit(3, "S03", "week 4", 4.0, "2026-03-03")
    assert [(i, r.visit_id, r.path, r.embedded) for i, r in study.images.items()] == [
        (1, 1, "b.images/Kopf 1.png", False), (2, 2, "b.images/Kopf 2.png", False), (3, 3, "a.images/Kopf 3.png", True),
    ]  # fmt: skip
    assert read_image_file(GOLDEN, 3) == IMAGE


def test_the_read_that_was_begun_is_a_copy():
    study = read_study(GOLDEN).study
    begun, source = study.reads[5], study.reads[2]
    assert (begun.reader, begun.based_on, begun.image_id, len(begun.hairs)) == ("Ada", 2, 2, 4)
    assert (dict(begun.hairs), dict(begun.units), begun.field) == (dict(source.hairs), dict(source.units), source.field)


def test_its_trail_leads_back_to_the_start(path):
    rows = read_study(path).audit_rows
    assert [(row.operation, row.target) for row in rows] == [
        ("comment on hair", "hair 1"),
        ("add images", "subject S02, subject S03, visit 3, image 3"),
        ("begin read", "read 5"),
        ("copy study", "image 1, image 2"),
    ]
    with open_study(path, "Zoë") as session:
        assert (session.read_only_because, session.recovered.notices) == (None, ())
        assert session.document.undo_text == "comment on hair"
        session.document.undo()
        assert session.study.reads[3].hairs[1].comment == ""
        assert (session.document.can_undo, len(session.study.images)) == (False, 3)
        session.save()
    assert read_study(path).state.revision == 5


def test_it_verifies(path):
    faults = [f for f in verify(path) if not f.holds]
    assert {f.check for f in faults} == {Check.IMAGES}  # of those that are not embedded there are no files
    assert len(faults) == 2
