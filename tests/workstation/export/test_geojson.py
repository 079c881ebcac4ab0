import json
import math
import uuid
from dataclasses import replace

import jsonschema
import pytest

from tests.workstation.small_study import make_read, make_study, with_image, worked_study
from workstation.errors import UserFacingError
from workstation.export.geojson import feature_collection
from workstation.export.image_tables import hair_rows, unit_rows
from workstation.export.properties import detection_seconds
from workstation.export.study_files import export_study
from workstation.export.table import Source
from workstation.model.field import Exclusion, ExclusionCause
from workstation.model.hair import frozen_array
from workstation.model.read import DetectionRecord, ReadState

POSITION = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
COLOUR = {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 255}, "minItems": 3, "maxItems": 3}
LINE = {"type": "array", "items": POSITION, "minItems": 2}


def geometry(kind, coordinates):
    return {
        "type": "object",
        "properties": {"type": {"const": kind}, "coordinates": coordinates},
        "required": ["type", "coordinates"],
    }


# RFC 7946, sections 3.1 to 3.3, as far as lines and points go; and what QuPath's reader asks of a feature: a UUID,
# names and classes that are text and never null, a colour of three numbers, measurements that are numbers.
SCHEMA = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "id", "geometry", "properties"],
                "not": {"anyOf": [{"required": ["coordinates"]}, {"required": ["features"]}]},
                "properties": {
                    "type": {"const": "Feature"},
                    "id": {"type": "string", "format": "uuid"},
                    "geometry": {"oneOf": [geometry("LineString", LINE), geometry("Point", POSITION)]},
                    "properties": {
                        "type": "object",
                        "required": ["objectType", "name", "classification"],
                        "properties": {
                            "objectType": {"const": "annotation"},
                            "name": {"type": "string"},
                            "classification": {
                                "type": "object",
                                "required": ["name", "color"],
                                "properties": {"name": {"type": "string", "minLength": 1}, "color": COLOUR},
                            },
                            "measurements": {"type": "object", "additionalProperties": {"type": "number"}},
                        },
                    },
                },
            },
        },
    },
    "not": {"anyOf": [{"required": ["coordinates"]}, {"required": ["geometry"]}, {"required": ["properties"]}]},
}


def written(study, folder):
    (path,) = export_study(study, folder / "out", "geojson")
    assert path.name == "scalp.geojson"
    text = path.read_text(encoding="utf-8")

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def by_name(collection):
    return {f["properties"]["name"]: f for f in collection["features"]}


@pytest.mark.parametrize("study", [worked_study(), with_image(worked_study(), calibration=None)])
def test_the_file_is_geojson_that_qupath_reads(tmp_path, study):
    collection = written(study, tmp_path)
    jsonschema.validate(collection, SCHEMA, format_checker=jsonschema.FormatChecker(["uuid"]))
    assert len({f["id"] for f in collection["features"]}) == 8


def test_a_hair_has_its_root_first_and_the_corner_as_origin(tmp_path):
    hair = by_name(written(worked_study(), tmp_path))["hair 2"]
    assert hair["geometry"] == {"type": "LineString", "coordinates": [[104.5, 102.5], [134.5, 142.5], [134.5, 152.5]]}
    assert hair["properties"] == {
        "kind": "hair", "id": 2, "fu": 7, "width_um": 60.0, "width_px": 6.0, "width_is_set": False,
        "vertex_widths_px": [6.0, 6.0, 6.0], "length_um": 600.0, "class": "terminal",
        "confidence": 0.9, "origin": "detected", "status": "accepted", "root_visible": True, "comment": "",
        "counted": True, "objectType": "annotation", "name": "hair 2",
        "classification": {"name": "Terminal", "color": [230, 159, 0]},
        "measurements": {"Width µm": 60.0, "Length µm": 600.0, "Confidence": 0.9},
    }  # fmt: skip


def test_what_does_not_count_is_listed_and_marked(tmp_path):
    found = by_name(written(worked_study(), tmp_path))
    assert {f["properties"]["id"] for f in found.values() if f["properties"]["kind"] == "hair"} == {1, 2, 3, 4, 5, 6}
    rejected, entering, added = (found[f"hair {n}"]["properties"] for n in (3, 6, 4))
    assert (rejected["status"], rejected["counted"], rejected["classification"]["name"]) == (
        "rejected",
        False,
        "Rejected",
    )
    assert (entering["root_visible"], entering["fu"], entering["counted"]) == (False, None, False)
    assert (added["origin"], added["width_um"], added["class"], added["counted"]) == ("added", None, None, True)


