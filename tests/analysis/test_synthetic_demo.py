import csv
import importlib.util
from pathlib import Path

import cv2
import numpy as np
import pytest

from analysis.synthetic import Truth

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo"


@pytest.fixture(scope="module")
def drawn():
    where = importlib.util.spec_from_file_location("make_demo", ROOT / "tools" / "make_demo.py")
    make_demo = importlib.util.module_from_spec(where)
    where.loader.exec_module(make_demo)
    first, later = make_demo.draw()
    return {"baseline": first, "week12": later.phantom}


@pytest.mark.parametrize("name", ["baseline", "week12"])
def test_drawing_the_demo_again_gives_the_committed_truth(drawn, name):
    committed = Truth.from_json((DEMO / f"{name}.truth.json").read_text(encoding="utf-8"))
    again = drawn[name].truth
    assert [(h.id, h.unit_id, h.colour) for h in again.hairs] == [(h.id, h.unit_id, h.colour) for h in committed.hairs]
    assert [(u.id, u.hair_ids) for u in again.units] == [(u.id, u.hair_ids) for u in committed.units]
    for hair, there in zip(again.hairs, committed.hairs, strict=True):
        np.testing.assert_allclose(hair.centreline_px, there.centreline_px, atol=0.011)
        assert hair.width_um == pytest.approx(there.width_um, abs=0.001)


@pytest.mark.parametrize("name", ["baseline", "week12"])
def test_the_committed_picture_is_the_drawn_one(drawn, name):
    path = DEMO / f"{name}.jpg"
    assert path.stat().st_size <= 1.2e6
    picture = cv2.imread(str(path))[..., ::-1].astype(int)
    assert picture.shape == (1200, 1600, 3)
    assert np.abs(picture - drawn[name].image).mean() < 4


def test_the_manifest_names_both_visits_with_their_scale():
    with (DEMO / "visits.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert ",".join(rows[0]) == "subject,visit,site,image,date,um_per_px,device,sex,age,grade,week"
    assert [(r["subject"], r["visit"], r["image"], r["week"]) for r in rows] == [
        ("demo-01", "baseline", "baseline.jpg", "0"),
        ("demo-01", "week 12", "week12.jpg", "12"),
    ]
    for row in rows:
        truth = Truth.from_json((DEMO / row["image"]).with_suffix(".truth.json").read_text(encoding="utf-8"))
        assert float(row["um_per_px"]) == pytest.approx(truth.um_per_px, abs=1e-4)
        assert truth.visit == row["visit"]


def test_the_treatment_shows():
    first, later = (
        {u.id for u in truth.units if ((u.centre_px > 0) & (u.centre_px < (1599, 1199))).all()}
        for truth in (
            Truth.from_json((DEMO / f"{name}.truth.json").read_text(encoding="utf-8"))
            for name in ("baseline", "week12")
        )
    )
    assert (len(first), len(later)) == (41, 46)
    assert len(first & later) > 30
