import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.calibration import Calibration, CalibrationSource
from analysis.measures import (
    ENDPOINTS,
    Endpoints,
    HairColumns,
    MeasuredField,
    WidthClass,
    change,
    measure,
    unit_centres,
    width_classes,
)

TEN_UM = Calibration(10.0, CalibrationSource.MANIFEST)
SQUARE = shapely.box(0, 0, 1000, 1000)
"""10 mm × 10 mm = 1 cm² at 10 µm/px."""


def columns(root_px, width_px=None, unit=None, counts=None):
    root = np.asarray(root_px, dtype=np.float64).reshape(-1, 2)
    n = len(root)
    return HairColumns(
        root,
        np.full(n, 5.0) if width_px is None else np.asarray(width_px, dtype=np.float64),
        np.arange(n) if unit is None else np.asarray(unit, dtype=np.int64),
        np.ones(n, bool) if counts is None else np.asarray(counts, dtype=bool),
    )


def measured(hairs, region=SQUARE, calibration=TEN_UM, vellus=30.0, terminal=60.0):
    return measure(hairs, MeasuredField(region), calibration, vellus_below_um=vellus, terminal_from_um=terminal)


def test_a_worked_example():
    # Unit 7 has three hairs, one rooted just outside; unit 8 has one; unit 9's only hair is rejected;
    # the last hair is rooted in the exclusion, and so is its unit.
    region = SQUARE.difference(shapely.box(400, 400, 600, 600))
    hairs = columns(
        root_px=[[1, 100], [2, 104], [-1.5, 102], [300, 700], [800, 800], [500, 500]],
        width_px=[2.0, 6.0, 7.0, 4.0, 5.0, 5.0],
        unit=[7, 7, 7, 8, 9, 10],
        counts=[1, 1, 1, 1, 0, 1],
    )
    e = measured(hairs, region)
    assert e.field_cm2 == pytest.approx(0.96)
    assert e.field_px2 == pytest.approx(960_000)
    assert (e.hair_count, e.fu_count) == (3, 2)
    assert e.hair_density_per_cm2 == pytest.approx(3 / 0.96)
    assert e.fu_density_per_cm2 == pytest.approx(2 / 0.96)
    assert e.hairs_per_fu == 2.0
    assert (e.fu_share_1, e.fu_share_2, e.fu_share_3, e.fu_share_4_plus) == (0.5, 0, 0.5, 0)
    assert e.mean_hair_width_um == pytest.approx(40.0)
    assert e.mean_hair_width_px == pytest.approx(4.0)
    assert e.sum_hair_width_mm_per_cm2 == pytest.approx(0.120 / 0.96)
    assert (e.vellus_count, e.intermediate_count, e.terminal_count) == (1, 1, 1)
    assert e.terminal_density_per_cm2 == pytest.approx(1 / 0.96)
    assert e.terminal_vellus_ratio == 1.0
    assert e.n_without_width == 0


def test_the_edge_of_the_field_and_of_an_exclusion_belong_to_the_field():
    region = SQUARE.difference(shapely.box(400, 400, 600, 600))
    on_edges = [[0, 0], [1000, 500], [400, 500], [600, 600]]
    outside = [[-1e-6, 0], [1000.001, 500], [400.001, 500], [500, 500]]
    assert measured(columns(on_edges), region).hair_count == 4
    assert measured(columns(outside), region).hair_count == 0


def test_a_units_centre_is_the_mean_of_the_hairs_that_count():
    found = unit_centres(columns([[0, 0], [4, 2], [90, 90], [7, 7]], unit=[3, 3, 3, -1], counts=[1, 1, 0, 1]))
    assert found.unit.tolist() == [3]
    assert found.centre_px.tolist() == [[2.0, 1.0]]
    assert found.n_hairs.tolist() == [2]


def test_a_unit_centred_outside_does_not_count_but_its_hair_inside_does():
    e = measured(columns([[5, 500], [-15, 500]], unit=[1, 1]))
    assert (e.hair_count, e.fu_count) == (1, 0)
    assert math.isnan(e.hairs_per_fu)


