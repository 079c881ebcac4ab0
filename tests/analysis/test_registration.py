import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from scipy.optimize import linear_sum_assignment

from analysis.registration.registering import register
from analysis.registration.result import Constellation, LandmarkPairs, Verdict
from analysis.registration.warp import Warp
from analysis.synthetic.camera import Pose
from tests.analysis.unit_pairs import (
    SIZE_PX,
    UM_PER_PX,
    Hardship,
    as_detected,
    hard_pair,
    ordinary_pair,
    seen_by_two,
    unrelated_pair,
    whole_image,
)

MILD = Hardship(turn_deg=8, zoom=0.02, shift=0.1, lost_share=0.03, new_share=0.1, stretch_mm=0.08)
IDENTITY = Pose(SIZE_PX, UM_PER_PX)


def moved(units: Constellation, pose: Pose) -> Constellation:
    return seen_by_two(units, units, pose).followup


def corners(pair, indices):
    return LandmarkPairs(pair.here_px[indices], pair.there_px[indices])


@pytest.fixture(scope="module")
def mild():
    return as_detected(hard_pair(3, MILD), 3)


@pytest.mark.parametrize("seed", range(3))
def test_half_the_field_is_enough(seed):
    pair = hard_pair(seed)
    found = register(pair.baseline, pair.followup)
    assert found.verdict is Verdict.GOOD, found.reason
    assert pair.error_um(found.warp) < 60
    assert 0.35 < found.overlap < 0.65


@pytest.mark.parametrize("seed", range(2))
def test_errors_of_detection_are_borne(seed):
    pair = as_detected(hard_pair(seed, MILD), seed)
    found = register(pair.baseline, pair.followup)
    assert found.verdict is Verdict.GOOD, found.reason
    assert pair.error_um(found.warp) < 50


@pytest.mark.parametrize("case", ["dark", "dense", "parting"])
def test_ordinary_pairs_are_registered(case):
    pair = ordinary_pair(case, 1)
    found = register(pair.baseline, pair.followup)
    assert found.verdict is Verdict.GOOD, found.reason
    assert pair.error_um(found.warp) < 40


@pytest.mark.parametrize("seed", range(4))
def test_images_of_two_people_are_not_called_good(seed):
    pair = unrelated_pair(seed)
    assert register(pair.baseline, pair.followup).verdict is not Verdict.GOOD


@pytest.mark.parametrize(("turn_deg", "scale"), [(30, 1.0), (-30, 0.82), (12, 1.2)])
def test_turns_and_scales_are_found(turn_deg, scale):
    units = hard_pair(5).baseline
    pose = Pose(SIZE_PX, UM_PER_PX / scale, rotation_rad=math.radians(turn_deg))
    there = replace(moved(units, pose), um_per_px=UM_PER_PX)
    found = register(units, there)
    assert found.verdict is Verdict.GOOD, found.reason
    assert found.warp is not None
    # the grid of the search is coarse: the fit must reach the exact answer from there
    expected = pose.to_px(IDENTITY.to_mm(units.centre_px))
    np.testing.assert_allclose(found.warp.to_followup(units.centre_px), expected, atol=1.0)
    assert found.residual_um < 5


def test_what_is_found_is_said_in_numbers():
    units = hard_pair(8).baseline
    width_mm = SIZE_PX[0] * UM_PER_PX / 1000
    there = moved(units, Pose(SIZE_PX, UM_PER_PX, (0.3 * width_mm, 0.0)))
    found = register(units, there)
    assert found.verdict is Verdict.GOOD
    assert found.n_shared == len(there.n_hairs)
    assert found.overlap == pytest.approx(0.7, abs=0.01)
    assert found.overlap_cm2 == pytest.approx(0.7 * 1280 * 1024 * 5.525**2 / 1e8, rel=0.02)
    assert found.reason.startswith(f"{found.n_shared} of {found.n_shared} units in the common field were found again")


def test_the_residual_is_the_distance_between_units_found_twice(mild):
    found = register(mild.baseline, mild.followup)
    placed = found.warp.to_followup(mild.baseline.centre_px)
    apart_um = np.hypot(*(placed[:, None] - mild.followup.centre_px).transpose(2, 0, 1)) * mild.followup.um_per_px
    nearest = apart_um[linear_sum_assignment(np.minimum(apart_um, 1000))]
    both = nearest[nearest < 150]
    assert found.n_shared == len(both)
    assert found.residual_um == pytest.approx(math.sqrt(np.mean(both**2)))


def test_only_units_in_a_corner_found_again_is_not_good():
    units, stranger = hard_pair(4).baseline, unrelated_pair(5).followup
    corner = shapely.box(0, 0, 0.5 * SIZE_PX[0], 0.6 * SIZE_PX[1])
    own, other = (shapely.contains_xy(corner, u.centre_px) for u in (units, stranger))
    there = Constellation(
        np.vstack([units.centre_px[own], stranger.centre_px[~other]]),
        np.concatenate([units.n_hairs[own], stranger.n_hairs[~other]]),
        units.region,
        units.um_per_px,
    )
    found = register(units, there)
    assert found.verdict is Verdict.CHECK
    assert found.reason.endswith("but too few in one half of it."), found.reason


def test_the_same_question_has_the_same_answer(mild):
    assert register(mild.baseline, mild.followup) == register(mild.baseline, mild.followup)


