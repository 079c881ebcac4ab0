"""Opening, editing, saving and recovering a study."""

import os
import shutil
import sqlite3
import threading
from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.storage.forging import resealed
from tests.workstation.storage.studies import comment, read, same, study
from workstation.edits.reads import begin_read
from workstation.errors import UserFacingError
from workstation.model.patch import Change, Kind, Patch
from workstation.session import create_study, open_study
from workstation.storage.content import content_of
from workstation.storage.journal import journal_folder
from workstation.storage.reader import read_state, read_study
from workstation.storage.writer import write_content


def opened(path, user="Zoë"):
    return open_study(path, user)


def edit_and_crash(path, *texts):
    """Edits that are committed and never saved: all that a killed program leaves behind but its lock."""
    with opened(path) as session:
        for text in texts:
            comment(session.document, text)


def texts_of(session):
    return session.study.reads[3].hairs[1].comment


def test_a_saved_edit_is_in_the_file(path):
    with opened(path) as session:
        comment(session.document, "eins")
        assert session.n_unsaved == 1
        session.save()
        assert session.n_unsaved == 0
        assert session.state == read_state(path)
    assert read_study(path).study.reads[3].hairs[1].comment == "eins"
    assert same(read_study(path.with_name("trial.h5.bak")).study, study())
    with opened(path) as session:
        assert session.recovered.message == ""
        assert session.recovered.notices == ()


def test_saving_what_is_saved_writes_nothing(path):
    with opened(path) as session:
        comment(session.document, "eins")
        session.save()
        before = path.stat()
        session.save()
        assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert not path.with_name("trial.h5.bak2").exists()


def test_backups_are_kept(path):
    with opened(path) as session:
        for k in range(6):
            comment(session.document, f"{k}")
            session.save()
    revisions = [read_state(path.with_name(f"trial.h5{e}")).revision for e in ("", ".bak", ".bak2", ".bak3")]
    assert revisions == [6, 5, 4, 3]
    assert sorted(p.name for p in path.parent.iterdir()) == [
        "trial.h5",
        "trial.h5.bak",
        "trial.h5.bak2",
        "trial.h5.bak3",
    ]


def test_unsaved_edits_come_back(path):
    edit_and_crash(path, "eins", "zwei", "drei")
    with opened(path) as session:
        assert texts_of(session) == "drei"
        assert session.recovered.n_edits == 3
        assert session.recovered.message.startswith("Recovered 3 edits from ")
        assert session.n_unsaved == 3
        comment(session.document, "vier")
        session.save()
    with opened(path) as session:
        assert (texts_of(session), session.recovered.n_edits) == ("vier", 0)


def test_undo_works_across_restarts(path):
    edit_and_crash(path, "eins")
    with opened(path) as session:
        comment(session.document, "zwei")
        session.save()
    edit_and_crash(path, "drei")
    with opened(path) as session:
        for expected in ("zwei", "eins", ""):
            change = session.document.undo()
            assert texts_of(session) == expected
            assert change.entry.selection_before.hair_ids == {1}
        assert not session.document.can_undo
        session.save()
    with opened(path) as session:
        assert session.document.can_redo
        session.document.redo()
        assert texts_of(session) == "eins"
        session.document.redo()
        assert texts_of(session) == "zwei"
    assert len(read_study(path).audit_rows) == 6


def test_a_read_that_was_begun_and_never_saved_comes_back(path):
    with opened(path, "Ann") as session:
        session.document.apply(begin_read(session.study, 1, 1, "Ann", "2026-02-05T10:00:00Z"))
        (own,) = [r for r in session.study.reads.values() if r.reader == "Ann"]
        comment(session.document, "von Ann", read_id=own.id)
        expected = session.study
    with opened(path, "Ann") as session:
        assert same(session.study, expected)
        session.save()
    with opened(path, "Ann") as session:
        assert same(session.study, expected)
        assert session.document.undo_text == "comment on hair"
        session.document.undo()
        assert not session.document.can_undo


def test_an_edit_during_a_save_stays_unsaved(path, monkeypatch):
    with opened(path) as session:
        comment(session.document, "vor dem Sichern")

        def slow(target, content, images):
            comment(session.document, "beim Sichern")
            write_content(target, content, images)

        monkeypatch.setattr("workstation.session.write_content", slow)
        session.save()
        assert session.n_unsaved == 1
    assert read_study(path).study.reads[3].hairs[1].comment == "vor dem Sichern"
    with opened(path) as again:
        assert (again.recovered.n_edits, texts_of(again)) == (1, "beim Sichern")


def test_saving_on_another_thread_while_editing(path):
    with opened(path) as session:
        failed = []

        def save():
            try:
                for _ in range(8):
                    session.save()
            except Exception as error:  # noqa: BLE001
                failed.append(error)

        thread = threading.Thread(target=save)
        thread.start()
        n = 0
        while thread.is_alive():
            n += 1
            comment(session.document, f"{n}")
        thread.join()
        assert failed == []
    with opened(path) as session:
        assert texts_of(session) == f"{n}"
        assert len(session.document.history.done) == n
        session.save()
    assert read_state(path).revision == n


