import json
import os
import shutil
import sqlite3
import threading
from dataclasses import replace

import pytest

from tests.workstation.storage.studies import comment, read, study
from workstation.entry import Action, Entry, Selection
from workstation.errors import UserFacingError
from workstation.home import data_dir
from workstation.model.patch import Change, Kind, Patch
from workstation.session import open_study
from workstation.storage.audit import first_break, genesis, row_of
from workstation.storage.content import FileState
from workstation.storage.journal import journal_folder, open_journal, open_journal_for_reading

ID = study().id


def entry(seq, change=None):
    own = study().reads[3]
    change = change or Change(Kind.HAIR, 1, own.hairs[1], own.hairs[2])
    patch = Patch("reshape hair", 3, (change,))
    return Entry(seq, "2026-02-03T10:00:00.123Z", "Zoë", Action.DO, patch, Selection(3, frozenset({1})), reason="ß")


def chain(n):
    rows, head = [], genesis(ID)
    for seq in range(1, n + 1):
        row, _ = row_of(entry(seq), head)
        rows.append(row)
        head = row.sha256
    return rows


@pytest.fixture
def journal():
    opened = open_journal(ID)
    yield opened
    opened.close()


def append(journal, rows, path="/a.h5", base="D0"):
    for row in rows:
        journal.append(row, {}, path=path, base=base)


def test_a_row_says_who_when_what_from_what_to_what_and_why():
    row, _ = row_of(entry(1), genesis(ID))
    own = study().reads[3]
    assert (row.seq, row.utc, row.user, row.action, row.operation) == (
        1, "2026-02-03T10:00:00.123Z", "Zoë", "do", "reshape hair",
    )  # fmt: skip
    assert (row.read_id, row.target, row.reason) == (3, "hair 1", "ß")
    (change,) = json.loads(row.changes)
    assert change["before"]["vertices_px"] == own.hairs[1].vertices_px.tolist()
    assert change["after"]["vertices_px"] == own.hairs[2].vertices_px.tolist()
    assert json.loads(row.selection)["before"] == {"read": 3, "hairs": [1], "units": []}
    assert row.previous == genesis(ID)


def test_rows_come_back_as_they_were(journal):
    rows = chain(3)
    append(journal, rows)
    journal.close()
    again = open_journal(ID)
    assert [found.row for found in again.unsaved()] == rows
    assert {(found.path, found.base, found.aside) for found in again.unsaved()} == {("/a.h5", "D0", False)}
    again.close()


def test_a_whole_read_is_kept_beside_its_row(journal):
    adopted = read(5, 1, 30, 3)
    row, blobs = row_of(entry(1, Change(Kind.READ, 5, None, adopted)), genesis(ID))
    journal.append(row, blobs, path="/a.h5", base="D0")
    (digest,) = blobs
    assert journal.read_text(digest) == blobs[digest]
    assert len(row.changes) < 200
    with pytest.raises(KeyError):
        journal.read_text("0" * 64)


def test_every_commit_is_synced(journal):
    pragma = {
        name: journal._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")
    }
    assert pragma == {"synchronous": 2, "journal_mode": "wal"}


def test_saved_rows_are_no_longer_unsaved_and_later_ones_follow_the_new_state(journal):
    rows = chain(5)
    append(journal, rows)
    state = FileState(ID, 3, rows[2].sha256, "D3")
    journal.intend(state, path="/a.h5", base="D0")
    assert [s.done for s in journal.saves()] == [False]
    journal.mark_saved(state, rows[:3], path="/a.h5", base="D0")
    assert [(f.row.seq, f.base) for f in journal.unsaved()] == [(4, "D3"), (5, "D3")]
    assert [(s.done, s.state) for s in journal.saves()] == [(True, state)]


def test_the_rows_of_a_copy_are_its_own(journal):
    rows = chain(2)
    append(journal, rows)
    append(journal, rows, path="/copy.h5")
    journal.mark_saved(FileState(ID, 2, rows[1].sha256, "D2"), rows, path="/copy.h5", base="D0")
    assert {f.path for f in journal.unsaved()} == {"/a.h5"}


