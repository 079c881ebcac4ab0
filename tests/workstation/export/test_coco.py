"""COCO annotations."""

import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest
import shapely

from tests.workstation.export.states import STATE
from tests.workstation.small_study import make_hair, make_image, make_read, make_study, with_image, worked_study
from workstation.export.shafts import parts_of
from workstation.export.study_files import export_study
from workstation.model.field import Exclusion, ExclusionCause
from workstation.model.hair import frozen_array

NUMBER, COUNT, TEXT = {"type": "number", "minimum": 0}, {"type": "integer", "minimum": 0}, {"type": "string"}


def listed(values, **more):
    return {"type": "array", "items": values, **more}


def record(required, **properties):
    return {"type": "object", "required": required, "properties": properties}


# From the data format's documentation (cocodataset.org, format-data): basic data structure, 1. object detection and
# 2. keypoint detection, for annotations whose iscrowd is 0: polygons, each of at least three points.
SCHEMA = record(
    ["info", "images", "annotations", "licenses", "categories"],
    info=record(
        ["year", "version", "description", "contributor", "url", "date_created"],
        year={"type": "integer"}, version=TEXT, description=TEXT, contributor=TEXT, url=TEXT,
        date_created={"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
    ),
    licenses=listed(record(["id", "name", "url"], id=COUNT, name=TEXT, url=TEXT)),
    images=listed(
        record(["id", "width", "height", "file_name", "date_captured"], id=COUNT, width=COUNT, height=COUNT,
               file_name={"type": "string", "minLength": 1}, date_captured=TEXT)
    ),
    annotations=listed(
        record(
            ["id", "image_id", "category_id", "segmentation", "area", "bbox", "iscrowd", "keypoints", "num_keypoints"],
            id=COUNT, image_id=COUNT, category_id=COUNT, area={"type": "number", "exclusiveMinimum": 0},
            segmentation=listed(listed(NUMBER, minItems=6), minItems=1), bbox=listed(NUMBER, minItems=4, maxItems=4),
            iscrowd={"const": 0}, keypoints=listed(NUMBER), num_keypoints=COUNT,
        )
    ),
    categories=listed(
        record(["id", "name", "supercategory", "keypoints", "skeleton"], id={"type": "integer", "minimum": 1},
               name=TEXT, supercategory=TEXT, keypoints=listed(TEXT),
               skeleton=listed(listed({"type": "integer", "minimum": 1}, minItems=2, maxItems=2))),
        minItems=1,
    ),
)  # fmt: skip


def exported(study, folder, state=STATE):
    (path,) = export_study(study, folder, "coco", state=state)
    assert path.name == "annotations.json"

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    found = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    jsonschema.validate(found, SCHEMA)
    check_sense(found)
    return found


def check_sense(found):
    """What the schema cannot say: ids are unique and lead somewhere, boxes and areas fit the polygons and the image."""
    images = {image["id"]: image for image in found["images"]}
    categories = {category["id"]: category for category in found["categories"]}
    assert len({a["id"] for a in found["annotations"]}) == len(found["annotations"])
    for one in found["annotations"]:
        image, category = images[one["image_id"]], categories[one["category_id"]]
        polygons = [shapely.Polygon(np.reshape(ring, (-1, 2))) for ring in one["segmentation"]]
        whole = shapely.union_all(polygons)
        left, top, width, height = one["bbox"]
        assert (left, top, left + width, top + height) == pytest.approx(whole.bounds, abs=0.011)
        assert one["area"] == pytest.approx(whole.area, rel=0.02, abs=0.1)
        assert shapely.box(0, 0, image["width"], image["height"]).buffer(1e-6).contains(whole)
        flags = one["keypoints"][2::3]
        assert len(one["keypoints"]) == 3 * len(category["keypoints"])
        assert set(flags) <= {0, 2}
        assert one["num_keypoints"] == flags.count(2)


def of_kind(found, kind):
    return {a["trichodesk"]["id"]: a for a in found["annotations"] if a["trichodesk"]["kind"] == kind}


def test_a_hair_is_its_shaft_with_root_and_tip(tmp_path):
    hair = of_kind(exported(worked_study(), tmp_path), "hair")[1]
    # 40 px down from (100, 100), 2 px wide; from the image's corner half a pixel more
    assert hair["segmentation"] == [[99.5, 140.5, 101.5, 140.5, 101.5, 100.5, 99.5, 100.5]]
    assert (hair["bbox"], hair["area"], hair["iscrowd"]) == ([99.5, 100.5, 2.0, 40.0], 80.0, 0)
    assert (hair["keypoints"], hair["num_keypoints"]) == ([100.5, 100.5, 2, 100.5, 140.5, 2], 2)
    assert hair["trichodesk"] == {
        "kind": "hair", "id": 1, "fu": 7, "width_um": 20.0, "width_px": 2.0, "length_um": 400.0, "class": "vellus",
        "confidence": 0.9, "origin": "detected", "status": "unreviewed", "root_visible": True, "comment": "",
        "counted": True, "width_is_set": False, "line": [[100.5, 100.5], [100.5, 140.5]],
        "vertex_widths_px": [2.0, 2.0],
    }  # fmt: skip


def test_a_unit_lies_around_its_roots(tmp_path):
    units = of_kind(exported(worked_study(), tmp_path), "fu")
    assert units.keys() == {7, 8}  # all hairs of unit 9 are rejected
    assert units[7]["keypoints"] == [102.5, 101.5, 2]
    assert units[7]["bbox"] == pytest.approx([97.5, 97.5, 10.0, 8.0], abs=0.4)  # roots (100, 100), (104, 102); 3 px
    assert units[7]["trichodesk"] == {
        "kind": "fu", "id": 7, "hairs": 2, "counted": True, "comment": "", "centre": [102.5, 101.5],
    }  # fmt: skip
    assert units[8]["bbox"][2:] == [4.0, 4.0]  # of no known width: 2 px around


def test_rejected_hairs_are_none_and_a_root_outside_has_no_keypoint(tmp_path):
    hairs = of_kind(exported(worked_study(), tmp_path), "hair")
    assert hairs.keys() == {1, 2, 4, 6}
    assert (hairs[6]["keypoints"], hairs[6]["num_keypoints"]) == ([0, 0, 0, 90.5, 600.5, 2], 1)
    assert hairs[4]["area"] == 20.0  # of no known width: 1 px
    assert hairs[4]["trichodesk"]["width_px"] is None


def test_it_says_what_it_was_made_from(tmp_path):
    glare = Exclusion(30, frozen_array([[600, 600], [700, 600], [700, 700], [600, 700]], 2), ExclusionCause.GLARE)
    study = worked_study()
    read = replace(study.reads[1], field=replace(study.reads[1].field, exclusions=(glare,)))
    found = exported(replace(study, reads={1: read}), tmp_path)
    assert found["info"] == {
        "description": "Serum", "version": "12", "year": 2026, "contributor": "trichodesk 0.1.0", "url": "",
        "date_created": "2026-02-03T09:15:00Z",
    }  # fmt: skip
    assert found["trichodesk"] == {"study_id": study.id, "state": STATE.as_dict()}
    (image,) = found["images"]
    assert {name: image[name] for name in ("id", "width", "height", "file_name", "date_captured")} == {
        "id": 1, "width": 1000, "height": 1000, "file_name": "scalp.png", "date_captured": "2026-02-03",
    }  # fmt: skip
    about = image["trichodesk"]
    assert (about["subject"], about["visit"], about["site"], about["week"]) == ("S01", "baseline", "vertex", 0.0)
    assert (about["read_id"], about["reader"], about["um_per_px"]) == (1, "Ada", 10.0)
    assert about["field"]["exclusions"][0]["polygon"][0] == [600.5, 600.5]


def test_ids_are_unique_over_images_and_images_without_a_read_are_left_out(tmp_path):
    images = [make_image(i, 1, f"{i}.png") for i in (1, 2, 3)]
    reads = [make_read([make_hair(1, 2, [[10, 10], [20, 10]])], id_=i, image_id=i) for i in (1, 3)]
    found = exported(make_study(reads, images), tmp_path)
    assert [image["id"] for image in found["images"]] == [1, 3]
    assert [(a["id"], a["image_id"], a["category_id"]) for a in found["annotations"]] == [
        (1, 1, 1), (2, 1, 2), (3, 3, 1), (4, 3, 2),
    ]  # fmt: skip


def test_a_shaft_is_cut_off_at_the_image_s_edge(tmp_path):
    hair = make_hair(1, 2, [[-0.5, 10], [20, 10]], 4.0)
    outside = make_hair(3, None, [[-9, 500], [-5, 500]], 2.0)
    found = of_kind(exported(make_study([make_read([hair, outside])]), tmp_path), "hair")
    assert found.keys() == {1}
    assert found[1]["bbox"] == [0.0, 8.5, 20.5, 4.0]


def test_a_hair_that_crosses_itself_is_polygons_without_a_hole(tmp_path):
    loop = [[100, 100], [200, 100], [200, 200], [150, 200], [150, 50]]
    hair = of_kind(exported(make_study([make_read([make_hair(1, 2, loop, 4.0)])]), tmp_path), "hair")[1]
    line = shapely.LineString(np.add(loop, 0.5))
    true = line.buffer(2.0, quad_segs=2, cap_style="flat")
    assert len(true.interiors) == 1
    parts = [shapely.Polygon(np.reshape(ring, (-1, 2))) for ring in hair["segmentation"]]
    assert len(parts) > 1
    assert shapely.union_all(parts).symmetric_difference(true).area < 1.0
    assert hair["area"] == pytest.approx(true.area, abs=0.01)


def test_what_is_no_area_is_no_part():
    assert parts_of(shapely.GeometryCollection([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)])) == [
        shapely.box(0, 0, 1, 1)
    ]
    assert parts_of(shapely.Polygon()) == []


def test_without_a_scale_widths_are_in_pixels(tmp_path):
    found = of_kind(exported(with_image(worked_study(), calibration=None), tmp_path), "hair")[2]["trichodesk"]
    assert (found["width_um"], found["width_px"], found["class"]) == (None, 6.0, None)


def test_without_a_state_it_is_told_of_the_study_alone(tmp_path):
    found = exported(worked_study(), tmp_path, state=None)
    assert found["trichodesk"] == {"study_id": worked_study().id, "state": None}
    assert found["info"]["date_created"] == "2026-01-02T03:04:05Z"


def test_without_a_read_there_is_no_file(tmp_path):
    assert export_study(make_study(), tmp_path / "out", "coco") == []
    assert not (tmp_path / "out").exists()
