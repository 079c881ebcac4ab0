import make_grades
import shapely

from workstation.grades import GRADES


def test_the_pictures_are_those_that_are_drawn(tmp_path):
    make_grades.main(tmp_path)
    kept = make_grades.ROOT / "resources" / "grades"
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in kept.glob("*.svg"))
    for grade in GRADES:
        drawn = (tmp_path / f"{grade.picture}.svg").read_text(encoding="utf-8")
        assert drawn == (kept / f"{grade.picture}.svg").read_text(encoding="utf-8")


def test_the_bare_part_grows_with_the_grade():
    skull = make_grades.skull()
    lines = [*(make_grades.HAIRLINES[step] for step in ("I", "II", "III", "IV", "V")), *make_grades.RIMS.values()]
    bare = [skull.intersection(make_grades.below(line)).area / skull.area for line in lines]
    assert bare == sorted(bare)
    assert bare[0] < 0.2
    assert bare[-1] > 0.8
    spots = [make_grades.ellipse(*spot) for spot in make_grades.SPOTS.values()]
    assert all(isinstance(spot, shapely.Polygon) and skull.contains(spot) for spot in spots)
