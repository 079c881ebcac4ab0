import random
from pathlib import Path

import pytest

from tests.faults import altered_journal, altering
from tests.faults.altered_study import checking
from tests.faults.touched import alike, touched_bytes
from workstation.isolation import child


@pytest.fixture
def inside(monkeypatch):
    """As in a watched process: nothing is given to another one."""
    monkeypatch.setattr(child, "inside", True)


@pytest.fixture
def small(tmp_path):
    return altering.saved_study(tmp_path, "small", altering.SMALL)


def test_a_sample_of_altered_studies_and_journals():
    figures = altering.figures(altering.Extent(every=False, n_random=24, whole_notes=False))
    assert [f.note for f in figures if f.value != 0] == []
    assert len(figures) == 10
    tried = {f.name: f.note for f in figures}
    log = next(note for name, note in tried.items() if "killed, random bytes and cuts of .sqlite-wal" in name)
    assert log.startswith("30 tried: 30 refused")  # SQLite itself would have been silent


def test_by_parts_a_changed_byte_comes_out_as_by_the_whole(small, tmp_path, inside):
    """Positions at random, and one of each kind of place: the start, what nothing reads, what many parts touch."""
    size, touched = small.stat().st_size, touched_bytes(small)
    often = touched.bytes_of.sum(axis=0)
    positions = [0, 8, *random.Random(5).sample(range(size), 20), int((often == 0).argmax()), int(often.argmax())]
    by_parts, whole = checking(str(small), str(tmp_path), by_parts=True), checking(str(small), str(tmp_path))
    for position in positions:
        assert by_parts((position, 0x41))[0] == whole((position, 0x41))[0]


def test_the_parts_of_a_study_are_all_its_columns(small, inside):
    import h5py

    touched = touched_bytes(small)
    with h5py.File(small, "r") as file:
        assert len(touched.parts) == 1 + len(file) + sum(len(group) for group in file.values())
        for part, value in zip(touched.parts, touched.values, strict=True):
            assert alike(part(file, Path(small)), value)
    assert 0.5 < touched.bytes_of.any(axis=0).mean() < 1


def test_a_loss_that_is_not_said_would_be_seen(tmp_path, monkeypatch, inside):
    """Without the note of how far the edits reach, SQLite's silence is a fault."""
    check = altered_journal.checking("killed", str(tmp_path))
    assert check(("sqlite-wal", (9000, 1)))[0] == "refused"
    monkeypatch.setattr("workstation.storage.journal.StudyJournal.cut_off", lambda *_: [])
    kind, text = check(("sqlite-wal", (9000, 1)))
    assert kind == "different"
    assert "nothing was said" in text
