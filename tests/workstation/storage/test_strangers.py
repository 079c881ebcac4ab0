"""A study file that this computer does not know is read by a worker first; one that it knows is not."""

import os
import shutil
import zlib

import h5py
import numpy as np
import pytest

from tests.workstation.storage.forging import resealed
from tests.workstation.storage.studies import comment, same, study
from workstation.errors import UserFacingError
from workstation.session import create_study, open_study
from workstation.storage import known_files, strangers
from workstation.storage.content import content_of
from workstation.storage.reader import read_state, read_study
from workstation.storage.verify import verify
from workstation.storage.writer import write_content

BAD = "tests.workstation.isolation.bad_tasks"


@pytest.fixture
def asked(monkeypatch):
    """Which files were given to a worker."""
    paths = []
    real = strangers.call

    def counting(task, arguments, *args, **kwargs):
        paths.append(arguments["path"])
        return real(task, arguments, *args, **kwargs)

    monkeypatch.setattr(strangers, "call", counting)
    return paths


@pytest.fixture
def path(tmp_path):
    create_study(tmp_path / "trial.h5", study(), user="Ada")
    return tmp_path / "trial.h5"


@pytest.fixture
def stranger(path):
    copy = path.with_name("from-elsewhere.h5")
    shutil.copy(path, copy)
    return copy


def forget(monkeypatch):
    """As another process on this computer, later."""
    monkeypatch.setattr(known_files, "_here", set())


def test_a_study_of_this_computer_needs_no_worker(path, asked, monkeypatch):
    for _ in range(2):
        with open_study(path, "Zoë") as session:
            comment(session.document, "eins")
            session.save()
        forget(monkeypatch)
    verify(path)
    moved = path.with_name("moved.h5")
    path.rename(moved)
    read_study(moved)
    assert asked == []


def test_a_stranger_is_read_by_a_worker_once(stranger, asked, monkeypatch):
    assert same(read_study(stranger).study, study())
    forget(monkeypatch)
    read_state(stranger)
    assert asked == [str(stranger)]


def test_a_known_file_that_was_written_to_is_a_stranger_again(path, asked):
    with h5py.File(path, "r+") as file:
        file["hairs/width_px"][0] += 1
    with pytest.raises(UserFacingError, match="the checksum of the table /hairs does not hold"):
        read_study(path)
    assert asked == [str(path)]


def test_another_file_under_a_known_name_is_a_stranger(path, stranger, asked):
    os.replace(stranger, path)
    read_study(path)
    assert asked == [str(path)]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("crash", "HDF5 crashes over it"),
        ("hang", "takes far longer"),
        ("spin", "takes far longer"),
        ("take_memory", "takes more memory"),
        ("fail", "the program fails over it"),
    ],
)
def test_what_a_stranger_does_to_its_reader_is_told(stranger, monkeypatch, how, said):
    monkeypatch.setattr(strangers, "TASK", f"{BAD}:{how}")
    monkeypatch.setattr(strangers, "CPU_S", 1.0 if how in ("hang", "spin") else 20.0)
    monkeypatch.setattr(strangers, "DRIVE_S", 0.0)
    monkeypatch.setattr(strangers, "MEMORY_BYTES", 64 << 20)
    with pytest.raises(UserFacingError, match=said) as caught:
        open_study(stranger, "Zoë")
    assert caught.value.file == stranger
    assert caught.value.remedy
    assert [p.name for p in stranger.parent.glob("*.lock*")] == []
    monkeypatch.undo()
    open_study(stranger, "Zoë").close()


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_by_the_worker(stranger, asked):
    """Each column by itself is within the limits, and deflate packs that well."""
    n_in_chunk, n_chunks = 1 << 20, 120
    packed = zlib.compress(bytes(8 * n_in_chunk), 9)
    with h5py.File(stranger, "r+") as file:
        for name in ("width_px", "confidence"):
            del file["hairs"][name]
            column = file["hairs"].create_dataset(
                name, (n_in_chunk * n_chunks,), "f8", chunks=(n_in_chunk,), compression="gzip"
            )
            for at in range(n_chunks):
                column.id.write_direct_chunk((at * n_in_chunk,), packed)
    assert stranger.stat().st_size < 3 << 20
    with pytest.raises(UserFacingError, match=r"Unable to allocate|more memory"):
        read_study(stranger)
    assert asked == [str(stranger)]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, "9" * 100_000, '"text"', "[1]", "[" + "1," * 1_000_000 + "1]"]
)
@pytest.mark.parametrize("column", ["notes", "conversions"])
def test_json_that_is_deep_or_long_is_told(path, column, text):
    content = content_of(study(), [], [])
    values = content.groups["images"][column]
    content.groups["images"][column] = np.array([text.encode()] * len(values))
    write_content(path, resealed(content), {})
    with pytest.raises(UserFacingError, match="makes no sense") as caught:
        read_study(path)
    assert len(str(caught.value)) < 500


def test_json_of_the_audit_trail_that_is_deep_is_told(path):
    with open_study(path, "Zoë") as session:
        comment(session.document, "eins")
        session.save()
        rows, one = session._rows, session.study
    deep = "[" * 100_000
    content = content_of(one, [rows[0].__class__(**{**_plain(rows[0]), "changes": deep})], [])
    write_content(path, resealed(content), {})
    with open_study(path, "Zoë", read_only=True) as session:
        assert any("audit row 1" in notice.lower() for notice in session.recovered.notices)


def _plain(row):
    return {name: getattr(row, name) for name in row.__slots__}


def test_the_list_of_known_files_holds_no_names(path):
    read_study(path)
    text = (known_files.data_dir() / known_files.FILE_NAME).read_text()
    assert "trial" not in text
    assert all(len(line) == 24 and set(line) <= set("0123456789abcdef") for line in text.splitlines())


def test_the_list_of_known_files_stays_short(monkeypatch):
    monkeypatch.setattr(known_files, "MOST", 10)
    marks = [f"{i:024x}" for i in range(95)]
    for mark in marks:
        known_files.note(mark)
    forget(monkeypatch)
    assert len((known_files.data_dir() / known_files.FILE_NAME).read_text().split()) <= 20
    assert known_files.is_known(marks[-1])
    assert not known_files.is_known(marks[0])


def test_a_list_that_cannot_be_written_is_done_without(path, stranger, asked):
    (known_files.data_dir() / known_files.FILE_NAME).unlink()
    (known_files.data_dir() / known_files.FILE_NAME).mkdir()
    known_files._here.clear()
    read_study(stranger)
    read_study(stranger)
    assert asked == [str(stranger)]


def test_a_worker_asks_no_worker(stranger, asked, monkeypatch):
    monkeypatch.setattr(strangers.child, "inside", True)
    read_study(stranger)
    assert asked == []
