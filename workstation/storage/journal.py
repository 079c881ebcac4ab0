"""The journal: committed edits on the local disk before anybody sees them, in one SQLite file per study.

Several copies of a study have the same id and share its journal, so each row says to which file, and to which state of
it (`base`, a content digest), it belongs. Nothing is deleted: a row is first `open`, and `saved` once the study file
that holds it is on disk; one that could not be used is put `aside`.
"""

import sqlite3
import threading
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, fields
from functools import lru_cache
from pathlib import Path

from workstation.clock import utc_seconds
from workstation.errors import UserFacingError
from workstation.model.patch import Change
from workstation.storage.audit import AuditRow
from workstation.storage.codec import ReadBlobs, encode_changes
from workstation.storage.content import FileState
from workstation.storage.journal_file import (
    EDIT_COLUMNS,
    connected,
    copy_rows,
    explained,
    generations,
    identity,
    journal_folder,
    lenient,
    log_of,
    successor,
    take_over,
    unwritable,
)
from workstation.storage.journal_reach import Reach, forget, note, reaches

OPEN, SAVED, ASIDE = "open", "saved", "aside"


@dataclass(frozen=True, slots=True)
class JournalRow:
    """An edit that is not in a study file yet, as far as the journal knows."""

    path: str
    """The study file that was edited."""
    base: str
    """Content digest of the state of that file which the edit, and those before it, follow."""
    aside: bool
    """It could not be used before, and the user was told."""
    row: AuditRow


@dataclass(frozen=True, slots=True)
class Save:
    """A state of the study that was put in a file, or was about to be."""

    path: str
    base: str
    """The state that the file had before."""
    done: bool
    """False where the program ended before it could say that the file was in place."""
    state: FileState
    utc: str


def pack_ahead(changes: tuple[Change, ...]) -> None:
    """Do beforehand, on any thread, what takes longest of appending these changes: writing out a whole read."""
    _, blobs = encode_changes(changes)
    for text in blobs.values():
        _packed(text)


@lru_cache(maxsize=1)
def _packed(text: bytes) -> bytes:
    return zlib.compress(text, 1)


