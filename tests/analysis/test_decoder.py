import numpy as np
import pytest

from analysis.decoder.explain import explain
from analysis.decoder.rods import best_rod, paint, strip_sums


def painted(*rods, shape=(120, 160)):
    weight = np.full(shape, -1, np.float32)
    for rod in rods:
        weight[paint(shape, np.array(rod, float))] = 1
    return weight


def same_ends(rod, wanted):
    there = np.hypot(*(rod[:2] - wanted[:2])) + np.hypot(*(rod[2:4] - wanted[2:4]))
    back = np.hypot(*(rod[:2] - wanted[2:4])) + np.hypot(*(rod[2:4] - wanted[:2]))
    return min(there, back)


def test_the_sum_under_a_rod_is_its_area_inside_less_its_area_outside():
    weight = np.full((50, 120), -1, np.float32)
    weight[:, 40:80] = 1
    rod = np.array([[19.5, 25, 79.5, 25, 0, 3.0]])
    assert strip_sums(weight, rod)[0] == pytest.approx((40 - 20) * 6, rel=0.05)


@pytest.mark.parametrize("angle", [0.0, 0.4, 1.1, 1.6, 2.7])
def test_the_best_rod_lies_along_the_shaft(angle):
    middle, half = np.array([35.0, 35.0]), 25 * np.array([np.cos(angle), np.sin(angle)])
    wanted = np.array([*(middle - half), *(middle + half), 0, 2.5])
    rod, value = best_rod(painted(wanted, shape=(70, 70)), 4.0)
    assert same_ends(rod, wanted) < 8
    assert value > 0.7 * 50 * 5


def test_a_bowed_shaft_is_one_rod():
    rods = explain(painted([20, 60, 130, 50, 7.0, 5.0]), 5.0)
    assert len(rods) == 1
    assert abs(rods[0, 4]) == pytest.approx(7.0, abs=1.5)


def test_a_crossing_is_two_rods_over_their_whole_length():
    wanted = [np.array([20, 30, 140, 85, 0, 4.5]), np.array([25, 95, 130, 25, 0, 4.5])]
    rods = explain(painted(*wanted), 4.5)
    assert len(rods) == 2
    assert all(min(same_ends(rod, w) for rod in rods) < 6 for w in wanted)


def test_two_that_touch_along_their_length_are_not_one_wide_one():
    wanted = [np.array([20, 50, 130, 62, 0, 4.5]), np.array([20, 59, 120, 70, 0, 4.5])]
    rods = explain(painted(*wanted), 4.5)
    assert len(rods) == 2
    assert rods[:, 5].max() < 6


def test_what_is_too_small_is_nothing():
    assert len(explain(painted([50, 50, 58, 50, 0, 3.0]), 4.5)) == 0
    assert len(explain(np.full((3, 90), 1, np.float32), 4.5)) == 0
