"""Edits that are in the journal and not in the study file: which of them belong to the file that is opened.

A row is applied only to the state whose content digest it names, in the order of the hash chain that begins at that
state's last audit row. Copies of a study share its journal; a copy does not take the rows of an original that is still
there in the state that they name.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workstation.clock import local_time
from workstation.entry import Entry
from workstation.errors import UserFacingError
from workstation.model.patch import apply
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.storage.atomic import backup_paths
from workstation.storage.audit import AuditRow, entry_of
from workstation.storage.codec import Plain, beginning, read_digest, read_from_blob
from workstation.storage.journal import JournalRow, Save, StudyJournal
from workstation.storage.journal_reach import Reach
from workstation.storage.lock import holder_of, lock_path
from workstation.storage.reader import LOOKED_FOR_BACKUPS, StudyFile, read_state

_WRONG = (ValueError, KeyError, TypeError, AttributeError)
"""What a row that does not fit raises; a stale patch is a ValueError."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was found in the journal when a study was opened."""

    n_edits: int = 0
    since_utc: str = ""
    """When the first of them was made."""
    message: str = ""
    """`Recovered 3 edits from 14:02.`; empty where there was none."""
    notices: tuple[str, ...] = ()
    """What else the user should know, a sentence or two each."""


@dataclass(frozen=True)
class Recovered:
    """A study with its unsaved edits."""

    study: Study
    rows: tuple[AuditRow, ...]
    entries: tuple[Entry, ...]
    recovery: Recovery
    elsewhere: tuple[JournalRow, ...] = ()
    """Unsaved edits of this file that belong to another state of it."""


def recover(file: StudyFile, path: Path, journal: StudyJournal, *, read_only: bool = False) -> Recovered:
    """A study with the unsaved edits that belong to it.

    Args:
        file: the study as it stands in the file.
        path: where that is.
        journal: the study's.
        read_only: leave the journal as it is.

    Raises:
        UserFacingError: if the journal cannot be read or written.
    """
    saves, place = journal.saves(), str(path)
    interrupted = [s for s in saves if not s.done and s.state.digest == file.state.digest]
    bases = {file.state.digest, *(s.base for s in interrupted)}
    in_file = {row.sha256 for row in file.audit_rows}
    unsaved = [r for r in journal.unsaved() if r.row.sha256 not in in_file]
    here = {p for p in {r.path for r in unsaved} if _same_place(p, place)}
    ours = [r for r in unsaved if r.base in bases]
    elsewhere = tuple(r for r in unsaved if r.base not in bases and r.path in here and not r.aside)
    chosen, notices = _belonging(ours, bases, here, saves)
    # a row whose path was damaged follows on this file's own by its hash
    chain = _chain([*ours, *chosen] if chosen else [], file)
    study, entries = _replayed(file.study, chain, journal)
    used = chain[: len(entries)]
    taken = {r.row.sha256 for r in used}
    lost = [r for r in chosen if r.row.sha256 not in taken and not r.aside]
    cut_off = [r for r in journal.cut_off(in_file) if r.path == place or not os.path.exists(r.path)]
    kept = journal.keep_damaged(cut_off) if cut_off and not read_only else None
    if not read_only:
        for save in interrupted:
            journal.mark_saved(file.state, file.audit_rows, path=save.path, base=save.base)
        journal.move(used, place)
        journal.put_aside(lost)
    notices += [journal.notice] * bool(journal.notice) + _about_lost(lost) + _about_cut_off(cut_off, kept)
    notices += _about_elsewhere(elsewhere, path)
    notices += [] if interrupted else _about_state(file, place, saves)
    recovery = Recovery(notices=tuple(notices))
    if entries:
        since, n = entries[0].utc, len(entries)
        message = f"Recovered {_edits(n)} from {local_time(since)}."
        if read_only:
            message = f"Shown with {_edits(n)} from {local_time(since)} on that the file does not hold yet."
        recovery = Recovery(n, since, message, tuple(notices))
    return Recovered(study, tuple(r.row for r in used), tuple(entries), recovery, elsewhere)


def _same_place(a: str, b: str) -> bool:
    """Whether two paths are one file in one folder, reached over two mounts, say: then they have one lock, too."""
    if a == b:
        return True
    one, other = Path(a), Path(b)
    try:
        return (
            one.name.casefold() == other.name.casefold()
            and os.path.samefile(one.parent, other.parent)
            and os.path.samefile(one, other)
        )
    except (OSError, ValueError):
        return False


