"""Where signatures stand in an audit trail, and what a read said when it was signed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from pydantic_core import from_json

from workstation.model.patch import IN_READ, Kind, Patch, StalePatchError, apply
from workstation.model.read import Read
from workstation.model.signature import Signature
from workstation.model.study import Study
from workstation.storage.audit import AuditRow, entry_of
from workstation.storage.codec import Plain, plain

_LOOKED_AT = tuple(f'"kind":"{kind.value}"' for kind in (Kind.SIGNATURE, Kind.PERSON))


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a trail that brought a signature."""

    row: AuditRow
    id: int
    """Of the signature."""
    read_id: int
    """Of the read, in the file that the trail is of."""


class Trail:
    """What a trail says of signatures. Made of rows whose chain holds, or was found not to by somebody else.

    Args:
        rows: all rows, oldest first.
    """

    def __init__(self, rows: Sequence[AuditRow]) -> None:
        self.rows = rows

    def place_of(self, signature: Signature) -> Place | None:
        """Where a signature came in, by what it says; None if it never did."""
        return self._places.get(_said(plain(signature)))

    def withdrawn_at(self, name: str, public_key: str) -> int | None:
        """The number of the row that last withdrew somebody's key; None if none did."""
        return self._withdrawals.get((name, public_key))

    def read_at(self, read: Read, read_id: int, place: Place | None) -> Read | None:
        """A read as it was after a row.

        Args:
            read: as it is after the last row; its own id is not looked at.
            read_id: its id in this trail.
            place: the row; None: before all rows.

        Returns:
            None where the rows do not lead back.
        """
        then = Study("", "", reads=MappingProxyType({read_id: replace(read, id=read_id)}))
        for row in reversed(self.rows):
            if place is not None and row.seq <= place.row.seq:
                break
            if row.read_id != read_id:
                continue
            try:
                patch = entry_of(row, _no_read).patch
                inside = tuple(change for change in patch.changes if change.kind in IN_READ)
                then = apply(then, Patch(patch.operation, read_id, inside).inverse())
            except (StalePatchError, ValueError, KeyError, TypeError, AttributeError):
                return None
        return then.reads[read_id]

    @cached_property
    def _changes(self) -> tuple[tuple[AuditRow, Plain], ...]:
        return tuple(self._found())

    def _found(self) -> Iterator[tuple[AuditRow, Plain]]:
        for row in self.rows:
            if not any(kind in row.changes for kind in _LOOKED_AT):
                continue
            for change in _list(row.changes):
                yield row, change

    @cached_property
    def _places(self) -> Mapping[object, Place]:
        found: dict[object, Place] = {}
        for row, change in self._changes:
            after = change.get("after")
            if change.get("kind") == Kind.SIGNATURE and isinstance(after, dict):
                found.setdefault(_said(after), Place(row, after.get("id", 0), after.get("read_id", 0)))
        return found

    @cached_property
    def _withdrawals(self) -> Mapping[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for row, change in self._changes:
            after = change.get("after")
            if change.get("kind") != Kind.PERSON or not isinstance(after, dict):
                continue
            for key in after.get("keys", ()):
                whose = str(after.get("name")), str(key.get("key"))
                if not key.get("withdrawn_utc"):
                    found.pop(whose, None)  # the withdrawal was undone
                else:
                    found.setdefault(whose, row.seq)
        return found


def trail_of_texts(texts: Sequence[str]) -> Trail | None:
    """The trail of a work file as it came back: one JSON text a row; None where it cannot be read."""
    try:
        return Trail([AuditRow(**from_json(text)) for text in texts])
    except (ValueError, TypeError):
        return None


def _said(value: Plain) -> tuple[object, ...]:
    """A signature without the ids, which are others in a work file and in the study."""
    return tuple(value.get(name) for name in sorted(Signature.__dataclass_fields__) if name not in ("id", "read_id"))


def _list(text: str) -> list[Plain]:
    try:
        found: Any = from_json(text)
    except ValueError:
        return []
    return [change for change in found if isinstance(change, dict)] if isinstance(found, list) else []


def _no_read(read_id: int, _value: Plain) -> Read:
    raise KeyError(read_id)
