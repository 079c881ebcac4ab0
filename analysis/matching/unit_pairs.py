"""Follicular units that may be the same, told by their hairs; and how sure a pair of them is."""

from dataclasses import dataclass

import numpy as np

from analysis.detection import BoolArray, FloatArray, IntArray
from analysis.matching.assignment import assign, heaviest, parts_of
from analysis.matching.edges import Edges, joined
from analysis.matching.rulings import Rules, ruled_pairs, severed, spoken_for


@dataclass(frozen=True, slots=True, eq=False)
class UnitPairs:
    """Pairs of units that share hairs, and by which pairs of hairs."""

    edges: Edges
    """(E,) between indices of units; a pair weighs what its hairs weigh, each used once."""
    before: tuple[frozenset[int], ...]
    """(E,) the baseline's hairs that tell each pair."""
    after: tuple[frozenset[int], ...]

    def where(self, chosen: BoolArray) -> "UnitPairs":
        """Some of them, by a mask."""
        of = np.flatnonzero(chosen)
        return UnitPairs(self.edges.where(of), tuple(self.before[e] for e in of), tuple(self.after[e] for e in of))

    def claim_the_same(self, e: int, f: int) -> bool:
        """Whether two pairs share a unit and a hair of it."""
        row, column = self.edges.row, self.edges.column
        same_before = row[e] == row[f] and bool(self.before[e] & self.before[f])
        same_after = column[e] == column[f] and bool(self.after[e] & self.after[f])
        return e != f and bool(same_before or same_after)

    def bound(self, rules: Rules, before: IntArray, after: IntArray) -> "UnitPairs":
        """As rulings leave them; arguments as for `severed`."""
        barred = severed(self.edges, rules, before, after) | spoken_for(self.edges, rules, before, after)
        free, ruled = self.where(~barred), ruled_pairs(rules, before, after)
        untold = (frozenset[int](),) * len(ruled)
        return UnitPairs(joined([free.edges, ruled]), free.before + untold, free.after + untold)


def unit_pairs(hairs: Edges, unit_before: IntArray, unit_after: IntArray) -> UnitPairs:
    """The units that hairs of which may be the same.

    Args:
        hairs: pairs of hairs.
        unit_before: (N,) index of the unit of each row; −1 for a hair of none.
        unit_after: (M,) of each column.
    """
    hairs = hairs.where((unit_before[hairs.row] >= 0) & (unit_after[hairs.column] >= 0))
    of = np.column_stack([unit_before[hairs.row], unit_after[hairs.column]])
    units, pair = np.unique(of, axis=0, return_inverse=True)
    pair = pair.reshape(-1).astype(np.int64)
    # each pair of units gets hairs of its own, so that one assignment solves them all, each alone
    apart = Edges(pair * len(unit_before) + hairs.row, pair * len(unit_after) + hairs.column, hairs.weight)
    chosen = np.flatnonzero(assign(apart))
    weight: FloatArray = np.bincount(pair[chosen], hairs.weight[chosen], len(units)).astype(np.float64)
    chosen = chosen[np.argsort(pair[chosen], kind="stable")]
    ends = np.flatnonzero(np.diff(pair[chosen])) + 1
    before, after = (
        tuple(frozenset(part.tolist()) for part in np.split(own[chosen], ends)) if len(chosen) else ()
        for own in (hairs.row, hairs.column)
    )
    return UnitPairs(Edges(units[:, 0], units[:, 1], weight), before, after)


def margins(pairs: UnitPairs, chosen: BoolArray) -> FloatArray:
    """(E,) by how much the whole would weigh less were each chosen pair not one, each other pair one.

    A logarithm of odds: of a chosen pair against its rivals, and of one left out, an end of which has no partner,
    against the best without it; infinite for the rest. A unit whose hairs are spread over two units of the other visit
    is no rival to itself: which of the two is called its partner is a matter of words, not of doubt, as long as no
    hair is claimed by both.
    """
    edges = pairs.edges
    margin = np.where(chosen, edges.weight, np.inf)
    part = parts_of(edges)
    alone = ~np.isin(edges.row, edges.row[chosen]) | ~np.isin(edges.column, edges.column[chosen])
    for e in np.flatnonzero(chosen | alone).tolist():
        at_row, at_column = edges.row == edges.row[e], edges.column == edges.column[e]
        rivals = [f for f in np.flatnonzero(at_row | at_column).tolist() if pairs.claim_the_same(e, f)]
        if chosen[e] and not rivals:
            continue
        own = part == part[e]
        left = own & ~at_row & ~at_column
        if chosen[e]:
            left[rivals] = True
        rest = heaviest(edges.where(left))
        margin[e] = edges.weight[own & chosen].sum() - rest - (0.0 if chosen[e] else edges.weight[e])
    return margin
