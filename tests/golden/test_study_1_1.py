"""The study file of format 1.1 that was kept when the format was made: it must load for ever."""

import hashlib
import shutil
from pathlib import Path

import pytest

from tests.golden.make_study_1_1 import IMAGE
from workstation.model.study import Subject, Visit
from workstation.session import open_study
from workstation.storage.reader import read_image_file, read_study
from workstation.storage.verify import Check, verify

GOLDEN = Path(__file__).with_name("study-1.1.h5")


@pytest.fixture
def path(tmp_path):
    shutil.copy(GOLDEN, tmp_path / "golden.h5")
    return tmp_path / "golden.h5"


def test_the_file_itself_was_never_changed():
    assert hashlib.sha256(GOLDEN.read_bytes()).hexdigest() == (
        "13503f0f077d24dad4d7b27dee4561f341acb4f9c6779a65cd99a9e6fba41b6a"
    )


def test_its_state_is_the_same():
    state = read_study(GOLDEN).state
    assert (state.study_id, state.revision) == ("5d0c7d1e-1111-4222-8333-944445555777", 3)
    assert state.digest == "3eeb8a8bf4468e0013ad9592b095d76e84c94ca63eec3ce40d9f74779f0d3752"
    assert state.audit_sha256 == "714d2856ef33a2ec9a2e96a702cfd879a0e156ed56cf78c95c5790e84e06b8ce"


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


def test_its_trail_leads_back_to_the_start(path):
    rows = read_study(path).audit_rows
    assert [(row.operation, row.target) for row in rows] == [
        ("comment on hair", "hair 1"),
        ("add images", "subject S02, subject S03, visit 3, image 3"),
        ("copy study", "image 1, image 2"),
    ]
    with open_study(path, "Zoë") as session:
        assert (session.read_only_because, session.recovered.notices) == (None, ())
        assert session.document.undo_text == "comment on hair"
        session.document.undo()
        assert session.study.reads[3].hairs[1].comment == ""
        assert (session.document.can_undo, len(session.study.images)) == (False, 3)
        session.save()
    assert read_study(path).state.revision == 4


def test_it_verifies(path):
    faults = [f for f in verify(path) if not f.holds]
    assert {f.check for f in faults} == {Check.IMAGES}  # of those that are not embedded there are no files
    assert len(faults) == 2
