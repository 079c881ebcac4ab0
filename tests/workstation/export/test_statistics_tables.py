"""The trial's statistics in the exported tables, and where each of their numbers comes from."""

from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import pytest
from scipy.stats import ttest_1samp

from tests.workstation.paired import paired_visits
from tests.workstation.reader_study import read_trial
from tests.workstation.recorded_trial import ITCHING
from tests.workstation.small_study import with_image, worked_study
from tests.workstation.trial_study import TRIAL, answered, trial_of
from workstation.export.agreement_tables import AGREEMENT_TABLES
from workstation.export.catalogue import TABLES
from workstation.export.study_files import export_study
from workstation.export.table import Kind, Source
from workstation.model.trial import TrialPlan

TWO_SITES = {
    "S01": {0: {"crown": 60, "vertex": 80}, 12: {"crown": 66, "vertex": 90}},
    "S02": {0: 50, 12: 55},
}
PLAN = TrialPlan(primary_endpoint="fu_density_per_cm2", primary_week=12.0)


def whole_trial():
    """Every table has rows of it, but those of matches."""
    study = answered(trial_of(TRIAL, arms={"S01": "serum", "S02": "serum", "S03": "serum"}), {1: 4, 2: 5, 3: 2, 4: 4})
    return replace(study, events=MappingProxyType({2: ITCHING}))


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    study = replace(trial_of(TWO_SITES, arms={"S01": "serum", "S02": "placebo"}), plan=PLAN)
    paths = export_study(study, tmp_path_factory.mktemp("tables"), "csv")
    return {path.stem: pd.read_csv(path, keep_default_na=False) for path in paths}


def test_each_value_names_the_reads_it_rests_on(tables):
    sources = tables["statistics_sources"]
    units = sources[(sources.outcome == "fu_density_per_cm2") & (sources.subject == "S01") & (sources.week == 12)]
    shown = ["unit", "arm", "is_control", "subject_value", "reads", "image", "read_id", "site", "visit", "value"]
    assert units[shown].to_dict("records") == [
        {"unit": "1/cm²", "arm": "serum", "is_control": False, "subject_value": 78.0, "reads": 2,
         "image": f"S01-12-{site}.png", "read_id": 100 + image, "site": site, "visit": "week 12", "value": value}
        for site, image, value in (("crown", 3, 66.0), ("vertex", 4, 90.0))
    ]  # fmt: skip


def test_the_mean_of_the_sources_is_the_value_and_leads_to_the_images(tables):
    sources = tables["statistics_sources"].replace({"value": {"": "nan"}}).astype({"value": float})
    key = ["outcome", "subject", "week"]
    found = sources.groupby(key).agg(value=("subject_value", "first"), mean=("value", "mean"), n=("value", "size"))
    assert found.value.tolist() == pytest.approx(found["mean"].tolist(), abs=1e-5)
    assert (found.n == sources.groupby(key).reads.first()).all()
    merged = sources.merge(tables["images"], on="read_id", suffixes=("", "_of_image"))
    assert len(merged) == len(sources)
    densities = merged[merged.outcome == "fu_density_per_cm2"]
    assert densities.value.tolist() == densities.fu_density_per_cm2.astype(float).tolist()


def test_values_are_those_of_the_sources(tables):
    values = tables["values"]
    row = values[(values.outcome == "fu_density_per_cm2") & (values.subject == "S01") & (values.week == 12)].iloc[0]
    assert (row.value, row.change, row.read_ids) == (78.0, "8.0", "103 104")


def test_a_score_has_one_row_without_a_read(tmp_path):
    export_study(whole_trial(), tmp_path, "csv")
    sources = pd.read_csv(tmp_path / "statistics_sources.csv")
    scores = sources[sources.outcome == "questionnaire_recommend"]
    assert scores[["subject", "week", "subject_value", "reads"]].values.tolist() == [
        ["S01", 0.0, 4.0, 0], ["S01", 12.0, 5.0, 0], ["S02", 0.0, 2.0, 0], ["S02", 12.0, 4.0, 0],
    ]  # fmt: skip
    assert scores[["image", "read_id", "value"]].isna().all(axis=None)


def test_a_control_site_s_values_are_marked(tmp_path):
    plan = replace(PLAN, control_site="vertex")
    export_study(replace(trial_of(TWO_SITES), plan=plan), tmp_path, "csv")
    sources = pd.read_csv(tmp_path / "statistics_sources.csv")
    units = sources[(sources.outcome == "fu_density_per_cm2") & (sources.week == 12)]
    assert units[["subject", "is_control", "site", "subject_value"]].values.tolist()[0] == ["S01", False, "crown", 66.0]
    assert units[units.is_control][["subject", "site", "subject_value"]].values.tolist()[0] == ["S01", "vertex", 90.0]


def test_statistics_keep_all_digits_of_a_small_p(tmp_path):
    gains = (10, 10, 11, 10, 10, 11)
    trial = {code: {0: at[0], 12: at[0] + gain} for (code, at), gain in zip(TRIAL.items(), gains, strict=True)}
    export_study(replace(trial_of(trial), plan=PLAN), tmp_path, "csv")
    statistics = pd.read_csv(tmp_path / "statistics.csv")
    (row,) = statistics[statistics.is_primary].to_dict("records")
    assert (row["outcome"], row["week"], row["change_n"]) == ("fu_density_per_cm2", 12.0, 6)
    assert row["change_p_t"] == pytest.approx(ttest_1samp(gains, 0).pvalue, rel=1e-9)
    assert row["change_p_t"] < 1e-6


@pytest.mark.parametrize("study", [whole_trial(), paired_visits(), with_image(worked_study(), calibration=None)])
def test_columns_hold_what_they_say(study):
    holds = {
        Kind.TEXT: str, Kind.DAY: str, Kind.FLAG: bool, Kind.INTEGER: (int, float), Kind.NUMBER: (int, float),
        Kind.SMALL: float,
    }  # fmt: skip
    source = Source(study)
    for table in TABLES:
        for row in table.rows_of(source):
            assert row.keys() <= set(table.column_names), table.name
            for column in table.columns:
                cell = row.get(column.name)
                where = f"{table.name}.{column.name}: {cell!r}"
                assert cell is None or isinstance(cell, holds[column.kind]), where
                assert not isinstance(cell, bool) or column.kind is Kind.FLAG, where
                assert column.kind is not Kind.INTEGER or cell is None or cell == int(cell), where


def test_the_whole_trial_fills_its_tables():
    source = Source(whole_trial())
    empty = {table.name for table in TABLES if not list(table.rows_of(source))}
    assert empty == {"changes", "matches", "agreement", "agreement_images", "settlements", "signatures", "audit"}


def test_a_trial_that_was_read_twice_fills_those_of_agreement():
    source = Source(read_trial(n_subjects=3, n_images=1, repeats=1))
    tables = {table.name: list(table.rows_of(source)) for table in AGREEMENT_TABLES}
    assert {row["readers"] for row in tables["agreement"]} == {"Ada; Bo", "Ada", "Bo", ""}
    assert [row["image"] for row in tables["agreement_images"] if row["readers"] == "Ada; Bo"] == [
        "S01-0.png", "S02-0.png", "S03-0.png",
    ]  # fmt: skip
    for name, rows in tables.items():
        columns = next(table for table in AGREEMENT_TABLES if table.name == name).column_names
        assert all(set(row) == set(columns) for row in rows)


def test_no_two_columns_of_a_table_share_a_name_and_all_are_described():
    for table in TABLES:
        assert len(set(table.column_names)) == len(table.columns)
        assert all(column.description for column in table.columns)