def test_cut_offs_are_half_open_and_stand_rounding():
    widths = [29.999, 30.0, 30 - 1e-9, 59.9999, 60.0, 60 / 5.34 * 5.34, 0.1 + 0.2 + 59.7 - 1e-13, np.nan]
    found = width_classes(widths, 30.0, 60.0)
    assert found[WidthClass.VELLUS].tolist() == [True, False, False, False, False, False, False, False]
    assert found[WidthClass.INTERMEDIATE].tolist() == [False, True, True, True, False, False, False, False]
    assert found[WidthClass.TERMINAL].tolist() == [False, False, False, False, True, True, True, False]


def test_one_cut_leaves_no_intermediate_class():
    e = measured(columns([[1, 1], [2, 2], [3, 3]], [3.9, 4.0, 4.1]), vellus=40, terminal=40)
    assert (e.vellus_count, e.intermediate_count, e.terminal_count) == (1, 0, 2)


def test_hairs_without_a_width_enter_the_sum_with_the_mean_and_no_class():
    e = measured(columns([[1, 1], [2, 2], [3, 3], [4, 4]], [4.0, 8.0, np.nan, np.nan]))
    assert e.mean_hair_width_um == pytest.approx(60.0)
    assert e.sum_hair_width_mm_per_cm2 == pytest.approx(4 * 0.060)
    assert e.n_without_width == 2
    assert (e.vellus_count, e.intermediate_count, e.terminal_count) == (0, 1, 1)


def test_no_width_at_all_leaves_widths_undefined():
    e = measured(columns([[1, 1], [2, 2]], [np.nan, np.nan]))
    assert math.isnan(e.mean_hair_width_um)
    assert math.isnan(e.sum_hair_width_mm_per_cm2)
    assert e.n_without_width == 2


def test_without_a_scale_there_are_counts_and_pixels_and_nothing_else():
    e = measured(columns([[100, 500], [300, 500], [400, 500]], [4, 6, 8], unit=[1, 2, 2]), calibration=None)
    known = {name for name, value in e.as_dict().items() if not math.isnan(value)}
    assert known == {
        "hair_count", "fu_count", "hairs_per_fu", "fu_share_1", "fu_share_2", "fu_share_3", "fu_share_4_plus",
        "n_without_width", "inter_follicular_distance_n", "field_px2", "mean_hair_width_px",
        "inter_follicular_distance_px",
    }  # fmt: skip
    assert (e.mean_hair_width_px, e.inter_follicular_distance_px) == (6.0, pytest.approx(250.0))


def test_no_hair_is_a_density_of_nought_and_no_mean():
    e = measured(columns([]))
    assert (e.hair_count, e.fu_count, e.hair_density_per_cm2, e.sum_hair_width_mm_per_cm2) == (0, 0, 0, 0)
    assert (e.vellus_count, e.terminal_density_per_cm2) == (0, 0)
    undefined = [
        e.hairs_per_fu, e.fu_share_1, e.mean_hair_width_um, e.terminal_vellus_ratio,
        e.inter_follicular_distance_mm, e.inter_follicular_distance_delaunay_mm,
    ]  # fmt: skip
    assert all(map(math.isnan, undefined))


@pytest.mark.parametrize("region", [shapely.Polygon(), SQUARE.difference(SQUARE), shapely.MultiPolygon()])
def test_nothing_is_measured_where_there_is_no_field(region):
    e = measured(columns([[10, 10], [20, 20], [30, 15], [40, 90]]), region)
    assert (e.hair_count, e.fu_count, e.field_cm2) == (0, 0, 0)
    assert math.isnan(e.hair_density_per_cm2)
    assert math.isnan(e.sum_hair_width_mm_per_cm2)


def test_no_vellus_hair_leaves_the_ratio_undefined():
    assert math.isnan(measured(columns([[1, 1]], [9.0])).terminal_vellus_ratio)
    assert measured(columns([[1, 1]], [2.0])).terminal_vellus_ratio == 0.0


