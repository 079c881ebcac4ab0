from dataclasses import replace

import numpy as np
import pytest

from analysis.synthetic import Change, case_spec, follow_up, make_phantom, phantom_pair
from analysis.synthetic.camera import Pose

SPEC = case_spec("dark", size_px=(500, 420), um_per_px=25)


@pytest.fixture(scope="module")
def pair():
    return make_phantom(SPEC, 6), follow_up(SPEC, 6)


def inside(points, size, margin_px=15):
    return (points > margin_px).all(1) & (points < np.array(size) - margin_px).all(1)


def test_units_are_kept_lost_and_new_by_their_ids(pair):
    first, later = pair
    before = {u.id: u.centre_px for u in first.truth.units}
    after = {u.id: u.centre_px for u in later.phantom.truth.units}
    there = later.to_follow_up(np.array(list(before.values())))
    both = inside(there, SPEC.size_px) & inside(np.array(list(before.values())), SPEC.size_px)
    seen = {i for i, ok in zip(before, both, strict=True) if ok}
    assert {i for i in seen if i not in after} == seen & later.lost_unit_ids
    assert not set(after) & later.lost_unit_ids
    assert not set(before) & later.new_unit_ids
    assert set(after) & later.new_unit_ids


def test_kept_units_lie_where_the_transform_says(pair):
    first, later = pair
    after = {u.id: u.centre_px for u in later.phantom.truth.units}
    kept = [u for u in first.truth.units if u.id in after]
    assert len(kept) > 60
    predicted = later.to_follow_up(np.array([u.centre_px for u in kept]))
    away_um = np.hypot(*(predicted - np.array([after[u.id] for u in kept])).T) * 25
    # roots drift by 15 µm; a hair that a unit gains or loses moves its centre by more
    assert np.median(away_um) < 25
    assert np.percentile(away_um, 90) < 60


def test_the_transform_runs_both_ways(pair):
    later = pair[1]
    points = np.random.default_rng(0).uniform(0, 400, (50, 2))
    np.testing.assert_allclose(later.to_baseline(later.to_follow_up(points)), points, atol=1e-6)
    assert np.hypot(*(later.to_follow_up(points) - points).T).max() > 10


def test_hair_grows_again_of_nearly_the_same_width_but_lies_otherwise(pair):
    first, later = pair
    before = {h.id: h for h in first.truth.hairs}
    both = [(before[h.id], h) for h in later.phantom.truth.hairs if h.id in before]
    assert len(both) > 100
    ratio = np.array([b.width_um / a.width_um for a, b in both])
    assert np.median(ratio) == pytest.approx(1.02, abs=0.012)
    assert 0.02 < ratio.std() < 0.06

    def heading(h):
        d = h.centreline_px[3] - h.centreline_px[0]
        return np.arctan2(d[1], d[0])

    turned = np.angle(np.exp(1j * np.array([heading(b) - heading(a) for a, b in both])))
    assert np.degrees(np.std(turned)) > 8


def test_the_truth_knows_its_visit_and_scale(pair):
    first, later = pair
    assert first.truth.visit == "baseline"
    assert later.phantom.truth.visit == "week 12"
    assert later.phantom.truth.um_per_px == later.pose.um_per_px
    assert 0.98 * 12 <= later.pose.um_per_px <= 1.02 * 25


def test_changes_are_as_many_as_asked_for():
    spec = replace(SPEC, size_px=(300, 240), um_per_px=40)
    later = follow_up(spec, 3, Change(visit="week 4", lost_share=0.1, new_share=0.2))
    n = len(later.phantom.truth.units)
    assert later.phantom.truth.visit == "week 4"
    assert n > 60
    everything = len(make_phantom(spec, 3).truth.units)
    assert 0.05 < len(later.lost_unit_ids) / everything < 0.3


def test_nothing_changes_where_nothing_is_asked_for():
    still = Change(
        lost_share=0,
        new_share=0,
        hair_lost_share=0,
        hair_new_share=0,
        width_gain=1,
        width_spread=0,
        drift_um=0,
        shift_mm=0,
        turn_deg=0,
        zoom=0,
        stretch_mm=0,
    )
    first, later = make_phantom(SPEC, 9), follow_up(SPEC, 9, still)
    before = {u.id: u for u in first.truth.units if inside(u.centre_px[None], SPEC.size_px)[0]}
    after = {u.id: u for u in later.phantom.truth.units}
    assert set(before) <= set(after)
    for i, unit in before.items():
        np.testing.assert_allclose(after[i].centre_px, unit.centre_px, atol=1e-9)
    np.testing.assert_allclose(later.to_follow_up(np.array([[3.0, 4.0]])), [[3.0, 4.0]], atol=1e-9)


def test_a_camera_that_misses_the_field_is_refused():
    with pytest.raises(ValueError, match=r"1\.5 mm at most"):
        Change(shift_mm=3)


def test_a_named_pair_is_one_subject():
    first, later = phantom_pair("dark", 2, size_px=(300, 240), um_per_px=12)
    shared = {u.id for u in first.truth.units} & {u.id for u in later.phantom.truth.units}
    assert len(shared) > 0.6 * len(first.truth.units)
    assert (first.image != later.phantom.image).any()


def test_a_pose_puts_the_middle_of_its_field_in_the_middle_of_the_image():
    pose = Pose((101, 81), 10, (1.0, 2.0), 0.5)
    np.testing.assert_allclose(pose.to_px(np.array([[1.0, 2.0]])), [[50, 40]])
    np.testing.assert_allclose(Pose((101, 81), 10).to_px(np.array([[0.1, 0.0]])), [[60, 40]])
