"""Which unsaved edits come back, after moves, copies, backups and damage."""

import random
import shutil
import sqlite3

import pytest

from tests.workstation.storage.forging import resealed
from tests.workstation.storage.opening import edit_and_crash, opened, texts_of
from tests.workstation.storage.studies import comment, read, same, study
from workstation.model.patch import Change, Kind, Patch
from workstation.session import open_study
from workstation.storage.content import content_of
from workstation.storage.journal import StudyJournal
from workstation.storage.journal_file import journal_folder
from workstation.storage.writer import write_content


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
        assert second.startswith("This is an earlier state of the study, up to edit 1; the last one held edit 2,")
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
    in_journal("UPDATE edits SET changes = replace(changes, 'drei', 'XXXX') WHERE seq = 4")
    with opened(path) as session:
        assert texts_of(session) == "zwei"
        assert session.recovered.n_edits == 2
        (notice,) = session.recovered.notices
        assert "2 edits from " in notice
        assert "the journal is damaged from edit 4 on" in notice
        comment(session.document, "fünf")
    with opened(path) as session:
        assert (texts_of(session), session.recovered.n_edits) == ("fünf", 3)
        assert session.recovered.notices == ()
        session.save()
    with opened(path) as session:
        assert (texts_of(session), session.recovered.n_edits, session.recovered.notices) == ("fünf", 0, ())


def test_a_row_that_is_missing_ends_the_recovery(path):
    edit_and_crash(path, "eins", "zwei", "drei")
    in_journal("DELETE FROM edits WHERE seq = 2")
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


@pytest.mark.parametrize("column", ["utc", "reason", "previous", "software_version"])
@pytest.mark.parametrize("value", ["'nonsense'", "x'ff00'", "NULL", "7.5"])
def test_a_row_damaged_in_any_way_ends_the_recovery(path, column, value):
    edit_and_crash(path, "eins", "zwei", "drei")
    in_journal(f"UPDATE edits SET {column} = {value} WHERE seq = 3")
    with opened(path) as session:
        assert session.read_only_because is None
        assert (texts_of(session), session.recovered.n_edits) == ("eins", 1)
        (notice,) = session.recovered.notices
        assert "2 edits from " in notice
        assert "damaged from edit 3 on" in notice


def test_text_that_is_no_utf8_ends_the_recovery(path):
    edit_and_crash(path, "eins", "zwei", "drei")
    in_journal("UPDATE edits SET reason = CAST(x'c328' AS TEXT) WHERE seq = 4")
    with opened(path) as session:
        assert session.read_only_because is None
        assert (texts_of(session), session.recovered.n_edits, len(session.recovered.notices)) == ("zwei", 2, 1)


def test_a_row_whose_path_was_damaged_follows_by_its_hash(path):
    edit_and_crash(path, "eins", "zwei", "drei")
    in_journal("UPDATE edits SET path = '/nowh' || char(0) || 're' WHERE seq = 3")
    for _ in range(2):
        with opened(path) as session:
            assert (texts_of(session), session.recovered.n_edits, session.recovered.notices) == ("drei", 3, ())


def test_tables_that_are_none_of_ours_are_damage(path):
    edit_and_crash(path, "eins")
    in_journal("ALTER TABLE edits RENAME TO editz")
    with opened(path) as session:
        assert session.read_only_because is None
        assert "The journal of unsaved edits was damaged. 0 edits" in session.recovered.notices[0]


def test_a_journal_that_cannot_be_read_does_not_hide_the_study(path):
    edit_and_crash(path, "eins")
    in_journal("DROP TABLE edits")
    with open_study(path, "Zoë", read_only=True) as session:
        assert same(session.study, study())
        assert session.recovered.notices[0].startswith("Unsaved edits could not be looked for: ")


def test_flipped_bits_in_the_journal_lose_nothing_unsaid(path):
    edit_and_crash(path, *(f"{k}" for k in range(12)))
    (file,) = journal_folder().glob("*.sqlite")
    whole, rng = file.read_bytes(), random.Random(5)
    damaged = 0
    for position in range(rng.randrange(500), len(whole), len(whole) // 60):
        changed = bytearray(whole)
        changed[position] ^= 1 << rng.randrange(8)
        for found in journal_folder().iterdir():
            found.unlink()
        file.write_bytes(changed)
        with opened(path) as session:
            assert session.read_only_because is None
            n = session.recovered.n_edits
            assert texts_of(session) == (f"{n - 1}" if n else "")
            assert n == 12 or session.recovered.notices
            damaged += n < 12
    assert damaged > 10


def test_a_copy_takes_no_edits_of_a_save_that_was_not_noted(path, tmp_path, monkeypatch):
    """The original was replaced and its program killed before it could say so: its edits are in its file."""
    copy = tmp_path / "copy.h5"
    shutil.copy(path, copy)
    with opened(path) as session:
        comment(session.document, "eins")
        with monkeypatch.context() as patch:
            patch.setattr(StudyJournal, "mark_saved", lambda *_, **__: None)
            session.save()
        comment(session.document, "zwei")
    with opened(copy) as session:
        assert (texts_of(session), session.recovered.n_edits) == ("", 0)
        assert f"were made on {path} and belong there" in session.recovered.notices[0]
    with opened(path) as session:
        assert (texts_of(session), session.recovered.n_edits) == ("zwei", 1)


def test_a_copy_takes_no_edits_of_a_study_that_is_open(path, tmp_path):
    """Its file was renamed under it: it still has the edits, and a save puts them where they were made."""
    with opened(path) as session:
        comment(session.document, "eins")
        renamed = path.rename(tmp_path / "renamed.h5")
        with opened(renamed) as other:
            assert (texts_of(other), other.recovered.n_edits) == ("", 0)
            assert f"were made on {path} and belong there" in other.recovered.notices[0]
        comment(session.document, "zwei")
    with opened(renamed) as other:  # nobody has it open any more
        assert (texts_of(other), other.recovered.n_edits) == ("zwei", 2)


def test_edits_made_over_another_mount_of_the_same_folder_are_its_own(path, tmp_path):
    edit_and_crash(path, "eins")
    (tmp_path / "mount").symlink_to(path.parent)
    in_journal("UPDATE edits SET path = ?", str(tmp_path / "mount" / path.name))
    with opened(path) as session:
        assert (texts_of(session), session.recovered.n_edits, session.recovered.notices) == ("eins", 1, ())
        session.save()
    with opened(path) as session:
        assert (texts_of(session), session.recovered.n_edits) == ("eins", 0)


def test_a_hard_link_in_another_folder_is_a_copy(path, tmp_path):
    (tmp_path / "other").mkdir()
    link = tmp_path / "other" / path.name
    link.hardlink_to(path)
    edit_and_crash(path, "eins")
    with opened(link) as session:
        assert (texts_of(session), session.recovered.n_edits, len(session.recovered.notices)) == ("", 0, 1)
    with opened(path) as session:
        assert texts_of(session) == "eins"