def test_change_is_taken_of_what_can_be_compared():
    before = measured(columns([[10, 10], [20, 20]], [2.0, 6.0]))
    after = measured(columns([[10, 10], [20, 20], [30, 30]], [7.0, 6.0, 8.0]), shapely.box(0, 0, 1000, 500))
    found = change(before, after)
    assert found["hair_density_per_cm2"] == pytest.approx(4.0)
    assert found["mean_hair_width_um"] == pytest.approx(30.0)
    assert math.isnan(found["terminal_vellus_ratio"])
    assert not {"hair_count", "field_cm2", "mean_hair_width_px", "n_without_width"} & found.keys()


def test_the_table_names_every_endpoint_once_with_its_unit():
    assert [row.name for row in ENDPOINTS] == list(Endpoints.__dataclass_fields__)
    units = {"_per_cm2": "cm²", "_um": "µm", "_px": "px", "_px2": "px²", "_mm": "mm"}
    for row in ENDPOINTS:
        assert row.description
        assert [row.unit.endswith(u) for end, u in units.items() if row.name.endswith(end)] in ([], [True])
    assert {row.name for row in ENDPOINTS if row.is_count} >= {"hair_count", "fu_count", "vellus_count"}


def test_columns_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        HairColumns(np.zeros((2, 2)), np.ones(3), np.zeros(2, np.int64), np.ones(2, bool))
    with pytest.raises(ValueError, match="root is not finite"):
        columns([[np.nan, 1]])
    with pytest.raises(ValueError, match="width must be positive"):
        columns([[1, 1]], [0.0])


def brute_force(hairs, region, um_per_px, vellus, terminal):
    """The same definitions, hair by hair and unit by unit."""
    ids = range(len(hairs.root_px))
    inside = [i for i in ids if hairs.counts[i] and region.covers(shapely.Point(hairs.root_px[i]))]
    widths_um = [hairs.width_px[i] * um_per_px for i in inside if not math.isnan(hairs.width_px[i])]
    area_cm2 = region.area * um_per_px**2 / 1e8
    sizes = []
    for unit in set(hairs.unit.tolist()) - {-1}:
        own = [hairs.root_px[i] for i in ids if hairs.unit[i] == unit and hairs.counts[i]]
        if own and region.covers(shapely.Point(sum(p[0] for p in own) / len(own), sum(p[1] for p in own) / len(own))):
            sizes.append(len(own))
    mean = sum(widths_um) / len(widths_um) if widths_um else math.nan
    thin, thick = sum(w < vellus for w in widths_um), sum(w >= terminal for w in widths_um)
    return {
        "hair_count": len(inside),
        "hair_density_per_cm2": len(inside) / area_cm2,
        "fu_count": len(sizes),
        "fu_density_per_cm2": len(sizes) / area_cm2,
        "hairs_per_fu": sum(sizes) / len(sizes) if sizes else math.nan,
        "fu_share_1": sizes.count(1) / len(sizes) if sizes else math.nan,
        "fu_share_4_plus": sum(s > 3 for s in sizes) / len(sizes) if sizes else math.nan,
        "mean_hair_width_um": mean,
        "sum_hair_width_mm_per_cm2": len(inside) * mean / 1000 / area_cm2 if inside else 0.0,
        "vellus_count": thin,
        "terminal_count": thick,
        "intermediate_density_per_cm2": (len(widths_um) - thin - thick) / area_cm2,
        "terminal_vellus_ratio": thick / thin if thin else math.nan,
    }


@settings(deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(0, 60), um_per_px=st.floats(2, 20))
def test_agrees_with_counting_one_by_one(seed, n, um_per_px):
    rng = np.random.default_rng(seed)
    width = rng.uniform(1, 20, n)
    width[rng.random(n) < 0.1] = np.nan
    hairs = columns(
        rng.uniform(-50, 350, (n, 2)), width, rng.integers(-1, max(1, n // 2), n), counts=rng.random(n) < 0.9
    )
    region = shapely.Polygon([(0, 0), (300, 20), (260, 300), (30, 250)]).difference(
        shapely.Point(rng.uniform(0, 300, 2)).buffer(rng.uniform(5, 60))
    )
    found = measured(hairs, region, Calibration(um_per_px, CalibrationSource.MANIFEST)).as_dict()
    for name, value in brute_force(hairs, region, um_per_px, 30.0, 60.0).items():
        assert found[name] == pytest.approx(value, rel=1e-9, nan_ok=True), name
