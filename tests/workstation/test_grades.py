from importlib import resources
from xml.etree import ElementTree

import pytest

from workstation.grades import GRADES, Scale, grade_named, scales_for


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Norwood III", "Norwood III"),
        ("norwood iii vertex", "Norwood III vertex"),
        ("Hamilton–Norwood IIIv", "Norwood III vertex"),
        ("Hamilton-Norwood type 4", "Norwood IV"),
        ("Ludwig II", "Ludwig II"),
        ("LUDWIG 3", "Ludwig III"),
        (" ludwig  grade I ", "Ludwig I"),
    ],
)
def test_grades_are_known_however_they_are_written(text, name):
    grade = grade_named(text)
    assert grade is not None
    assert grade.name == name


@pytest.mark.parametrize("text", ["", "III", "Sinclair 3", "Ludwig IV", "Norwood VIII", "Ludwig II vertex", "mild"])
def test_what_is_no_grade_is_none(text):
    assert grade_named(text) is None


def test_there_are_eight_and_three():
    assert [sum(g.scale is scale for g in GRADES) for scale in Scale] == [8, 3]
    assert all(g.description.endswith(".") for g in GRADES)
    assert scales_for("female")[0] is Scale.LUDWIG
    assert scales_for("")[0] is Scale.NORWOOD


@pytest.mark.parametrize("grade", GRADES, ids=lambda g: g.picture)
def test_every_grade_has_a_picture_in_the_colour_of_text(grade):
    drawn = resources.files("resources").joinpath("grades", f"{grade.picture}.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(drawn).get("viewBox") == "0 0 96 96"
    assert 'stroke="currentColor"' in drawn
