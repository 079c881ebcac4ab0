"""`trichodesk export`: several formats, and whether an export is up to date."""

import csv
import json

import openpyxl
import pytest

from workstation.edits.hairs import set_status
from workstation.model.hair import Status
from workstation.session import open_study


def reject_one(study):
    with open_study(study, "Ada") as session:
        read = session.document.current_reader_read(1)
        session.document.apply(set_status(read, [1], Status.REJECTED))


def test_several_formats_at_once(run_json, study, tmp_path):
    out = tmp_path / "out"
    formats = ("xlsx", "coco", "parquet")
    written = run_json("export", study, "-o", out, *(word for format in formats for word in ("--format", format)))
    assert [path.removeprefix(f"{out}/") for path in written] == [
        "study.xlsx", "annotations.json", "endpoints_long.parquet", "matches.parquet", "units.parquet",
        "hairs.parquet",
    ]  # fmt: skip
    assert openpyxl.load_workbook(out / "study.xlsx")["Hairs"].max_row == 5
    assert len(json.loads((out / "annotations.json").read_text())["images"]) == 1


def test_check_tells_what_is_stale_and_what_to_do(run, run_json, study, tmp_path):
    out = tmp_path / "out"
    run_json("export", study, "-o", out, "--format", "csv", "--format", "geojson")
    status, said, _ = run("export", study, "-o", out, "--check")
    assert status == 0
    assert [line.partition(" of ")[0] for line in said.splitlines()] == ["csv", "geojson"]
    assert all(line.endswith(": up to date") for line in said.splitlines())
    reject_one(study)
    (out / "scan.geojson").write_text("{}")
    status, said, err = run("export", study, "-o", out, "--check")
    assert status == 1
    csv_line, geojson_line = said.splitlines()
    assert csv_line.endswith(": made from an older state (revision 2; the study is at 4)")
    assert geojson_line.endswith("(revision 2; the study is at 4); scan.geojson was changed since")
    assert "not all is up to date. Export again: --format csv --format geojson." in err
    run_json("export", study, "-o", out, "--format", "csv", "--format", "geojson")
    found = run_json("export", study, "-o", out, "--check")
    assert [(one["format"], one["up_to_date"], one["state"]["revision"]) for one in found] == [
        ("csv", True, 4), ("geojson", True, 4),
    ]  # fmt: skip
    with (out / "hairs.csv").open(encoding="utf-8") as file:
        assert [row["status"] for row in csv.DictReader(file)].count("rejected") == 1


@pytest.mark.parametrize("arguments", [[], ["--check", "--format", "csv"], ["--check", "--anonymous"]])
def test_a_format_or_check_or_anonymous(run, study, tmp_path, arguments):
    status, _, err = run("export", study, "-o", tmp_path / "out", *arguments)
    assert status == 2
    assert "give one of --format, --check" in err


def test_a_folder_without_an_export_cannot_be_checked(run, study, tmp_path):
    status, _, err = run("export", study, "-o", tmp_path, "--check")
    assert status == 1
    assert "there is no export.json that says what was exported here. Export into it first." in err
