import numpy as np
import pytest

from analysis.synthetic import TrueHair, Truth
from tests.analysis.scored_hairs import Line, score, true_lines

NONE = np.zeros((0, 2))


def hairs(n=40, length_um=700.0, width_um=60.0):
    """Straight hairs that turn all ways, a millimetre apart."""
    made = []
    for i in range(n):
        root = np.array([1000.0 * (1 + i % 8), 1000.0 * (1 + i // 8)])
        ahead = np.array([np.cos(i), np.sin(i)])
        made.append(Line(root + np.arange(0, length_um, 10.0)[:, None] * ahead, width_um))
    return made


def moved(lines, x_um, y_um):
    return [Line(line.points + np.array([x_um, y_um]), line.width_um) for line in lines]


def test_the_truth_itself_is_right():
    told = score(hairs(), hairs(), NONE)
    assert (told.n_true, told.n_found, told.n_right, told.f1, told.width_error_um) == (40, 40, 40, 1.0, 0.0)


def test_a_fifth_less_or_a_fifth_twice_costs_as_much():
    assert score(hairs()[:32], hairs(), NONE).f1 == pytest.approx(64 / 72)
    assert score(hairs() + hairs()[:8], hairs(), NONE).f1 == pytest.approx(80 / 88)


@pytest.mark.parametrize("way_um", [(60, 0), (0, 60), (42, -42)])
def test_hairs_60_um_aside_are_wrong(way_um):
    assert score(moved(hairs(), *way_um), hairs(), NONE).f1 < 0.5


def test_hairs_20_um_aside_are_right_and_the_shift_is_told():
    told = score(moved(hairs(), 12, 16), hairs(), NONE)
    assert told.f1 == 1.0
    assert told.shift_um == pytest.approx(20.0)


def test_a_hair_whose_root_is_taken_for_its_tip_is_wrong():
    turned = [Line(line.points[::-1], line.width_um) for line in hairs()]
    assert score(turned, hairs(), NONE).f1 == 0.0


def test_half_a_hair_is_wrong():
    halves = [Line(line.points[:35], line.width_um) for line in hairs()]
    assert score(halves, hairs(), NONE).f1 == 0.0


def test_a_hair_out_of_sight_is_neither_asked_for_nor_blamed():
    lines = {1: [[100, 100], [200, 100]], 2: [[-50, 50], [80, 50]], 3: [[385, 200], [500, 200]]}
    made = [TrueHair(i, i, 60.0, "black", np.array(line, float)) for i, line in lines.items()]
    asked, others = true_lines(Truth((400, 300), 10.0, "", "", tuple(made), ()))
    assert [line.points[0].tolist() for line in asked] == [[1000.0, 1000.0]]
    found = [Line(np.column_stack([np.arange(0, 800, 10), np.full(80, 500.0)]), 60.0)]
    assert score(found, asked, others).n_found == 0
    assert score(moved(found, 0, 60), asked, others).n_found == 1
