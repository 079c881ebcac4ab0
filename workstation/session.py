"""An open study: locked, verified, with its unsaved edits recovered, and saved so that nothing can be lost."""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from analysis.progress import Report, silent
from workstation.clock import local_time, utc_seconds
from workstation.document import ChangeSet, Document
from workstation.endpoints import keep_endpoints
from workstation.errors import UserFacingError
from workstation.garbage import none_collected
from workstation.history import History
from workstation.images.of_study import verified_bytes
from workstation.model.pair_validity import pair_problems
from workstation.model.screening import read_problems
from workstation.model.study import ImageRecord, Study
from workstation.sentences import as_sentence
from workstation.storage.appending import ClosedJournal, JournalOfFile, read_only_error
from workstation.storage.atomic import replacing
from workstation.storage.audit import AuditRow, first_break, genesis
from workstation.storage.content import FileState, content_of
from workstation.storage.journal import StudyJournal, open_journal, open_journal_for_reading
from workstation.storage.leftovers import remove_leftovers
from workstation.storage.lock import Holder, StudyLock, acquire
from workstation.storage.place import folder_of, keep_lock, refuse_lost_place
from workstation.storage.reader import StudyFile, image_files, read_state, read_study
from workstation.storage.recovery import Recovered, Recovery, recover
from workstation.storage.rewinding import rewind
from workstation.storage.writer import write_content
from workstation.writing import check_written, create_study, table_of_endpoints

__all__ = ["Moment", "Session", "Snapshot", "create_study", "open_study", "table_of_endpoints"]

log = logging.getLogger(__name__)

TRIES = 3
"""How often a study that is being saved is read again, where it is only looked at."""
BACKUPS = 3
"""How many earlier states are kept beside a study."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The study at one moment."""

    study: Study
    revision: int


@dataclass(frozen=True, slots=True)
class Moment:
    """The study at one moment, and what tells that moment from all others."""

    study: Study
    revision: int
    """Number of committed edits, saved or not."""
    audit_sha256: str
    """Hash of the last of them."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a study file held when it was opened, as far as a session needs it."""

    state: FileState
    rows: tuple[AuditRow, ...]
    """The audit trail, recovered edits included."""
    from_newer: str = ""
    """The file's version where it is a newer one, parts of which were not read."""
    trail_problem: str = ""
    """What is wrong with the audit trail."""


