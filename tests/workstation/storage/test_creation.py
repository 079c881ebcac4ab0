"""The first row of every trail: what the study was made with."""

import json
from dataclasses import replace
from types import MappingProxyType

import pytest

from analysis.calibration import Calibration, CalibrationSource
from tests.workstation.recorded_trial import trial_study
from tests.workstation.storage.forging import resealed
from tests.workstation.storage.opening import comment, opened
from tests.workstation.storage.studies import study
from workstation.edits.subjects import change_subject
from workstation.entry import Action, Entry
from workstation.model.patch import Change, Kind, Patch
from workstation.model.reading import ReadingRules
from workstation.model.study import Subject, WidthCutoffs
from workstation.session import create_study
from workstation.storage.audit import genesis, row_of
from workstation.storage.content import content_of
from workstation.storage.creation import creation_of
from workstation.storage.reader import read_study
from workstation.storage.verify import Check, verify
from workstation.storage.writer import write_content


def faults(path):
    """All that does not hold, but for the pictures, which are not there."""
    return [f.message for f in verify(path) if not f.holds and f.check is not Check.IMAGES]


def test_the_first_row_says_who_made_the_study_and_with_what(path):
    (row,) = read_study(path).audit_rows
    assert (row.seq, row.user, row.action, row.operation, row.target) == (1, "Ada", "do", "create study", "study")
    assert row.previous == genesis(study().id)
    (change,) = json.loads(row.changes)
    counts = {"subjects": 2, "visits": 2, "images": 2, "reads": 4}
    assert change == {
        "kind": "study", "id": 0, "before": None,
        "after": {"content_sha256": creation_of(study()).content_sha256, **counts},
    }  # fmt: skip


def test_it_cannot_be_undone_and_bars_nothing(path):
    with opened(path) as session:
        assert not session.document.can_undo
        comment(session.document, "one")
        session.save()
    with opened(path) as session:
        session.document.undo()
        assert not session.document.can_undo
        session.document.redo()
        session.save()
    assert read_study(path).state.revision == 4
    assert faults(path) == []


def first_subject(one, **changes):
    subject = next(iter(one.subjects.values()))
    return replace(one, subjects=MappingProxyType({**one.subjects, subject.id: replace(subject, **changes)}))


def first_image(one, **changes):
    return replace(one, images=MappingProxyType({**one.images, 1: replace(one.images[1], **changes)}))


def unreviewed_hair_moved(one):
    hair = one.reads[1].hairs[1]
    moved = replace(hair, vertices_px=hair.vertices_px + 0.5)
    hairs = MappingProxyType({**one.reads[1].hairs, 1: moved})
    return replace(one, reads=MappingProxyType({**one.reads, 1: replace(one.reads[1], hairs=hairs)}))


CHANGES = {
    "a subject's age": lambda one: first_subject(one, age=77.0),
    "a new subject": lambda one: replace(one, subjects=MappingProxyType({**one.subjects, "X": Subject("X")})),
    "a scale": lambda one: first_image(one, calibration=Calibration(9.0, CalibrationSource.MANIFEST)),
    "a picture": lambda one: first_image(one, sha256="0" * 64),
    "a note": lambda one: first_image(one, notes=MappingProxyType({"skin": "oily"})),
    "a hair": unreviewed_hair_moved,
    "the cut-offs": lambda one: replace(one, cutoffs=WidthCutoffs(20.0, 50.0)),
    "the reading rules": lambda one: replace(one, reading=ReadingRules(25.0)),
    "the day it was made": lambda one: replace(one, created_utc="2001-01-01T00:00:00Z"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_was_there_from_the_start_cannot_be_changed_unnoticed(path, change):
    """Every checksum of the file is made anew, and the trail left as it is: no row speaks of the value."""
    with opened(path) as session:
        comment(session.document, "one")
        session.save()
    file = read_study(path)
    changed = change(file.study)
    write_content(path, resealed(content_of(changed, file.audit_rows, [])), {})
    assert any("it was not created with what is in the file" in message for message in faults(path))


def test_an_edit_of_what_was_there_is_no_fault(tmp_path):
    one = trial_study()
    create_study(tmp_path / "trial.h5", one, user="Ada")
    code = next(iter(one.subjects))
    with opened(tmp_path / "trial.h5", "Ada") as session:
        session.document.apply(change_subject(session.study, replace(one.subjects[code], age=44.0)))
        session.save()
    assert faults(tmp_path / "trial.h5") == []


def test_whole_numbers_are_bound_as_the_file_gives_them_back(tmp_path):
    """An age of 34 becomes 34.0 in a file: that is no change."""
    one = study()
    one = replace(one, subjects=MappingProxyType({c: replace(s, age=34) for c, s in one.subjects.items()}))
    create_study(tmp_path / "whole.h5", one, user="Ada")
    assert faults(tmp_path / "whole.h5") == []


def test_the_order_in_memory_is_no_part_of_it():
    one = study()
    turned = replace(one, images=MappingProxyType(dict(reversed(one.images.items()))))
    assert creation_of(turned) == creation_of(one)


def test_a_file_of_before_has_no_such_row_and_is_no_worse(path):
    write_content(path, content_of(study(), [], []), {})
    assert not any("create" in message for message in faults(path))


def test_a_study_is_created_once(path):
    with opened(path) as session:
        comment(session.document, "one")
        session.save()
    file = read_study(path)
    again = Patch("create study", None, (Change(Kind.STUDY, 0, None, creation_of(file.study)),))
    row, _ = row_of(Entry(3, "2026-03-01T00:00:00Z", "Eve", Action.DO, again), file.audit_rows[-1].sha256)
    write_content(path, content_of(file.study, [*file.audit_rows, row], []), {})
    assert any("audit row 3" in message.lower() and "was there already" in message for message in faults(path))
