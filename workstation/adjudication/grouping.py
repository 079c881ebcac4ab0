"""Into which unit a hair of a third read goes: to its mates in the reads that it comes from."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from workstation.adjudication.provenance import Provenance
from workstation.model.hair import Hair
from workstation.model.read import Read
from workstation.model.settlement import About, Choice, Settlement

Counterparts = tuple[int | None, int | None]
"""The hair of the first and of the second read that one of the third is."""


class Mates:
    """Which hairs of a third read belong together, as far as the two reads say so.

    Two hairs are together if that read says so whose grouping was chosen; while that is open the read that the hair
    was taken from, and of what both agree on both. Where that read lacks one of the two hairs, the other one says.

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
        self._counting: set[int] = set()

    def add(self, hair: Hair, counterparts: Counterparts) -> None:
        """Take in a hair of the third read."""
        hair_id = hair.id
        self.of[hair_id] = counterparts
        if hair.counts:
            self._counting.add(hair_id)
        for known, own in zip(self._third, counterparts, strict=True):
            if own is not None:
                known[own] = hair_id

    def add_all(self, origins: Mapping[int, Provenance], there: Iterable[Hair]) -> None:
        """Take in all hairs of the third read that are there and came with a settlement."""
        for hair in there:
            if (origin := origins.get(hair.id)) is not None:
                self.add(hair, (origin.first_id, origin.second_id))

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

    def best_unit(
        self, counterparts: Counterparts, side: int | None, unit_of: Callable[[int], int | None]
    ) -> int | None:
        """The unit of the third read in which most mates of a hair are; None where it has none there.

        Args:
            counterparts: of the hair.
            side: the read that it is taken from, 0 or 1; None: both agree on it.
            unit_of: gives the unit of a hair of the third read.
        """
        own = [self.unit_in(of, counterparts[of]) for of in (0, 1)]
        near = self.of_units(*((() if unit is None else (unit,)) for unit in own))
        says = self._who_says(own, side)
        mates = [mate for mate in near if self._are_mates(own, mate, says)]
        barred: set[int | None] = {None}
        if says is not None and own[says] is not None:
            if known := [mate for mate in mates if self._unit_of_mate(says, mate) is not None]:
                mates = known
            else:  # the other read's mates may stand with hairs that this one groups elsewhere
                barred |= {unit_of(i) for i in self.of if self._unit_of_mate(says, i) not in (None, own[says])}
        with_unit = [mate for mate in mates if unit_of(mate) not in barred]
        # a rejected hair may stand in another unit than those that count, and nobody minds
        voting = [mate for mate in with_unit if mate in self._counting] or with_unit
        votes = Counter(map(unit_of, voting))
        return min((u for u in votes if u is not None), key=lambda unit: (-votes[unit], unit), default=None)

    def _unit_of_mate(self, side: int, mate: int) -> int | None:
        return self.unit_in(side, self.of[mate][side])

    def _who_says(self, own: Sequence[int | None], side: int | None) -> int | None:
        """The read by which a hair with these units in the two is grouped; None: both must say so."""
        for of in (1, 0) if side else (0, 1):
            unit = own[of]
            choice = None if unit is None else self._chosen[of].get(unit)
            if choice in (Choice.FIRST, Choice.SECOND):
                return int(choice is Choice.SECOND)
        return side

    def _are_mates(self, own: Sequence[int | None], mate: int, says: int | None) -> bool:
        theirs = [self._unit_of_mate(of, mate) for of in (0, 1)]
        said = [None if None in (own[of], theirs[of]) else own[of] == theirs[of] for of in (0, 1)]
        known = [word for word in (said[::-1] if says else said) if word is not None]
        return bool(known) and (all(known) if says is None else known[0])


def _members(read: Read) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for hair in read.hairs.values():
        if hair.unit_id is not None:
            found.setdefault(hair.unit_id, []).append(hair.id)
    return found