def test_a_file_that_another_program_changed_is_not_saved_over(path):
    with opened(path) as session:
        comment(session.document, "eins")
        write_content(path, content_of(study(9), [], []), {})
        changed = path.read_bytes()
        with pytest.raises(UserFacingError, match="another program changed the file since it was opened"):
            session.save()
        assert path.read_bytes() == changed
        assert session.n_unsaved == 1
        path.rename(path.with_name("other.h5"))
        session.save()
    assert read_study(path).study.reads[3].hairs[1].comment == "eins"


def test_a_file_that_was_deleted_is_saved_again(path):
    with opened(path) as session:
        comment(session.document, "eins")
        path.unlink()
        session.save()
        path.unlink()
        session.save()
    assert read_study(path).study.reads[3].hairs[1].comment == "eins"


def test_a_new_study_replaces_nothing(path):
    before = path.read_bytes()
    with pytest.raises(UserFacingError, match="there is already a file of this name"):
        create_study(path, study())
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["trial.h5"]


def test_read_only_changes_nothing(path):
    edit_and_crash(path, "eins")
    before = {p: p.read_bytes() for p in [path, *journal_folder().iterdir()]}
    with open_study(path, "Ann", read_only=True) as session:
        assert session.read_only_because == "it was opened read-only"
        assert texts_of(session) == "eins"
        assert [p.name for p in path.parent.iterdir()] == ["trial.h5"]
    assert {p: p.read_bytes() for p in before} == before
    with opened(path) as session:
        assert session.recovered.n_edits == 1


def test_a_moved_study_takes_its_edits_along(path, tmp_path):
    edit_and_crash(path, "eins")
    moved = tmp_path / "elsewhere.h5"
    path.rename(moved)
    with opened(moved) as session:
        assert texts_of(session) == "eins"
        assert session.recovered.notices == ()
        comment(session.document, "zwei")
    with opened(moved) as session:
        assert (texts_of(session), session.recovered.n_edits) == ("zwei", 2)
        session.save()
    with opened(moved) as session:
        assert session.recovered.n_edits == 0


def test_a_copy_takes_no_edits_from_its_original(path, tmp_path):
    copy = tmp_path / "copy.h5"
    shutil.copy(path, copy)
    edit_and_crash(path, "eins", "zwei")
    with opened(copy) as session:
        assert texts_of(session) == ""
        assert session.recovered.n_edits == 0
        (notice,) = session.recovered.notices
        assert notice.startswith("2 edits from ")
        assert f"were made on {path} and belong there" in notice
        comment(session.document, "im Doppel")
        session.save()
    with opened(path) as session:
        assert texts_of(session) == "zwei"
        session.save()
    with opened(copy) as session:
        assert (texts_of(session), session.recovered.notices) == ("im Doppel", ())


def test_both_copies_may_be_edited_at_once(path, tmp_path):
    copy = tmp_path / "copy.h5"
    shutil.copy(path, copy)
    with opened(path) as a, opened(copy) as b:
        for k in range(3):
            comment(a.document, f"a{k}")
            comment(b.document, f"b{k}")
    with opened(path) as a, opened(copy) as b:
        assert (texts_of(a), texts_of(b)) == ("a2", "b2")
        a.save()
    with opened(path) as a, opened(copy) as b:
        assert (texts_of(a), texts_of(b)) == ("a2", "b2")
        assert (a.recovered.n_edits, b.recovered.n_edits) == (0, 3)


def test_an_older_backup_gets_no_later_edits(path):
    with opened(path) as session:
        comment(session.document, "eins")
        session.save()
        comment(session.document, "zwei")
    newer = path.read_bytes()
    shutil.copy(path.with_name("trial.h5.bak"), path)
    with opened(path) as session:
        assert texts_of(session) == ""
        assert session.recovered.n_edits == 0
        first, second = session.recovered.notices
        assert "1 edit from " in first
        assert "were made on another state of this study and were not applied" in first
        assert second.startswith("This is an earlier state of the study, up to edit 0; the last one held edit 1,")
        assert same(session.study, study())
    path.write_bytes(newer)
    with opened(path) as session:
        assert (texts_of(session), session.recovered.n_edits) == ("zwei", 1)
        assert session.recovered.notices == ()


def test_work_can_go_on_from_an_older_backup(path):
    with opened(path) as session:
        comment(session.document, "eins")
        session.save()
        comment(session.document, "zwei")
    newer = path.read_bytes()
    shutil.copy(path.with_name("trial.h5.bak"), path)
    with opened(path) as session:
        comment(session.document, "anders")
        session.save()
    with opened(path) as session:
        assert (texts_of(session), session.recovered.notices) == ("anders", ())
    path.write_bytes(newer)
    with opened(path) as session:
        assert (texts_of(session), session.recovered.n_edits) == ("zwei", 1)


