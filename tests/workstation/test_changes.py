"""What changed between two visits, in rows."""

import math
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
import shapely

from analysis.matching.change import Change, NoChange
from analysis.measures import ENDPOINTS
from tests.workstation.paired import FAILED, GOOD, MARKED, paired_visits, record, true_warp, with_pair
from tests.workstation.small_study import make_hair
from tests.workstation.two_visits import two_visits
from workstation.changes import CHANGE_COLUMNS, change_of, change_rows
from workstation.endpoints import endpoints_of
from workstation.model.field import Field
from workstation.model.pair import Pair
from workstation.model.study import ChangeRules, WidthCutoffs
from workstation.pairing import matching_of


def registered(study, **rules):
    """The two visits with their true transform."""
    study = with_pair(study, Pair(1, 1, 2, record(true_warp())))
    return replace(study, rules=ChangeRules(**rules))


def with_read(study, read):
    return replace(study, reads=MappingProxyType({**study.reads, read.id: read}))


def test_units_and_hairs_are_counted_one_by_one():
    (row,) = change_rows(registered(two_visits()))
    assert {name: row[f"fu_{name}"] for name in ("kept", "lost", "new", "uncertain")} == {
        "kept": 86, "lost": 4, "new": 6, "uncertain": 0,
    }  # fmt: skip
    assert [row[f"hairs_{name}"] for name in ("kept", "lost", "new", "uncertain")] == [86, 4, 6, 0]
    assert [row[f"hairs_{name}"] for name in ("thickened", "thinned", "became_terminal", "became_vellus")] == [0] * 4
    assert (row["verdict"], row["residual_um"], row["reason"], row["min_overlap"]) == ("good", 7.25, "", 0.5)
    assert 0.95 < row["overlap"] < 0.97
    assert (row["subject"], row["site"], row["baseline_visit"], row["followup_visit"]) == (
        "S01", "vertex", "baseline", "week 12",
    )  # fmt: skip
    assert (row["baseline_week"], row["followup_week"]) == (0.0, 12.0)
    assert (row["baseline_image"], row["followup_image"]) == ("first.png", "later.png")
    assert (row["baseline_read_id"], row["followup_read_id"]) == (1, 2)


@pytest.mark.parametrize(
    ("later_px", "limit_um", "expected"),
    [
        (8.0, 15.0, (86, 0, 86, 0)), (7.0, 15.0, (0, 0, 0, 0)), (7.0, 8.0, (86, 0, 86, 0)),
        (4.0, 15.0, (0, 86, 0, 0)), (2.0, 15.0, (0, 86, 0, 86)),
    ],
)  # fmt: skip
def test_a_width_counts_as_changed_from_the_studys_limit_on(later_px, limit_um, expected):
    study = registered(two_visits(followup_width_px=later_px), width_error_um=limit_um)
    (row,) = change_rows(replace(study, cutoffs=WidthCutoffs(30.0, 65.0)))
    names = ("thickened", "thinned", "became_terminal", "became_vellus")
    assert tuple(row[f"hairs_{name}"] for name in names) == expected
    assert row["width_change_limit_um"] == limit_um
    assert row["mean_width_change_um"] == pytest.approx(10 * (later_px - 6.0))


def test_endpoints_change_on_each_own_field_and_on_the_common_one():
    study = registered(two_visits(n_lost=10, n_new=3))
    earlier, later = study.reads[1], study.reads[2]
    # the later field shows less: its lower half is left out
    half = replace(Field.whole_image(1000, 1000), polygon_px=np.array([[0, 0], [999, 0], [999, 500], [0, 500]]))
    study = with_read(study, replace(later, field=half))
    study = replace(study, rules=ChangeRules(min_overlap=0.4))
    found = change_of(study, study.pairs[1])
    assert found.own_field["hair_density_per_cm2"] == pytest.approx(
        endpoints_of(study, study.reads[2]).hair_density_per_cm2 - 90.0
    )
    matching = matching_of(study, study.pairs[1])
    seen_again = [h for h in earlier.hairs.values() if shapely.intersects_xy(matching.common_baseline, *h.root_px)]
    cm2 = shapely.area(matching.common_baseline) * 1e-6
    then = len(seen_again) / cm2
    now = [h for h in later.hairs.values() if shapely.intersects_xy(matching.common_followup, *h.root_px)]
    expected = len(now) / (shapely.area(matching.common_followup) * 1e-6) - then
    assert 0.4 < cm2 < 0.55
    assert found.common_field["hair_density_per_cm2"] == pytest.approx(expected)
    assert found.common_field["hair_density_per_cm2"] != pytest.approx(found.own_field["hair_density_per_cm2"])
    (row,) = change_rows(study)
    for name, value in found.common_field.items():
        assert row[f"{name}_change_common"] == (None if math.isnan(value) else value)
        assert row[f"{name}_change"] == (None if math.isnan(found.own_field[name]) else found.own_field[name])