class Session:
    """An open study file. Made by `open_study`.

    The document belongs to the thread that opened the study; `save` may run on another one meanwhile.
    """

    def __init__(
        self,
        path: Path,
        document: Document,
        opened: Opened,
        recovered: Recovered,
        lock: StudyLock | None,
        journal: StudyJournal | None,
        appender: JournalOfFile | None,
        read_only_because: str | None,
    ) -> None:
        self.path = path
        self.document = document
        self.recovered: Recovery = recovered.recovery
        """Which edits were brought back, and what else the user should know."""
        self.read_only_because = read_only_because
        """Why nothing can be changed or saved; None where it can."""
        self.backups = BACKUPS
        self._opened = opened
        self._state = opened.state
        self._intended = opened.state
        self._rows = opened.rows if appender is None else appender.rows
        self._elsewhere = recovered.elsewhere
        self._lock = lock
        self._journal = journal
        self._appender = appender
        self._saving = threading.Lock()
        self._folder = folder_of(path)
        self._latest = Snapshot(document.study, document.history.last_seq)
        document.subscribe(self._remember)

    @property
    def study(self) -> Study:
        """The study as it is now."""
        return self.document.study

    @property
    def state(self) -> FileState:
        """Which state of the study the file holds."""
        return self._state

    @property
    def moment(self) -> Moment:
        """The study at this moment, edits that are not in the file yet included; from any thread."""
        latest = self._latest
        head = self._rows[latest.revision - 1].sha256 if latest.revision else genesis(latest.study.id)
        return Moment(latest.study, latest.revision, head)

    @property
    def trail(self) -> tuple[AuditRow, ...]:
        """All edits of the study so far, oldest first, those that are not in the file yet included; from any thread."""
        return tuple(self._rows[: self._latest.revision])

    @property
    def n_unsaved(self) -> int:
        """Number of edits that are in the journal and not in the study file yet."""
        return self._latest.revision - self._state.revision

    def save(self) -> None:
        """Put the study as it is at this moment in its file; later edits stay unsaved.

        Written beside the file, read back and compared, and only then put in its place; the state before is kept as
        `.bak`. Nothing is written where nothing changed.

        Raises:
            UserFacingError: if the study is open read-only, another program changed the file, the disk is full, and
                the like. The file is then as it was and the edits stay in the journal.
        """
        with self._saving:
            if self._appender is None:  # looked at here, for it may be closed while another save goes on
                raise read_only_error(self.path, self.read_only_because or "it is closed")
            self._save(self._latest, self._appender)

    def save_copy(self, path: Path, *, replace: bool = False, report: Report = silent) -> tuple[str, ...]:
        """Put the study as it is at this moment, with its images, in another file; from any thread.

        Edits that are not in this study's file yet are in the copy, and stay unsaved here. A study that is open
        read-only can be copied, too. `workstation.copying` says how the copy is told from the original.

        Args:
            path: where to; its folder exists.
            replace: put it in the place of a file that is there; that becomes its `.bak`.
            report: told of the progress; may cancel.

        Returns:
            What the copy lacks, a sentence for each image that is missing or was changed; empty where it is whole.

        Raises:
            UserFacingError: if there is a file already, it is this study, somebody has it open, it cannot be written,
                or this file is of a newer format. Nothing is then left behind.
            Cancelled: if the report asks for it.
        """
        from workstation.copying import copy_study  # it needs all of importing, which few sessions do

        if self._opened.from_newer:
            raise UserFacingError(
                f"the study has format {self._opened.from_newer}, and this program would lose what it does not know",
                file=self.path,
                remedy="Copy the file and its folder of images as they are, or install a newer version.",
            )
        with self._saving:
            snapshot, journal = self._latest, self._journal if self._appender is not None else None
            return copy_study(
                snapshot.study,
                self._rows[: snapshot.revision],
                path,
                source=self.path,
                user=self.document.user,
                image_file=self.image_file,
                journal=journal,
                backups=self.backups if replace else None,
                trail_problem=self._opened.trail_problem,
                report=report,
            )

    def image_file(self, image_id: int) -> bytes:
        """The bytes of an image that is to be embedded: from the study file, or before the first save with it from
        the file beside the study.

        Raises:
            UserFacingError: if they are missing or not what was imported.
        """
        with image_files(self.path) as files:
            return self._file_of(self.study.images[image_id], files)

    def _file_of(self, record: ImageRecord, files: Mapping[int, Callable[[], bytes]]) -> bytes:
        read = files.get(record.id)
        return verified_bytes(self.path.parent, record, None if read is None else lambda _: read())

    def close(self) -> None:
        """Let go of the study. Unsaved edits stay in the journal and come back when it is opened again."""
        with self._saving:  # a save on another thread comes to its end
            self._appender = None
        if self.read_only_because is None:
            self.read_only_because = "it is closed"
        if self._journal is not None:
            self._journal.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _remember(self, change: ChangeSet) -> None:
        # one assignment: a save on another thread sees a study and the number of its edits that belong together
        self._latest = Snapshot(change.after, change.entry.seq)

    def _save(self, snapshot: Snapshot, appender: JournalOfFile) -> None:
        rows = appender.rows[: snapshot.revision]
        refuse_lost_place(self.path, self._folder)
        content = content_of(snapshot.study, rows, table_of_endpoints(snapshot.study), saved_utc=utc_seconds())
        if content.state == self._state and os.path.exists(self.path):
            return
        embedded = [image for image in snapshot.study.images.values() if image.embedded]
        images: dict[int, bytes] = {}
        if embedded:
            with image_files(self.path) as files:
                images = {image.id: self._file_of(image, files) for image in embedded}

        def check(temporary: Path) -> None:
            check_written(temporary, self.path, content, snapshot.study)
            refuse_lost_place(self.path, self._folder)
            self._refuse_changed_file()
            keep_lock(self.path, self._lock)
            appender.intend(content.state)
            self._intended = content.state

        with replacing(self.path, backups=self.backups, check=check, keep_on_failure=True) as temporary:
            write_content(temporary, content, images)
        self._state = content.state
        try:
            appender.saved(content.state)
            if self._journal is not None and self._elsewhere:
                self._journal.put_aside(self._elsewhere)
                self._elsewhere = ()
        except UserFacingError:
            log.warning("the journal could not note that %s is saved; it will at the next start", self.path)

    def _refuse_changed_file(self) -> None:
        try:
            on_disk = read_state(self.path)
        except UserFacingError:
            return  # it is gone or unreadable: what is saved now is the better one
        if on_disk not in (self._state, self._intended):
            raise UserFacingError(
                "another program changed the file since it was opened, so it was not saved over",
                file=self.path,
                remedy="Move that file elsewhere and save again; your edits are in the journal meanwhile.",
            )


