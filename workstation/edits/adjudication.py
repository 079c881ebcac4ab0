"""The third read: begun from what two reads agree on, then one difference after the other is settled in it."""

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType

from workstation.adjudication.difference import Difference
from workstation.adjudication.differences import Comparison, compare_reads
from workstation.adjudication.grouping import Counterparts, Mates
from workstation.adjudication.provenance import origins
from workstation.adjudication.third_read import unfinished_sources
from workstation.edits.drafting import Draft, NothingToDo
from workstation.errors import EditRefused
from workstation.model.field import Field
from workstation.model.hair import Hair, Status
from workstation.model.patch import Change, Kind, Patch, apply
from workstation.model.read import DETECTOR, FINISHED, Read, ReadState, Review
from workstation.model.settlement import About, Choice, Settlement
from workstation.model.study import Study

OPERATIONS = {
    Choice.FIRST: "settle as first read",
    Choice.SECOND: "settle as second read",
    Choice.BOTH: "settle as both reads",
    Choice.NEITHER: "settle as neither read",
    Choice.EDITED: "settle by hand",
}


def begin_third_read(study: Study, first_id: int, second_id: int, reader: str, created_utc: str) -> Patch:
    """An adjudicator's read of an image with all that two finished reads of it agree on, and nothing else.

    Of what both have, the first one's lines are taken. Hairs are in one unit where both group them together. Where the
    fields differ the first one's stands until that is settled.

    Args:
        study: the study.
        first_id: one read.
        second_id: the other.
        reader: the adjudicator's name.
        created_utc: when, ISO 8601 in UTC to the second.

    Raises:
        EditRefused: if the reads are not two readers' finished ones of one image, one is a hidden repeat or a third
            read, the adjudicator made one of them, or they have a third read already.
    """
    first, second = (_source(study, read_id) for read_id in (first_id, second_id))
    _refuse_unsuited(study, first, second, reader)
    comparison = compare_reads(study, first, second)
    blank = Read(
        id=max(study.reads, default=0) + 1,
        image_id=first.image_id,
        reader=reader,
        created_utc=created_utc,
        review=Review(ReadState.IN_REVIEW),
        field=replace(first.field, exclusions=()),
        adjudicates=(first.id, second.id),
    )
    begun = replace(study, reads=MappingProxyType({**study.reads, blank.id: blank}))
    third = _ThirdDraft(begun, blank)
    third.begin(comparison)
    with contextlib.suppress(NothingToDo):  # they agree on nothing
        begun = apply(begun, third.draft.patch("begin third read"))
    read = begun.reads[blank.id]
    return Patch("begin third read", None, (Change(Kind.READ, read.id, None, read),))


def settle(study: Study, read: Read, difference: Difference, choice: Choice) -> Patch:
    """Settle one difference, or settle it otherwise than before: what came of that goes.

    A hair joins the unit that most of its mates in its own read are in by now, else it makes a new one. For
    `Choice.EDITED` what is there of it stays to be changed; where nothing is, the first read's is put there, or the
    second's where the first has none.

    Raises:
        EditRefused: if the read is no third read, one of the two is with its reader, or the choice makes no sense.
        NothingToDo: if just that was chosen.
    """
    _refuse_moving(study, read)
    if choice is Choice.AGREED:
        raise EditRefused("that the reads agree is not for anybody to choose")
    if difference.about is not About.HAIR and choice in (Choice.BOTH, Choice.NEITHER):
        what = "units are grouped" if difference.about is About.UNIT else "the field is"
        raise EditRefused(
            f"{what} as one of the two reads says, or otherwise: not as {choice.value}",
            remedy="Take the first, take the second, or edit.",
        )
    before = _overlapping(read, difference)
    if len(before) == 1 and before[0].choice is choice and _names(before[0]) == difference.key:
        raise NothingToDo
    third = _ThirdDraft(study, read, without=before)
    match difference.about:
        case About.HAIR:
            third.settle_hairs(difference, choice, before)
        case About.UNIT:
            third.settle_units(difference, choice)
        case About.FIELD:
            third.settle_field(choice)
    return third.draft.patch(OPERATIONS[choice])


def reopen_difference(study: Study, read: Read, difference: Difference) -> Patch:
    """Take a settlement back: the difference is open again, and of hairs what came of it goes.

    Raises:
        EditRefused: if the read is no third read, or one of the two is with its reader.
        NothingToDo: if it is open.
    """
    _refuse_moving(study, read)
    before = [s for s in _overlapping(read, difference) if s.choice is not Choice.AGREED]
    if not before:
        raise NothingToDo
    third = _ThirdDraft(study, read, without=before)
    if difference.about is About.HAIR:
        third.drop(i for settlement in before for i in settlement.result_ids)
    return third.draft.patch("reopen difference")


