from dataclasses import replace

import pytest

from tests.workstation.trial_study import TRIAL, answered, trial_of
from workstation.model.trial import TrialPlan
from workstation.trial.analysing import analyse
from workstation.trial.missing import missing_data
from workstation.trial.rows import (
    ATTENDANCE_COLUMNS,
    MISSING_COLUMNS,
    RESULT_COLUMNS,
    VALUE_COLUMNS,
    YES_COLUMNS,
    analysis_rows,
    attendance_rows,
    missing_rows,
    trial_rows,
    yes_rows,
)


def names(columns):
    return [name for name, _, _ in columns]


def test_a_value_names_the_reads_that_it_rests_on():
    study = trial_of({"S01": {0: {"vertex": 60, "temple": 40}, 12: {"vertex": 66, "temple": 42}}})
    rows = [row for row in trial_rows(study) if row["outcome"] == "fu_density_per_cm2"]
    same = {
        "outcome": "fu_density_per_cm2",
        "label": "follicular units per cm²",
        "unit": "1/cm²",
        "arm": "",
        "site": "",
    }
    assert rows == [
        {**same, "subject": "S01", "week": 0.0, "value": 50.0, "change": None, "percent_change": None,
         "read_ids": "101 102"},
        {**same, "subject": "S01", "week": 12.0, "value": 54.0, "change": 4.0, "percent_change": 8.0,
         "read_ids": "103 104"},
    ]  # fmt: skip


def test_values_of_the_control_site_are_marked():
    study = trial_of({"S01": {0: {"vertex": 60, "nape": 80}}})
    rows = trial_rows(replace(study, plan=TrialPlan(control_site="nape")))
    units = {row["site"]: row["value"] for row in rows if row["outcome"] == "fu_density_per_cm2"}
    assert units == {"": 60.0, "nape": 80.0}


def test_a_result_is_one_row_of_plain_cells():
    study = trial_of(TRIAL)
    (row,) = [row for row in analysis_rows(analyse(study)) if row["is_primary"]]
    assert (row["outcome"], row["week"], row["arm"], row["change_n"]) == ("fu_density_per_cm2", 12.0, "", 6)
    assert row["change_mean"] == pytest.approx(32 / 6)
    assert row["change_percent"] == pytest.approx(100 * (32 / 6) / 68)
    assert row["p_holm"] is None
    assert row["control_difference"] is None
    assert row["reasons"] == ""


def test_reasons_stand_where_numbers_are_missing():
    (row,) = [r for r in analysis_rows(analyse(trial_of({"S01": {0: 60, 12: 66}}))) if r["is_primary"]]
    assert row["change_p_t"] is None
    assert "At least 3 subjects with both values are needed; there is only 1." in row["reasons"]


def test_the_columns_are_those_of_the_rows():
    study = answered(trial_of({**TRIAL, "S07": {0: 50}}), {1: 2, 2: 5})
    analysis = analyse(study)
    for columns, rows in (
        (VALUE_COLUMNS, trial_rows(study, analysis)),
        (RESULT_COLUMNS, analysis_rows(analysis)),
        (YES_COLUMNS, yes_rows(analysis)),
        (MISSING_COLUMNS, missing_rows(missing_data(study))),
        (ATTENDANCE_COLUMNS, attendance_rows(study)),
    ):
        assert len(set(names(columns))) == len(columns)
        assert rows
        for row in rows:
            assert list(row) == names(columns)
            assert all(cell is None or isinstance(cell, (str, int, float)) for cell in row.values())
