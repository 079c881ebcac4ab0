"""The journal: committed edits on the local disk before anybody sees them, in one SQLite file per study.

Several copies of a study have the same id and share its journal, so each row says to which file, and to which state of
it (`base`, a content digest), it belongs. Nothing is deleted: a row is first `open`, and `saved` once the study file
that holds it is on disk; one that could not be used is put `aside`.

SQLite runs with a write-ahead log and a full sync at each commit. Where the home folder's file system cannot keep such
a log (a network drive), SQLite goes on with its slower rollback journal, which is as safe.
"""

import re
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from workstation.clock import utc_seconds
from workstation.errors import UserFacingError
from workstation.home import data_dir
from workstation.storage.atomic import replacing, sync_folder
from workstation.storage.audit import AuditRow
from workstation.storage.codec import ReadBlobs
from workstation.storage.content import FileState

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
OPEN, SAVED, ASIDE = "open", "saved", "aside"
_COLUMNS = ", ".join(field.name for field in fields(AuditRow))
_TABLES = f"""
CREATE TABLE IF NOT EXISTS edits (
    n INTEGER PRIMARY KEY, path TEXT NOT NULL, base TEXT NOT NULL, state TEXT NOT NULL, {_COLUMNS});
CREATE INDEX IF NOT EXISTS edits_by_state ON edits (state);
CREATE INDEX IF NOT EXISTS edits_by_hash ON edits (sha256);
CREATE TABLE IF NOT EXISTS reads (sha256 TEXT PRIMARY KEY, zlib BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS saves (
    n INTEGER PRIMARY KEY, utc TEXT NOT NULL, path TEXT NOT NULL, base TEXT NOT NULL, done INTEGER NOT NULL,
    study_id TEXT NOT NULL, revision INTEGER NOT NULL, audit_sha256 TEXT NOT NULL, digest TEXT NOT NULL);
"""


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


class StudyJournal:
    """The journal of one study; safe to use from several threads and processes."""

    def __init__(self, file: Path, connection: sqlite3.Connection, notice: str = "") -> None:
        self.file = file
        self.notice = notice
        """What the user should know: that the journal had been damaged, say."""
        self._connection = connection
        self._lock = threading.Lock()

    def append(self, row: AuditRow, blobs: ReadBlobs, *, path: str, base: str) -> None:
        """Put an edit on disk, synced, before returning.

        Raises:
            UserFacingError: if it could not be written; then it is not in the journal.
        """
        packed = [(digest, zlib.compress(text, 1)) for digest, text in blobs.items()]
        marks = ", ".join("?" * (3 + len(fields(AuditRow))))
        with self._transaction() as sql:
            sql.executemany("INSERT OR IGNORE INTO reads VALUES (?, ?)", packed)
            sql.execute(
                f"INSERT INTO edits (path, base, state, {_COLUMNS}) VALUES ({marks})",
                (path, base, OPEN, *astuple(row)),
            )

    def unsaved(self) -> list[JournalRow]:
        """Edits that are in no study file yet, oldest first, those put aside included."""
        query = f"SELECT path, base, state, {_COLUMNS} FROM edits WHERE state <> ? ORDER BY n"
        with self._lock, _explained(self.file):
            found = self._connection.execute(query, (SAVED,)).fetchall()
        return [JournalRow(path, base, state == ASIDE, AuditRow(*row)) for path, base, state, *row in found]

    def read_text(self, digest: str) -> bytes:
        """The text of a whole read that an unsaved edit brought in.

        Raises:
            KeyError: if it is not there.
            ValueError: if it is damaged.
        """
        with self._lock, _explained(self.file):
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
        with self._lock, _explained(self.file):
            found = self._connection.execute(query).fetchall()
        return [Save(path, base, bool(done), FileState(*state), utc) for path, base, done, utc, *state in found]

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
        with self._lock, _explained(self.file):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # after a full disk SQLite has rolled back by itself
                    self._connection.execute("ROLLBACK")
                raise


def journal_folder() -> Path:
    """Where the journals lie.

    Raises:
        UserFacingError: if the folder cannot be made.
    """
    folder = data_dir() / "journals"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, str(error)) from error
    return folder


def open_journal(study_id: str) -> StudyJournal:
    """The journal of a study; made if there is none. A damaged one is left as it is and its edits, as far as they can
    be read, are taken over into a new one.

    Raises:
        UserFacingError: if it cannot be written.
    """
    generations = _generations(study_id)
    file = generations[-1] if generations else journal_folder() / f"{study_id}.sqlite"
    try:
        return StudyJournal(file, _connected(file))
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise _unwritable(file, str(error)) from error
    successor = journal_folder() / f"{study_id}-{len(generations) + 1}.sqlite"
    n_edits = _take_over(file, successor)
    notice = (
        f"The journal of unsaved edits was damaged. {n_edits} edits in it could still be read; "
        f"the damaged file is kept as {file}."
    )
    return StudyJournal(successor, _connected(successor), notice)


def open_journal_for_reading(study_id: str) -> StudyJournal | None:
    """The journal of a study, to look into; None where there is none that can be read."""
    try:
        generations = _generations(study_id)
    except UserFacingError:
        return None
    if not generations:
        return None
    try:
        connection = sqlite3.connect(
            f"{generations[-1].as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=5
        )
        connection.execute("SELECT count(*) FROM saves")
    except sqlite3.Error:
        return None
    return StudyJournal(generations[-1], connection)


def _generations(study_id: str) -> list[Path]:
    if not _ID.fullmatch(study_id):
        raise UserFacingError(
            f"the study's id {study_id!r} is not one", remedy="Ask whoever sent the study for it again."
        )
    folder = journal_folder()
    later = [p for p in folder.glob(f"{study_id}-*.sqlite") if p.stem.removeprefix(f"{study_id}-").isdecimal()]
    first = folder / f"{study_id}.sqlite"
    later.sort(key=lambda p: int(p.stem.removeprefix(f"{study_id}-")))
    return ([first] if first.exists() or later else []) + later


def _connected(file: Path) -> sqlite3.Connection:
    is_new = not file.exists()
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=5)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")
        connection.executescript(_TABLES)
        if (said := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(said)
    except BaseException:
        connection.close()
        raise
    if is_new:
        sync_folder(file.parent)
    return connection


def _take_over(old: Path, new: Path) -> int:
    """Copy what can be read of a damaged journal into a new one; returns the number of unsaved edits."""
    with replacing(new) as temporary:
        target = sqlite3.connect(temporary, isolation_level=None)
        source = sqlite3.connect(f"{old.as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            target.executescript(_TABLES + "BEGIN;")
            for table in ("edits", "reads", "saves"):
                for row in _readable(source, table):
                    target.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(row))})", row)
            target.execute("COMMIT")
            found = target.execute("SELECT count(*) FROM edits WHERE state = ?", (OPEN,)).fetchone()
        finally:
            source.close()
            target.close()
    return int(found[0])


def _readable(source: sqlite3.Connection, table: str) -> Iterator[tuple[object, ...]]:
    """The rows of a damaged table up to the first that cannot be read."""
    with suppress(sqlite3.Error):
        rows = source.execute(f"SELECT * FROM {table}")
    while True:
        try:
            row = rows.fetchone()
        except (sqlite3.Error, UnboundLocalError):
            return
        if row is None:
            return
        yield row


def _unwritable(file: Path, why: str) -> UserFacingError:
    return UserFacingError(
        f"the journal of edits cannot be written ({why}), so nothing was changed",
        file=file,
        remedy="Free some space on that disk and make sure that you may write there.",
    )


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _unwritable(file, str(error)) from error
