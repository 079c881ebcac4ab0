import json

import numpy as np
import pytest

from tests.workstation.small_study import make_image, make_study
from workstation.errors import UserFacingError
from workstation.model.field import ExclusionCause, FieldShape
from workstation.model.hair import Origin, Status
from workstation.read_import import prepare_import

CATEGORIES = [
    {"id": 1, "name": "hair", "keypoints": ["tip", "root"]},
    {"id": 2, "name": "field"},
    {"id": 3, "name": "glare"},
    {"id": 4, "name": "dog"},
    {"id": 5, "name": "follicular unit"},
]
BAR = [10, 20, 110, 20, 110, 26, 10, 26]


def annotation(category=1, image=1, **more):
    return {"id": 1, "image_id": image, "category_id": category, "bbox": [0, 0, 1, 1], "iscrowd": 0, **more}


def imported(tmp_path, *annotations, images=None, study=None, name="set.json"):
    path = tmp_path / name
    images = images or [{"id": 1, "file_name": "folder/scalp.png", "width": 1000, "height": 1000}]
    path.write_text(json.dumps({"images": images, "annotations": list(annotations), "categories": CATEGORIES}))
    return prepare_import(study or make_study(), [path], user="Bob")


def test_a_polygon_gives_its_middle_line_and_its_width(tmp_path):
    found = imported(tmp_path, annotation(segmentation=[BAR]))
    (hair,) = found.reads[0].hairs.values()
    np.testing.assert_allclose(sorted(hair.vertices_px[[0, -1], 0]), [9.5, 109.5], atol=1.5)
    np.testing.assert_allclose(hair.vertices_px[2:-2, 1], 22.5, atol=0.3)
    assert hair.width_px == pytest.approx(6, abs=0.2)
    assert (hair.origin, hair.status, hair.width_is_set) == (Origin.ADDED, Status.UNREVIEWED, False)
    assert "Of 1 hairs the file does not tell which end is the root" in found.notes[1]


def test_keypoints_tell_the_root_or_the_whole_line(tmp_path):
    ends = [10, 23, 2, 110, 23, 2]
    found = imported(tmp_path, annotation(segmentation=[BAR], keypoints=ends), annotation(keypoints=ends))
    one, two = found.reads[0].hairs.values()
    assert one.root_px[0] == pytest.approx(109.5, abs=1.5)
    assert two.vertices_px.tolist() == [[109.5, 22.5], [9.5, 22.5]]
    assert len(found.notes) == 1


def test_the_field_and_exclusions_and_units(tmp_path):
    box = [0, 0, 500, 0, 500, 500, 0, 500]
    spot = [90, 90, 120, 90, 120, 120, 90, 120]
    found = imported(
        tmp_path,
        annotation(segmentation=[BAR]),
        annotation(2, segmentation=[box]),
        annotation(3, segmentation=[spot]),
        annotation(5),
    )
    field = found.reads[0].field
    assert field.shape is FieldShape.POLYGON
    assert [e.cause for e in field.exclusions] == [ExclusionCause.GLARE]
    assert field.region().area == pytest.approx(500 * 500 - 900)
    assert found.notes[-1] == "set.json: 1 units were left out: COCO does not say which hairs are theirs."


def test_each_image_of_the_file_gets_a_read_of_its_own(tmp_path):
    study = make_study(images=[make_image(1, source_name="a.png"), make_image(2, 2, source_name="b.png")])
    images = [{"id": 31, "file_name": "b.png"}, {"id": 7, "file_name": "a.png"}, {"id": 8, "file_name": "none.png"}]
    parts = annotation(image=7, segmentation=[BAR]), annotation(image=31, segmentation=[BAR])
    found = imported(tmp_path, *parts, images=images, study=study)
    assert [(r.id, r.image_id) for r in found.reads] == [(1, 2), (2, 1)]
    assert found.patch.operation == "import reads"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (annotation(4, segmentation=[BAR]), "annotation 2: its category 'dog' is none of"),
        (annotation(), "annotation 2: it has a box alone"),
        (annotation(segmentation={"counts": "abc", "size": [9, 9]}), "annotation 2: its shape is a run-length mask"),
        (annotation(segmentation=[BAR, BAR]), "annotation 2: it is in 2 pieces"),
        (
            annotation(segmentation=[[0, 0, 9, 0, 9, 9, 0, 9]]),
            "annotation 2: it is no hair: the shape is not long and thin",
        ),
        (annotation(segmentation=[[0, 0, 9]]), "annotation 2: a polygon of it is not a list of x and y"),
        (annotation(image=5, segmentation=[BAR]), "annotation 2: it is of image 5, which the file does not have"),
        (annotation(keypoints=[1, 2]), "annotation 2: its keypoints are not"),
        (5, "annotation 2: "),
    ],
)
def test_what_is_no_hair_is_refused_with_its_place(tmp_path, bad, said):
    with pytest.raises(UserFacingError, match=said):
        imported(tmp_path, annotation(segmentation=[BAR]), bad)


def test_an_image_that_the_study_lacks_is_told(tmp_path):
    with pytest.raises(UserFacingError, match=r"the study has no image other\.png"):
        imported(tmp_path, annotation(segmentation=[BAR]), images=[{"id": 1, "file_name": "other.png"}])
    with pytest.raises(UserFacingError, match="it has no annotation"):
        imported(tmp_path)


def test_one_image_is_not_named_for_reads_of_several(tmp_path):
    study = make_study(images=[make_image(1, source_name="a.png"), make_image(2, 2, source_name="b.png")])
    images = [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.png"}]
    line = [10, 10, 2, 10, 90, 2]
    path = tmp_path / "set.json"
    annotations = [annotation(image=1, keypoints=line), annotation(image=2, keypoints=line)]
    path.write_text(json.dumps({"images": images, "annotations": annotations, "categories": CATEGORIES}))
    with pytest.raises(UserFacingError, match=r"one image is named, a\.png, and there are reads of several"):
        prepare_import(study, [path], user="Bob", image="a.png")


def test_categories_that_are_no_list_are_told(tmp_path):
    path = tmp_path / "set.json"
    path.write_text(json.dumps({"images": [], "annotations": [], "categories": 5}))
    with pytest.raises(UserFacingError, match="its categories are not a list"):
        prepare_import(make_study(), [path], user="Bob")


def test_a_shape_far_outside_of_any_image_is_refused_at_once(tmp_path):
    """Its middle line would take seconds and half a gigabyte to work out."""
    far = [10, 20, 99_999_999, 20, 99_999_999, 26, 10, 26]
    with pytest.raises(UserFacingError, match="annotation 1: its coordinates lie outside of any image"):
        imported(tmp_path, annotation(segmentation=[far]))
