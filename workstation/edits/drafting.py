"""How an edit is put together: a draft collects what changes in a read and becomes one patch."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from workstation.errors import EditRefused
from workstation.model.field import Field
from workstation.model.hair import Hair, Origin, Status, Unit
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import Read, Review
from workstation.model.settlement import Settlement

MAX_LINE = 200
"""Characters of a code, a name or a term."""


class NothingToDo(EditRefused):
    """The edit would leave everything as it is. A tool may pass over it in silence."""

    def __init__(self) -> None:
        super().__init__("nothing would change")


class Draft:
    """A read on its way to the next: what was put into it, before it is a patch.

    Args:
        read: the read as it is; it stays as it is.
    """

    def __init__(self, read: Read) -> None:
        self.read = read
        self._hairs: dict[int, Hair | None] = {}
        self._units: dict[int, Unit | None] = {}
        self._settlements: dict[int, Settlement | None] = {}
        self._field = read.field
        self._review = read.review
        self._next_id = read.next_id

    def new_id(self) -> int:
        """An id that no hair, unit or exclusion of this read ever had."""
        self._next_id += 1
        return self._next_id - 1

    def new_unit(self) -> int:
        """The id of a new unit; a hair must be put into it."""
        unit = Unit(self.new_id())
        self._units[unit.id] = unit
        return unit.id

    def put(self, *values: Hair | Unit | Field | Review | Settlement) -> None:
        """Take a value over the one with its id, or over the only one of its kind."""
        for value in values:
            match value:
                case Hair():
                    self._hairs[value.id] = value
                case Unit():
                    self._units[value.id] = value
                case Field():
                    self._field = value
                case Settlement():
                    self._settlements[value.id] = value
                case Review():
                    self._review = value

    def delete(self, *hairs: Hair) -> None:
        """Take hairs out."""
        self._hairs.update({hair.id: None for hair in hairs})

    def unsettle(self, *settlements: Settlement) -> None:
        """Take settlements out."""
        self._settlements.update({settlement.id: None for settlement in settlements})

    def patch(self, operation: str) -> Patch:
        """What was put in, as one patch. A unit that lost its last hair vanishes with it.

        Raises:
            NothingToDo: if the read would stay as it is.
        """
        for unit_id in self._deserted_units():
            self._units[unit_id] = None
        pairs = [
            *((Kind.HAIR, i, self.read.hairs.get(i), hair) for i, hair in self._hairs.items()),
            *((Kind.UNIT, i, self.read.units.get(i), unit) for i, unit in self._units.items()),
            *((Kind.SETTLEMENT, i, self.read.settlements.get(i), what) for i, what in self._settlements.items()),
            (Kind.FIELD, 0, self.read.field, self._field),
            (Kind.REVIEW, 0, self.read.review, self._review),
        ]
        changes = tuple(Change(kind, i, before, after) for kind, i, before, after in pairs if before != after)
        if not changes:
            raise NothingToDo
        return Patch(operation, self.read.id, changes)

    def _deserted_units(self) -> set[int]:
        left: set[int | None] = set()
        for hair_id, hair in self._hairs.items():
            before = self.read.hairs.get(hair_id)
            if before is not None and (hair is None or hair.unit_id != before.unit_id):
                left.add(before.unit_id)
        if not left - {None}:
            return set()
        peopled = {hair.unit_id for hair in self.read.hairs.values() if hair.id not in self._hairs}
        peopled |= {hair.unit_id for hair in self._hairs.values() if hair is not None}
        return {unit_id for unit_id in left - peopled if unit_id is not None}


def new_ids(patch: Patch, kind: Kind = Kind.HAIR) -> frozenset[int]:
    """The ids of the hairs, or the values of another kind, that a patch makes: what a tool selects next."""
    return frozenset(c.id for c in patch.changes if c.kind is kind and c.before is None)


def find_hair(read: Read, hair_id: int) -> Hair:
    """One hair of a read.

    Raises:
        EditRefused: if the read has no such hair.
    """
    if hair_id not in read.hairs:
        raise EditRefused(f"this read has no hair {hair_id}")
    return read.hairs[hair_id]


def find_hairs(read: Read, hair_ids: Iterable[int]) -> list[Hair]:
    """Some hairs of a read in the order of their ids, each once.

    Raises:
        EditRefused: if there is no id, or one that the read does not have.
    """
    found = [find_hair(read, hair_id) for hair_id in sorted(set(hair_ids))]
    if not found:
        raise EditRefused("no hair is selected", remedy="Select one or more hairs first.")
    return found


def find_unit(read: Read, unit_id: int) -> Unit:
    """One unit of a read.

    Raises:
        EditRefused: if the read has no such unit.
    """
    if unit_id not in read.units:
        raise EditRefused(f"this read has no unit {unit_id}")
    return read.units[unit_id]


def corrected(hair: Hair, **changes: Any) -> Hair:
    """The hair with changed fields, marked as corrected; the very hair where they change nothing.

    A detected hair becomes an edited one. Who mends a hair has judged it: an unreviewed one counts as accepted.
    """
    after = replace(hair, **changes)
    if after == hair:
        return hair
    return replace(
        after,
        origin=Origin.EDITED if hair.origin is Origin.DETECTED else hair.origin,
        status=Status.ACCEPTED if hair.status is Status.UNREVIEWED else hair.status,
    )


def clean_text(text: str) -> str:
    """A comment without blanks around it.

    Raises:
        EditRefused: if it has a character that no file can hold.
    """
    if "\0" in text or not _is_unicode(text):
        raise EditRefused("the comment has a character that cannot be stored", remedy="Type the comment again.")
    return text.strip()


def clean_line(text: str, what: str) -> str:
    """A short text without blanks around it.

    Args:
        text: as typed.
        what: names it in a refusal: `the term`.

    Raises:
        EditRefused: if it has a line break or another character that cannot be printed, or is too long.
    """
    line = text.strip()
    if len(line) > MAX_LINE:
        raise EditRefused(f"{what} is longer than {MAX_LINE} characters", remedy="Say it more briefly.")
    if not line.isprintable():
        raise EditRefused(f"{what} has a character that cannot be printed", remedy="Type it again.")
    return line


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
