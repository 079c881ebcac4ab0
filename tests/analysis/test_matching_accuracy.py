"""Matching of synthetic pairs is as right as it was, less a margin."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.matching.common_field import compared, lies_in
from analysis.matching.match import Level, Status
from analysis.matching.matcher import match
from analysis.registration.registering import register
from analysis.synthetic import Change, case_spec
from analysis.units import group_roots
from tests.analysis.phantom_visits import constellation_of, fitted_warp, truth_pair, truth_visit

HARD = Change(
    lost_share=0.1, new_share=0.2, hair_lost_share=0.05, hair_new_share=0.05, shift_mm=1.5, turn_deg=15, stretch_mm=0.1
)


def registered(before, after):
    warp = register(constellation_of(before), constellation_of(after)).warp
    assert warp is not None
    return warp


def in_words(matching, level, before, after):
    """How many matches of a level are right and wrong by ids that are the same at both visits."""
    matches = matching.units if level is Level.UNIT else matching.hairs
    first, second = ((v.unit if level is Level.UNIT else v.id).tolist() for v in (before, after))
    right = {
        Status.KEPT: lambda m: m.baseline_id == m.followup_id,
        Status.LOST: lambda m: m.baseline_id not in second,
        Status.NEW: lambda m: m.followup_id not in first,
    }
    counts = {s: [0, 0] for s in right}
    for found in matches:
        if found.status in right:
            counts[found.status][not right[found.status](found)] += 1
    return counts


@pytest.mark.parametrize(("case", "seed"), [("dark", 1), ("dense", 2), ("vellus", 3)])
def test_true_units_and_hairs_are_found_again_through_a_registration(case, seed):
    pair = truth_pair(case_spec(case, size_px=(2000, 1600)), seed, HARD)
    before, after = truth_visit(pair.before), truth_visit(pair.after)
    found = match(before, after, registered(before, after))
    units, hairs = (in_words(found, level, before, after) for level in Level)
    assert units[Status.KEPT][0] > 35
    assert units[Status.LOST][0] > 2
    assert units[Status.NEW][0] > 5
    assert sum(wrong for _, wrong in units.values()) == 0
    assert sum(match.status is Status.UNCERTAIN for match in found.units) <= 1
    right, wrong = np.sum(list(hairs.values()), axis=0)
    assert wrong <= 0.03 * (right + wrong)


def test_no_true_loss_or_gain_in_the_compared_field_is_passed_over():
    pair = truth_pair(case_spec("dark", size_px=(2000, 1600)), 4, HARD)
    before, after = truth_visit(pair.before), truth_visit(pair.after)
    found = match(before, after, fitted_warp(pair.to_followup, pair.before.size_px))
    here, there = compared(found.common_baseline, before.um_per_px), compared(found.common_followup, after.um_per_px)
    for visit, other, region, status in ((before, after, here, Status.LOST), (after, before, there, Status.NEW)):
        numbers = np.unique(visit.unit)
        centres = np.array([visit.root_px[visit.unit == number].mean(axis=0) for number in numbers])
        gone = set(numbers[lies_in(region, centres)].tolist()) - set(other.unit.tolist())
        listed = {m.baseline_id if status is Status.LOST else m.followup_id for m in found.units if m.status is status}
        assert len(gone) > 3
        assert listed == gone


def as_if_detected(visit, seed):
    """The visit with roots and widths a little off, one hair in twenty missed, as many false, and units made anew."""
    rng = np.random.default_rng(seed)
    own = np.flatnonzero(rng.random(len(visit.id)) > 0.05)
    n_false = len(own) // 20
    low, high = np.array(visit.region.bounds).reshape(2, 2)
    roots = visit.root_px[own] + rng.normal(0, 20 / visit.um_per_px, (len(own), 2))
    roots = np.vstack([roots, rng.uniform(low, high, (n_false, 2))])
    many = len(own) + n_false
    return replace(
        visit,
        id=np.concatenate([visit.id[own], 10**9 + seed * 1000 + np.arange(n_false)]),
        unit=group_roots(roots, 250 / visit.um_per_px),
        root_px=roots,
        width_um=np.concatenate([visit.width_um[own] + rng.normal(0, 4, len(own)), rng.uniform(20, 60, n_false)]),
        direction_rad=rng.uniform(-3, 3, many),
        confidence=np.full(many, 0.9),
    )


def test_units_and_hairs_are_found_again_though_detection_errs_and_groups_anew():
    pair = truth_pair(case_spec("dark", size_px=(3000, 2400)), 7, HARD)
    before, after = as_if_detected(truth_visit(pair.before), 1), as_if_detected(truth_visit(pair.after), 2)
    found = match(before, after, registered(before, after))
    (right, wrong), *_ = in_words(found, Level.HAIR, before, after).values()
    assert right > 150
    assert wrong <= 0.05 * (right + wrong)
    kept = [m for m in found.units if m.status is Status.KEPT]
    hairs_of = [{u: set(v.id[v.unit == u].tolist()) for u in np.unique(v.unit).tolist()} for v in (before, after)]
    strange = [m for m in kept if not hairs_of[0][m.baseline_id] & hairs_of[1][m.followup_id]]
    assert len(strange) <= 0.02 * len(kept)
    # what grouping did to units is neither loss nor gain
    for at, other, status in ((0, after, Status.LOST), (1, before, Status.NEW)):
        gone = [(m.baseline_id, m.followup_id)[at] for m in found.units if m.status is status]
        regrouped = [u for u in gone if hairs_of[at][u] & set(other.id.tolist())]
        assert len(regrouped) <= 0.1 * len(gone)