def test_progress_is_told_and_ends(mild):
    told = []
    register(mild.baseline, mild.followup, report=lambda stage, share: told.append((stage, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert {stage for stage, _ in told} == {"Registering"}


def test_too_few_units_say_so():
    units = hard_pair(0).baseline
    few = replace(units, centre_px=units.centre_px[:3], n_hairs=units.n_hairs[:3])
    found = register(few, units)
    assert found.verdict is Verdict.FAILED
    assert found.warp is None
    assert found.overlap == 0
    assert found.reason == "There are too few units to go by: 3 in one of the images."


@pytest.mark.parametrize("n_units", [0, 3])
def test_landmarks_place_images_of_too_few_units_to_go_by(n_units):
    units = hard_pair(0).baseline
    few = replace(units, centre_px=units.centre_px[:n_units], n_hairs=units.n_hairs[:n_units])
    here_px = np.array([[200.0, 200.0], [1000.0, 250.0], [600.0, 800.0]])
    there_px = np.add(here_px, [90, -60])
    for baseline, followup in ((few, units), (units, few)):
        found = register(baseline, followup, LandmarkPairs(here_px, there_px))
        assert found.verdict is Verdict.CHECK
        assert found.reason.startswith("Placed by hand")
        assert np.hypot(*(found.warp.to_followup(here_px) - there_px).T).max() * UM_PER_PX < 20


def test_no_field_is_no_crash():
    units = hard_pair(0).baseline
    assert register(replace(units, region=shapely.Polygon()), units).verdict is Verdict.FAILED


def test_a_large_field_is_registered_from_a_part_of_it():
    pair = as_detected(hard_pair(2, Hardship(shift=0.4), size_px=(3200, 2560)), 2)
    assert len(pair.baseline.n_hairs) > 150
    found = register(pair.baseline, pair.followup)
    assert found.verdict is Verdict.GOOD, found.reason
    assert pair.error_um(found.warp) < 40


def test_a_start_leads_where_the_search_leads(mild):
    searched = register(mild.baseline, mild.followup)
    near = np.add(searched.warp.affine, [[0.01, 0.0, 12.0], [0.0, -0.01, -12.0]])
    begun = register(mild.baseline, mild.followup, start=Warp(near))
    assert begun.verdict is Verdict.GOOD
    there = begun.warp.to_followup(mild.here_px) - searched.warp.to_followup(mild.here_px)
    assert np.hypot(*there.T).max() * UM_PER_PX < 10


def test_landmarks_show_what_the_search_does_not_look_for():
    units = hard_pair(6).baseline
    there = moved(units, Pose(SIZE_PX, UM_PER_PX, rotation_rad=math.radians(90)))
    assert register(units, there).verdict is not Verdict.GOOD
    pose = Pose(SIZE_PX, UM_PER_PX, rotation_rad=math.radians(90))
    here_px = np.array([[500.0, 300.0], [800.0, 700.0]])
    there_px = np.add(pose.to_px(IDENTITY.to_mm(here_px)), [[4, -4], [-4, 4]])
    found = register(units, there, LandmarkPairs(here_px, there_px))
    assert found.verdict is Verdict.GOOD, found.reason
    assert found.residual_um < 30


def test_landmarks_hold_where_units_do_not_confirm_them():
    pair = unrelated_pair(11)
    here_px = np.array([[200.0, 200.0], [1000.0, 250.0], [600.0, 800.0]])
    there_px = here_px @ [[0.98, 0.17], [-0.17, 0.98]] + [90, -60]
    found = register(pair.baseline, pair.followup, LandmarkPairs(here_px, there_px))
    assert found.verdict is Verdict.CHECK
    assert found.reason.startswith("Placed by hand")
    off_px = found.warp.to_followup(here_px) - there_px
    assert np.hypot(*off_px.T).max() * UM_PER_PX < 20


def test_one_landmark_narrows_the_search(mild):
    found = register(mild.baseline, mild.followup, corners(mild, [4]))
    assert found.verdict is Verdict.GOOD
    assert mild.error_um(found.warp) < 50


def test_landmarks_pull_the_transform(mild):
    free = register(mild.baseline, mild.followup).warp
    here_px = mild.here_px[[0, 5, 9]]
    pulled_px = np.add(free.to_followup(here_px), [[12, 0], [0, 0], [0, 0]])
    held = register(mild.baseline, mild.followup, LandmarkPairs(here_px, pulled_px)).warp
    before, after = (np.hypot(*(w.to_followup(here_px[:1]) - pulled_px[:1])[0]) for w in (free, held))
    assert after < 0.7 * before


def test_landmarks_on_one_another_are_refused_or_harmless():
    pair = unrelated_pair(12)
    point = np.array([[300.0, 300.0], [900.0, 300.0]])
    found = register(pair.baseline, pair.followup, LandmarkPairs(point, np.array([[500.0, 500.0]] * 2)))
    assert found.verdict is Verdict.FAILED
    assert found.reason == "The landmarks do not fit together."


def test_exclusions_are_no_common_field():
    units = hard_pair(7).baseline
    hole = shapely.box(400, 300, 800, 700)
    region = whole_image(SIZE_PX).difference(hole)
    kept = ~shapely.contains_xy(hole, units.centre_px)
    there = Constellation(units.centre_px[kept], units.n_hairs[kept], region, UM_PER_PX)
    found = register(units, there)
    assert found.verdict is Verdict.GOOD
    assert found.overlap == pytest.approx(1 - 400 * 400 / (1280 * 1024), abs=0.01)
    assert found.n_shared == kept.sum()
