"""Into which unit a hair of a third read goes: to its mates in the reads that it comes from."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from workstation.adjudication.provenance import Provenance
from workstation.model.read import Read
from workstation.model.settlement import About, Choice, Settlement

Counterparts = tuple[int | None, int | None]
"""The hair of the first and of the second read that one of the third is."""


class Mates:
    """Which hairs of a third read belong together, as far as the two reads say so.

    Where both reads know two hairs, they are together if the reads' grouping that was chosen says so; while that is
    open, if both do. Where only one read knows both hairs, it says.

    Args:
        first: the first of the two.
        second: the second.
        settlements: of the third read.
    """

    def __init__(self, first: Read, second: Read, settlements: Iterable[Settlement]) -> None:
        self._reads = first, second
        self._members: tuple[dict[int, list[int]], dict[int, list[int]]] = _members(first), _members(second)
        self._chosen: tuple[dict[int, Choice], dict[int, Choice]] = {}, {}
        for settlement in settlements:
            if settlement.about is About.UNIT:
                for chosen, ids in zip(self._chosen, (settlement.first_ids, settlement.second_ids), strict=True):
                    chosen.update(dict.fromkeys(ids, settlement.choice))
        self._third: tuple[dict[int, int], dict[int, int]] = {}, {}
        self.of: dict[int, Counterparts] = {}
        """Of each hair of the third read that comes from one of the two."""

    def add(self, hair_id: int, counterparts: Counterparts) -> None:
        """Take in a hair of the third read."""
        self.of[hair_id] = counterparts
        for known, own in zip(self._third, counterparts, strict=True):
            if own is not None:
                known[own] = hair_id

    def add_all(self, origins: Mapping[int, Provenance], there: Iterable[int]) -> None:
        """Take in all hairs of the third read that are there and came with a settlement."""
        for hair_id in there:
            if (origin := origins.get(hair_id)) is not None:
                self.add(hair_id, (origin.first_id, origin.second_id))

    def unit_in(self, side: int, own: int | None) -> int | None:
        """The unit of a hair of the first (0) or the second (1) read."""
        hair = None if own is None else self._reads[side].hairs.get(own)
        return None if hair is None else hair.unit_id

    def of_units(self, first_units: Iterable[int], second_units: Iterable[int]) -> list[int]:
        """The hairs of the third read that are of some units of the two."""
        found: set[int] = set()
        for side, units in enumerate((first_units, second_units)):
            for unit in units:
                found |= {
                    self._third[side][own] for own in self._members[side].get(unit, ()) if own in self._third[side]
                }
        return sorted(found)

    def best_unit(self, counterparts: Counterparts, unit_of: Callable[[int], int | None]) -> int | None:
        """The unit of the third read in which most mates of a hair are; None where it has none there."""
        units = (unit_of(mate) for mate in self._together(counterparts))
        votes = Counter(unit for unit in units if unit is not None)
        return min(votes, key=lambda unit: (-votes[unit], unit), default=None)

    def _together(self, counterparts: Counterparts) -> list[int]:
        own = tuple(self.unit_in(side, counterparts[side]) for side in (0, 1))
        choices = [self._chosen[side].get(unit) for side, unit in enumerate(own) if unit is not None]
        choice = next((c for c in choices if c is not None), None)
        near = self.of_units(*((() if unit is None else (unit,)) for unit in own))
        return [mate for mate in near if self._are_mates(own, mate, choice)]

    def _are_mates(self, own: Sequence[int | None], mate: int, choice: Choice | None) -> bool:
        theirs = [self.unit_in(side, self.of[mate][side]) for side in (0, 1)]
        said = [None if None in (own[side], theirs[side]) else own[side] == theirs[side] for side in (0, 1)]
        if choice is Choice.SECOND:
            said.reverse()
        known = [word for word in said if word is not None]
        if choice in (Choice.FIRST, Choice.SECOND):
            return known[0] if known else False
        return bool(known) and all(known)


def _members(read: Read) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for hair in read.hairs.values():
        if hair.unit_id is not None:
            found.setdefault(hair.unit_id, []).append(hair.id)
    return found
