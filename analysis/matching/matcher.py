"""Matching: follicular units and hairs of two visits, once their images are registered."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.detection import BoolArray, FloatArray, IntArray
from analysis.matching.assignment import assign
from analysis.matching.common_field import common_field
from analysis.matching.edges import Edges, joined
from analysis.matching.likelihood import likely_pairs, log_odds
from analysis.matching.match import Level, Match, Matching, Ruling, Status
from analysis.matching.rulings import SURE, Rules, ruled_pairs, rules_of, severed, spoken_for
from analysis.matching.sides import Side, side_of
from analysis.matching.unit_pairs import margins, unit_pairs
from analysis.matching.visit import VisitHairs
from analysis.registration.warp import Warp

SURE_MARGIN = 1.0
"""Logarithm of the odds below which a pair is uncertain."""
ELSEWHERE = 3.0
"""How much less likely a hair is found in another unit than its own unit's partner: a logarithm of odds."""


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The partners at one level."""

    row: IntArray
    column: IntArray
    """(P,) indices of partners."""
    sure: BoolArray
    """(P,)"""
    unclear_before: BoolArray
    unclear_after: BoolArray
    """Of all: uncertain should it have no partner."""


def match(baseline: VisitHairs, followup: VisitHairs, warp: Warp, rulings: Sequence[Ruling] = ()) -> Matching:
    """Find each follicular unit and each hair of the baseline again in the follow-up.

    Hairs tell units: two units weigh what their hairs' places, widths and directions say for their being the same, and
    the heaviest assignment of units is found exactly. Hairs are then assigned the same way, those of partners first.
    A unit that was one and is now found as two, or the other way round, is grouped otherwise, not grown: one half is
    its partner, and the other, which has none, is uncertain, neither new nor lost, so that the net change of units
    stays what it was; its hairs have their partners, so that nothing is lost of them either.

    Outside the common field and within `EDGE_UM` of its edge nothing is lost or new, and what has no partner there is
    not listed. All constants are physical and the same for every pair, and the pairs that may be the same fall into
    parts that do not touch, so that an edit changes the matches of its own part alone.

    Args:
        baseline: the hairs that count at the earlier visit.
        followup: those at the later visit.
        warp: from the baseline's pixels to the follow-up's.
        rulings: what a reader decided, in order. Of two that contradict each other the later holds; one on a number
            that there is not is passed over.

    Raises:
        ValueError: if a root is not finite, or a width is not positive (NaN apart).
    """
    field = common_field(baseline, followup, warp)
    before = side_of(baseline, field.baseline, followup.um_per_px, warp)
    after = side_of(followup, field.followup, followup.um_per_px)
    of_units = rules_of((r for r in rulings if r.level is Level.UNIT), before.unit_id, after.unit_id)
    of_hairs = rules_of((r for r in rulings if r.level is Level.HAIR), before.id, after.id)
    possible = _possible_hairs(before, after, of_units, of_hairs)
    units = _find_units(possible, before, after, of_units)
    hairs = _find_hairs(possible, units, before, after, of_units)
    units = _with_regrouped(units, hairs, before, after)
    return Matching(
        units=_unit_rows(units, before, after, of_units),
        hairs=_hair_rows(hairs, before, after, of_hairs),
        common_baseline=field.baseline,
        common_followup=field.followup,
        overlap=field.overlap,
    )


def _possible_hairs(before: Side, after: Side, of_units: Rules, of_hairs: Rules) -> Edges:
    """The pairs of hairs that may be the same, as far as rulings leave them."""
    edges = likely_pairs(before.hairs, after.hairs)
    edges = edges.where(~severed(edges, of_units, _unit_ids(before), _unit_ids(after)))
    edges = joined([edges, *_beyond_reach(edges, before, after, of_units)])
    barred = severed(edges, of_hairs, before.id, after.id) | spoken_for(edges, of_hairs, before.id, after.id)
    return joined([edges.where(~barred), ruled_pairs(of_hairs, before.id, after.id)])


def _unit_ids(side: Side) -> IntArray:
    """(N,) number of each hair's unit; −1 for a hair of none."""
    ids: IntArray = np.append(side.unit_id, -1)[side.unit]
    return ids


def _beyond_reach(edges: Edges, before: Side, after: Side, of_units: Rules) -> list[Edges]:
    """Pairs of hairs of units that a reader paired though no two hairs are within reach: by place in their unit."""
    near = {(int(u), int(v)) for u, v in zip(before.unit[edges.row], after.unit[edges.column], strict=True)}
    found = []
    for first, second in of_units.partner.items():
        u, v = int(np.searchsorted(before.unit_id, first)), int(np.searchsorted(after.unit_id, second))
        if (u, v) in near:
            continue
        row, column = (
            part.ravel() for part in np.meshgrid(np.flatnonzero(before.unit == u), np.flatnonzero(after.unit == v))
        )
        here = before.hairs.root_um[row] - before.centre_um[u]
        there = after.hairs.root_um[column] - after.centre_um[v]
        weight = log_odds(before.hairs, after.hairs, row, column, np.hypot(*(there - here).T))
        found.append(Edges(row, column, weight).where(weight > 0))
    return found


