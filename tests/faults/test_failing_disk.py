"""Every system call of a save fails once, in turn: the file stays good, no edit is lost, the next save works."""

import os

import pytest

from tests.faults.failing_calls import edit_with_fault, full, names_of_calls, save_with_fault, strange
from tests.workstation.storage.opening import texts_of
from tests.workstation.storage.studies import comment
from workstation.errors import UserFacingError
from workstation.session import open_study
from workstation.storage.reader import read_state, read_study


def test_the_calls_of_a_save(path):
    names = names_of_calls(path)
    first = {name: names.index(name) for name in names}
    order = ["Path.open", "write", "fsync", "SQL INSERT", "link", "SQL UPDATE"]
    assert [n for n in sorted(first, key=first.get) if n in order] == order
    assert names.count("fsync") == 2  # the file, then its folder
    assert names.count("replace") == 4  # three backups, then the study
    assert names.index("fsync") < names.index("replace")
    last = len(names) - 1 - names[::-1].index("replace")
    assert names.index("SQL UPDATE") > last + names[last:].index("fsync")


SAID = ("the disk is full", "the journal of edits cannot be written")


@pytest.mark.parametrize(("error", "step"), [(full, 1), (strange, 4)])
def test_every_fault_leaves_a_good_file_and_every_edit(path, error, step):
    n_calls = len(names_of_calls(path))
    n_edits, stopped = read_state(path).revision, 0
    faulty_calls = range(0, n_calls, step)
    for k in faulty_calls:
        before = path.read_bytes()
        with open_study(path, "Zoë") as session:
            assert session.recovered.notices == ()
            assert session.document.history.last_seq == n_edits
            comment(session.document, f"mit Fehler {k}")
            n_edits += 1
            raised, replaced = save_with_fault(session, error, k)
            if raised is not None:
                stopped += 1
                assert isinstance(raised, ZeroDivisionError if error is strange else UserFacingError)
                assert error is strange or raised.what.startswith(SAID)
                assert error is strange or raised.remedy
            if replaced:
                assert read_study(path).state.revision == n_edits
            else:
                assert path.read_bytes() == before
                assert session.n_unsaved > 0
            if k % 3 == 0:  # the same session saves at the next attempt
                session.save()
                assert session.n_unsaved == 0
                assert read_study(path).state.revision == n_edits
    assert stopped > len(faulty_calls) / 2
    with open_study(path, "Zoë") as session:
        assert session.study.reads[3].hairs[1].comment == f"mit Fehler {faulty_calls[-1]}"
        session.save()
        assert read_study(path).state.revision == n_edits
        while session.document.undo():
            pass
        assert session.study.reads[3].hairs[1].comment == ""
    assert list(path.parent.glob(".*")) == []


def test_the_calls_of_an_edit(path):
    names = names_of_calls(path, "edit")
    assert names[:3] == ["SQL BEGIN", "SQL INSERT", "SQL COMMIT"]
    assert names[3:] == ["open", "write", "ftruncate", "fdatasync" if hasattr(os, "fdatasync") else "fsync", "close"]


def test_an_edit_is_in_the_journal_or_refused(path):
    """A disk that is full at a commit refuses the edit; at the note after it, the edit stands."""
    names = names_of_calls(path, "edit")
    with open_study(path, "Zoë") as session:
        before = texts_of(session)
        for k, name in enumerate(names):
            raised = edit_with_fault(session, f"mit Fehler {k}", full, k)
            assert (raised is None) == (not name.startswith("SQL"))
            if raised is not None:
                assert raised.what.startswith("the journal of edits cannot be written (database or disk is full)")
                assert texts_of(session) == before
            before = texts_of(session)
    with open_study(path, "Zoë") as session:
        assert texts_of(session) == before == f"mit Fehler {len(names) - 1}"
        assert session.recovered.notices == ()
