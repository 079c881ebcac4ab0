"""The note beside the journal of how far the edits reach, and what is said where the journal ends before it. Row 1 of
every trail is the making of the study, so the first edit is number 2.
"""

import json
import shutil

import pytest

from tests.workstation.storage.opening import edit_and_crash, opened, texts_of
from tests.workstation.storage.studies import comment
from workstation.storage.journal_file import journal_folder
from workstation.storage.journal_reach import reaches
from workstation.storage.verify import Check, verify


def files(pattern):
    return sorted(journal_folder().glob(pattern))


def killed(path, *texts):
    """Leave the journal as a killed program does: the edits are in SQLite's log alone."""
    with opened(path) as session:
        for text in texts:
            comment(session.document, text)
        kept = {p: p.read_bytes() for p in journal_folder().iterdir() if not p.name.endswith("-shm")}
    for p in journal_folder().iterdir():
        p.unlink()
    for p, data in kept.items():
        p.write_bytes(data)


def damage(file, position):
    data = bytearray(file.read_bytes())
    data[position] ^= 0x10
    file.write_bytes(data)


def test_the_note_names_the_last_edit(path):
    edit_and_crash(path, "eins", "zwei")
    (reach,) = reaches(files("*.sqlite")[0])
    with opened(path) as session:
        last = session.moment.audit_sha256
    assert (reach.path, reach.seq, reach.sha256) == (str(path), 3, last)


def test_edits_that_sqlite_drops_in_silence_are_said(path):
    killed(path, "eins", "zwei", "drei")
    (log,) = files("*-wal")
    whole = log.read_bytes()
    damage(log, len(whole) - 100)
    assert any("edit 4 of " in f.message and not f.holds for f in verify(path) if f.check is Check.JOURNAL)
    with opened(path) as session:
        assert (texts_of(session), session.recovered.n_edits) == ("zwei", 2)
        (notice,) = session.recovered.notices
        assert notice.startswith("The journal of unsaved edits was damaged: edit 4 of ")
    (kept,) = files("*.damaged-wal")
    assert str(kept) in notice
    assert len(kept.read_bytes()) == len(whole)
    with opened(path) as session:  # said once; the edits go on
        assert session.recovered.notices == ()
        comment(session.document, "vier")
    with opened(path) as session:
        assert (texts_of(session), session.recovered.n_edits, session.recovered.notices) == ("vier", 3, ())


@pytest.mark.parametrize("n_frames", [0, 1, 3])
def test_a_log_cut_where_a_commit_ends_is_said(path, n_frames):
    """No checksum can tell a log that is cut between two commits."""
    killed(path, "eins", "zwei", "drei")
    (log,) = files("*-wal")
    log.write_bytes(log.read_bytes()[: 32 + n_frames * 4120 if n_frames else 0])
    with opened(path) as session:
        assert session.recovered.n_edits < 3
        assert "edit 4 of " in session.recovered.notices[0]


def test_a_journal_that_was_deleted_is_said_where_edits_were_not_saved(path):
    edit_and_crash(path, "eins")
    for file in files("*.sqlite*"):
        file.unlink()
    with opened(path) as session:
        assert "edit 2 of " in session.recovered.notices[0]


def test_nothing_is_said_of_edits_that_are_in_the_study(path):
    with opened(path) as session:
        comment(session.document, "eins")
        session.save()
    for file in files("*.sqlite*"):
        file.unlink()
    with opened(path) as session:
        assert (texts_of(session), session.recovered.notices) == ("eins", ())


@pytest.mark.parametrize("text", ["", "{", "[]", "\0" * 512, '{"path": 5}'])
def test_a_note_that_is_damaged_is_passed_over(path, text):
    edit_and_crash(path, "eins")
    (note,) = files("*.reach")
    note.write_text(text)
    with opened(path) as session:
        assert (texts_of(session), session.recovered.notices) == ("eins", ())


def test_a_changed_note_is_passed_over(path):
    edit_and_crash(path, "eins")
    (note,) = files("*.reach")
    values = json.loads(note.read_text())
    note.write_text(json.dumps({**values, "seq": 7, "sha256": "0" * 64}))
    with opened(path) as session:
        assert session.recovered.notices == ()


def test_the_copy_of_a_study_misses_no_edits_of_the_original(path, tmp_path):
    copy = tmp_path / "copy.h5"
    shutil.copy(path, copy)
    killed(path, "eins", "zwei")
    (log,) = files("*-wal")
    log.write_bytes(b"")
    with opened(copy) as session:
        assert session.recovered.notices == ()
    with opened(path) as session:
        assert "edit 3 of " in session.recovered.notices[0]
