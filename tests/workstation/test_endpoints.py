import math
from dataclasses import replace

import numpy as np
import pytest

from tests.workstation.small_study import make_hair, make_image, make_read, make_study, with_image, worked_study
from workstation.endpoints import counted_hairs, endpoint_rows, endpoints_of, hair_class, units_of
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import frozen_array
from workstation.model.read import ReadState
from workstation.model.study import WidthCutoffs


def test_the_endpoints_of_a_worked_study():
    study = worked_study()
    e = endpoints_of(study, study.reads[1])
    assert e.field_cm2 == pytest.approx(1.0)
    assert (e.hair_count, e.fu_count, e.hairs_per_fu, e.n_without_width) == (3, 2, 1.5, 1)
    assert e.mean_hair_width_um == pytest.approx(40.0)
    assert e.sum_hair_width_mm_per_cm2 == pytest.approx(0.12)
    assert (e.vellus_count, e.intermediate_count, e.terminal_count) == (1, 0, 1)


def test_cut_offs_of_the_study_are_used_and_named():
    study = replace(worked_study(), cutoffs=WidthCutoffs(65.0, 65.0))
    assert endpoints_of(study, study.reads[1]).vellus_count == 2
    (row,) = endpoint_rows(study)
    assert (row["vellus_below_um"], row["terminal_from_um"], row["terminal_vellus_ratio"]) == (65.0, 65.0, 0.0)


def test_another_field_can_be_measured():
    study = worked_study()
    half = Field(FieldShape.RECTANGLE, frozen_array([[0, 0], [200, 0], [200, 1000], [0, 1000]], 2))
    e = endpoints_of(study, study.reads[1], half)
    assert (e.hair_count, e.fu_count) == (2, 1)
    assert e.field_cm2 == pytest.approx(0.2)


def test_an_exclusion_takes_its_hairs_and_its_area():
    study = worked_study()
    glare = Exclusion(20, frozen_array([[90, 90], [190, 90], [190, 190], [90, 190]], 2), ExclusionCause.GLARE)
    read = replace(study.reads[1], field=replace(study.reads[1].field, exclusions=(glare,)))
    e = endpoints_of(study, read)
    assert (e.hair_count, e.fu_count) == (1, 1)
    assert e.field_cm2 == pytest.approx(0.99)
    assert counted_hairs(read) == {1: False, 2: False, 3: False, 4: True, 5: False, 6: False}


def test_units_lie_where_their_counting_hairs_are():
    study = worked_study()
    units, counted = units_of(study.reads[1])
    assert units.unit.tolist() == [7, 8]
    assert units.centre_px.tolist() == [[102, 101], [300, 700]]
    assert counted.tolist() == [True, True]


@pytest.mark.parametrize(
    ("width_um", "expected"),
    [(29.99, "vellus"), (30, "intermediate"), (59.99, "intermediate"), (60, "terminal"), (math.nan, None)],
)
def test_class_by_width(width_um, expected):
    assert hair_class(width_um, WidthCutoffs()) == expected


def test_a_row_says_where_it_comes_from():
    (row,) = endpoint_rows(worked_study())
    assert list(row)[:9] == [
        "image", "read_id", "reader", "read_state", "subject", "visit", "site", "week", "date",
    ]  # fmt: skip
    assert list(row.values())[:9] == [
        "scalp.png", 1, "Ada", "in review", "S01", "baseline", "vertex", 0.0, "2026-02-03",
    ]  # fmt: skip
    assert (row["um_per_px"], row["hair_count"]) == (10.0, 3)
    assert row["inter_follicular_distance_delaunay_mm"] is None


def test_an_image_without_a_scale_has_no_densities():
    (row,) = endpoint_rows(with_image(worked_study(), calibration=None))
    assert row["um_per_px"] is row["field_cm2"] is row["hair_density_per_cm2"] is row["terminal_count"] is None
    assert (row["hair_count"], row["mean_hair_width_px"]) == (3, 4.0)


def test_rows_follow_subject_site_and_week_and_name_the_read_in_use():
    images = [make_image(1, 2, "b.png"), make_image(2, 1, "a.png"), make_image(3, 1, "c.png", site="frontal")]
    reads = [
        make_read([], id_=1, image_id=1, state=ReadState.ACCEPTED),
        make_read([make_hair(1, 2, [[5, 5], [9, 9]])], id_=2, image_id=1),
        make_read([], id_=3, image_id=2),
    ]
    study = make_study(reads, images)
    assert [(r["image"], r["read_id"]) for r in endpoint_rows(study)] == [("c.png", None), ("a.png", 3), ("b.png", 1)]
    assert [(r["image"], r["read_id"], r["hair_count"]) for r in endpoint_rows(study, all_reads=True)] == [
        ("c.png", None, None), ("a.png", 3, 0), ("b.png", 1, 0), ("b.png", 2, 1),
    ]  # fmt: skip


def test_no_value_of_a_row_is_nan():
    rows = endpoint_rows(make_study([make_read([])]))
    assert not any(isinstance(v, float) and not np.isfinite(v) for row in rows for v in row.values())
