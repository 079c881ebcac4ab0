from pathlib import Path

import pytest

from workstation.importing.guessing import Guess, guess, in_order


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("S01_baseline_vertex.jpg", Guess("S01", "baseline", "vertex")),
        ("S01_week12_vertex.jpg", Guess("S01", "week 12", "vertex")),
        ("baseline.jpg", Guess("", "baseline")),
        ("week12.jpg", Guess("", "week 12")),
        ("P-03 wk 4 left temporal 2026-02-03.tif", Guess("P-03", "week 4", "left temporal", "2026-02-03")),
        ("demo-01_W06.png", Guess("demo-01", "week 6")),
        ("subject 5 visit 2.png", Guess("S05", "visit 2")),
        ("20260203_BL_crown_S7.jpeg", Guess("S7", "baseline", "crown", "2026-02-03")),
        ("S03/month3/frontal.jpg", Guess("S03", "month 3", "frontal")),
        ("trial/S03/T0/IMG_0042.JPG", Guess("S03", "baseline")),
        ("IMG_20260203_101500.jpg", Guess("", "", "", "2026-02-03")),
        ("220106_A210.jpg", Guess("A210")),
        ("20260231.jpg", Guess()),
        ("DSC01234.jpg", Guess()),
        ("scalp.png", Guess()),
        ("Hairs2.jpg", Guess()),
        ("view12.png", Guess("view12")),
        ("low12.png", Guess("low12")),
    ],
)
def test_names_are_read_as_people_mean_them(path, expected):
    assert guess(Path(path)) == expected


def test_a_file_name_goes_before_its_folder():
    assert guess(Path("S01/baseline/S02_week4.jpg")) == Guess("S02", "week 4")


def test_images_are_listed_visit_by_visit():
    names = ["S02_week12", "S01_week12", "S01_baseline", "S02_baseline", "other"]
    ordered = [names[i] for i in in_order([guess(Path(f"{name}.jpg")) for name in names])]
    assert ordered == ["other", "S01_baseline", "S01_week12", "S02_baseline", "S02_week12"]
