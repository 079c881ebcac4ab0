from pathlib import Path

import pytest

from tests.workstation.small_study import make_image, make_study
from ui.dialogs.image_rows import ImageRow, check, guessed_rows, suggestions

HERE = Path("/images")


def row(name="a.jpg", **more):
    return ImageRow(HERE / name, **{"subject": "S01", "visit": "baseline", "site": "vertex", **more})


def test_names_fill_the_table_in():
    rows = guessed_rows([HERE / "S01_week12.jpg", HERE / "S01_baseline.jpg"])
    assert [(r.path.name, r.subject, r.visit, r.site) for r in rows] == [
        ("S01_baseline.jpg", "S01", "baseline", "scalp"),
        ("S01_week12.jpg", "S01", "week 12", "scalp"),
    ]


def test_images_of_which_nothing_is_told_are_never_matched():
    rows = guessed_rows([HERE / "one.jpg", HERE / "two.jpg"])
    assert [(r.subject, r.visit, r.site) for r in rows] == [
        ("unnamed", "single", "one"),
        ("unnamed", "single", "two"),
    ]
    assert check(rows).faults == {}


def test_an_image_named_twice_is_taken_once():
    assert len(guessed_rows([HERE / "a.jpg", HERE / "a.jpg"])) == 1


def test_an_open_study_gives_its_subject_and_its_spelling():
    study = make_study()
    (guessed,) = guessed_rows([HERE / "Week12.jpg"], study)
    assert (guessed.subject, guessed.visit) == ("S01", "week 12")
    assert suggestions("subject", [row(subject="S02")], study) == ["S01", "S02"]
    assert suggestions("visit", [], study)[:2] == ["baseline", "week 12"]
    assert suggestions("date", [], study) == []
    assert "HairMetrix" in suggestions("device", [], None)


def test_what_is_good_becomes_rows_of_a_manifest():
    checked = check([row(date="2026-02-03", week="0", um_per_px="5,34", device="HairMetrix")])
    assert checked.faults == {}
    (good,) = checked.rows
    assert (good.line, good.image, good.week, good.um_per_px) == (1, HERE / "a.jpg", 0.0, 5.34)


@pytest.mark.parametrize(
    ("column", "text", "what"),
    [
        ("subject", "", "is empty"),
        ("visit", "", "is empty"),
        ("site", "", "is empty"),
        ("date", "31.3.2026", "“31.3.2026” is not a date: write it as year-month-day, 2026-03-31"),
        ("week", "soon", "“soon” is not a number"),
        ("um_per_px", "5000", "“5000” is not a scale: it must be from 0.05 to 200 µm per pixel"),
    ],
)
def test_a_faulty_cell_is_named(column, text, what):
    assert check([row(), row("b.jpg", **{column: text})]).faults == {(1, column): what}


def test_rows_that_contradict_each_other_are_named():
    checked = check([row(date="2026-02-03"), row("b.jpg", date="2026-02-04")])
    assert checked.faults == {
        (1, "date"): "'2026-02-04', but '2026-02-03' in row 1 for subject 'S01', visit 'baseline'"
    }


def test_rows_that_contradict_the_study_are_named():
    checked = check([row(date="2026-02-09")], make_study())
    (cell,) = checked.faults
    assert cell == (0, "date")
    assert "2026-02-03" in checked.faults[cell]


def test_what_may_not_have_been_meant_is_told():
    checked = check([row(device="HairMetrix"), row("b.jpg", visit="week 12", device="Other")])
    assert checked.faults == {}
    assert any("must not be compared" in note for note in checked.notes)
    assert checked.notes[0].startswith("row 2: the device 'Other' is not known")


def test_blanks_are_tidied():
    assert row().with_value("site", "  left   temple ").site == "left temple"


def test_a_study_with_several_subjects_offers_none_as_the_only_one():
    study = make_study(images=[make_image()])
    (guessed,) = guessed_rows([HERE / "x.jpg"], study)
    assert guessed.subject == "S01"
