import json
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from tests.workstation.small_study import make_hair, make_image, make_read, make_study, worked_study
from workstation.errors import EditRefused, UserFacingError
from workstation.export.geojson import feature_collection
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import frozen_array
from workstation.model.patch import apply
from workstation.model.read import DETECTOR, ReadState, Review
from workstation.model.validity import problems
from workstation.read_import import prepare_import

FIELD = Field(
    FieldShape.CIRCLE,
    frozen_array([(10, 10), (900, 10), (900, 950), (10, 950)], 2),
    (Exclusion(20, frozen_array([(0, 0), (50.5, 0), (50, 60)], 2), ExclusionCause.GLARE),),
)


def full_study():
    """All that a read can hold: measured and set widths, a hair without a root, comments, a field with an exclusion."""
    study = worked_study()
    read = study.reads[1]
    hairs = dict(read.hairs)
    widths = frozen_array([2.0, np.nan])
    hairs[1] = replace(hairs[1], vertex_width_px=widths, comment="thin", confidence=0.25)
    hairs[2] = replace(hairs[2], width_px=6.5, width_is_set=True)
    units = {**read.units, 7: replace(read.units[7], comment="dense")}
    read = replace(read, hairs=MappingProxyType(hairs), units=MappingProxyType(units), field=FIELD, next_id=21)
    read = replace(read, review=replace(read.review, comment="glare at the edge"))
    assert problems(read, study.images[1]) == []
    return replace(study, reads=MappingProxyType({1: read}))


def written(folder, study, name="scalp.geojson", **changes):
    path = folder / name
    data = feature_collection(study, study.reads[1])
    data["trichodesk"] |= changes
    path.write_text(json.dumps(data))
    return path


def test_a_geojson_file_of_this_program_comes_back_as_it_was(tmp_path):
    study = full_study()
    found = prepare_import(study, [written(tmp_path, study)], user="Bob")
    after = apply(study, found.patch)
    before, read = study.reads[1], after.reads[2]
    assert after.reads[1] is before
    assert dict(read.hairs) == dict(before.hairs)
    assert dict(read.units) == dict(before.units)
    assert (read.field, read.next_id, read.image_id, read.reader) == (FIELD, 21, 1, "Ada")
    assert read.review == Review(ReadState.IN_REVIEW, "glare at the edge")
    assert found.notes == ()
    assert found.patch.operation == "import read"
    assert found.reason.startswith("from scalp.geojson (trichodesk GeoJSON, SHA-256 ")
    assert found.reason.endswith(" as read 2")
    assert not found.patch.undoable


def test_a_read_becomes_that_of_the_reader_named_and_a_detection_that_of_the_user(tmp_path):
    study = full_study()
    path = written(tmp_path, study)
    assert prepare_import(study, [path], user="Bob", reader="Cy").reads[0].reader == "Cy"
    detected = written(tmp_path, study, reader=DETECTOR)
    assert prepare_import(study, [detected], user="Bob").reads[0].reader == "Bob"
    with pytest.raises(EditRefused, match="cannot be the name of a reader"):
        prepare_import(study, [detected], user="Bob", reader=DETECTOR)


def two_images(**more):
    images = [make_image(1, source_name="a.png", **more), make_image(2, 2, source_name="b.png", **more)]
    return make_study([make_read([make_hair(1, 2, [[10, 10], [10, 40]])])], images)


def test_the_image_is_known_by_its_content_whatever_its_name(tmp_path):
    study = two_images()
    path = written(tmp_path, study, "anything.geojson", image="b.png")
    assert prepare_import(study, [path], user="Bob").reads[0].image_id == 1


def test_else_by_its_name_and_that_is_said(tmp_path):
    study = two_images()
    path = written(tmp_path, study, image="b.png", sha256="f" * 64)
    found = prepare_import(study, [path], user="Bob")
    assert found.reads[0].image_id == 2
    assert found.notes == (
        "scalp.geojson: It was made on another file of the name b.png: its SHA-256 is not that of the study's image.",
    )


def test_an_image_that_is_not_clear_is_refused_and_can_be_named(tmp_path):
    study = two_images()
    same = MappingProxyType({i: replace(image, sha256="a" * 64) for i, image in study.images.items()})
    study = replace(study, images=same)
    path = written(tmp_path, study, image="c.png")
    with pytest.raises(UserFacingError, match=r"2 images of the study may be meant: a\.png, b\.png"):
        prepare_import(study, [path], user="Bob")
    assert prepare_import(study, [path], user="Bob", image="b").reads[0].image_id == 2
    assert prepare_import(study, [written(tmp_path, study, image="b.png")], user="Bob").reads[0].image_id == 2
    with pytest.raises(UserFacingError, match=r"the study has no image c\.png"):
        prepare_import(study, [written(tmp_path, study, image="c.png", sha256="b" * 64)], user="Bob")


def test_an_image_of_another_size_is_refused(tmp_path):
    study = two_images()
    with pytest.raises(UserFacingError, match=r"is of an image of 500 × 1000 px, but a\.png has 1000 × 1000 px"):
        prepare_import(study, [written(tmp_path, study, width_px=500)], user="Bob")


def test_another_scale_is_said_and_widths_stay_in_pixels(tmp_path):
    study = full_study()
    found = prepare_import(study, [written(tmp_path, study, um_per_px=5.0)], user="Bob")
    assert found.notes == (
        "scalp.geojson: It was made at 5 µm/px, and the image has 10 now: widths were taken in pixels.",
    )
    assert found.reads[0].hairs[2].width_px == 6.5


