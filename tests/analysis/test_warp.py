import numpy as np
import pytest
from scipy.interpolate import RBFInterpolator

from analysis.registration.warp import Warp

TURN = np.array([[0.98, -0.17, 40.0], [0.17, 0.98, -25.0]])
POINTS = np.random.default_rng(3).uniform(0, 1200, (60, 2))


def test_without_knots_it_is_the_affine_map():
    np.testing.assert_allclose(Warp(TURN).to_followup(POINTS), POINTS @ TURN[:, :2].T + TURN[:, 2])
    np.testing.assert_allclose(Warp(TURN).to_baseline(Warp(TURN).to_followup(POINTS)), POINTS, atol=1e-9)


def test_it_is_the_thin_plate_spline_of_scipy():
    knots = np.random.default_rng(4).uniform(0, 1000, (9, 2))
    there = knots @ TURN[:, :2].T + TURN[:, 2] + np.random.default_rng(5).normal(0, 8, (9, 2))
    spline = RBFInterpolator(knots, there, kernel="thin_plate_spline", degree=1)
    # its own solution of the interpolation, by the textbook's linear system
    squared = ((knots[:, None] - knots) ** 2).sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        kernel = np.where(squared > 0, 0.5 * squared * np.log(squared), 0.0)
    plane = np.column_stack([knots, np.ones(9)])
    system = np.block([[kernel, plane], [plane.T, np.zeros((3, 3))]])
    solution = np.linalg.solve(system, np.vstack([there, np.zeros((3, 2))]))
    warp = Warp(solution[9:].T, knots, solution[:9])
    np.testing.assert_allclose(warp.to_followup(POINTS), spline(POINTS), atol=1e-6)


def test_the_way_back_is_the_inverse():
    warp = Warp(TURN, np.array([[300.0, 300.0], [700.0, 500.0]]), np.array([[4.0, -3.0], [-4.0, 3.0]]), 400.0)
    np.testing.assert_allclose(warp.to_baseline(warp.to_followup(POINTS)), POINTS, atol=1e-5)


def test_equal_warps_are_equal_and_keep_their_numbers():
    numbers = TURN.copy()
    warp = Warp(numbers)
    numbers[0, 0] = 7
    assert warp == Warp(TURN)
    assert hash(warp) == hash(Warp(TURN))
    assert warp != Warp(TURN, unit_px=2.0)
    with pytest.raises(ValueError, match="read-only"):
        warp.affine[0, 0] = 1


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"affine": [[1, 2, 3], [2, 4, 1]]}, "inverted"),
        ({"affine": [[1, 0, np.nan], [0, 1, 0]]}, "not finite"),
        ({"affine": TURN, "knots_px": [[1, 2]]}, "do not fit"),
        ({"affine": TURN, "unit_px": 0.0}, "do not fit"),
    ],
)
def test_a_warp_that_is_none_is_refused(parts, reason):
    with pytest.raises(ValueError, match=reason):
        Warp(**parts)
