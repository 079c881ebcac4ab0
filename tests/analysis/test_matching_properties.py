"""What holds of any two visits: an edit touches its own part alone, and no order and no naming matters."""

from dataclasses import replace
from itertools import permutations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from analysis.matching.assignment import assign, heaviest
from analysis.matching.edges import Edges
from analysis.matching.likelihood import REACH_UM
from analysis.matching.match import Level
from analysis.matching.matcher import match
from analysis.matching.visit import VisitHairs
from tests.analysis.drawn_visits import SIDE_UM, STILL, UM_PER_PX, hair_rows, rows, visit

SEEDS = st.integers(0, 2**32 - 1)


def random_pair(seed, n_units=40, within_um=2600.0):
    """Two visits crowded far beyond any scalp, so that parts are large."""
    rng = np.random.default_rng(seed)
    low = (SIDE_UM - within_um) / 2
    centres = rng.uniform(low, low + within_um, (n_units, 2))

    def seen(shares, start):
        units = []
        for u in np.flatnonzero(rng.random(n_units) < shares):
            roots = centres[u] + rng.normal(0, 70, (rng.integers(1, 4), 2))
            hairs = [
                (start + 10 * int(u) + k, *root, rng.uniform(20, 90), rng.random()) for k, root in enumerate(roots)
            ]
            units.append((start + int(u), *hairs))
        return visit(*units)

    return seen(0.8, 1), seen(0.8, 5)


def chosen(v: VisitHairs, own) -> VisitHairs:
    """Some hairs of a visit, in the order given."""
    columns = {
        name: getattr(v, name)[own] for name in ("id", "unit", "root_px", "width_um", "direction_rad", "confidence")
    }
    return replace(v, **columns)


def touched(before, after, root_px):
    """The numbers of all hairs, and units, that a chain of roots and units within reach joins to a place."""
    places = np.vstack([before.root_px, after.root_px, root_px[None]]) * UM_PER_PX
    near = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) <= REACH_UM
    unit = np.concatenate([before.unit, -after.unit, [0]])
    part = connected_components(near | (unit[:, None] == unit[None]))[1]
    mine = part == part[-1]
    n = len(before.id)
    sides = ((before, mine[:n]), (after, mine[n:-1]))
    return [
        {(Level.HAIR, i) for i in v.id[own].tolist()} | {(Level.UNIT, i) for i in v.unit[own].tolist()}
        for v, own in sides
    ]


def told(matching):
    """Matches as they are compared: distances to a nanometre, since sums over more rows round otherwise."""
    every = (*matching.units, *matching.hairs)
    return {
        (m.level, m.baseline_id, m.followup_id, m.status, round(np.nan_to_num(m.distance_um, nan=-1), 3)) for m in every
    }


def away_from(matches, before, after):
    return {m for m in matches if (m[0], m[1]) not in before and (m[0], m[2]) not in after}


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(0, 10**6), st.sampled_from(["remove unit", "remove hair", "move hair"]), st.booleans())
def test_an_edit_changes_only_what_it_touches(seed, which, what, later):
    before, after = random_pair(seed)
    edited = after if later else before
    i = which % len(edited.id)
    root = edited.root_px[i]
    alike = edited.unit == edited.unit[i] if what == "remove unit" else np.arange(len(edited.id)) == i
    if what == "move hair":
        roots = edited.root_px.copy()
        roots[i] += [8.0, -6.0]
        new = replace(edited, root_px=roots)
    else:
        new = chosen(edited, np.flatnonzero(~alike))
    first = told(match(before, after, STILL))
    second = told(match(before, new, STILL) if later else match(new, after, STILL))
    old_touched = touched(before, after, root)
    new_touched = touched(before, new, root) if later else touched(new, after, root)
    both = [one | other for one, other in zip(old_touched, new_touched, strict=True)]
    assert away_from(first, *both) == away_from(second, *both)


def test_the_edits_tried_have_something_to_leave_alone():
    before, after = random_pair(0)
    first, second = touched(before, after, before.root_px[0])
    outside = away_from(told(match(before, after, STILL)), first, second)
    assert 10 < len(outside) < len(told(match(before, after, STILL))) - 3


@settings(max_examples=12, deadline=None)
@given(SEEDS)
def test_the_order_of_hairs_does_not_matter(seed):
    before, after = random_pair(seed)
    rng = np.random.default_rng(seed)
    mixed = match(chosen(before, rng.permutation(len(before.id))), chosen(after, rng.permutation(len(after.id))), STILL)
    assert told(mixed) == told(match(before, after, STILL))


@settings(max_examples=12, deadline=None)
@given(SEEDS)
def test_backwards_the_lost_are_new(seed):
    before, after = random_pair(seed)
    swap = {"lost": "new", "new": "lost"}
    forth, back = match(before, after, STILL), match(after, before, STILL)
    for of in (rows, hair_rows):
        assert {(a, b, swap.get(status, status)) for b, a, status in of(forth)} == of(back)


@settings(max_examples=12, deadline=None)
@given(SEEDS)
def test_everything_has_one_match(seed):
    before, after = random_pair(seed)
    found = match(before, after, STILL)
    for matches, first, second in (
        (found.units, set(before.unit.tolist()), set(after.unit.tolist())),
        (found.hairs, set(before.id.tolist()), set(after.id.tolist())),
    ):
        assert sorted(m.baseline_id for m in matches if m.baseline_id is not None) == sorted(first)
        assert sorted(m.followup_id for m in matches if m.followup_id is not None) == sorted(second)


def best_by_trying(weight):
    """The heaviest assignment of a matrix of weights, 0 where there is no pair, by trying all."""
    n, m = weight.shape
    padded = np.zeros((n, m + n))
    padded[:, :m] = weight
    return max(sum(padded[i, j] for i, j in enumerate(order)) for order in permutations(range(m + n), n))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(1, 3), SEEDS)
def test_the_assignment_is_the_best_of_all(n, m, seed):
    rng = np.random.default_rng(seed)
    pairs = [pair for pair in product(range(n), range(m)) if rng.random() < 0.6]
    row, column = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    edges = Edges(row, column, rng.uniform(0.1, 9, len(pairs)))
    used = edges.where(assign(edges))
    assert len(set(used.row.tolist())) == len(set(used.column.tolist())) == len(used)
    weight = np.zeros((n, m))
    weight[row, column] = edges.weight
    assert np.isclose(heaviest(edges), best_by_trying(weight))