class _ThirdDraft:
    """A third read on its way to the next.

    Args:
        study: with the two reads.
        read: the third read.
        without: settlements that go.
    """

    def __init__(self, study: Study, read: Read, without: Sequence[Settlement] = ()) -> None:
        assert read.adjudicates is not None
        self.read, self.draft = read, Draft(read)
        self.first, self.second = (study.reads[i] for i in read.adjudicates)
        self._unit_of = {hair.id: hair.unit_id for hair in read.hairs.values()}
        gone = {settlement.id for settlement in without}
        dropped = {i for s in without if s.about is About.HAIR for i in s.result_ids}
        staying = [s for s in read.settlements.values() if s.id not in gone]
        self._mates = Mates(self.first, self.second, staying)
        self._mates.add_all(origins(read), (hair for hair in read.hairs.values() if hair.id not in dropped))
        self._next_settlement = max(read.settlements, default=0) + 1
        self.draft.unsettle(*without)

    def begin(self, comparison: Comparison) -> None:
        """Put in what both reads agree on: what both have first, so that the rest finds its mates."""
        for first_ids, second_ids in sorted(comparison.agreed, key=lambda ids: len(ids[0]) + len(ids[1]), reverse=True):
            counterparts = (first_ids or (None,))[0], (second_ids or (None,))[0]
            self._settled(About.HAIR, first_ids, second_ids, Choice.AGREED, (self._take(counterparts, None),))
        for first_unit, second_unit in comparison.agreed_units:
            units = {self._unit_of[i] for i in self._mates.of_units((first_unit,), (second_unit,))}
            result = tuple(sorted(unit for unit in units if unit is not None))
            self._settled(About.UNIT, (first_unit,), (second_unit,), Choice.AGREED, result)
        self._put_field(self.first.field)
        if not any(difference.about is About.FIELD for difference in comparison.differences):
            self._settled(About.FIELD, (), (), Choice.AGREED, ())

    def settle_hairs(self, difference: Difference, choice: Choice, before: Sequence[Settlement]) -> None:
        """Put in what was chosen of a hair, in place of what was there of it."""
        first = tuple(i for i in difference.first_ids if i in self.first.hairs)
        second = tuple(i for i in difference.second_ids if i in self.second.hairs)
        there = tuple(i for s in before for i in s.result_ids if i in self.read.hairs)
        if choice is Choice.EDITED and there:
            self._settled(About.HAIR, first, second, choice, there)
            return
        self.drop(there)
        results: list[int] = []
        same = len(first) == len(second) == 1 and choice is not Choice.BOTH
        begins_with_first = choice is Choice.EDITED and bool(first)
        if choice in (Choice.FIRST, Choice.BOTH) or begins_with_first:
            results += [self._take((i, second[0] if same else None), 0) for i in first]
        if choice in (Choice.SECOND, Choice.BOTH) or (choice is Choice.EDITED and not first):
            results += [self._take((first[0] if same else None, i), 1) for i in second]
        self._settled(About.HAIR, first, second, choice, tuple(results))

    def settle_units(self, difference: Difference, choice: Choice) -> None:
        """Group hairs as one of the reads does; for `EDITED` as they are."""
        hairs = self._mates.of_units(difference.first_ids, difference.second_ids)
        hairs = [i for i in hairs if self._unit_of[i] is not None]
        if choice is not Choice.EDITED:
            self._regroup(hairs, int(choice is Choice.SECOND))
        units = {self._unit_of[i] for i in hairs}
        result = tuple(sorted(unit for unit in units if unit is not None))
        self._settled(About.UNIT, difference.first_ids, difference.second_ids, choice, result)

    def settle_field(self, choice: Choice) -> None:
        """Take one read's field; for `EDITED` the one that is there stays."""
        if choice is not Choice.EDITED:
            self._put_field((self.first if choice is Choice.FIRST else self.second).field)
        self._settled(About.FIELD, (), (), choice, ())

    def drop(self, hair_ids: Iterable[int]) -> None:
        """Take out hairs that are there."""
        self.draft.delete(*(self.read.hairs[i] for i in hair_ids if i in self.read.hairs))

    def _take(self, counterparts: Counterparts, side: int | None) -> int:
        """Put in a copy of the hair of one read (0 or 1); of what both have (None) the first one's. Gives its id."""
        of_first, of_second = counterparts
        if side != 1 and of_first is not None:
            hair = self.first.hairs[of_first]
        else:
            assert of_second is not None
            hair = self.second.hairs[of_second]
        new_id = self.draft.new_id()
        unit = None
        if hair.root_visible:
            unit = self._mates.best_unit(counterparts, side, self._unit_of.get)
            unit = self.draft.new_unit() if unit is None else unit
        taken = as_taken(hair, new_id, unit)
        self.draft.put(taken)
        self._unit_of[new_id] = unit
        self._mates.add(taken, counterparts)
        return new_id

    def _regroup(self, hairs: Sequence[int], side: int) -> None:
        """Put hairs together as the first (0) or second (1) read does; those that it lacks go with their mates."""
        groups: dict[tuple[int, int], list[int]] = {}
        for hair_id in hairs:
            groups.setdefault(self._label(hair_id, hairs, side), []).append(hair_id)
        free = {self._unit_of[i] for i in hairs}
        for members in sorted(groups.values(), key=lambda ids: (-len(ids), ids)):
            there = [self._unit_of[i] for i in members]
            kept = max((u for u in there if u in free), key=lambda u: (there.count(u), -(u or 0)), default=None)
            free.discard(kept)
            self._move(members, self.draft.new_unit() if kept is None else kept)

    def _label(self, hair_id: int, hairs: Sequence[int], side: int) -> tuple[int, int]:
        """The read and the unit in it by which a hair is grouped."""
        counterparts = self._mates.of[hair_id]
        unit = self._mates.unit_in(side, counterparts[side])
        if unit is not None:
            return side, unit
        other = self._mates.unit_in(1 - side, counterparts[1 - side])
        mates = [i for i in hairs if self._mates.unit_in(1 - side, self._mates.of[i][1 - side]) == other]
        labels = [self._mates.unit_in(side, self._mates.of[i][side]) for i in mates]
        known = [label for label in labels if label is not None]
        if known:
            return side, max(sorted(set(known)), key=known.count)
        return 1 - side, other or 0

    def _move(self, hair_ids: Iterable[int], unit: int) -> None:
        for hair_id in hair_ids:
            if self._unit_of[hair_id] != unit:
                self.draft.put(replace(self.read.hairs[hair_id], unit_id=unit))
                self._unit_of[hair_id] = unit

    def _put_field(self, field: Field) -> None:
        """Take a field over, its exclusions under ids of this read."""
        if not _same_region(self.read.field, field):
            exclusions = tuple(replace(e, id=self.draft.new_id()) for e in field.exclusions)
            self.draft.put(replace(field, exclusions=exclusions))

    def _settled(
        self, about: About, first: tuple[int, ...], second: tuple[int, ...], choice: Choice, result: tuple[int, ...]
    ) -> None:
        self.draft.put(Settlement(self._next_settlement, about, first, second, choice, result))
        self._next_settlement += 1


