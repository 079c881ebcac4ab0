"""The SQLite file under a journal: where it lies, how it is opened and checked, how its rows leave a damaged one.

SQLite runs with a write-ahead log and a full sync at each commit. Where the home folder's file system cannot keep such
a log (a network drive), SQLite goes on with its slower rollback journal, which is as safe.
"""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from pathlib import Path

from workstation.errors import UserFacingError
from workstation.home import data_dir
from workstation.storage.atomic import replacing, sync_folder
from workstation.storage.audit import AuditRow

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
EDIT_COLUMNS = ", ".join(field.name for field in fields(AuditRow))
_TABLES = f"""
CREATE TABLE IF NOT EXISTS edits (
    n INTEGER PRIMARY KEY, path TEXT NOT NULL, base TEXT NOT NULL, state TEXT NOT NULL, {EDIT_COLUMNS});
CREATE INDEX IF NOT EXISTS edits_by_state ON edits (state);
CREATE INDEX IF NOT EXISTS edits_by_hash ON edits (sha256);
CREATE TABLE IF NOT EXISTS reads (sha256 TEXT PRIMARY KEY, zlib BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS saves (
    n INTEGER PRIMARY KEY, utc TEXT NOT NULL, path TEXT NOT NULL, base TEXT NOT NULL, done INTEGER NOT NULL,
    study_id TEXT NOT NULL, revision INTEGER NOT NULL, audit_sha256 TEXT NOT NULL, digest TEXT NOT NULL);
"""
_PATH_COLUMN = {"edits": 1, "reads": None, "saves": 2}


def journal_folder() -> Path:
    """Where the journals lie.

    Raises:
        UserFacingError: if the folder cannot be made.
    """
    folder = data_dir() / "journals"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise unwritable(folder, str(error)) from error
    return folder


def generations(study_id: str) -> list[Path]:
    """The journals of a study, the latest last: a new one is begun where the one before was damaged.

    Raises:
        UserFacingError: if the id is none that a study of ours has.
    """
    if not _ID.fullmatch(study_id):
        raise UserFacingError(
            f"the study's id {study_id!r} is not one", remedy="Ask whoever sent the study for it again."
        )
    folder = journal_folder()
    # no id has a point in it, so that no study can name the journal of another one
    found = [p for p in folder.glob(f"{study_id}.*") if re.fullmatch(rf"{study_id}(\.\d+)?\.sqlite", p.name)]
    return sorted(found, key=_number)


def successor(file: Path) -> Path:
    """Where the journal after a damaged one lies."""
    return file.with_name(f"{file.stem.partition('.')[0]}.{_number(file) + 1}.sqlite")


def _number(file: Path) -> int:
    return int(file.stem.partition(".")[2] or 1)


def connected(file: Path) -> sqlite3.Connection:
    """Open a journal, or make it, so that each commit is on disk when it returns.

    Raises:
        sqlite3.OperationalError, OSError: if it cannot be written.
        sqlite3.DatabaseError, UnicodeDecodeError: if it is damaged; the latter where SQLite quotes from it.
    """
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=5)
    try:
        connection.text_factory = lenient
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")
        if not _tables(connection):
            connection.executescript(f"BEGIN IMMEDIATE;{_TABLES}COMMIT;")
        if (said := connection.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(said)
        if _tables(connection) != _expected_tables():
            raise sqlite3.DatabaseError("its tables are not those of a journal")
        for folder in file.parents[:3]:  # the folders are as new as the file, the first time
            with suppress(PermissionError):
                sync_folder(folder)
    except BaseException:
        connection.close()
        raise
    return connection


def identity(file: Path) -> list[tuple[int, int] | None]:
    """Tells a file, and SQLite's log beside it, from others that may come to bear their names."""
    found: list[tuple[int, int] | None] = []
    for path in (f"{file}", f"{file}-wal"):
        try:
            stat = os.stat(path)
        except OSError:
            found.append(None)
        else:
            found.append((stat.st_dev, stat.st_ino))
    return found


def log_of(file: Path) -> bytes:
    """SQLite's log beside a journal; empty where there is none: whoever closed it last put it into the journal."""
    try:
        return Path(f"{file}-wal").read_bytes()
    except OSError:
        return b""


def copy_rows(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Put the rows of one journal behind those of another that it does not have yet."""
    target.execute("BEGIN IMMEDIATE")
    try:
        known = set(target.execute("SELECT path, sha256 FROM edits"))
        known |= set(target.execute("SELECT path, digest FROM saves"))
        for table, place in _PATH_COLUMN.items():
            for row in _readable(source, table):
                if place is not None and (row[place], row[-1]) in known:
                    continue
                values = row if place is None else (None, *row[1:])  # with a number of its own
                target.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(row))})", values)
        target.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            target.execute("ROLLBACK")
        raise


def take_over(old: Path, new: Path) -> None:
    """Copy what can be read of a damaged journal into a new one.

    Raises:
        UserFacingError: if that cannot be written.
    """
    with replacing(new) as temporary:
        target = sqlite3.connect(temporary, isolation_level=None)
        source = sqlite3.connect(f"{old.as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            source.text_factory = lenient
            target.executescript(_TABLES)
            copy_rows(source, target)
        finally:
            source.close()
            target.close()


def _tables(connection: sqlite3.Connection) -> list[tuple[str]]:
    return connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").fetchall()


def _expected_tables() -> list[tuple[str]]:
    connection = sqlite3.connect(":memory:")
    connection.executescript(_TABLES)
    found = _tables(connection)
    connection.close()
    return found


def _readable(source: sqlite3.Connection, table: str) -> Iterator[tuple[object, ...]]:
    """The rows of a damaged table up to the first that cannot be read."""
    # an error's own text may be damaged, too, and then be no UTF-8
    with suppress(sqlite3.Error, UnicodeDecodeError):
        yield from source.execute(f"SELECT * FROM {table}")


def lenient(text: bytes) -> str:
    """Damaged text is still a row's text; that it is not what was written, the row's hash says."""
    return text.decode(errors="replace")


def unwritable(file: Path, why: str) -> UserFacingError:
    """What is said where a journal cannot be written."""
    return UserFacingError(
        f"the journal of edits cannot be written ({why}), so nothing was changed",
        file=file,
        remedy="Free some space on that disk and make sure that you may write there.",
    )


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """Say every error of SQLite clearly.

    Raises:
        UserFacingError: instead of it.
    """
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError, OSError) as error:
        raise unwritable(file, str(error)) from error
