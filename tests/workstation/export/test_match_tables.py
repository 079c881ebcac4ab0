"""What became of units and hairs, as CSV."""

import csv
from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import pytest

from tests.workstation.paired import GOOD, paired_visits, record, true_warp, with_pair
from workstation.changes import CHANGE_COLUMNS, change_rows
from workstation.export.match_tables import match_rows
from workstation.export.study_files import export_study
from workstation.export.table import Source
from workstation.model.study import Subject, Visit
from workstation.pairing import matching_of
from workstation.storage.pair_columns import match_columns

STUDY = paired_visits()


def match_table(study):
    return list(match_rows(Source(study)))


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """The tables by name, every cell as it stands in the file."""
    paths = export_study(STUDY, tmp_path_factory.mktemp("tables"), "csv")
    return {path.stem: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) for path in paths}


def test_the_columns_of_the_contract_come_first(tables):
    assert list(tables["matches"][0])[:9] == [
        "level", "subject", "baseline_image", "followup_image", "baseline_id", "followup_id", "status", "distance_um",
        "width_change_um",
    ]  # fmt: skip


def test_every_unit_and_hair_has_its_row(tables):
    matching = matching_of(STUDY, STUDY.pairs[GOOD])
    found = [(r["level"], r["baseline_id"], r["followup_id"], r["status"]) for r in tables["matches"]]
    shown = {None: ""}
    assert found == [
        (m.level.value, str(shown.get(m.baseline_id, m.baseline_id)), str(shown.get(m.followup_id, m.followup_id)),
         m.status.value)
        for m in (*matching.units, *matching.hairs)
    ]  # fmt: skip


def test_a_row_as_it_stands_in_the_file(tables):
    lost = next(r for r in tables["matches"] if r["baseline_id"] == "1010")
    assert lost == {
        "level": "fu", "subject": "S01", "baseline_image": "first.png", "followup_image": "later.png",
        "baseline_id": "1010", "followup_id": "", "status": "lost", "distance_um": "", "width_change_um": "",
        "baseline_read_id": "1", "followup_read_id": "2", "ruled": "true", "site": "vertex",
        "baseline_visit": "baseline", "followup_visit": "week 12", "baseline_reader": "Ada", "followup_reader": "Ada",
        "baseline_read_state": "in review", "followup_read_state": "in review",
    }  # fmt: skip
    hair = next(r for r in tables["matches"] if r["level"] == "hair" and r["baseline_id"] == "50")
    assert (hair["followup_id"], hair["status"], hair["width_change_um"], hair["ruled"]) == (
        "50",
        "kept",
        "0.0",
        "false",
    )
    assert 0 < float(hair["distance_um"]) < 10


def test_pandas_reads_them(tmp_path):
    export_study(STUDY, tmp_path, "csv")
    matches, changes = (pd.read_csv(tmp_path / name) for name in ("matches.csv", "changes.csv"))
    units = matches[matches.level == "fu"]
    assert units.groupby("status").size().to_dict() == {"kept": 85, "lost": 5, "new": 7}
    assert matches.ruled.dtype == bool
    assert matches[matches.status == "kept"].distance_um.notna().all()
    row = changes[changes.reason.isna()].iloc[0]
    assert (row.fu_kept, row.fu_lost, row.fu_new) == (85, 5, 7)


def test_changes_are_those_rows(tables):
    assert list(tables["changes"][0]) == [name for name, _, _ in CHANGE_COLUMNS]
    assert len(tables["changes"]) == 3
    failed, good, marked = tables["changes"]
    expected = change_rows(STUDY)[1]
    assert float(good["hair_density_per_cm2_change"]) == pytest.approx(
        expected["hair_density_per_cm2_change"], abs=1e-6
    )
    assert good["terminal_vellus_ratio_change"] == ""
    assert failed["reason"] == "The images could not be registered. Too few units – „3“ – lie alike."
    assert (failed["fu_kept"], marked["fu_kept"], marked["verdict"]) == ("", "", "")


def test_text_from_outside_is_harmless():
    study = replace(
        STUDY,
        subjects=MappingProxyType({"=S(1)": Subject("=S(1)")}),
        visits=MappingProxyType({i: replace(v, subject="=S(1)", name=f"@{v.name}") for i, v in STUDY.visits.items()}),
    )
    row = match_table(study)[0]
    assert (row["subject"], row["baseline_visit"]) == ("=S(1)", "@baseline")  # write_csv makes them harmless


def test_pairs_come_by_subject_and_time_whatever_their_numbers():
    study = with_pair(STUDY, replace(STUDY.pairs[1], registration=record(true_warp(0, (0, 0)), reads=(1, 3))))
    renumbered = {9 - i: replace(pair, id=9 - i) for i, pair in study.pairs.items()}
    found = match_table(replace(study, pairs=MappingProxyType(renumbered)))
    assert list(dict.fromkeys(row["followup_image"] for row in found)) == ["between.png", "later.png"]
    later_first = {**study.visits, 3: Visit(3, "S01", "week 6", 16.0)}
    found = match_table(replace(study, visits=MappingProxyType(later_first)))
    assert list(dict.fromkeys(row["followup_image"] for row in found)) == ["later.png", "between.png"]


def test_without_a_pair_there_are_headers_alone(tmp_path):
    export_study(replace(STUDY, pairs=MappingProxyType({})), tmp_path, "csv")
    assert [(tmp_path / name).read_text().count("\n") for name in ("matches.csv", "changes.csv")] == [1, 1]


def test_a_pair_that_goes_back_in_time_since_weeks_are_known_is_in_no_table():
    study = paired_visits()
    assert match_table(study)
    assert len(match_columns(study)["level"])
    weeks = {1: 12.0, 2: 0.0, 3: -1.0}
    visits = {i: replace(visit, week=weeks[i]) for i, visit in study.visits.items()}
    study = replace(study, visits=MappingProxyType(visits))
    assert match_table(study) == []
    assert len(match_columns(study)["level"]) == 0
    assert [row["baseline_week"] for row in change_rows(study)] == [-1.0]
