import numpy as np
import pytest
import shapely

from analysis.registration.overlap import common_field, to_baseline, to_followup
from analysis.registration.skin import NO_MARKS, STRAIN, Marks, Placement, Skin, fit
from analysis.registration.warp import Warp

SKIN = Skin(np.array([0.0, 0.0]), np.array([7.0, 5.6]))
START = np.array([1.0, 0, 0, 0, 0, 0])


def placed_through(here_mm, there_mm, bent=True):
    marks = Marks(np.asarray(here_mm), np.asarray(there_mm))
    held = marks.pulls(SKIN, bent)
    numbers = np.zeros(held.design.shape[2])
    numbers[:6] = START
    return fit(SKIN, NO_MARKS.pulls(SKIN, bent), numbers, held)


def quadratic(points_mm, edge_mm=0.1):
    """Every quadratic term as large at the field's edge as `edge_mm`."""
    x, y = (np.asarray(points_mm) - [3.5, 2.8]).T / 3.5
    return points_mm + edge_mm * np.column_stack([x * x - x * y + y * y, x * x + x * y - y * y])


@pytest.fixture(scope="module")
def bent():
    here = np.random.default_rng(0).uniform([0, 0], [7, 5.6], (40, 2))
    return placed_through(here, quadratic(here))


def test_a_warp_does_in_pixels_what_the_placement_does_in_millimetres(bent):
    points_mm = np.random.default_rng(1).uniform(-1, 8, (30, 2))
    expected_mm = np.einsum("cnp,p->nc", SKIN.design(points_mm, True), bent.numbers)
    warp = SKIN.warp(bent, 5.0, 8.0)
    np.testing.assert_allclose(warp.to_followup(points_mm * 200) * 0.008, expected_mm, atol=1e-9)


def test_quadratic_bending_is_followed_between_the_pairs(bent):
    points_mm = np.random.default_rng(2).uniform([0.3, 0.3], [6.7, 5.3], (200, 2))
    off_mm = np.einsum("cnp,p->nc", SKIN.design(points_mm, True), bent.numbers) - quadratic(points_mm)
    assert np.sqrt(np.mean(np.sum(off_mm**2, axis=1))) < 0.012
    stiff_mm = np.einsum("cnp,p->nc", SKIN.design(points_mm, False), bent.numbers[:6]) - quadratic(points_mm)
    assert np.sqrt(np.mean(np.sum(stiff_mm**2, axis=1))) > 0.04


def test_bending_fades_outside_and_does_not_fold(bent):
    warp = SKIN.warp(bent, 1000, 1000)
    lattice = np.stack(np.meshgrid(np.linspace(-7, 14, 40), np.linspace(-5.6, 11.2, 40)), -1).reshape(-1, 2)
    slopes = [(warp.to_followup(lattice + step) - warp.to_followup(lattice)) / 1e-4 for step in 1e-4 * np.eye(2)]
    assert np.linalg.det(np.stack(slopes, -1)).min() > 0.5


def test_the_inverse_leads_back(bent):
    warp = SKIN.warp(bent, 5.525, 6.1)
    points_px = np.random.default_rng(3).uniform([-300, -300], [1580, 1324], (500, 2))
    np.testing.assert_allclose(warp.to_baseline(warp.to_followup(points_px)), points_px, atol=1e-5)


def test_three_pairs_strain_the_skin_and_two_do_not():
    turned = np.array([[0.9, -0.2], [0.2, 0.9]])
    here = np.array([[1.0, 1.0], [6.0, 1.0]])
    two = placed_through(here, here @ turned.T + [2, 3], bent=False)
    two = fit(SKIN, NO_MARKS.pulls(SKIN, False), two.numbers, Marks(here, here @ turned.T + [2, 3]).pulls(SKIN, False))
    np.testing.assert_allclose(two.numbers, [0.9, 0.2, 2, 3, 0, 0], atol=1e-5)
    here = np.array([[1.0, 1.0], [6.0, 1.0], [1.0, 5.0]])
    three = placed_through(here, here * [1.02, 0.98], bent=False)
    np.testing.assert_allclose(three.numbers[[0, 1, 4, 5]], [1, 0, 0.02, 0], atol=2e-3)


def test_the_bending_of_the_usual_size_costs_as_much_as_one_standard_deviation():
    # x² / 3.5² · 61 µm about the field's middle, given exactly and everywhere
    here = np.stack(np.meshgrid(np.linspace(0, 7, 25), np.linspace(0, 5.6, 25)), -1).reshape(-1, 2)
    there = here + np.column_stack([0.061 * ((here[:, 0] - 3.5) / 3.5) ** 2, np.zeros(len(here))])
    numbers = placed_through(here, there).numbers
    assert 0.9 < np.square(numbers[6:]).sum() < 1.1
    assert abs(numbers[4]) < STRAIN / 2


def test_one_strain_is_as_likely_as_its_size_says():
    assert SKIN.prior_precision(6).tolist() == [0, 0, 0, 0, STRAIN**-2, STRAIN**-2]


def test_regions_are_mapped_both_ways():
    warp = Warp([[2.0, 0.0, 10.0], [0.0, 2.0, -4.0]])
    box = shapely.box(0, 0, 10, 6).difference(shapely.box(2, 2, 4, 4))
    there = to_followup(box, warp)
    assert there.bounds == pytest.approx((10, -4, 30, 8))
    assert there.area == pytest.approx(4 * 56)
    assert to_baseline(there, warp).symmetric_difference(box).area < 1e-6
    assert common_field(box, there, warp).area == pytest.approx(56)
    assert common_field(box, shapely.Polygon(), warp).is_empty


def test_the_outline_of_a_region_bends_with_the_skin(bent):
    warp = SKIN.warp(bent, 1000, 1000)
    region = to_followup(shapely.box(0, 0, 7, 5.6), warp)
    straight = to_followup(shapely.box(0, 0, 7, 5.6), SKIN.warp(Placement.at(START), 1000, 1000))
    dense = np.column_stack([np.linspace(0, 7, 50), np.zeros(50)])
    assert shapely.distance(region.boundary, shapely.points(warp.to_followup(dense))).max() < 0.005
    assert region.hausdorff_distance(straight) > 0.05
