from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from tests.workstation.trial_study import read_with, table_of, trial_of, with_image
from workstation.model.study import Visit
from workstation.model.trial import TrialPlan
from workstation.trial.values import control_tables, value_tables

UNITS = "fu_density_per_cm2"


def units_of(study):
    return table_of(value_tables(study), UNITS)


def test_a_value_is_there_for_each_subject_and_week():
    found = units_of(trial_of({"S02": {0: 60, 12: 66}, "S01": {0: 70, 4: 71, 12: 77}}))
    assert (found.subjects, found.weeks) == (("S01", "S02"), (0.0, 4.0, 12.0))
    assert found.values == pytest.approx(np.array([[70, 71, 77], [60, np.nan, 66]]), nan_ok=True)
    assert not found.values.flags.writeable
    assert dict(found.read_ids) == {
        ("S02", 0.0): (101,), ("S02", 12.0): (102,),
        ("S01", 0.0): (103,), ("S01", 4.0): (104,), ("S01", 12.0): (105,),
    }  # fmt: skip
    assert found.at(12.0) == pytest.approx([77, 66])
    assert np.isnan(found.at(6.0)).all()


def test_tables_come_in_the_order_of_the_endpoints_and_only_comparable_ones():
    names = [table.outcome.name for table in value_tables(trial_of({"S01": {0: 60, 12: 66}}))]
    assert names[:3] == ["hair_density_per_cm2", "fu_density_per_cm2", "hairs_per_fu"]
    assert "hair_count" not in names
    assert "terminal_vellus_ratio" not in names, "no vellus hair: the ratio has no value at all"


def test_sites_are_averaged_within_the_subject():
    study = trial_of({"S01": {0: {"vertex": 60, "temple": 40}, 12: {"vertex": 66, "temple": 42}}})
    found = units_of(study)
    assert found.values == pytest.approx(np.array([[50, 54]]))
    assert found.read_ids["S01", 12.0] == (103, 104)


def test_images_of_one_site_are_averaged_before_the_sites():
    study = trial_of({"S01": {0: {"vertex": 60, "temple": 40}}})
    second = replace(study.images[1], id=3, path="study.images/3.png")
    read = read_with(70, id_=103, image_id=3)
    study = replace(
        study,
        images=MappingProxyType({**study.images, 3: second}),
        reads=MappingProxyType({**study.reads, 103: read}),
    )
    assert units_of(study).values == pytest.approx(np.array([[(65 + 40) / 2]]))
    assert units_of(study).read_ids["S01", 0.0] == (101, 102, 103)


def test_a_site_that_was_left_out_does_not_pass_for_a_change():
    study = trial_of({"S01": {0: {"vertex": 60, "temple": 40}, 12: {"vertex": 66}}})
    found = units_of(study)
    assert found.values == pytest.approx(np.array([[50, 56]])), "the mean baseline and the vertex's change"
    assert found.read_ids["S01", 12.0] == (101, 102, 103), "the value rests on the baseline too"


def test_a_site_without_a_baseline_is_left_out():
    found = units_of(trial_of({"S01": {0: {"vertex": 60}, 12: {"vertex": 66, "temple": 40}}}))
    assert found.values == pytest.approx(np.array([[60, 66]]))
    assert found.read_ids["S01", 12.0] == (101, 102)


def test_other_sites_alone_give_no_value():
    found = units_of(trial_of({"S01": {0: {"vertex": 60}, 12: {"temple": 40}}, "S02": {0: 50, 12: 50}}))
    assert found.values == pytest.approx(np.array([[60, np.nan], [50, 50]]), nan_ok=True)


def test_without_any_baseline_the_sites_that_were_seen_are_averaged():
    found = units_of(trial_of({"S01": {4: {"vertex": 60, "temple": 40}, 12: {"vertex": 66}}, "S02": {0: 50}}))
    assert found.values == pytest.approx(np.array([[np.nan, 50, 66], [50, np.nan, np.nan]]), nan_ok=True)


def test_a_control_site_stands_apart():
    study = trial_of({"S01": {0: {"vertex": 60, "nape": 80}, 12: {"vertex": 66, "nape": 81}}})
    study = replace(study, plan=TrialPlan(control_site="nape"))
    assert units_of(study).values == pytest.approx(np.array([[60, 66]]))
    assert table_of(control_tables(study), UNITS).values == pytest.approx(np.array([[80, 81]]))
    assert control_tables(trial_of({"S01": {0: 60}})) == ()


def test_an_unread_image_gives_no_value():
    found = units_of(trial_of({"S01": {0: 60, 12: None}, "S02": {0: 50, 12: 51}}))
    assert found.values == pytest.approx(np.array([[60, np.nan], [50, 51]]), nan_ok=True)
    assert ("S01", 12.0) not in found.read_ids


def test_nothing_read_gives_no_table():
    assert value_tables(trial_of({"S01": {0: None}})) == ()


def test_without_a_scale_what_needs_none_is_still_there():
    study = with_image(trial_of({"S01": {0: 60, 12: 66}}), 2, calibration=None)
    tables = value_tables(study)
    assert table_of(tables, UNITS).values == pytest.approx(np.array([[60.0]]))
    assert table_of(tables, "hairs_per_fu").values == pytest.approx(np.array([[1, 1]]))


def test_a_read_is_named_only_where_it_gives_the_value():
    study = trial_of({"S01": {0: {"vertex": 60, "temple": 0}}})
    tables = value_tables(study)
    assert table_of(tables, UNITS).read_ids["S01", 0.0] == (101, 102)
    assert table_of(tables, "hairs_per_fu").read_ids["S01", 0.0] == (101,)


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        ((None, 4.0, 12.0), (0.0, 4.0, 12.0)),  # the first names no week
        ((0.0, None, 12.0), (0.0, None, 12.0)),  # a visit of no known week is no baseline where there is one
        ((1.0, 4.0, 12.0), (0.0, 4.0, 12.0)),  # no visit of the study names week 0
        ((-2.0, 0.0, 12.0), (-2.0, 0.0, 12.0)),
    ],
)
def test_which_visit_is_the_baseline(weeks, expected):
    study = trial_of({"S01": {0: 60, 4: 63, 12: 66}})
    visits = {i: Visit(i, "S01", f"visit {i}", week, f"2026-0{i}-01") for i, week in enumerate(weeks, 1)}
    found = units_of(replace(study, visits=MappingProxyType(visits)))
    by_week = {0.0: np.nan, **dict(zip(expected, (60, 63, 66), strict=True))}
    by_week.pop(None, None)
    assert found.weeks == tuple(sorted(by_week))
    assert found.values[0] == pytest.approx([by_week[w] for w in sorted(by_week)], nan_ok=True)


def test_a_subject_who_missed_the_baseline_has_none_where_others_have():
    found = units_of(trial_of({"S01": {4: 60, 12: 66}, "S02": {0: 50, 4: 51, 12: 52}}))
    assert found.values == pytest.approx(np.array([[np.nan, 60, 66], [50, 51, 52]]), nan_ok=True)
