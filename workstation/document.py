"""The open study and its one mutator. An edit is checked, written to the journal, and only then real and seen."""

import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from workstation.clock import utc_milliseconds, utc_seconds
from workstation.edits.drafting import NothingToDo
from workstation.edits.reads import begin_read
from workstation.entry import Action, Entry, Journal, Selection
from workstation.errors import EditRefused
from workstation.history import History
from workstation.model.pair_validity import pair_problems_after
from workstation.model.patch import IN_READ, Change, Kind, Patch, apply, changed_ids
from workstation.model.read import WITH_READER, Read
from workstation.model.record_validity import record_problems_after
from workstation.model.study import Study
from workstation.model.study_validity import study_problems_after
from workstation.model.trial_validity import trial_problems_after
from workstation.model.validity import problems, problems_after
from workstation.permissions import refuse
from workstation.reasons import needs_reason, refuse_unreasoned

log = logging.getLogger(__name__)

NOTHING_SELECTED = Selection()


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What one committed edit did: all that a view needs to draw again only what changed."""

    before: Study
    after: Study
    entry: Entry

    @property
    def read_id(self) -> int | None:
        """The read that was changed; None where the edit was about the study."""
        return self.entry.patch.read_id

    @property
    def changed(self) -> Mapping[Kind, frozenset[int]]:
        """Which ids were changed, by kind."""
        return changed_ids(self.entry.patch)

    @property
    def selection(self) -> Selection:
        """What is selected now; after an undo, what was selected before the edit."""
        return self.entry.selection_after


Subscriber = Callable[[ChangeSet], None]


def own_read(study: Study, image_id: int, user: str) -> Read | None:
    """The latest read of an image by this user; None if there is none.

    A hidden repeat is none of them, and neither is a third read that is not done: that stands beside the user's read
    of the image until it is submitted.
    """
    for read in reversed(study.reads_of(image_id)):
        begun_third = read.adjudicates is not None and read.review.state in WITH_READER
        if read.editable and read.reader == user and not read.repeat and not begun_third:
            return read
    return None


class Document:
    """An open study. All of it belongs to one thread, the one that made it; other threads work on `study`, a value.

    Args:
        study: the study as it was opened, unsaved edits of the journal included.
        journal: keeps every entry on disk.
        user: who edits. A user corrects only reads of their own.
        history: of all the study's entries so far, for undo across restarts and for the next number.
        now: the clock, in UTC.
    """

    def __init__(
        self,
        study: Study,
        journal: Journal,
        user: str,
        history: History | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._study = study
        self._journal = journal
        self._user = user
        self._history = History(user=user) if history is None else history
        self._now = now
        self._subscribers: list[Subscriber] = []
        self._unheard: deque[ChangeSet] = deque()
        self._telling = False

    @property
    def study(self) -> Study:
        """The study as it is."""
        return self._study

    @property
    def user(self) -> str:
        """Who edits."""
        return self._user

    @property
    def history(self) -> History:
        """What can be undone and redone."""
        return self._history

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._history.done)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone edit to do again."""
        return bool(self._history.undone)

    @property
    def undo_text(self) -> str:
        """The name of the edit that would be taken back; empty if there is none."""
        return self._history.done[-1].patch.operation if self.can_undo else ""

    @property
    def redo_text(self) -> str:
        """The name of the edit that would be done again; empty if there is none."""
        return self._history.undone[-1].patch.operation if self.can_redo else ""

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Have every change told, in the order of the changes, after it happened.

        An error in a subscriber is logged; the change stands and the others hear of it. A subscriber may apply a
        patch itself: that change is told after the present one.

        Returns:
            What ends the subscription.
        """
        self._subscribers.append(subscriber)

        def unsubscribe() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return unsubscribe

    def apply(
        self,
        patch: Patch,
        *,
        selection_before: Selection = NOTHING_SELECTED,
        selection_after: Selection = NOTHING_SELECTED,
        reason: str = "",
    ) -> ChangeSet:
        """Make a patch real.

        Raises:
            ReasonNeeded: if the study asks why, and no reason is given.
            EditRefused: if this user may not do that, or the study would not be valid.
            NothingToDo: if the patch is empty.
            StalePatchError: if the patch was made for another state of the study: a bug.
            UserFacingError: if the journal could not be written.

        In each case nothing is changed.
        """
        if not patch.changes:
            raise NothingToDo
        refuse(self._study, patch, self._user)
        refuse_unreasoned(self._study, patch, reason)
        after = apply(self._study, patch)
        _refuse_invalid(self._study, after, patch)
        return self._commit(after, Action.DO, patch, (selection_before, selection_after), reason)

    def undo(self) -> ChangeSet | None:
        """Take the last edit back, and with it its selection; None if there is none.

        It is recorded as an entry of its own. Raises as `apply` does.
        """
        if not self._history.done:
            return None
        taken = self._history.done[-1]
        selected = taken.selection_after, taken.selection_before
        return self._repeat(Action.UNDO, taken.patch.inverse(), selected, "undone")

    def redo(self) -> ChangeSet | None:
        """Do the last undone edit again, and with it its selection; None if there is none. Raises as `apply` does."""
        if not self._history.undone:
            return None
        again = self._history.undone[-1]
        selected = again.selection_before, again.selection_after
        return self._repeat(Action.REDO, again.patch, selected, again.reason or "done again")

    def current_reader_read(self, image_id: int) -> Read:
        """The user's own read of an image: the latest, else one that begins now; see `own_read`.

        A new one is a copy of the latest detection, or blank where nothing was detected.

        Raises:
            EditRefused: if the image does not exist or the user has no name.
            UserFacingError: if the journal could not be written.
        """
        own = own_read(self._study, image_id, self._user)
        if own is not None:
            return own
        reads = self._study.reads_of(image_id)
        detections = [read for read in reads if not read.editable]
        source = detections[-1].id if detections else None
        patch = begin_read(self._study, source, image_id, self._user, utc_seconds(self._now()))
        self.apply(patch)
        return self._study.reads[patch.changes[0].id]

    def _repeat(self, action: Action, patch: Patch, selected: tuple[Selection, Selection], reason: str) -> ChangeSet:
        refuse(self._study, patch, self._user, repeats=True)
        repeated = apply(self._study, patch)
        of_study = any(change.kind not in IN_READ for change in patch.changes)
        if of_study and (found := _study_problems(repeated, patch)):
            # since the edit, something that no undo takes back came to rest on what would go
            raise EditRefused(f"{found[0]}, so this can no longer be {'undone' if action is Action.UNDO else 'redone'}")
        return self._commit(repeated, action, patch, selected, reason if needs_reason(self._study, patch) else "")

    def _commit(
        self, after: Study, action: Action, patch: Patch, selected: tuple[Selection, Selection], reason: str = ""
    ) -> ChangeSet:
        seq, utc = self._history.last_seq + 1, utc_milliseconds(self._now())
        entry = Entry(seq, utc, self._user, action, patch, *selected, reason)
        history = self._history.record(entry)
        self._journal.append(entry)
        change = ChangeSet(self._study, after, entry)
        self._study, self._history = after, history
        self._tell(change)
        return change

    def _tell(self, change: ChangeSet) -> None:
        self._unheard.append(change)
        if self._telling:
            return
        self._telling = True
        try:
            while self._unheard:
                told = self._unheard.popleft()
                for subscriber in tuple(self._subscribers):
                    try:
                        subscriber(told)
                    except Exception:
                        log.exception("a subscriber failed on entry %d", told.entry.seq)
        finally:
            self._telling = False


def _refuse_invalid(before: Study, after: Study, patch: Patch) -> None:
    found = _study_problems(after, patch) + pair_problems_after(after, patch)
    if patch.read_id is not None:
        read = after.reads[patch.read_id]
        found += problems_after(before.reads[patch.read_id], read, patch, after.images[read.image_id])
    for change in patch.changes:
        if change.kind is Kind.READ:
            found += _read_problems(after, change)
    if found:
        raise EditRefused(found[0])


def _study_problems(after: Study, patch: Patch) -> list[str]:
    return study_problems_after(after, patch) + trial_problems_after(after, patch) + record_problems_after(after, patch)


def _read_problems(after: Study, change: Change) -> list[str]:
    read = after.reads.get(change.id)
    if read is None or change.before is not None:
        return [f"read {change.id} is kept for ever"]
    if read.image_id not in after.images:
        return [f"read {read.id} is of image {read.image_id}, which does not exist"]
    source = change.source
    if source is not None and after.reads.get(source.id) is source and read.begins_as(source):
        return []  # it says what a valid read of the same image says
    return problems(read, after.images[read.image_id])