def test_the_backup_that_unsaved_edits_belong_to_is_named(path):
    edit_and_crash(path, "eins")
    original = path.read_bytes()
    write_content(path, resealed(content_of(study(9), [], [])), {})
    path.with_name("trial.h5.bak").write_bytes(original)
    with opened(path) as session:
        assert any("trial.h5.bak is that state" in notice for notice in session.recovered.notices)


def test_without_its_journal_a_study_opens_as_saved(path):
    with opened(path) as session:
        comment(session.document, "eins")
        session.save()
        comment(session.document, "zwei")
    shutil.rmtree(journal_folder())
    with opened(path) as session:
        assert texts_of(session) == "eins"
        assert session.recovered.notices == ()
        comment(session.document, "drei")
        session.save()
        assert session.document.undo() is not None
        assert texts_of(session) == "eins"


def in_journal(sql, *values):
    (file,) = journal_folder().glob("*.sqlite")
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(sql, values)
    connection.close()


def test_a_journal_damaged_in_the_middle_gives_what_comes_before(path):
    edit_and_crash(path, "eins", "zwei", "drei", "vier")
    in_journal("UPDATE edits SET changes = replace(changes, 'drei', 'XXXX') WHERE seq = 3")
    with opened(path) as session:
        assert texts_of(session) == "zwei"
        assert session.recovered.n_edits == 2
        (notice,) = session.recovered.notices
        assert "2 edits from " in notice
        assert "the journal is damaged from edit 3 on" in notice
        comment(session.document, "fünf")
    with opened(path) as session:
        assert (texts_of(session), session.recovered.n_edits) == ("fünf", 3)
        assert session.recovered.notices == ()
        session.save()
    with opened(path) as session:
        assert (texts_of(session), session.recovered.n_edits, session.recovered.notices) == ("fünf", 0, ())


def test_a_row_that_is_missing_ends_the_recovery(path):
    edit_and_crash(path, "eins", "zwei", "drei")
    in_journal("DELETE FROM edits WHERE seq = 1")
    with opened(path) as session:
        assert (texts_of(session), session.recovered.n_edits) == ("", 0)
        assert "2 edits" in session.recovered.notices[0]


def test_a_damaged_read_ends_the_recovery(path):
    with opened(path, "Ann") as session:
        comment_read = read(5, 1, 4, 8, based_on=1)
        session.document.apply(Patch("begin read", None, (Change(Kind.READ, 5, None, comment_read),)))
    in_journal("UPDATE reads SET zlib = x'00'")
    with opened(path, "Ann") as session:
        assert 5 not in session.study.reads
        assert "1 edit from" in session.recovered.notices[0]


def test_a_tail_cut_off_the_file_is_noticed(path):
    with opened(path) as session:
        for text in ("eins", "zwei", "drei"):
            comment(session.document, text)
            session.save()
    file = read_study(path)
    forged = content_of(file.study, file.audit_rows[:2], [])
    write_content(path, forged, {})
    with opened(path) as session:
        assert any("its tail is missing" in notice for notice in session.recovered.notices)


def test_a_trail_that_does_not_lead_to_the_study_is_noticed(path):
    with opened(path) as session:
        comment(session.document, "eins")
        comment(session.document, "zwei")
        session.save()
    file = read_study(path)
    write_content(path, content_of(study(), file.audit_rows, []), {})
    with opened(path) as session:
        assert "Audit row 2 does not agree with the study" in session.recovered.notices[-1]
        assert not session.document.can_undo
        comment(session.document, "drei")
        assert session.document.history.last_seq == 3


def test_a_study_from_elsewhere_with_impossible_values_is_read_only(tmp_path):
    one = study()
    small = replace(one.images[1], width_px=100, height_px=100)
    bad = replace(one, images=MappingProxyType({1: small, 2: one.images[2]}))
    write_content(tmp_path / "a.h5", content_of(bad, [], []), {})
    with opened(tmp_path / "a.h5") as session:
        assert session.read_only_because.startswith("it holds what no edit could have made: read 1: hair 1 leaves the")


def test_what_a_killed_save_left_is_removed(path):
    left = path.with_name(".trial.0123456789ab.tmp.h5")
    other = path.with_name(".trial.b.0123456789ab.tmp.h5")
    drafts = [path.with_name(f"trial.h5.lock.{letter * 32}") for letter in "ab"]
    for file in (left, other, *drafts):
        file.write_bytes(b"half")
    os.utime(drafts[0], (0, 0))
    opened(path).close()
    assert [file.exists() for file in (left, other, *drafts)] == [False, True, False, True]


def test_a_journal_that_cannot_be_read_does_not_hide_the_study(path):
    edit_and_crash(path, "eins")
    in_journal("DROP TABLE edits")
    with open_study(path, "Zoë", read_only=True) as session:
        assert same(session.study, study())
        assert session.recovered.notices[0].startswith("Unsaved edits could not be looked for: ")


def test_a_closed_session_takes_no_edits(path):
    session = opened(path)
    session.close()
    with pytest.raises(UserFacingError):
        comment(session.document, "x")
    with pytest.raises(UserFacingError, match="it is closed"):
        session.save()
    session.close()
