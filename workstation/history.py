"""What can be undone and redone: a value that follows from a study's entries, whenever they were made."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from workstation.entry import Action, Entry
from workstation.model.patch import IN_READ, Key, Kind, Patch

Scope = frozenset[tuple[Kind, Key]]


@dataclass(frozen=True, slots=True)
class History:
    """The edits that are in force and those that were taken back, each in the order of doing.

    A user takes back only their own edits. An entry that cannot be undone (a new read, another user's edit) stays out
    of both stacks. Where it changed what an earlier entry had changed, it bars the way: that entry and all before it
    can no longer be undone, for their patches would not fit.
    """

    done: tuple[Entry, ...] = ()
    """In force; the last one is undone next."""
    undone: tuple[Entry, ...] = ()
    """Taken back; the last one is redone next."""
    last_seq: int = 0
    """Of the latest entry of all."""
    user: str | None = None
    """Whose edits may be undone; None: everybody's."""

    @classmethod
    def replay(cls, entries: Iterable[Entry], user: str | None = None) -> "History":
        """The history after entries, oldest first; undo thus works back across restarts, without limit.

        The list may begin anywhere: taking back what came before it is remembered like any other.
        """
        stacks = _Stacks([], [], user, set())
        last_seq = 0
        for entry in entries:
            stacks.take(entry)
            last_seq = entry.seq
        return cls(tuple(stacks.done), tuple(stacks.undone), last_seq, user)

    def record(self, entry: Entry) -> "History":
        """The history after one more entry."""
        stacks = _Stacks(list(self.done), list(self.undone), self.user)
        stacks.take(entry)
        return replace(self, done=tuple(stacks.done), undone=tuple(stacks.undone), last_seq=entry.seq)


@dataclass(slots=True)
class _Stacks:
    """Both stacks while entries are taken in."""

    done: list[Entry]
    undone: list[Entry]
    user: str | None
    scopes: set[tuple[Kind, Key]] | None = None
    """What the entries of both stacks change, or more; None: not gathered yet."""

    def take(self, entry: Entry) -> None:
        made = entry.patch.inverse() if entry.action is Action.UNDO else entry.patch
        if not made.undoable or self.user not in (None, entry.user):
            self._bar(_scope(entry.patch))
            return
        if self.scopes is not None:
            self.scopes |= _scope(entry.patch)
        match entry.action:
            case Action.DO:
                self.done.append(entry)
                self.undone.clear()
            case Action.UNDO:
                self.undone.append(self.done.pop() if self.done else _taken_back(entry))
            case Action.REDO:
                self.done.append(self.undone.pop() if self.undone else entry)

    def _bar(self, scope: Scope) -> None:
        if self.scopes is None:
            self.scopes = set().union(*(_scope(entry.patch) for entry in (*self.done, *self.undone)))
        if self.scopes.isdisjoint(scope):
            return
        for stack in (self.done, self.undone):
            barred = [i for i, entry in enumerate(stack) if not scope.isdisjoint(_scope(entry.patch))]
            del stack[: max(barred, default=-1) + 1]


def _taken_back(entry: Entry) -> Entry:
    """The entry that an undo takes back, where it is not known."""
    return replace(
        entry,
        action=Action.DO,
        patch=entry.patch.inverse(),
        selection_before=entry.selection_after,
        selection_after=entry.selection_before,
    )


def _scope(patch: Patch) -> Scope:
    """What a patch changes, makes or takes out: whole reads, images, landmarks, the cut-offs.

    Codes that differ in capitals alone are one, for a study is to have only one of them.
    """
    keys = ((c.kind, c.key) for c in patch.changes if c.kind not in IN_READ)
    of_study: Scope = frozenset((kind, key.casefold() if isinstance(key, str) else key) for kind, key in keys)
    return frozenset(of_study if patch.read_id is None else of_study | {(Kind.READ, patch.read_id)})
