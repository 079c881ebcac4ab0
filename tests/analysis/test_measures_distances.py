import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures import MeasuredField, delaunay_edge_px, nearest_neighbour_px
from tests.analysis.point_patterns import window_bias

SQUARE = MeasuredField(shapely.box(0, 0, 100, 100))


def centres(*points):
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def test_each_kept_unit_weighs_one_over_the_area_that_could_have_kept_it():
    # Distances 10, 10 and 20; the erosions by 10 and 20 leave 80 × 80 and 60 × 60.
    found, kept = nearest_neighbour_px(centres([40, 50], [50, 50], [70, 50]), SQUARE)
    near, far = 1 / 80**2, 1 / 60**2
    assert found == pytest.approx((2 * 10 * near + 20 * far) / (2 * near + far))
    assert kept == 3


def test_a_unit_nearer_to_the_edge_than_to_its_neighbour_is_left_out():
    found, kept = nearest_neighbour_px(centres([19, 50], [39, 50]), SQUARE)
    assert (found, kept) == (pytest.approx(20.0), 1)
    assert nearest_neighbour_px(centres([20, 50], [40, 50]), SQUARE)[1] == 2


def test_the_edge_of_an_exclusion_is_an_edge():
    holed = MeasuredField(shapely.box(0, 0, 100, 100).difference(shapely.box(50, 40, 60, 60)))
    assert nearest_neighbour_px(centres([30, 50], [45, 50]), holed) == (pytest.approx(15.0), 1)
    points = [[45, 50], [45, 50], [30, 50], [30, 50], [5, 5]]
    assert holed.is_clear(points, [5, 5.001, 20, 20.001, 5]).tolist() == [True, False, True, False, True]


@pytest.mark.parametrize("points", [(), ([50, 50],), ([1, 50], [99, 50])])
def test_no_distance_where_no_unit_is_kept(points):
    found, kept = nearest_neighbour_px(centres(*points), SQUARE)
    assert math.isnan(found)
    assert kept == 0


def test_a_circle_that_keeps_its_very_centre_only_keeps_nothing():
    disc = MeasuredField(shapely.Point(0, 0).buffer(50))
    depth = shapely.distance(disc.region.boundary, shapely.Point(0, 0))
    found, kept = nearest_neighbour_px(centres([0, 0], [depth, 0]), disc)
    assert math.isnan(found)
    assert kept == 0


def test_inner_delaunay_edges_alone_count():
    # A kite: one diagonal is inner, from (0, -1) to (0, 1).
    assert delaunay_edge_px(centres([-3, 0], [3, 0], [0, 1], [0, -1])) == pytest.approx(2.0)


def test_a_hexagon_with_its_centre_has_six_inner_edges_of_its_radius():
    around = [[5e4 + 7 * math.cos(a), 3e4 + 7 * math.sin(a)] for a in np.arange(6) * math.pi / 3]
    assert delaunay_edge_px(centres(*around, [5e4, 3e4])) == pytest.approx(7.0)


@pytest.mark.parametrize(
    "points",
    [
        (),
        ([1, 1],),
        ([1, 1], [2, 2]),
        ([1, 1], [2, 2], [5, 1]),
        ([1, 1], [2, 2], [3, 3], [4, 4], [9, 9]),
        ([0.1, 0.3], [0.2, 0.6], [0.3, 0.9], [0.4, 1.2]),
        ([5, 5],) * 6,
    ],
)
def test_no_inner_edge_no_length(points):
    assert math.isnan(delaunay_edge_px(centres(*points)))


def test_erosion_of_a_rectangle_is_exact():
    field = MeasuredField(shapely.box(-0.5, -0.5, 1279.5, 1023.5))
    distance = np.array([0, 0.3, 17.7, 250, 511.9, 512, 600])
    left = np.maximum(1280 - 2 * distance, 0) * np.maximum(1024 - 2 * distance, 0)
    assert field.eroded_area_px2(distance) == pytest.approx(left, abs=1e-6)


def glare_field(seed):
    rng = np.random.default_rng(seed)
    spots = [shapely.Point(rng.uniform(0, 1280), rng.uniform(0, 1024)).buffer(rng.uniform(8, 90)) for _ in range(12)]
    return shapely.box(0, 0, 1280, 1024).difference(shapely.union_all(spots))


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_interpolated_erosion_is_as_good_as_one_by_one(seed):
    region = glare_field(seed)
    field = MeasuredField(region)
    distance = np.linspace(0, 240, 41)
    exact = shapely.area(shapely.buffer(region, -distance, quad_segs=64))
    found = field.eroded_area_px2(distance)
    assert np.abs(found - exact).max() < 2e-3 * region.area
    assert (np.diff(found) <= 0).all()


def test_a_field_of_two_parts_erodes_in_both():
    field = MeasuredField(shapely.union(shapely.box(0, 0, 100, 100), shapely.box(200, 0, 240, 100)))
    assert field.eroded_area_px2([10, 30]) == pytest.approx([80 * 80 + 20 * 80, 40 * 40], rel=1e-3)
    assert field.is_clear([[50, 50], [220, 50]], [50, 20.001]).tolist() == [True, False]


def test_what_is_no_area_is_refused():
    with pytest.raises(ValueError, match="LineString"):
        MeasuredField(shapely.LineString([(0, 0), (1, 1)]))
    with pytest.raises(ValueError, match="not valid: Self-intersection"):
        MeasuredField(shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]))


@pytest.mark.parametrize(("apart_mm", "plain_bias"), [(0.0, 0.06), (0.6, 0.03)])
def test_the_edge_correction_is_nearly_unbiased_on_fields_of_the_usual_size(apart_mm, plain_bias):
    bias = window_bias(apart_mm, n_patterns=30, seed=5)
    assert bias["all units"] > plain_bias
    assert abs(bias["Hanisch"]) < 0.025
