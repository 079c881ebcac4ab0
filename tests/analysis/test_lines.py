import numpy as np
import pytest

from analysis.lines import SAMPLES, between, directions, even, lengths, moved


def straight(length=96.0):
    return even([np.array([[10.0, 20.0], [10.0 + length / 3, 20.0], [10.0 + length, 20.0]])])


def test_points_lie_evenly_along_a_line():
    (line,) = straight()
    assert line[0].tolist() == [10, 20]
    assert np.diff(line[:, 0]) == pytest.approx(np.full(SAMPLES - 1, 2.0))
    assert lengths(line[None]) == pytest.approx([96.0])


def test_a_piece_has_the_ends_asked_for():
    (piece,) = between(straight(), np.array([6.0]), np.array([30.5]))
    assert piece[[0, -1]].tolist() == [[22, 20], [71, 20]]


def test_ends_move_on_straight_and_sideways():
    (line,) = moved(straight(), np.array([[5.0, -8.0]]), np.array([[0.0, 3.0]]))
    assert line[0] == pytest.approx([5, 20])
    assert line[-1] == pytest.approx([98, 23])


def test_directions_are_units():
    assert directions(straight())[0] == pytest.approx(np.tile([1.0, 0.0], (SAMPLES, 1)))