def _belonging(
    rows: Sequence[JournalRow], bases: set[str], here: set[str], saves: Sequence[Save]
) -> tuple[list[JournalRow], list[str]]:
    """The rows that follow this state and belong to this file, or to none that is still there or open."""
    if own := [r for r in rows if r.path in here]:
        return own, []
    notices: list[str] = []
    for other in dict.fromkeys(r.path for r in rows):
        theirs = [r for r in rows if r.path == other]
        # in the state that they follow, or in a later one whose saving the journal has not noted yet
        states = bases | {s.state.digest for s in saves if s.path == other and s.base in bases}
        if not (_is_there(Path(other), states) or _is_open(Path(other))):
            return theirs, notices
        notices.append(
            f"{_edits(len(theirs))} from {local_time(theirs[0].row.utc)} were made on {other} and belong there: "
            "open that file to recover them."
        )
    return [], notices


def _is_there(path: Path, digests: set[str]) -> bool:
    try:
        return read_state(path).digest in digests
    except (UserFacingError, ValueError):  # a damaged path is no path
        return False


def _is_open(path: Path) -> bool:
    """Whether a living program has a study open, be its file moved or deleted meanwhile."""
    holder = holder_of(lock_path(path)) if path.name else None
    return holder is not None and not holder.dead


def _chain(rows: Iterable[JournalRow], file: StudyFile) -> list[JournalRow]:
    """The rows that follow the file's last audit row without a gap, each as it was written."""
    after = {r.row.previous: r for r in rows if _is_whole(r.row)}
    head = file.state.audit_sha256
    chain: list[JournalRow] = []
    while (found := after.get(head)) is not None and found.row.seq == file.state.revision + len(chain) + 1:
        chain.append(found)
        head = found.row.sha256
    return chain


def _is_whole(row: AuditRow) -> bool:
    try:
        return row.sha256 == row.expected_sha256()
    except _WRONG:  # a damaged value can be of another type
        return False


def _replayed(study: Study, chain: Sequence[JournalRow], journal: StudyJournal) -> tuple[Study, list[Entry]]:
    """The study after as many rows as fit, and their entries."""
    entries: list[Entry] = []

    def find_read(_: int, value: Plain) -> Read:
        if (begun := beginning(value, lambda source_id: study.reads[source_id])) is not None:
            return begun
        digest = value["read_sha256"]
        read = read_from_blob(journal.read_text(digest))
        if read_digest(read) != digest:
            raise ValueError(f"the read {digest[:12]}… in the journal is damaged")
        return read

    for found in chain:
        try:
            entry = entry_of(found.row, find_read)
            study = apply(study, entry.patch)
        except _WRONG:
            break
        entries.append(entry)
    return study, entries


def _about_lost(rows: Sequence[JournalRow]) -> list[str]:
    if not rows:
        return []
    return [
        f"{_edits(len(rows))} from {local_time(rows[0].row.utc)} on could not be recovered: the journal is damaged "
        f"from edit {rows[0].row.seq} on. They are kept in it."
    ]


def _about_cut_off(cut_off: Sequence[Reach], kept: Path | None) -> list[str]:
    if not cut_off:
        return []
    last = max(cut_off, key=lambda reach: reach.seq)
    where = "" if kept is None else f" What was left of it is kept as {kept}."
    return [
        f"The journal of unsaved edits was damaged: edit {last.seq} of {local_time(last.utc)} had been committed and "
        f"is in it no more, nor are those before it that are not in the study.{where}"
    ]


def _about_elsewhere(rows: Sequence[JournalRow], path: Path) -> list[str]:
    if not rows:
        return []
    state = next((b for b in backup_paths(path, LOOKED_FOR_BACKUPS) if _is_there(b, {rows[0].base})), None)
    where = "" if state is None else f" {state.name} is that state: to recover them, put it back in the study's place."
    return [
        f"{_edits(len(rows))} from {local_time(rows[0].row.utc)} were made on another state of this study and were not "
        f"applied; they are kept in the journal.{where}"
    ]


def _about_state(file: StudyFile, place: str, saves: Sequence[Save]) -> list[str]:
    """Whether the file is the one that was last saved here, an earlier one, or one whose trail lacks rows."""
    done = [s for s in saves if s.done]
    last = next((s for s in reversed(done) if s.path == place), None)
    state = file.state
    if (
        last is None
        or state.digest == last.state.digest
        or any(s.base == last.state.digest for s in saves if not s.done)
    ):
        return []
    held = f"edit {last.state.revision}, saved here at {local_time(last.utc)}"
    if state.digest in {s.state.digest for s in done}:
        return [f"This is an earlier state of the study, up to edit {state.revision}; the last one held {held}."]
    if state.revision < last.state.revision:
        return [f"The audit trail ends at edit {state.revision}, but this study once held {held}: its tail is missing."]
    then = file.audit_rows[: last.state.revision]
    if then and then[-1].sha256 != last.state.audit_sha256:
        return [f"The audit trail is not the one that was saved here: it differs at or before {held}."]
    return []


def _edits(n: int) -> str:
    return "1 edit" if n == 1 else f"{n} edits"