def test_endpoints_that_hang_on_the_fields_size_are_not_compared():
    compared = {endpoint.name for endpoint in ENDPOINTS if endpoint.comparable}
    changes = {name for name, _, _ in CHANGE_COLUMNS if name.endswith("_change")}
    assert changes == {f"{name}_change" for name in compared}
    assert "hair_count_change" not in changes
    assert {name for name, _, _ in CHANGE_COLUMNS if name.endswith("_change_common")} == {
        f"{n}_common" for n in changes
    }


def test_every_row_has_columns_that_are_listed_in_their_order():
    study = paired_visits()
    listed = [name for name, _, _ in CHANGE_COLUMNS]
    assert len(set(listed)) == len(listed)
    for row in change_rows(study):
        assert list(row) == [name for name in listed if name in row]
    full = next(row for row in change_rows(study) if not row["reason"])
    assert list(full) == listed


def without_numbers(row):
    return not any(name.startswith(("fu_", "hairs_", "compared")) or "_change" in name for name in row)


def test_below_the_least_overlap_no_change_is_given_and_why():
    study = registered(two_visits(), min_overlap=0.98)
    (row,) = change_rows(study)
    assert row["reason"] == (
        "96.4 % of the first field is seen again at the later visit; a change is given from 98 % on."
    )
    assert 0.96 < row["overlap"] < 0.97
    assert without_numbers(row)
    found = change_of(study, study.pairs[1])
    assert isinstance(found.counts, NoChange)
    assert (found.own_field, found.common_field) == ({}, {})
    assert isinstance(change_of(registered(two_visits(), min_overlap=0.96), study.pairs[1]).counts, Change)


def test_the_overlap_is_that_of_the_fields_that_were_compared():
    study = registered(two_visits())
    corners = np.array([[[0, 0], [400, 0], [400, 999], [0, 999]], [[600, 0], [999, 0], [999, 999], [600, 999]]])
    for id_, corner in zip((1, 2), corners, strict=True):
        field = replace(Field.whole_image(1000, 1000), polygon_px=corner)
        study = with_read(study, replace(study.reads[id_], field=field))
    (row,) = change_rows(study)
    assert row["overlap"] == 0.0
    assert row["reason"].startswith("0 % of the first field")
    (row,) = change_rows(replace(study, reads=MappingProxyType({1: study.reads[1]})))
    assert row["overlap"] == 0.925, "that of the registration, where nothing can be compared"


def test_what_is_not_registered_has_no_change():
    rows = {row["followup_image"] + row["baseline_image"]: row for row in change_rows(paired_visits())}
    failed, good, marked = (
        rows[name] for name in ("between.pngfirst.png", "later.pngfirst.png", "later.pngbetween.png")
    )
    assert failed["reason"] == "The images could not be registered. Too few units – „3“ – lie alike."
    assert (failed["verdict"], failed["residual_um"], failed["overlap"]) == ("failed", None, None)
    assert marked["reason"] == "The images were not registered."
    assert marked["verdict"] is None
    assert good["reason"] == ""
    assert without_numbers(failed)
    assert without_numbers(marked)
    assert not without_numbers(good)


def test_without_a_read_or_a_scale_there_is_no_change():
    study = registered(two_visits())
    bare = replace(study, reads=MappingProxyType({1: study.reads[1]}))
    (row,) = change_rows(bare)
    assert (row["reason"], row["followup_read_id"]) == ("Nothing was detected in the later image yet.", None)
    unscaled = replace(study.images[1], calibration=None)
    (row,) = change_rows(replace(study, images=MappingProxyType({1: unscaled, 2: study.images[2]})))
    assert row["reason"] == "The earlier image has no scale."


def test_rows_come_by_time_whatever_the_pairs_numbers_are():
    study = paired_visits()
    assert [(row["baseline_week"], row["followup_week"]) for row in change_rows(study)] == [
        (0.0, 6.0), (0.0, 12.0), (6.0, 12.0),
    ]  # fmt: skip
    renumbered = {4 - i: replace(pair, id=4 - i) for i, pair in study.pairs.items()}
    again = replace(study, pairs=MappingProxyType(renumbered))
    assert [row["followup_week"] for row in change_rows(again)] == [6.0, 12.0, 12.0]


def test_a_correction_changes_the_counts():
    study = paired_visits()
    before = change_of(study, study.pairs[GOOD]).counts
    read = study.reads[2]
    hairs = {i: hair for i, hair in read.hairs.items() if i != 40}
    fewer = with_read(study, replace(read, hairs=MappingProxyType(hairs)))
    after = change_of(fewer, fewer.pairs[GOOD]).counts
    assert (after.units.kept, after.units.lost) == (before.units.kept - 1, before.units.lost + 1)


def test_a_read_can_be_named():
    study = paired_visits()
    empty = replace(study.reads[2], id=9, hairs=MappingProxyType({1: make_hair(1, 5, [[500, 500], [530, 510]])}))
    found = change_of(study, study.pairs[GOOD], followup=empty)
    assert found.followup is empty
    assert found.counts.units.kept <= 1
    assert study.pairs.keys() == {FAILED, GOOD, MARKED}
