"""How far a third read has come: what it settled, what is open, and whether the two reads still are what they were."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workstation.adjudication.difference import Difference, DifferenceKind, PartKey
from workstation.adjudication.differences import Comparison, compare_reads
from workstation.model.read import FINISHED, WITH_READER, Read, ReadState
from workstation.model.settlement import About, Choice, Settlement
from workstation.model.study import Study

Order = tuple[int, str, tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Adjudication:
    """A third read beside the two that it settles."""

    third: Read | None
    """None: it is not begun yet."""
    comparison: Comparison

    @property
    def first(self) -> Read:
        """The first of the two."""
        return self.comparison.first

    @property
    def second(self) -> Read:
        """The second of the two."""
        return self.comparison.second

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """All that is to be settled or was, and what was agreed on or settled before a read was changed."""
        if self.third is None:
            return self.comparison.differences
        missing = [
            self._changed(first_ids, second_ids)
            for first_ids, second_ids in self.comparison.agreed
            if (About.HAIR, first_ids, second_ids) not in self._by_key
        ]
        gone = [
            self._changed(s.first_ids, s.second_ids) for s in self.third.settlements.values() if self._all_is_gone(s)
        ]
        if not (missing or gone):
            return self.comparison.differences
        return tuple(sorted((*self.comparison.differences, *missing, *gone), key=lambda d: d.order))

    @cached_property
    def open(self) -> tuple[Difference, ...]:
        """What is not settled yet, in the order of looking at it."""
        return tuple(d for d in self.differences if d.kind is DifferenceKind.CHANGED or d.key not in self._by_key)

    @property
    def n_left(self) -> int:
        """How many are open."""
        return len(self.open)

    @property
    def share_done(self) -> float:
        """From 0 to 1; 1 where the reads do not differ."""
        n_all = len(self.differences)
        return 1 - len(self.open) / n_all if n_all else 1.0

    @cached_property
    def _by_key(self) -> Mapping[PartKey, Settlement]:
        settlements = () if self.third is None else self.third.settlements.values()
        return {(s.about, s.first_ids, s.second_ids): s for s in settlements}

    def settlement_of(self, difference: Difference) -> Settlement | None:
        """How a difference was settled; None where it is open."""
        return self._by_key.get(difference.key)

    def open_counts(self) -> dict[DifferenceKind, int]:
        """How many are open of each kind."""
        return {kind: sum(d.kind is kind for d in self.open) for kind in DifferenceKind}

    def after(self, here: Order | None, kinds: Iterable[DifferenceKind] = DifferenceKind) -> Difference | None:
        """The next open difference of some kinds from a place in the order; after the last comes the first."""
        return self._beside(here, kinds, forward=True)

    def before(self, here: Order | None, kinds: Iterable[DifferenceKind] = DifferenceKind) -> Difference | None:
        """The previous one, as `after`; before the first comes the last."""
        return self._beside(here, kinds, forward=False)

    def _beside(self, here: Order | None, kinds: Iterable[DifferenceKind], *, forward: bool) -> Difference | None:
        wanted = frozenset(kinds)
        those = [d for d in self.open if d.kind in wanted]
        if not those:
            return None
        orders = [d.order for d in those]
        if here is None:
            return those[0 if forward else -1]
        return those[bisect_right(orders, here) % len(those)] if forward else those[bisect_left(orders, here) - 1]

    def _all_is_gone(self, settlement: Settlement) -> bool:
        """Whether nothing of what was settled is in the reads any more."""
        first, second = settlement.first_ids, settlement.second_ids
        if settlement.about is not About.HAIR or not (first or second):
            return False
        return not (any(i in self.first.hairs for i in first) or any(i in self.second.hairs for i in second))

    def _changed(self, first_ids: tuple[int, ...], second_ids: tuple[int, ...]) -> Difference:
        hairs = [self.first.hairs.get(i) for i in first_ids] + [self.second.hairs.get(i) for i in second_ids]
        roots = [hair.root_px for hair in hairs if hair is not None] or [self.first.field.polygon_px.mean(axis=0)]
        x, y = np.mean(roots, axis=0).tolist()
        return Difference(DifferenceKind.CHANGED, About.HAIR, first_ids, second_ids, (x, y), 0)


def adjudication_of(study: Study, third: Read) -> Adjudication:
    """A third read beside the two that it settles; kept with it.

    Raises:
        ValueError: if it settles none.
    """
    if third.adjudicates is None:
        raise ValueError(f"read {third.id} is no third read")
    first, second = (study.reads[i] for i in third.adjudicates)
    comparison = compare_reads(study, first, second)
    known: Adjudication | None = third.remembered.get("adjudication")
    if known is None or known.comparison is not comparison:
        known = Adjudication(third, comparison)
        third.remembered["adjudication"] = known
    return known


def third_reads_of(study: Study, image_id: int) -> tuple[Read, ...]:
    """The third reads of an image, oldest first."""
    return tuple(read for read in study.reads_of(image_id) if read.adjudicates is not None)


def unfinished_sources(study: Study, third: Read) -> tuple[Read, ...]:
    """Those of the two reads that are with their readers again and may change."""
    return tuple(read for i in third.adjudicates or () if (read := study.reads[i]).review.state in WITH_READER)


def source_problems(study: Study, third: Read) -> tuple[str, ...]:
    """What of the two reads is not as it was when the third was begun, a sentence each; empty where all is."""
    if third.adjudicates is None:
        return ()
    moving = unfinished_sources(study, third)
    found: list[str] = []
    for read in (study.reads[i] for i in third.adjudicates):
        if read in moving:
            done = "was returned to its reader" if read.review.state is ReadState.RETURNED else "is in review again"
            found.append(f"Read {read.id} of {read.reader} {done} and may change: wait until it is submitted.")
        later = [r for r in study.reads_of(read.image_id) if r.amends == read.id and r.review.state in FINISHED]
        found += [f"Read {read.id} of {read.reader} was amended by read {r.id}." for r in later]
    changed = adjudication_of(study, third).open_counts()[DifferenceKind.CHANGED]
    if changed:
        found.append(f"The reads were changed after this one was begun: {changed} of what was settled is open again.")
    return tuple(found)


def n_open(study: Study, third: Read) -> int:
    """How many differences a third read has not settled; 0 of any other read."""
    return 0 if third.adjudicates is None else adjudication_of(study, third).n_left


def made_by_choice(third: Read) -> dict[Choice, int]:
    """How many things were settled by each choice."""
    return {choice: sum(s.choice is choice for s in third.settlements.values()) for choice in Choice}
