"""Opening, editing, saving and recovering a study."""

import os
import threading
from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.storage.opening import edit_and_crash, opened, texts_of
from tests.workstation.storage.studies import comment, same, study
from workstation.edits.reads import begin_read
from workstation.errors import UserFacingError
from workstation.session import create_study, open_study
from workstation.storage.content import content_of
from workstation.storage.journal import StudyJournal, journal_folder
from workstation.storage.reader import read_state, read_study
from workstation.storage.writer import write_content


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
    assert revisions == [7, 6, 5, 4]
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
    assert len(read_study(path).audit_rows) == 7


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
    assert read_state(path).revision == n + 1


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
        create_study(path, study(), user="Ada")
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


def test_a_tail_cut_off_the_file_is_noticed(path):
    with opened(path) as session:
        for text in ("eins", "zwei", "drei"):
            comment(session.document, text)
            session.save()
    file = read_study(path)
    forged = content_of(file.study, file.audit_rows[:3], [])
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
        assert "Audit row 3 does not agree with the study" in session.recovered.notices[-1]
        assert not session.document.can_undo
        comment(session.document, "drei")
        assert session.document.history.last_seq == 4


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


def test_a_save_that_waited_while_the_study_was_closed_is_refused(path, monkeypatch):
    session = opened(path)
    comment(session.document, "eins")

    class ClosedMeanwhile:
        def __init__(self, lock):
            self.lock = lock

        def __enter__(self):
            monkeypatch.setattr(session, "_saving", self.lock)
            session.close()

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(session, "_saving", ClosedMeanwhile(session._saving))
    with pytest.raises(UserFacingError, match="it is closed"):
        session.save()
    assert read_state(path).revision == 1


def test_a_study_that_the_journal_cannot_note_is_not_made(path, monkeypatch):
    def full(*_, **__):
        raise UserFacingError("the journal of edits cannot be written")

    monkeypatch.setattr(StudyJournal, "intend", full)
    with pytest.raises(UserFacingError, match="the journal of edits cannot be written"):
        create_study(path.with_name("new.h5"), study(), user="Ada")
    assert [p.name for p in path.parent.iterdir()] == ["trial.h5"]


def test_a_folder_that_cannot_be_listed_may_hold_a_study(path, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "iterdir", refuse)
    with opened(path) as session:
        assert session.read_only_because is None


def test_a_closed_session_takes_no_edits(path):
    session = opened(path)
    session.close()
    with pytest.raises(UserFacingError):
        comment(session.document, "x")
    with pytest.raises(UserFacingError, match="it is closed"):
        session.save()
    session.close()