class StudyJournal:
    """The journal of one study; safe to use from several threads and processes."""

    def __init__(self, file: Path, connection: sqlite3.Connection, log_found: bytes = b"") -> None:
        self.file = file
        self.notice = ""
        """What the user should know: that the journal had been damaged, say."""
        self.log_found = log_found
        """SQLite's log beside the file as it was before anybody opened it."""
        self._connection = connection
        self.identity = identity(file)
        self._lock = threading.Lock()

    def append(self, row: AuditRow, blobs: ReadBlobs, *, path: str, base: str) -> None:
        """Put an edit on disk, synced, before returning.

        Raises:
            UserFacingError: if it could not be written; then it is not in the journal.
        """
        packed = [(digest, _packed(text)) for digest, text in blobs.items()]
        marks = ", ".join("?" * (3 + len(fields(AuditRow))))
        with self._transaction() as sql:
            sql.executemany("INSERT OR IGNORE INTO reads VALUES (?, ?)", packed)
            sql.execute(
                f"INSERT INTO edits (path, base, state, {EDIT_COLUMNS}) VALUES ({marks})",
                (path, base, OPEN, *astuple(row)),
            )
        note(self.file, path, row)

    def cut_off(self, in_file: Collection[str]) -> list[Reach]:
        """The last edits of this study's files that were committed and are in the journal no more: it is damaged from
        somewhere before them on.

        Args:
            in_file: hashes of the rows that the study file holds; those are missed nowhere.

        Raises:
            UserFacingError: if the journal cannot be read.
        """
        found = [reach for reach in reaches(self.file) if reach.sha256 not in in_file]
        query = "SELECT 1 FROM edits WHERE sha256 = ? LIMIT 1"
        with self._lock, explained(self.file):
            return [r for r in found if self._connection.execute(query, (r.sha256,)).fetchone() is None]

    def keep_damaged(self, cut_off: Iterable[Reach]) -> Path | None:
        """Keep SQLite's log as it was found, behind whose damage there may be edits, and miss them no more.

        Returns:
            The copy; None where there was no log, or no room for a copy.
        """
        for reach in cut_off:
            forget(self.file, reach.path)
        if not self.log_found:
            return None
        kept = self.file.with_name(f"{self.file.stem}.{utc_seconds().replace(':', '')}.damaged-wal")
        try:
            kept.write_bytes(self.log_found)
        except OSError:
            return None
        self.log_found = b""
        return kept

    def unsaved(self) -> list[JournalRow]:
        """Edits that are in no study file yet, oldest first, those put aside included."""
        query = f"SELECT path, base, state, {EDIT_COLUMNS} FROM edits WHERE state <> ? ORDER BY n"
        with self._lock, explained(self.file):
            found = self._connection.execute(query, (SAVED,)).fetchall()
        return [JournalRow(str(path), str(base), state == ASIDE, AuditRow(*row)) for path, base, state, *row in found]

    def read_text(self, digest: str) -> bytes:
        """The text of a whole read that an unsaved edit brought in.

        Raises:
            KeyError: if it is not there.
            ValueError: if it is damaged.
        """
        with self._lock, explained(self.file):
            found = self._connection.execute("SELECT zlib FROM reads WHERE sha256 = ?", (digest,)).fetchone()
        if found is None:
            raise KeyError(f"the journal has no read {digest[:12]}…")
        try:
            return zlib.decompress(found[0])
        except zlib.error as error:
            raise ValueError(f"the read {digest[:12]}… in the journal is damaged") from error

    def saves(self) -> list[Save]:
        """Every state that was put in a file from here, oldest first."""
        query = "SELECT path, base, done, utc, study_id, revision, audit_sha256, digest FROM saves ORDER BY n"
        with self._lock, explained(self.file):
            found = self._connection.execute(query).fetchall()
        saves = [Save(path, base, bool(done), FileState(*state), utc) for path, base, done, utc, *state in found]
        return [save for save in saves if isinstance(save.state.revision, int)]  # a damaged one is of no use

    def intend(self, state: FileState, *, path: str, base: str) -> None:
        """Note a state that is about to be put in a file: should the program end before `mark_saved`, the state found
        in the file tells which edits it holds.

        Raises:
            UserFacingError: if the journal cannot be written.
        """
        with self._transaction() as sql:
            sql.execute("DELETE FROM saves WHERE path = ? AND done = 0", (path,))
            sql.execute(
                "INSERT INTO saves (utc, path, base, done, study_id, revision, audit_sha256, digest) "
                "VALUES (?, ?, ?, 0, ?, ?, ?, ?)",
                (utc_seconds(), path, base, state.study_id, state.revision, state.audit_sha256, state.digest),
            )

    def mark_saved(self, state: FileState, rows: Iterable[AuditRow], *, path: str, base: str) -> None:
        """Note that a study file is on disk: its edits are saved, later ones of that file now follow its state.

        Raises:
            UserFacingError: if the journal cannot be written.
        """
        with self._transaction() as sql:
            sql.execute("UPDATE saves SET done = 1 WHERE path = ? AND digest = ?", (path, state.digest))
            sql.executemany(
                "UPDATE edits SET state = ? WHERE sha256 = ? AND path = ? AND state <> ?",
                [(SAVED, row.sha256, path, SAVED) for row in rows],
            )
            sql.execute(
                "UPDATE edits SET base = ? WHERE path = ? AND base = ? AND state = ?", (state.digest, path, base, OPEN)
            )
            if sql.execute("SELECT 1 FROM edits WHERE state <> ? LIMIT 1", (SAVED,)).fetchone() is None:
                sql.execute("DELETE FROM reads")  # they are in the study file

    def move(self, rows: Iterable[JournalRow], path: str) -> None:
        """Let edits belong to the place where their study is now."""
        with self._transaction() as sql:
            sql.executemany(
                "UPDATE edits SET path = ?, state = ? WHERE sha256 = ? AND path = ? AND state <> ?",
                [(path, OPEN, r.row.sha256, r.path, SAVED) for r in rows],
            )

    def put_aside(self, rows: Iterable[JournalRow]) -> None:
        """Keep edits that cannot be used, without speaking of them again."""
        with self._transaction() as sql:
            sql.executemany(
                "UPDATE edits SET state = ? WHERE sha256 = ? AND path = ? AND state = ?",
                [(ASIDE, r.row.sha256, r.path, OPEN) for r in rows],
            )

    def close(self) -> None:
        """Let go of the file."""
        with self._lock, suppress(sqlite3.Error):
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, explained(self.file):
            if identity(self.file) != self.identity:
                self._begin_again()
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # after a full disk SQLite has rolled back by itself
                    self._connection.execute("ROLLBACK")
                raise

    def _begin_again(self) -> None:
        """Somebody deleted or replaced the file: put all that was in it into a new one, or into the one that is there.

        The connection still reads the old file. It is closed before the new one is opened, for SQLite deletes the log
        that then bears the name.
        """
        kept = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._connection.backup(kept)
        self._connection.close()
        self._connection = kept
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = connected(self.file)
        try:
            copy_rows(kept, fresh)
        except BaseException:
            fresh.close()
            raise
        kept.close()
        self._connection, self.identity = fresh, identity(self.file)


def open_journal(study_id: str) -> StudyJournal:
    """The journal of a study; made if there is none. A damaged one is left as it is and its edits, as far as they can
    be read, are taken over into a new one.

    Raises:
        UserFacingError: if it cannot be written.
    """
    known = generations(study_id)
    file = known[-1] if known else journal_folder() / f"{study_id}.sqlite"
    log_found = log_of(file)
    try:
        return StudyJournal(file, connected(file), log_found)
    except OSError as error:
        raise unwritable(file, error.strerror or str(error)) from error
    except sqlite3.OperationalError as error:
        raise unwritable(file, str(error)) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError):  # damaged, be it where SQLite quotes itself
        pass
    fresh = successor(file)
    take_over(file, fresh)
    journal = StudyJournal(fresh, connected(fresh))
    n_edits = sum(not found.aside for found in journal.unsaved())
    journal.notice = (
        f"The journal of unsaved edits was damaged. {n_edits} edits in it could still be read; "
        f"the damaged file is kept as {file}."
    )
    return journal


def open_journal_for_reading(study_id: str) -> StudyJournal | None:
    """The journal of a study, to look into; None where there is none that can be read."""
    try:
        known = generations(study_id)
    except UserFacingError:
        return None
    if not known:
        return None
    try:
        connection = sqlite3.connect(f"{known[-1].as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=5)
        connection.text_factory = lenient
        connection.execute("SELECT count(*) FROM saves")
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    return StudyJournal(known[-1], connection)
