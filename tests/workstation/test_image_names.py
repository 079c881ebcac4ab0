from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workstation.small_study import make_image, make_study
from workstation.file_names import folded
from workstation.image_names import image_names, stem_of
from workstation.model.study import Visit


def names(*images, visits=None):
    return list(image_names(make_study(images=list(images), visits=visits)).values())


def test_an_image_is_called_as_its_file_was():
    assert names(make_image(1, source_name="S03 week 4.v2.JPG"), make_image(2, 2, "other.tif")) == [
        "S03 week 4.v2.JPG",
        "other.tif",
    ]


def test_images_that_share_a_stem_say_whose_they_are():
    found = names(make_image(1, 1, "scalp.png"), make_image(2, 2, "Scalp.jpg"), make_image(3, 2, "third.png"))
    assert found == ["S01_baseline_vertex_scalp.png", "S01_week 12_vertex_Scalp.jpg", "third.png"]


def test_stems_that_differ_only_in_how_an_accent_is_written_are_shared():
    assert names(make_image(1, 1, "Caf\u00e9.png"), make_image(2, 2, "Cafe\u0301.png")) == [
        "S01_baseline_vertex_Café.png",
        "S01_week 12_vertex_Café.png",
    ]


def test_images_that_share_everything_are_numbered():
    found = names(make_image(1, 1, "a.png"), make_image(2, 1, "a.png"))
    assert found == ["S01_baseline_vertex_a_1.png", "S01_baseline_vertex_a_2.png"]


def test_a_name_can_be_a_file_everywhere():
    visits = [Visit(1, "../A:1", "v.1"), Visit(2, "=B", "v|2")]
    found = names(make_image(1, 1, "x.png"), make_image(2, 2, "x.png"), visits=visits)
    assert found == ["_A_1_v_1_vertex_x.png", "_B_v_2_vertex_x.png"]
    assert names(make_image(1, source_name="..\\..\\evil?.png")) == ["evil_.png"]
    assert names(make_image(1, source_name="con.png")) == ["_con.png"]
    assert names(make_image(1, source_name="=cmd.png")) == ["_cmd.png"]


def test_a_name_without_an_ending_is_its_own_stem():
    (name,) = names(make_image(1, source_name=".hidden"))
    assert (name, stem_of(name)) == ("hidden", "hidden")


def test_an_image_without_a_source_is_called_as_it_is_stored():
    assert names(make_image(4, source_name="")) == ["4.png"]


texts = st.text(max_size=80).filter(lambda s: s.isprintable())


@settings(deadline=None)
@given(st.lists(st.tuples(texts, st.sampled_from(["", ".png", ".JPG"]), st.integers(1, 2)), min_size=1, max_size=6))
def test_names_are_unique_short_and_inside_their_folder(parts):
    visits = [Visit(1, parts[0][0], "base"), Visit(2, "S2", parts[-1][0])]
    found = names(*(make_image(i + 1, v, s + e) for i, (s, e, v) in enumerate(parts)), visits=visits)
    stems = [stem_of(name) for name in found]
    assert len({folded(stem) for stem in stems}) == len(parts)
    for name, stem in zip(found, stems, strict=True):
        file = f"{stem}.geojson"
        assert (Path(name).stem, Path(file).stem, Path(file).name) == (stem, stem, file)
        assert len(file.encode()) <= 255
