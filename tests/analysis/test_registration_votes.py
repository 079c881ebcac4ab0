import math
from dataclasses import replace

import numpy as np
import pytest

from analysis.registration.places import Places
from analysis.registration.votes import shifts, turns_and_scales
from analysis.synthetic.camera import Pose
from tests.analysis.unit_pairs import SIZE_PX, UM_PER_PX, hard_pair, seen_by_two


def pair_of(turn_deg=0.0, miss_mm=(0.0, 0.0), scale=1.0):
    units = hard_pair(3).baseline
    pose = Pose(SIZE_PX, UM_PER_PX / scale, miss_mm, math.radians(turn_deg))
    return units, replace(seen_by_two(units, units, pose).followup, um_per_px=UM_PER_PX)


@pytest.mark.parametrize(("turn_deg", "miss_mm"), [(0, (3.0, 0.0)), (0, (0.0, -2.5)), (15, (1.0, 1.0))])
def test_most_units_vote_for_the_true_shift(turn_deg, miss_mm):
    one, other = pair_of(turn_deg, miss_mm)
    here, there = Places.of(one), Places.of(other)
    best = shifts(here, there, math.radians(turn_deg), 1.0)[0]
    a, b, x, y = best.numbers[:4]
    turned = one.centre_px[0] * UM_PER_PX / 1000 @ np.array([[a, b], [-b, a]]) + [x, y]
    first, pose = Pose(SIZE_PX, UM_PER_PX), Pose(SIZE_PX, UM_PER_PX, miss_mm, math.radians(turn_deg))
    expected = pose.to_px(first.to_mm(one.centre_px[:1]))[0] * UM_PER_PX / 1000
    assert np.hypot(*(turned - expected)) < 0.08


def test_a_wrong_turn_gets_fewer_votes():
    one, other = pair_of(turn_deg=15)
    here, there = Places.of(one), Places.of(other)
    right, wrong = (shifts(here, there, math.radians(turn), 1.0)[0].surprise for turn in (15, -15))
    assert right > 2 * wrong


def test_all_turns_and_scales_that_are_asked_for_are_near_one_that_is_tried():
    tried = np.array(turns_and_scales())
    asked = np.array([(math.radians(t), s) for t in np.linspace(-30, 30, 41) for s in np.linspace(0.8, 1.2, 41)])
    apart = np.abs(asked[:, None] - tried[None])
    # degrees and ratios: half a step of 3° and of 5 % at most, of either
    assert ((apart[..., 0] < math.radians(1.6)) & (apart[..., 1] < 0.032)).any(1).all()


def test_a_calibration_that_cannot_be_true_takes_no_more_room():
    one, other = (Places.of(replace(units, um_per_px=50_000.0)) for units in pair_of())
    assert len(shifts(one, other, 0.0, 1.0)) <= 6
