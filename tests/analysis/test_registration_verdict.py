import math
from dataclasses import replace

import numpy as np
import pytest
import shapely

from analysis.registration.aim import Aim
from analysis.registration.likelihood import Pairing
from analysis.registration.places import Places
from analysis.registration.result import Constellation, Verdict
from analysis.registration.skin import Placement, Skin
from analysis.registration.verdict import Findings, judged

SURE = Findings(
    log_factor=40, n_shared=24, n_common=27, residual_um=31.4, uncertain_um=25, weakest=12, stretch=1.1, scale=1.02
)
UNMOVED = Placement.at(np.array([1.0, 0, 0, 0, 0, 0]))


def pairing_of(here_px, there_px, um_per_px=10.0):
    here, there = (
        Places.of(Constellation(at, np.ones(len(at), np.int64), shapely.box(0, 0, 700, 560), um_per_px))
        for at in (here_px, there_px)
    )
    return Pairing(here, there, Skin(here.low_mm, here.high_mm), Aim.of(here, there))


def log_ratio(here_px, there_px):
    pairing = pairing_of(here_px, there_px)
    return pairing.likeness(UNMOVED, pairing.skin.design(pairing.baseline.at_mm, False)).log_ratio


def test_what_speaks_for_itself_is_good():
    assert judged(SURE) == (Verdict.GOOD, "24 of 27 units in the common field were found again, 31 µm apart.")


@pytest.mark.parametrize(
    ("change", "verdict", "said"),
    [
        ({"log_factor": -0.1}, Verdict.FAILED, "than chance does"),
        ({"log_factor": math.nan}, Verdict.FAILED, "than chance does"),
        ({"n_shared": 0, "n_common": 0, "residual_um": math.nan}, Verdict.FAILED, "than chance does"),
        ({"log_factor": 4.5}, Verdict.CHECK, "that may be chance"),
        ({"n_shared": 10}, Verdict.CHECK, "Only 10 of 27"),
        ({"weakest": 1.0}, Verdict.CHECK, "in one half"),
        ({"residual_um": 61.0}, Verdict.CHECK, "61 µm apart"),
        ({"residual_um": math.nan}, Verdict.CHECK, "apart"),
        ({"uncertain_um": 64.0}, Verdict.CHECK, "within 60 µm"),
        ({"stretch": math.inf}, Verdict.CHECK, "stretched"),
        ({"scale": 1.4}, Verdict.CHECK, "1.40 times the scale"),
    ],
)
def test_each_doubt_is_told(change, verdict, said):
    given, reason = judged(replace(SURE, **change))
    assert given is verdict
    assert said in reason
    assert reason.endswith(".")


def test_units_found_again_speak_for_one_skin():
    units = np.random.default_rng(0).uniform([20, 20], [680, 540], (30, 2))
    same = log_ratio(units, np.add(units, [1.0, -1.0]))
    # each of 30 units: a density of 0.65 · 0.75 / (2π · 0.022²) and more against one of 0.77 a mm²
    assert 30 * math.log(150) < same < 30 * math.log(400)
    assert log_ratio(units, np.add(units, [40.0, 0.0])) < 0


def test_chance_seldom_speaks_for_one_skin():
    # Markov: the mean of the ratio is 1 for units that lie anywhere, so it is above 20 once in 20 times at most
    rng = np.random.default_rng(1)
    ratios = [log_ratio(rng.uniform(0, [700, 560], (30, 2)), rng.uniform(0, [700, 560], (30, 2))) for _ in range(400)]
    assert np.mean(np.exp(ratios)) < 1.5
    assert np.mean(np.array(ratios) > math.log(20)) < 0.01


def test_units_outside_the_other_field_say_nothing():
    units = np.random.default_rng(2).uniform([20, 20], [680, 540], (30, 2))
    pairing = pairing_of(units, units)
    design = pairing.skin.design(pairing.baseline.at_mm, False)
    away = Placement.at(np.array([1.0, 0, 9.0, 0, 0, 0]))
    assert pairing.likeness(away, design).log_ratio == 0


def test_the_same_number_of_hairs_speaks_for_the_same_unit():
    units = np.random.default_rng(3).uniform([20, 20], [680, 540], (30, 2))
    hairs = np.random.default_rng(4).integers(1, 4, 30)
    field = shapely.box(0, 0, 700, 560)

    def said(there):
        a, b = (Places.of(Constellation(units, n, field, 10.0)) for n in (hairs, there))
        pairing = Pairing(a, b, Skin(a.low_mm, a.high_mm), Aim.of(a, b))
        return pairing.likeness(UNMOVED, pairing.skin.design(a.at_mm, False)).log_ratio

    assert said(hairs) > said(np.roll(hairs, 1)) + 5


def test_an_aim_prefers_what_the_camera_was_meant_to_see():
    aim = Aim(np.array([3.5, 2.8]), np.array([3.5, 2.8]), np.array([7.0, 5.6]))
    at_rest = aim.log_density(np.eye(2), np.zeros(2))
    turned = np.array([[math.cos(0.5), -math.sin(0.5)], [math.sin(0.5), math.cos(0.5)]])
    about_the_middle = np.array([3.5, 2.8]) - turned @ [3.5, 2.8]
    # 0.5 rad are 1.91 standard deviations of 15°; a shift by 35 % of the width is one
    assert at_rest - aim.log_density(turned, about_the_middle) == pytest.approx(0.5 * (0.5 / math.radians(15)) ** 2)
    assert at_rest - aim.log_density(np.eye(2), np.array([2.45, 0])) == pytest.approx(0.5)
    assert aim.like(turned).log_density(turned, about_the_middle) == pytest.approx(at_rest)