def change(feature, value, *path):
    def mutate(data):
        place = data["features"][feature]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return mutate


@pytest.mark.parametrize(
    ("mutate", "said"),
    [
        (change(0, "LineX", "geometry", "type"), r"feature 1 \(hair 1\): a hair is a LineString, not a LineX"),
        (change(1, [[1, 2]], "geometry", "coordinates"), r"feature 2 \(hair 2\): it has 1 points"),
        (change(1, [[1, "x"], [2, 3]], "geometry", "coordinates"), "not a list of pairs of numbers"),
        (change(1, [[1, 2], [5000, 3], [5000, 4]], "geometry", "coordinates"), r"feature 2 .*leaves the image"),
        (change(0, "maybe", "properties", "status"), "its status is 'maybe', not one of unreviewed, accepted"),
        (change(0, 1.5, "properties", "confidence"), "its confidence is not from 0 to 1"),
        (change(0, 2, "properties", "id"), "the id 2: two hairs, units or exclusions have it"),
        (change(0, 20, "properties", "id"), "the id 20: two hairs, units or exclusions have it"),
        (change(0, -1, "properties", "id"), "its id is not a whole number"),
        (change(0, [1.0], "properties", "vertex_widths_px"), "not one width for each point"),
        (change(0, [-1.0, -2.0], "properties", "vertex_widths_px"), "a width that is not positive"),
        (change(0, "dog", "properties", "kind"), "its kind is 'dog', neither hair nor fu"),
        (change(0, "\0", "properties", "comment"), "a character that cannot be stored"),
        (lambda data: data["features"].insert(3, None), "feature 4: "),
        (lambda data: data["features"][0].pop("properties"), "feature 1: it has no 'properties'"),
        (lambda data: data["trichodesk"].pop("field"), "the field: it is missing"),
        (
            lambda data: data["trichodesk"]["field"].update(polygon=[[0, 0], [9, 9], [9, 0], [0, 9]]),
            "the field: the outline crosses",
        ),
        (
            lambda data: data["trichodesk"]["field"]["exclusions"].append({"id": 3, "cause": "x", "polygon": []}),
            "exclusion 2: its cause is 'x'",
        ),
    ],
)
def test_each_fault_is_told_with_its_feature(tmp_path, mutate, said):
    study = full_study()
    path = written(tmp_path, study)
    data = json.loads(path.read_text())
    mutate(data)
    path.write_text(json.dumps(data))
    with pytest.raises(UserFacingError, match=said) as caught:
        prepare_import(study, [path], user="Bob")
    assert caught.value.file == path
    assert "nothing was imported" in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path):
    study = full_study()
    path = written(tmp_path, study)
    data = json.loads(path.read_text())
    for feature in data["features"][:3]:
        feature["properties"]["status"] = "?"
    path.write_text(json.dumps(data))
    with pytest.raises(UserFacingError, match=r"(?s)3 parts of the file.*feature 1 .*\n.*feature 2 .*\n.*feature 3 "):
        prepare_import(study, [path], user="Bob")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"{", "the file is not JSON"),
        (b'{"type": NaN}', "the file is not JSON"),
        (b"[" * 100_000, "the file is not JSON"),
        (b'{"type": "Topology"}', "neither GeoJSON nor COCO"),
        (b"[]", "neither GeoJSON nor COCO"),
        (b"\xff\xfe", "the file is not JSON"),
    ],
)
def test_what_is_no_such_file_is_said(tmp_path, content, said):
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(UserFacingError, match=said):
        prepare_import(worked_study(), [path], user="Bob")
    with pytest.raises(UserFacingError, match="a folder"):
        prepare_import(worked_study(), [tmp_path], user="Bob")
    with pytest.raises(UserFacingError, match="no such file"):
        prepare_import(worked_study(), [tmp_path / "none"], user="Bob")


def test_damaged_files_never_crash(tmp_path):
    study = full_study()
    path = written(tmp_path, study)
    whole = path.read_bytes()
    rng = np.random.default_rng(5)
    refused = 0
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(rng.integers(1, 4)):
            at = rng.integers(len(data))
            data[at : at + rng.integers(0, 3)] = rng.choice([b"-", b"9", b"null", b"[]", b"{}", b'"', b"e9", b","])
        path.write_bytes(bytes(data))
        try:
            (read,) = prepare_import(study, [path], user="Bob").reads
            assert problems(read, study.images[1]) == []
        except UserFacingError:
            refused += 1
    assert refused > 100


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"um_per_px": 0}, "the scale: its um_per_px is not above 0"),
        ({"um_per_px": 10**400}, "the scale: "),
        ({"field": {"shape": "image", "polygon": [[0, 0], [9, 0], [9, 9]], "exclusions": 5}}, "are not a list"),
    ],
)
def test_a_block_about_the_read_that_makes_no_sense_is_told(tmp_path, changes, said):
    study = full_study()
    with pytest.raises(UserFacingError, match=said):
        prepare_import(study, [written(tmp_path, study, **changes)], user="Bob")


def test_a_file_without_a_list_of_features_is_no_empty_read(tmp_path):
    study = full_study()
    path = written(tmp_path, study)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"features": None}))
    with pytest.raises(UserFacingError, match="has no list of features"):
        prepare_import(study, [path], user="Bob")