def test_a_unit_is_a_point_at_the_mean_of_its_roots(tmp_path):
    found = by_name(written(worked_study(), tmp_path))
    assert found["unit 7"]["geometry"] == {"type": "Point", "coordinates": [102.5, 101.5]}
    assert found["unit 7"]["properties"]["hairs"] == 2
    assert "unit 9" not in found  # all its hairs are rejected


def test_the_file_says_what_it_is_of(tmp_path):
    glare = Exclusion(30, frozen_array([[600, 600], [700, 600], [700, 700], [600, 700]], 2), ExclusionCause.GLARE)
    study = worked_study()
    read = replace(study.reads[1], field=replace(study.reads[1].field, exclusions=(glare,)))
    about = written(replace(study, reads={1: read}), tmp_path)["trichodesk"]
    assert about["field_cm2"] == pytest.approx(0.99)
    assert about["field"] == {
        "shape": "image",
        "polygon": [[0, 0], [1000, 0], [1000, 1000], [0, 1000]],
        "exclusions": [
            {"id": 30, "cause": "glare", "polygon": [[600.5, 600.5], [700.5, 600.5], [700.5, 700.5], [600.5, 700.5]]}
        ],
    }
    assert (about["image"], about["sha256"], about["um_per_px"]) == ("scalp.png", f"{1:064x}", 10.0)
    assert (about["read_id"], about["reader"], about["read_state"]) == (1, "Ada", "in review")
    assert about["software"].startswith("trichodesk ")
    assert about["seconds"] is None


def test_without_a_scale_widths_are_in_pixels(tmp_path):
    collection = written(with_image(worked_study(), calibration=None), tmp_path)
    hair = by_name(collection)["hair 2"]["properties"]
    assert (hair["width_um"], hair["width_px"], hair["length_um"], hair["class"]) == (None, 6.0, None, None)
    assert collection["trichodesk"]["um_per_px"] is collection["trichodesk"]["field_cm2"] is None


def test_seconds_are_those_of_the_detection_a_read_goes_back_to():
    from analysis.detection import DetectionParameters

    detection = DetectionRecord("0.1.0", DetectionParameters(), 10.0, 2.5)
    first = make_read([], id_=1, state=ReadState.DETECTED, detection=detection)
    third = make_read([], id_=3, based_on=2)
    study = make_study([first, make_read([], id_=2, based_on=1), third, make_read([], id_=4, based_on=4)])
    assert [detection_seconds(study, study.reads[i]) for i in (1, 3, 4)] == [2.5, 2.5, None]


def test_ids_are_those_of_the_tables_and_stay_the_same(tmp_path):
    study = worked_study()
    collection = written(study, tmp_path)
    ids = {
        k: [f["properties"]["id"] for f in collection["features"] if f["properties"]["kind"] == k]
        for k in ("hair", "fu")
    }
    assert ids["hair"] == [row["id"] for row in hair_rows(Source(study))]
    assert ids["fu"] == [row["id"] for row in unit_rows(Source(study)) if row["hairs"]]
    assert collection == json.loads(json.dumps(feature_collection(study, study.reads[1])))
    assert all(uuid.UUID(f["id"]).version == 5 for f in collection["features"])


def test_an_image_without_a_read_gets_no_file(tmp_path):
    assert export_study(make_study(), tmp_path, "geojson") == []


def test_nothing_undefined_is_written_as_a_number(tmp_path):
    about = feature_collection(worked_study(), worked_study().reads[1])
    assert not any(isinstance(v, float) and math.isnan(v) for f in about["features"] for v in f["properties"].values())


def test_what_stands_in_the_way_is_said(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(UserFacingError, match=r"taken: a file has this name\. Choose another folder\."):
        export_study(worked_study(), tmp_path / "taken", "geojson")
    with pytest.raises(UserFacingError, match=r"no export format 'pdf'\. Choose geojson, csv, xlsx, coco or parquet\."):
        export_study(worked_study(), tmp_path, "pdf")