def _find_units(possible: Edges, before: Side, after: Side, rules: Rules) -> _Found:
    pairs = unit_pairs(possible, before.unit, after.unit)
    pairs = pairs.bound(rules, before.unit_id, after.unit_id)
    edges = pairs.edges
    chosen = assign(edges)
    margin = margins(pairs, chosen)
    unclear = ~chosen & (margin < SURE_MARGIN)
    unclear_before, unclear_after = before.unit_doubtful.copy(), after.unit_doubtful.copy()
    unclear_before[edges.row[unclear]] = True
    unclear_after[edges.column[unclear]] = True
    sure = margin[chosen] >= SURE_MARGIN
    return _Found(edges.row[chosen], edges.column[chosen], sure, unclear_before, unclear_after)


def _find_hairs(possible: Edges, units: _Found, before: Side, after: Side, of_units: Rules) -> _Found:
    mate, sure = np.full(len(before.unit_id) + 1, -2), np.ones(len(before.unit_id) + 1, dtype=bool)
    mate[units.row], sure[units.row] = units.column, units.sure
    together = mate[before.unit[possible.row]] == after.unit[possible.column]
    # what a reader paired shares as many hairs as it can, wherever else they might belong
    ruled = together & np.isin(_unit_ids(before)[possible.row], list(of_units.partner))
    edges = Edges(possible.row, possible.column, possible.weight - ELSEWHERE * ~together + SURE * ruled)
    edges = edges.where(edges.weight > 0)
    found = edges.where(assign(edges))
    is_sure = sure[before.unit[found.row]] | (mate[before.unit[found.row]] != after.unit[found.column])
    unclear = (
        (side.hair_doubtful | np.append(_unclear(alone, paired, units.sure), False)[side.unit])
        & ~np.isin(_unit_ids(side), list(decided))  # what a reader says of a unit goes for its hairs
        for side, alone, paired, decided in (
            (before, units.unclear_before, units.row, of_units.lost),
            (after, units.unclear_after, units.column, of_units.new),
        )
    )
    return _Found(found.row, found.column, is_sure, *unclear)


def _unclear(alone: BoolArray, paired: IntArray, sure: BoolArray) -> BoolArray:
    """(M,) which units are uncertain, with a partner or without."""
    unclear = alone.copy()
    unclear[paired] = ~sure
    return unclear


def _with_regrouped(units: _Found, hairs: _Found, before: Side, after: Side) -> _Found:
    """Units of which a hair has a partner are not lost or new, whatever unit that partner is in."""
    unclear_before, unclear_after = units.unclear_before.copy(), units.unclear_after.copy()
    for unclear, unit, found in ((unclear_before, before.unit, hairs.row), (unclear_after, after.unit, hairs.column)):
        own = unit[found]
        unclear[own[own >= 0]] = True
    return _Found(units.row, units.column, units.sure, unclear_before, unclear_after)


def _unit_rows(found: _Found, before: Side, after: Side, rules: Rules) -> tuple[Match, ...]:
    away = after.centre_um[found.column] - before.centre_um[found.row]
    ids, inside = (before.unit_id, after.unit_id), (before.unit_inside, after.unit_inside)
    return _rows(Level.UNIT, found, ids, inside, rules, away, np.full(len(away), np.nan))


def _hair_rows(found: _Found, before: Side, after: Side, rules: Rules) -> tuple[Match, ...]:
    away = after.hairs.root_um[found.column] - before.hairs.root_um[found.row]
    wider = after.hairs.width_um[found.column] - before.hairs.width_um[found.row]
    ids, inside = (before.id, after.id), (before.hair_inside, after.hair_inside)
    return _rows(Level.HAIR, found, ids, inside, rules, away, wider)


def _rows(
    level: Level,
    found: _Found,
    ids: tuple[IntArray, IntArray],
    inside: tuple[BoolArray, BoolArray],
    rules: Rules,
    away_um: FloatArray,
    wider_um: FloatArray,
) -> tuple[Match, ...]:
    """All matches of a level: partners and the lost in the order of the baseline's numbers, then the new."""
    rows: list[Match] = []
    first, second = ids[0][found.row].tolist(), ids[1][found.column].tolist()
    apart_um = np.hypot(*away_um.T).tolist()
    for b, a, sure, apart, wider in zip(first, second, found.sure.tolist(), apart_um, wider_um.tolist(), strict=True):
        ruled = rules.partner.get(b) == a
        status = Status.KEPT if sure or ruled else Status.UNCERTAIN
        rows.append(Match(level, b, a, status, apart, wider, ruled))
    alone = (
        (ids[0], found.row, inside[0], found.unclear_before, rules.lost, Status.LOST),
        (ids[1], found.column, inside[1], found.unclear_after, rules.new, Status.NEW),
    )
    for own, paired, within, unclear, ruled_so, status in alone:
        left = np.setdiff1d(np.arange(len(own)), paired)
        for i in left[np.argsort(own[left])].tolist():
            number, ruled = int(own[i]), int(own[i]) in ruled_so
            if not (within[i] or ruled):
                continue
            what = Status.UNCERTAIN if unclear[i] and not ruled else status
            before, after = (number, None) if status is Status.LOST else (None, number)
            rows.append(Match(level, before, after, what, ruled=ruled))
    return tuple(sorted(rows, key=_order))


def _order(row: Match) -> tuple[bool, int, int]:
    return row.baseline_id is None, row.baseline_id or 0, row.followup_id or 0