def test_no_row_is_ever_deleted(journal):
    rows = chain(3)
    append(journal, rows)
    journal.mark_saved(FileState(ID, 3, rows[2].sha256, "D3"), rows, path="/a.h5", base="D0")
    assert journal._connection.execute("SELECT count(*) FROM edits").fetchone() == (3,)


def test_a_full_disk_is_said_and_the_journal_stays_good(journal):
    rows = chain(3)
    append(journal, rows[:1])
    pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
    journal._connection.execute(f"PRAGMA max_page_count = {pages}")
    big, blobs = row_of(entry(2, Change(Kind.READ, 5, None, read(5, 1, 400, 3))), rows[0].sha256)
    with pytest.raises(UserFacingError, match=r"the journal of edits cannot be written \(database or disk is full\)"):
        journal.append(big, blobs, path="/a.h5", base="D0")
    assert [f.row.seq for f in journal.unsaved()] == [1]
    journal._connection.execute("PRAGMA max_page_count = 1000000")
    append(journal, rows[1:])
    assert [f.row for f in journal.unsaved()] == rows


def test_two_processes_may_write_at_once(journal):
    other = open_journal(ID)
    rows = chain(20)
    threads = [threading.Thread(target=append, args=(j, rows, p)) for j, p in ((journal, "/a.h5"), (other, "/b.h5"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    for path in ("/a.h5", "/b.h5"):
        assert [f.row for f in journal.unsaved() if f.path == path] == rows


def test_a_journal_that_is_none_is_left_and_a_new_one_begun():
    file = journal_folder() / f"{ID}.sqlite"
    file.write_bytes(b"this was a journal" * 100)
    journal = open_journal(ID)
    append(journal, chain(2))
    journal.close()
    assert "The journal of unsaved edits was damaged. 0 edits" in journal.notice
    assert file.read_bytes() == b"this was a journal" * 100
    again = open_journal(ID)
    assert [f.row.seq for f in again.unsaved()] == [1, 2]
    assert again.notice == ""
    again.close()


def test_what_can_be_read_of_a_damaged_journal_is_taken_over():
    journal = open_journal(ID)
    rows = chain(200)
    append(journal, rows)
    journal.close()
    file = journal_folder() / f"{ID}.sqlite"
    data = bytearray(file.read_bytes())
    page = (len(data) // 4096) // 2
    data[page * 4096 : page * 4096 + 4096] = bytes(4096)
    file.write_bytes(data)
    again = open_journal(ID)
    found = [f.row for f in again.unsaved()]
    again.close()
    assert "damaged" in again.notice
    assert 20 < len(found) < 200
    assert found == rows[: len(found)]
    assert file.read_bytes() == data


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.__delitem__(2),
        lambda rows: rows.__setitem__(slice(1, 3), rows[2:0:-1]),
        lambda rows: rows.insert(2, rows[1]),
        lambda rows: rows.pop(),
        lambda rows: rows.__setitem__(1, _with(rows[1], reason="another")),
        lambda rows: rows.__setitem__(1, _with(rows[1], user="another")),
        lambda rows: rows.__setitem__(1, _with(rows[1], changes="[]")),
    ],
    ids=["left out", "turned", "doubled", "cut", "reason", "user", "changes"],
)
def test_any_change_breaks_the_chain(change):
    rows = chain(5)
    assert first_break(rows, ID, 5, rows[-1].sha256) is None
    head = rows[-1].sha256
    change(rows)
    assert first_break(rows, ID, 5, head) is not None


def _with(row, **changes):
    return replace(row, **changes)


def test_the_rows_of_another_study_do_not_fit():
    rows = chain(2)
    assert "does not follow" in first_break(rows, "another", 2, rows[-1].sha256)


def test_no_id_names_the_journal_of_another_study(journal):
    append(journal, chain(2))
    other = open_journal(f"{ID}-2")
    other.close()
    again = open_journal(ID)
    assert [f.row.seq for f in again.unsaved()] == [1, 2]
    again.close()


def test_the_folders_of_a_new_journal_are_synced(monkeypatch):
    synced, real = [], os.fsync

    def fsync(descriptor):
        synced.append(os.fstat(descriptor).st_ino)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    open_journal(ID).close()
    assert {folder.stat().st_ino for folder in (journal_folder(), data_dir(), data_dir().parent)} <= set(synced)


@pytest.mark.parametrize("gone", ["*", "*.sqlite", "*-wal"])
def test_a_journal_that_is_deleted_while_open_begins_again_with_all_its_rows(journal, gone):
    rows = chain(5)
    append(journal, rows[:2])
    for file in journal_folder().glob(gone):
        file.unlink()
    append(journal, rows[2:])
    other = open_journal(ID)  # what a program would find that starts after a crash
    assert [f.row for f in other.unsaved()] == rows
    other.close()


def test_two_programs_whose_journal_is_deleted_both_keep_their_rows(journal):
    other, rows = open_journal(ID), chain(4)
    append(journal, rows[:1], "/a.h5")
    append(other, rows[:1], "/b.h5")
    shutil.rmtree(journal_folder())
    append(journal, rows[1:3], "/a.h5")
    append(other, rows[1:3], "/b.h5")
    append(journal, rows[3:], "/a.h5")
    third = open_journal(ID)
    for path, n in (("/a.h5", 4), ("/b.h5", 3)):
        assert {f.row for f in third.unsaved() if f.path == path} == set(rows[:n])
    third.close()
    other.close()


def test_reading_makes_no_journal():
    assert open_journal_for_reading(ID) is None
    assert list(journal_folder().iterdir()) == []


def test_a_strange_id_is_no_path():
    with pytest.raises(UserFacingError, match=r"the study's id .* is not one"):
        open_journal("../../etc/passwd")


def test_an_edit_that_cannot_be_kept_is_not_made(path, monkeypatch):
    with open_study(path, "Zoë") as session:
        comment(session.document, "eins")
        before = session.study

        class Full:
            def execute(self, sql, *values):
                raise sqlite3.OperationalError("database or disk is full")

        connection = session._journal._connection
        monkeypatch.setattr(session._journal, "_connection", Full())
        with pytest.raises(UserFacingError, match="so nothing was changed"):
            comment(session.document, "zwei")
        assert session.study is before
        assert session.n_unsaved == 1
        monkeypatch.setattr(session._journal, "_connection", connection)
        comment(session.document, "drei")
    with open_study(path, "Zoë") as session:
        assert session.recovered.n_edits == 2
        assert session.study.reads[3].hairs[1].comment == "drei"


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_a_reason_that_no_file_can_hold_never_gets_into_the_trail(path, text):
    with open_study(path, "Zoë") as session:
        old = session.study.reads[3].hairs[1]
        patch = Patch("comment on hair", 3, (Change(Kind.HAIR, 1, old, replace(old, comment="x")),))
        with pytest.raises(UserFacingError, match="a name or reason has a character that no file can hold"):
            session.document.apply(patch, reason=text)
        assert session.n_unsaved == 0
        session.document.apply(patch, reason="x")
        session.save()


def test_without_a_place_for_journals_a_study_is_read_only(path, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("TRICHODESK_HOME", str(tmp_path / "file"))
    with open_study(path, "Zoë") as session:
        assert "the program's own folder cannot be made" in session.read_only_because
        assert len(session.study.reads) == 4


def test_an_unwritable_journal_makes_a_study_read_only(path, monkeypatch):
    real = sqlite3.connect

    def refuse(database, *args, **more):
        if "mode=ro" not in str(database):
            raise sqlite3.OperationalError("attempt to write a readonly database")
        return real(database, *args, **more)

    monkeypatch.setattr(sqlite3, "connect", refuse)
    with open_study(path, "Zoë") as session:
        assert "attempt to write a readonly database" in session.read_only_because
        with pytest.raises(UserFacingError, match="read-only"):
            comment(session.document, "x")
