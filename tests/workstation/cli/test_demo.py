import csv
import json

import cv2
import pytest

from workstation.edits.hairs import delete_hairs
from workstation.session import open_study


@pytest.mark.slow
def test_the_demo_leaves_a_study_pictures_and_tables_and_keeps_corrections(run, run_json, tmp_path):
    out = tmp_path / "demo"
    printed = run_json("demo", "--headless", "-o", out)
    made = {p.name for p in out.iterdir() if p.is_file()}
    assert {
        "study.h5",
        "images.csv",
        "matches.csv",
        "changes.csv",
        "baseline_week12_matched.png",
        "baseline_overlay.png",
        "week12_overlay.png",
        "demo-01_vertex_widths.png",
        "baseline.geojson",
        "week12.geojson",
    } <= made
    told = {name for name in made if ".bak" not in name} - {"export.json"}
    assert set(printed["files"]) == {str(out / name) for name in told}
    for picture in out.glob("*.png"):
        assert cv2.imread(str(picture)).std() > 10
    with (out / "images.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(r["visit"], r["week"]) for r in rows] == [("baseline", "0.0"), ("week 12", "12.0")]
    assert all(100 < float(r["hair_density_per_cm2"]) < 220 for r in rows)
    truth = json.loads((out.parent / "demo" / "baseline.geojson").read_text(encoding="utf-8"))
    assert truth["trichodesk"]["um_per_px"] == 5.3

    with open_study(out / "study.h5", "Ada") as session:
        read = session.document.current_reader_read(1)
        session.document.apply(delete_hairs(read, list(read.hairs)[:5]))
        session.save()
        corrected = len(session.study.reads[read.id].hairs)
    status, out_text, _ = run("demo", "--headless", "-o", out)
    assert status == 0
    assert "Ada" in out_text
    with open_study(out / "study.h5", "Ada", read_only=True) as session:
        assert len(session.study.read_in_use(1).hairs) == corrected
    assert run("verify", out / "study.h5")[0] == 0


def test_a_folder_that_cannot_be_made_is_told(run, tmp_path):
    (tmp_path / "file").write_text("")
    status, _, err = run("demo", "--headless", "-o", tmp_path / "file" / "demo")
    assert status == 1
    assert "cannot be made" in err