def as_taken(hair: Hair, new_id: int, unit_id: int | None) -> Hair:
    """A hair of one of the two reads as it is in the third: somebody looked at it, so it is accepted or rejected."""
    status = Status.REJECTED if hair.status is Status.REJECTED else Status.ACCEPTED
    return replace(hair, id=new_id, unit_id=unit_id, status=status)


def _overlapping(read: Read, difference: Difference) -> list[Settlement]:
    """The settlements that name any part of a difference."""
    same = [s for s in read.settlements.values() if s.about is difference.about]
    if difference.about is About.FIELD:
        return same
    first, second = set(difference.first_ids), set(difference.second_ids)
    return [s for s in same if first.intersection(s.first_ids) or second.intersection(s.second_ids)]


def _names(settlement: Settlement) -> tuple[About, tuple[int, ...], tuple[int, ...]]:
    return settlement.about, settlement.first_ids, settlement.second_ids


def _same_region(a: Field, b: Field) -> bool:
    """Whether two fields are the same but for the numbers of their exclusions."""
    renumbered = tuple(replace(e, id=i) for i, e in enumerate(a.exclusions))
    return replace(a, exclusions=renumbered) == replace(
        b, exclusions=tuple(replace(e, id=i) for i, e in enumerate(b.exclusions))
    )


def _source(study: Study, read_id: int) -> Read:
    if read_id not in study.reads:
        raise EditRefused(f"there is no read {read_id}")
    return study.reads[read_id]


def _refuse_unsuited(study: Study, first: Read, second: Read, reader: str) -> None:
    if first.image_id != second.image_id or first.id == second.id:
        raise EditRefused("a third read settles two reads of one image")
    if not reader.strip() or reader == DETECTOR:
        raise EditRefused("a read needs a reader's name", remedy="Enter your name in the settings.")
    for read in (first, second):
        if read.review.state not in FINISHED:
            raise EditRefused(f"read {read.id} of {read.reader} is {read.review.state.value}",
                              remedy="It can be settled once it is submitted.")  # fmt: skip
        if read.repeat or read.adjudicates is not None:
            what = "a repeat" if read.repeat else "a third read itself"
            raise EditRefused(f"read {read.id} is {what}, which is not settled against another")
        if read.reader == reader:
            raise EditRefused("one of the two reads is your own", remedy="Somebody else settles what they differ in.")
    if first.reader == second.reader:
        raise EditRefused(f"both reads are by {first.reader}", remedy="Choose reads by two readers.")
    pair = {first.id, second.id}
    for other in study.reads_of(first.image_id):
        if other.adjudicates is not None and set(other.adjudicates) == pair:
            raise EditRefused(f"{other.reader} settles these two in read {other.id}")


def _refuse_moving(study: Study, read: Read) -> None:
    """Refuse to settle reads that may still change."""
    if read.adjudicates is None:
        raise EditRefused("this read settles no others", remedy="Begin a third read first.")
    for source in unfinished_sources(study, read):
        raise EditRefused(
            f"read {source.id} of {source.reader} is {source.review.state.value} and may change",
            remedy="Go on when it is submitted again.",
        )
