"""What a reader ruled, as far as it can hold, and how it binds the pairs that may be the same."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np

from analysis.detection import BoolArray, IntArray
from analysis.matching.edges import Edges
from analysis.matching.match import Ruling

SURE = 50.0
"""Weight of a pair that a reader ruled to be the same."""


@dataclass(slots=True)
class Rules:
    """The rulings of one level that hold."""

    partner: dict[int, int] = field(default_factory=dict)
    """Baseline's number to follow-up's: ruled to be the same."""
    parted: set[tuple[int, int]] = field(default_factory=set)
    """Ruled not to be the same."""
    lost: set[int] = field(default_factory=set)
    new: set[int] = field(default_factory=set)

    def add(self, ruling: Ruling) -> None:
        """Take a ruling up in place of those it contradicts."""
        before, after = ruling.baseline_id, ruling.followup_id
        if before is not None and after is not None and not ruling.same:
            if self.partner.get(before) == after:
                del self.partner[before]
            self.parted.add((before, after))
            return
        if before is not None:
            self.partner.pop(before, None)
            self.lost.discard(before)
        if after is not None:
            self.partner = {b: a for b, a in self.partner.items() if a != after}
            self.new.discard(after)
        if before is not None and after is not None:
            self.parted.discard((before, after))
            self.partner[before] = after
        elif before is not None:
            self.lost.add(before)
        elif after is not None:
            self.new.add(after)


def rules_of(rulings: Iterable[Ruling], before: Collection[int], after: Collection[int]) -> Rules:
    """The rulings on numbers that exist; of two that contradict each other the later holds."""
    known_before, known_after = set(before), set(after)
    rules = Rules()
    for ruling in rulings:
        first, second = ruling.baseline_id, ruling.followup_id
        if (first is None or first in known_before) and (second is None or second in known_after):
            rules.add(ruling)
    return rules


def severed(edges: Edges, rules: Rules, before: IntArray, after: IntArray) -> BoolArray:
    """(E,) which pairs cannot be: ruled to differ, or an end is ruled lost or new.

    Args:
        edges: between indices of `before` and of `after`.
        rules: on numbers.
        before: (N,) number of each row.
        after: (M,) number of each column.
    """
    apart: BoolArray = np.isin(before[edges.row], list(rules.lost)) | np.isin(after[edges.column], list(rules.new))
    for first, second in rules.parted:
        apart |= (before[edges.row] == first) & (after[edges.column] == second)
    return apart


def spoken_for(edges: Edges, rules: Rules, before: IntArray, after: IntArray) -> BoolArray:
    """(E,) which pairs have an end that is ruled to be the same as something; arguments as for `severed`."""
    first, second = list(rules.partner), list(rules.partner.values())
    return np.isin(before[edges.row], first) | np.isin(after[edges.column], second)


def ruled_pairs(rules: Rules, before: IntArray, after: IntArray) -> Edges:
    """The pairs that are ruled to be the same, between indices of two columns of numbers."""
    row_of = {number: index for index, number in enumerate(before.tolist())}
    column_of = {number: index for index, number in enumerate(after.tolist())}
    ends = [(row_of[first], column_of[second]) for first, second in rules.partner.items()]
    row, column = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    return Edges(row, column, np.full(len(ends), SURE))
