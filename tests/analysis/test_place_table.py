import numpy as np
import pytest

from analysis.registration.place_table import tabulated
from tests.registered import turned_warp

SIZE = (320, 240)
WARP = turned_warp(12, 1.05, (15, -20), bend=3.0)


def everywhere(size=SIZE):
    x, y = np.meshgrid(np.linspace(-0.5, size[0] - 0.5, 57), np.linspace(-0.5, size[1] - 0.5, 43))
    return np.column_stack([x.ravel(), y.ravel()])


def test_places_are_those_of_the_map_and_nearest_so_at_the_edge_where_no_knot_is():
    points = everywhere()
    off_px = np.hypot(*(tabulated(WARP.to_followup, SIZE).places(points) - WARP.to_followup(points)).T)
    at_edge = (points[:, 0] == -0.5) | (points[:, 1] == -0.5)
    assert off_px.max() < 0.05
    assert off_px[at_edge].max() < 0.005


def test_also_backwards_and_there_and_back():
    points = everywhere()
    back = tabulated(WARP.to_baseline, (400, 400))
    there = tabulated(WARP.to_followup, SIZE).places(points)
    inside = ((there >= 0) & (there <= 399)).all(axis=1)
    assert inside.sum() > 1000
    assert np.abs(back.places(there[inside]) - points[inside]).max() < 0.05


def test_a_map_without_bending_is_exact_far_outside_too():
    warp = turned_warp(30, 0.8, (5, 6))
    points = np.array([[-900.0, 2000.0], [5000.0, 40.0]])
    np.testing.assert_allclose(tabulated(warp.to_followup, SIZE).places(points), warp.to_followup(points), atol=1e-6)


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (4000, 30)])
def test_images_of_any_shape(size):
    points = everywhere(size)
    placed = tabulated(lambda p: 2.0 * p + 1.0, size).places(points)
    np.testing.assert_allclose(placed, 2.0 * points + 1.0, atol=1e-6)
