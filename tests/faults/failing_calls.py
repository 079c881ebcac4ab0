"""A disk that fails at one call of a save or an edit: what the system and SQLite are asked for, each in its turn."""

import errno
import os
import pathlib
import sqlite3

import pytest

from tests.workstation.storage.studies import comment
from workstation.errors import UserFacingError
from workstation.session import open_study

OS_CALLS = ("open", "close", "write", "fsync", "fdatasync", "ftruncate", "replace", "link", "unlink", "chmod")


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


def names_of_calls(path, act="save"):
    """The calls that a save, or an edit, makes where none fails."""
    with open_study(path, "Zoë") as session:
        for k in range(3):  # with backups to turn
            comment(session.document, f"zuvor {k}")
            session.save()
        comment(session.document, "gezählt")
        faults = Faults()
        with pytest.MonkeyPatch.context() as patch:
            faults.install(patch, session)
            session.save() if act == "save" else comment(session.document, "noch gezählt")
    return faults.names


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


def edit_with_fault(session, text, error, at):
    """Make an edit while one call fails; what was raised."""
    faults = Faults(error, at)
    with pytest.MonkeyPatch.context() as patch:
        faults.install(patch, session)
        try:
            comment(session.document, text)
        except (UserFacingError, ZeroDivisionError) as raised:
            return raised
    return None
