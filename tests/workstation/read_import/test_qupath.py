import json
import math

import numpy as np
import pytest

from tests.workstation.small_study import make_image, make_study, worked_study
from workstation.errors import UserFacingError
from workstation.export.geojson import feature_collection
from workstation.model.field import ExclusionCause, FieldShape
from workstation.model.hair import Origin, Status
from workstation.read_import import prepare_import


def feature(kind, coordinates, class_name="", **properties):
    classification = {"classification": {"name": class_name, "color": [200, 0, 0]}} if class_name else {}
    return {
        "type": "Feature",
        "id": "7f4c0e2a-0000-4000-8000-000000000001",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": {"objectType": "annotation", **classification, **properties},
    }


def square(x, y, side):
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def imported(tmp_path, *features, study=None, bare=False):
    path = tmp_path / "scalp.geojson"
    path.write_text(json.dumps(list(features) if bare else {"type": "FeatureCollection", "features": list(features)}))
    return prepare_import(study or make_study(), [path], user="Bob")


@pytest.mark.parametrize("bare", [False, True])
def test_lines_are_hairs_from_the_corner_on(tmp_path, bare):
    found = imported(tmp_path, feature("LineString", [[10, 20], [10.5, 60.5]], "Terminal"), bare=bare)
    (read,) = found.reads
    (hair,) = read.hairs.values()
    assert hair.vertices_px.tolist() == [[9.5, 19.5], [10, 60]]
    assert (hair.origin, hair.status, hair.confidence, hair.root_visible) == (Origin.ADDED, Status.UNREVIEWED, 1, True)
    assert math.isnan(hair.width_px)
    assert list(read.units) == [hair.unit_id]
    assert (read.reader, read.field.shape) == ("Bob", FieldShape.IMAGE)
    assert found.notes == ("scalp.geojson: The file names no field: the whole image is taken.",)


def test_classes_and_measurements(tmp_path):
    (read,) = imported(
        tmp_path,
        feature("LineString", [[10, 20], [10, 60]], "Rejected", name="hair 7", measurements={"Width µm": 55.0}),
        feature("LineString", [[30, 20], [30, 60]], "Hair: Vellus", measurements=[{"name": "Width µm", "value": 20}]),
        feature("MultiLineString", [[[50, 20], [50, 60]], [[70, 20], [70, 60]]]),
        feature("LineString", [[90, 20], [90, 60]], name="hair 7"),
    ).reads
    told = [(h.id, h.status, h.width_px, h.width_is_set) for h in read.hairs.values()]
    assert told[0] == (7, Status.REJECTED, 5.5, True)
    assert told[1][1:] == (Status.UNREVIEWED, 2.0, True)
    assert [id_ for id_, *_ in told] == [7, 8, 9, 10, 11]


def test_points_are_units_that_gather_hairs_and_turn_them_root_first(tmp_path):
    found = imported(
        tmp_path,
        feature("LineString", [[100, 100], [100, 150]]),
        feature("LineString", [[140, 100], [106, 100]]),
        feature("LineString", [[300, 300], [300, 350]]),
        feature("Point", [103, 100], "Follicular unit"),
        feature("MultiPoint", [[300, 352], [800, 800]], "Root"),
    )
    one, two, three = found.reads[0].hairs.values()
    assert one.unit_id == two.unit_id != three.unit_id
    assert two.root_px.tolist() == [105.5, 99.5]
    assert three.root_px.tolist() == [299.5, 349.5]
    assert found.notes[1] == "scalp.geojson: 1 point lies at no end of a hair and stands for nothing here."


def test_polygons_are_the_field_and_what_it_leaves_out(tmp_path):
    (read,) = imported(
        tmp_path,
        feature("LineString", [[100, 100], [100, 150]]),
        feature("Polygon", [square(50, 50, 400), square(60, 60, 10)], "Field"),
        feature("Polygon", [square(200, 200, 30)], "Glare"),
        feature("MultiPolygon", [[square(300, 300, 30)], [square(340, 300, 30)]], "Ignore*"),
    ).reads
    assert read.field.shape is FieldShape.POLYGON
    assert read.field.polygon_px.tolist() == [[49.5, 49.5], [449.5, 49.5], [449.5, 449.5], [49.5, 449.5]]
    causes = [e.cause for e in read.field.exclusions]
    assert causes == [ExclusionCause.OTHER, ExclusionCause.GLARE, ExclusionCause.OTHER, ExclusionCause.OTHER]
    assert read.field.region().area == pytest.approx(400**2 - 100 - 3 * 900)


def test_annotations_of_this_program_keep_ids_units_and_widths_through_qupath(tmp_path):
    """What QuPath keeps of a feature: geometry, object type, name, classification, measurements."""
    study = worked_study()
    features = feature_collection(study, study.reads[1])["features"]
    for one in features:
        one["properties"] = {k: one["properties"][k] for k in ("objectType", "name", "classification", "measurements")}
    (read,) = imported(tmp_path, *features, study=study).reads
    before = study.reads[1]
    assert list(read.hairs) == list(before.hairs)
    for id_ in (1, 2, 4):
        hair, was = read.hairs[id_], before.hairs[id_]
        assert hair.unit_id == was.unit_id
        np.testing.assert_allclose(hair.vertices_px, was.vertices_px, atol=1e-9)
        np.testing.assert_equal(hair.width_px, was.width_px)
        assert hair.confidence == was.confidence
    assert read.hairs[3].status is Status.REJECTED


def test_without_a_scale_widths_are_left_out_and_that_is_said(tmp_path):
    study = make_study(images=[make_image(calibration=None)])
    line = feature("LineString", [[100, 100], [100, 150]], measurements={"Width µm": 40})
    found = imported(tmp_path, line, study=study)
    assert math.isnan(found.reads[0].hairs[1].width_px)
    assert found.notes[-1] == "scalp.geojson: Widths in µm were left out: the image has no scale."


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (feature("Polygon", [square(0, 0, 9)], "Tumor"), "feature 2: a polygon of class 'tumor' is neither the field"),
        (feature("Polygon", [square(0, 0, 9)]), "feature 2: a polygon without a class"),
        (feature("Polygon", [[[0, 0], [1, 1]]], "Field"), "feature 2: it has 2 points instead of at least 3"),
        (feature("Point", [5, 5], "Nerve"), "feature 2: a point of class 'nerve' is neither"),
        (feature("GeometryCollection", []), "feature 2: a GeometryCollection is neither a hair"),
        (feature("LineString", [[5, 5]]), "feature 2: it has 1 points"),
        (feature("LineString", [[5, 5], [5, 6]]), "feature 2: it is shorter than 2 px"),
        (feature("LineString", [[5, 5], [-50, 6]]), "feature 2: it leaves the image, which is 1000 × 1000 px"),
        ({"type": "Feature", "geometry": None, "properties": {}}, "feature 2: "),
    ],
)
def test_what_is_no_part_of_a_read_is_refused_with_its_place(tmp_path, bad, said):
    with pytest.raises(UserFacingError, match=said):
        imported(tmp_path, feature("LineString", [[100, 100], [100, 150]]), bad)


def test_two_fields_and_points_alone_are_refused(tmp_path):
    field = feature("Polygon", [square(0, 0, 90)], "Field")
    with pytest.raises(UserFacingError, match="there are 2 of them; keep one"):
        imported(tmp_path, feature("LineString", [[9, 9], [9, 50]]), field, field)
    with pytest.raises(UserFacingError, match="it has no line, and a read is made of hairs"):
        imported(tmp_path, feature("Point", [5, 5]))