def open_study(path: Path, user: str, *, read_only: bool = False) -> Session:
    """Open a study: lock it, verify it, bring back unsaved edits.

    Where somebody else has it open, or its folder cannot be written, it is opened read-only and says why.

    Args:
        path: the study file.
        user: who edits.
        read_only: take no lock and change nothing, not even the journal; unsaved edits are shown all the same.

    Raises:
        UserFacingError: if the file is missing, damaged, no study, or of a newer format.
    """
    path = Path(os.path.realpath(path))
    if not os.path.isfile(path):
        read_state(path)  # says what is wrong without leaving a lock beside it
    why: str | None = "it was opened read-only" if read_only else None
    lock: StudyLock | None = None
    if not read_only and os.path.exists(path) and not os.access(path, os.W_OK):
        why = "the file is write-protected"
    elif not read_only:
        try:
            lock = acquire(path)
        except UserFacingError as error:
            why = f"{error.what}. {error.remedy}".strip()
    try:
        with none_collected():
            session = _opened(path, user, lock, why)
            for _ in range(TRIES):
                if lock is not None or not _was_replaced(path, session.state):
                    break
                session.close()
                session = _opened(path, user, lock, why)  # whoever has it saved meanwhile, and its journal moved on
            return session
    except BaseException:
        if lock is not None:
            lock.release()
        raise


def _was_replaced(path: Path, state: FileState) -> bool:
    try:
        return read_state(path) != state
    except UserFacingError:  # it was read a moment ago: what is known of it is the better one
        return False


def _opened(path: Path, user: str, lock: StudyLock | None, why: str | None) -> Session:
    file = read_study(path)
    if why is None and file.from_newer:
        why = f"it has format {file.from_newer}: this program does not know all of it and would lose the rest"
    journal, why = _journal_of(file.state.study_id, why)
    known = journal is not None and _was_saved_here(file, journal)
    if known:  # nobody else's word is taken for what was measured
        keep_endpoints(file.study, {name: column.tolist() for name, column in file.endpoints.items()})
    recovered = Recovered(file.study, (), (), Recovery())
    if journal is not None:
        try:
            recovered = recover(file, path, journal, read_only=why is not None)
        except UserFacingError as error:  # the file is good all the same
            why = why or f"{error}"
            recovered = replace(
                recovered, recovery=Recovery(notices=(f"Unsaved edits could not be looked for: {error}",))
            )
    if why is None and journal is not None:
        why = _why_doubtful(file, journal)
        remove_leftovers(path)
    if lock is not None and lock.taken_from is not None and lock.taken_from.home != lock.holder.home:
        notices = (*recovered.recovery.notices, _about_other_home(lock.taken_from))
        recovered = replace(recovered, recovery=replace(recovered.recovery, notices=notices))
    past = rewind(file.study, file.audit_rows, check_values=not known)
    state = file.state
    broken = first_break(file.audit_rows, state.study_id, state.revision, state.audit_sha256) or past.problem or ""
    if broken:
        notices = (*recovered.recovery.notices, as_sentence(broken))
        recovered = replace(recovered, recovery=replace(recovered.recovery, notices=notices))
    rows = (*file.audit_rows, *recovered.rows)
    history = replace(History.replay([*past.entries, *recovered.entries], user), last_seq=len(rows))
    appender = JournalOfFile(journal, path, state, rows) if why is None and journal is not None else None
    if appender is None and lock is not None:
        lock.release()
    document = Document(recovered.study, appender or ClosedJournal(path, why or ""), user, history)
    opened = Opened(state, rows, file.from_newer, broken)
    return Session(
        path, document, opened, recovered, lock=lock, journal=journal, appender=appender, read_only_because=why
    )


def _journal_of(study_id: str, why_read_only: str | None) -> tuple[StudyJournal | None, str | None]:
    """The journal, to look into where the study is open read-only, and why it is; no edits without a journal."""
    if why_read_only is None:
        try:
            return open_journal(study_id), None
        except UserFacingError as error:
            why_read_only = f"{error}"
    return open_journal_for_reading(study_id), why_read_only


def _why_doubtful(file: StudyFile, journal: StudyJournal) -> str | None:
    """Why a file that was not written on this computer is not edited: it holds what the program would never make."""
    if _was_saved_here(file, journal):
        return None
    found = [f"read {read.id}: {problem}" for read, problem in read_problems(file.study)]
    found += pair_problems(file.study)
    if not found:
        return None
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"it holds what no edit could have made: {found[0]}{more}"


def _was_saved_here(file: StudyFile, journal: StudyJournal) -> bool:
    """Whether this computer wrote this very state, and checked it then."""
    return file.state.digest in {save.state.digest for save in journal.saves()}


def _about_other_home(ended: Holder) -> str:
    return (
        f"The program of {ended.user} that had this study open since {local_time(ended.utc)} ended without closing it. "
        f"Edits that it had not saved are in {ended.home}, not in the folder of this one: let {ended.user} open the "
        "study before you change it, or they will not fit any more."
    )
