"""The journal as an open document sees it: entries go in at the end, chained, and belong to one study file."""

import threading
from collections.abc import Sequence
from pathlib import Path

from workstation.entry import Entry
from workstation.errors import EditRefused, UserFacingError
from workstation.storage.audit import AuditRow, row_of
from workstation.storage.content import FileState
from workstation.storage.journal import StudyJournal
from workstation.storage.tables import text_column


class JournalOfFile:
    """Appends the edits of one open study file to its journal.

    Args:
        journal: the study's.
        path: the study file.
        state: which state of the study that file holds.
        rows: the audit trail so far, recovered edits included.
    """

    def __init__(self, journal: StudyJournal, path: Path, state: FileState, rows: Sequence[AuditRow]) -> None:
        self.rows = list(rows)
        """The whole trail. It only grows, so another thread may read as many rows as it knows of."""
        self._journal = journal
        self._path = str(path)
        self._base = state.digest
        self._head = rows[-1].sha256 if rows else state.audit_sha256
        self._lock = threading.Lock()

    def append(self, entry: Entry) -> None:
        """Put an entry on disk, synced, before returning.

        Raises:
            EditRefused: if a text of it has a place in no file.
            UserFacingError: if it could not be written; then it is not in the journal.
        """
        with self._lock:
            if entry.seq != len(self.rows) + 1:
                raise ValueError(f"entry {entry.seq} does not follow entry {len(self.rows)}")
            _refuse_unstorable(entry)
            row, blobs = row_of(entry, self._head)
            self._journal.append(row, blobs, path=self._path, base=self._base)
            self.rows.append(row)
            self._head = row.sha256

    def intend(self, state: FileState) -> None:
        """Note that a state is about to be put in the file.

        Raises:
            UserFacingError: if the journal cannot be written.
        """
        self._journal.intend(state, path=self._path, base=self._base)

    def saved(self, state: FileState) -> None:
        """Note that a state is in the file. Should that fail, the noted intention serves at the next start.

        Raises:
            UserFacingError: if the journal cannot be written.
        """
        with self._lock:
            self._journal.mark_saved(state, self.rows[: state.revision], path=self._path, base=self._base)
            self._base = state.digest


def _refuse_unstorable(entry: Entry) -> None:
    """The trail is for ever: what a study file cannot hold must never get into it, or no save would succeed again."""
    try:
        text_column([entry.user, entry.reason, entry.patch.operation])
    except ValueError as error:  # UnicodeEncodeError is one
        raise EditRefused(
            "a name or reason has a character that no file can hold", remedy="Type it again without that character."
        ) from error


class ClosedJournal:
    """The journal of a study that is open read-only: it takes no entries."""

    def __init__(self, path: Path, why: str) -> None:
        self._path, self._why = path, why

    def append(self, entry: Entry) -> None:
        """Refuse.

        Raises:
            UserFacingError: always.
        """
        raise read_only_error(self._path, self._why)


def read_only_error(path: Path, why: str) -> UserFacingError:
    """What is said to somebody who wants to change a study that is open read-only."""
    return UserFacingError(f"the study is open read-only: {why.removesuffix('.')}", file=path)
