"""Every system call of a save fails once, in turn: the file stays good, no edit is lost, the next save works."""

import errno
import os
import pathlib
import sqlite3

import pytest

from tests.workstation.storage.studies import comment
from workstation.errors import UserFacingError
from workstation.session import open_study
from workstation.storage.reader import read_state, read_study

OS_CALLS = ("open", "close", "fsync", "replace", "link", "unlink", "chmod")


class Faults:
    """Counts the calls that a save makes, and lets the one with a given number fail."""

    def __init__(self, error=None, at=None):
        self.error, self.at, self.names = error, at, []
        self.replaced = False
        """Whether the study file was replaced before the fault, or without one."""

    def __call__(self, name):
        self.names.append(name)
        if len(self.names) - 1 == self.at:
            raise self.error()

    def install(self, monkeypatch, session):
        for name in OS_CALLS:
            monkeypatch.setattr(os, name, self.wrapped(name, getattr(os, name)))
        faults, real_open = self, pathlib.Path.open

        def open_with_faults(self, mode="r", *args, **more):
            if "w" not in mode:
                return real_open(self, mode, *args, **more)
            faults("Path.open")
            return FailingFile(real_open(self, mode, *args, **more), faults)

        monkeypatch.setattr(pathlib.Path, "open", open_with_faults)
        journal = session._journal
        monkeypatch.setattr(journal, "_connection", FailingConnection(journal._connection, self))

    def wrapped(self, name, real):
        def call(*args, **more):
            if name == "close":  # the descriptor is gone even where closing it reports an error
                real(*args, **more)
                return self(name)
            self(name)
            real_result = real(*args, **more)
            self.replaced |= name == "replace" and str(args[1]).endswith(".h5")
            return real_result

        return call


class FailingFile:
    def __init__(self, file, faults):
        self.file, self.faults = file, faults

    def write(self, data):
        self.faults("write")
        half = len(data) // 2
        self.file.write(data[:half])
        self.faults("second half of write")
        self.file.write(data[half:])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.faults("flush and close")


class FailingConnection:
    def __init__(self, connection, faults):
        self.connection, self.faults = connection, faults

    def execute(self, sql, *values):
        if not sql.startswith("ROLLBACK"):
            try:
                self.faults(f"SQL {sql.split()[0]}")
            except OSError as error:
                raise sqlite3.OperationalError("database or disk is full") from error
        return self.connection.execute(sql, *values)

    def executemany(self, sql, values):
        return self.connection.executemany(sql, values)

    def close(self):
        self.connection.close()


def full():
    return OSError(errno.ENOSPC, "No space left on device")


def strange():
    return ZeroDivisionError("a bug")


def names_of_calls(path):
    """The calls that a save makes, by a save that meets no fault."""
    with open_study(path, "Zoë") as session:
        for k in range(3):  # with backups to turn
            comment(session.document, f"zuvor {k}")
            session.save()
        comment(session.document, "gezählt")
        faults = Faults()
        with pytest.MonkeyPatch.context() as patch:
            faults.install(patch, session)
            session.save()
    return faults.names


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


def save_with_fault(session, error, at):
    """Save while one call fails; what was raised, and whether the file was replaced all the same."""
    faults = Faults(error, at)
    with pytest.MonkeyPatch.context() as patch:
        faults.install(patch, session)
        try:
            session.save()
        except (UserFacingError, ZeroDivisionError) as raised:
            return raised, faults.replaced
    return None, faults.replaced


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
