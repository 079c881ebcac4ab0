import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.measures import ENDPOINTS
from tests.workstation.small_study import COMMENT, make_image, make_read, make_study, worked_study
from workstation.endpoints import endpoints_of
from workstation.export.csv_file import as_text, write_csv
from workstation.export.study_files import export_study
from workstation.model.study import Visit

TABLES = [
    "subjects", "visits", "images", "endpoints_long", "changes", "statistics", "proportions", "values",
    "statistics_sources", "attendance", "missing", "agreement", "agreement_images", "answers", "scores",
    "events", "settlements", "signatures", "audit", "matches", "units", "hairs", "columns",
]  # fmt: skip


EVEN_EMPTY = {"subjects", "visits", "images", "attendance", "missing", "columns"}


def exported(study, folder):
    paths = {path.stem: path for path in export_study(study, folder, "csv")}
    assert list(paths) == TABLES
    return paths


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_hairs_are_read_back_as_they_are(tmp_path):
    found = rows(exported(worked_study(), tmp_path)["hairs"])
    assert [r["id"] for r in found] == ["1", "2", "3", "4", "5", "6"]
    assert found[1] == {
        "image": "scalp.png", "read_id": "1", "reader": "Ada", "read_state": "in review", "id": "2", "fu": "7",
        "class": "terminal", "width_um": "60.0", "width_px": "6.0", "width_is_set": "false", "length_um": "600.0",
        "length_px": "60.0", "confidence": "0.9", "origin": "detected", "status": "accepted", "root_visible": "true",
        "counted": "true", "root_x_px": "104.0", "root_y_px": "102.0", "tip_x_px": "134.0", "tip_y_px": "152.0",
        "comment": "",
    }  # fmt: skip
    assert (found[3]["width_um"], found[3]["class"], found[3]["comment"]) == ("", "", f"'{COMMENT}")
    assert (found[5]["fu"], found[5]["root_visible"], found[5]["counted"]) == ("", "false", "false")


def test_units_are_read_back_as_they_are(tmp_path):
    found = rows(exported(worked_study(), tmp_path)["units"])
    cells = [(r["id"], r["hairs"], r["counted"], r["x_px"], r["y_px"]) for r in found]
    assert cells == [
        ("7", "2", "true", "102.0", "101.0"), ("8", "1", "true", "300.0", "700.0"), ("9", "0", "false", "", ""),
    ]  # fmt: skip


def test_pandas_reads_the_tables_with_the_right_types(tmp_path):
    study = worked_study()
    files = exported(study, tmp_path)
    images, hairs = (pd.read_csv(files[name]) for name in ("images", "hairs"))
    expected = endpoints_of(study, study.reads[1]).as_dict()
    for row in ENDPOINTS:
        assert images.loc[0, row.name] == pytest.approx(expected[row.name], abs=1e-6, nan_ok=True), row.name
    assert hairs["counted"].dtype == bool
    own = hairs[hairs["counted"]]
    assert len(own) == images.loc[0, "hair_count"]
    assert own["width_um"].mean() == pytest.approx(images.loc[0, "mean_hair_width_um"])


def test_the_image_column_leads_to_the_geojson_file(tmp_path):
    images = [make_image(1, 1, "a.png"), make_image(2, 2, "a.png"), make_image(3, 2, "b.c.tif")]
    study = make_study([make_read([], id_=i, image_id=i) for i in (1, 2, 3)], images)
    files = {p.stem for p in export_study(study, tmp_path, "geojson")}
    assert {Path(r["image"]).stem for r in rows(exported(study, tmp_path)["images"])} == files


def test_lines_end_alike_and_text_is_utf8(tmp_path):
    data = exported(worked_study(), tmp_path)["hairs"].read_bytes()
    assert b"\r" not in data
    assert data.startswith(b"image,")
    assert "é" in data.decode("utf-8")


def test_an_empty_study_gives_headers(tmp_path):
    files = exported(make_study(images=[make_image()]), tmp_path)
    lines = {name: path.read_text().count("\n") for name, path in files.items()}
    assert {name for name, n in lines.items() if n > 1} == EVEN_EMPTY
    assert min(lines.values()) == 1


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("=1+1", "'=1+1"), ("+cmd", "'+cmd"), ("-x", "'-x"), ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "'\tx"),
        ("  =1", "'  =1"), ("\r=1", "'\n=1"), ("two\r\nlines\rmore", "two\nlines\nmore"), ("-1", "-1"),
        ("+2.5", "+2.5"), ("S-01", "S-01"), ("", ""), (None, ""), (True, "true"),
        (-3, "-3"), (0.1 + 0.2, "0.3"), (-0.0, "0.0"), (-1e-9, "0.0"), (12345.678901234, "12345.678901"),
    ],
)  # fmt: skip
def test_cells(cell, text):
    assert as_text(cell) == text


def test_text_from_outside_is_harmless_in_every_table(tmp_path):
    visits = [Visit(1, "=S(1)", "@base", 0.0, "+date")]
    read = replace(make_read([]), reader="-Ada")
    study = make_study([read], [make_image(site="=vertex")], visits)
    (row,) = rows(exported(study, tmp_path)["images"])
    assert (row["subject"], row["visit"], row["site"], row["date"], row["reader"]) == (
        "'=S(1)", "'@base", "'=vertex", "'+date", "'-Ada",
    )  # fmt: skip


def test_a_comment_of_several_lines_stays_in_its_row(tmp_path):
    write_csv(tmp_path / "t.csv", ["id", "comment"], [{"id": 1, "comment": "two\rlines"}, {"id": 2, "comment": ""}])
    found = pd.read_csv(tmp_path / "t.csv", keep_default_na=False)
    assert found.to_dict("list") == {"id": [1, 2], "comment": ["two\nlines", ""]}


def test_a_table_that_cannot_be_finished_leaves_the_old_one(tmp_path):
    path = tmp_path / "t.csv"
    write_csv(path, ["a"], [{"a": 1}])
    with pytest.raises(ValueError, match="columns that the header lacks: b"):
        write_csv(path, ["a"], [{"a": 2}, {"b": 3}])
    assert path.read_text() == "a\n1\n"
    assert list(tmp_path.iterdir()) == [path]
