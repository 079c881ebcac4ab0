import numpy as np
import pytest

from analysis.detection import DetectedExclusion, Detection, DetectionParameters, Polarity
from tests.workstation.small_study import make_hair, make_read, make_study
from workstation import edits
from workstation.errors import EditRefused
from workstation.model.field import ExclusionCause, FieldShape
from workstation.model.hair import Origin, Status
from workstation.model.patch import apply
from workstation.model.read import DETECTOR, DetectionRecord, ReadState
from workstation.model.validity import problems

UTC = "2026-02-03T09:15:00Z"


def detection(lines, unit, *, widths=None, visible=None, field=None, exclusions=(), width_px=4.0):
    n = [len(line) for line in lines]
    return Detection(
        vertices_px=np.concatenate(lines).astype(np.float64),
        vertex_width_px=np.full(sum(n), width_px) if widths is None else np.array(widths, dtype=np.float64),
        first_vertex=np.cumsum([0, *n[:-1]]),
        n_vertices=np.array(n),
        width_px=np.full(len(n), width_px),
        confidence=np.linspace(0.5, 1.0, len(n)),
        root_visible=np.array([u >= 0 for u in unit] if visible is None else visible),
        unit=np.array(unit),
        field_polygon_px=np.array([[10, 10], [900, 10], [900, 900], [10, 900.0]] if field is None else field),
        exclusions=tuple(exclusions),
        parameters=DetectionParameters(polarity=Polarity.DARK),
        um_per_px=9.5,
        seconds=1.25,
        notes=("The scale was estimated.",),
    )


def adopted(found, study=None):
    study = study or make_study()
    patch = edits.adopt_detection(study, 1, found, UTC, "1.2.3")
    read = apply(study, patch).reads[patch.changes[0].id]
    assert problems(read, study.images[1]) == []
    return read


def test_a_detection_becomes_a_read_of_its_own():
    lines = [[[50, 50], [50, 90], [55, 99]], [[0, 300], [40, 300]], [[60, 50], [60, 90]], [[500, 500], [500, 520]]]
    found = detection(lines, [1, -1, 1, 0], widths=[3, 4, 8, 5, 5, 6, 7, 2, 2])
    read = adopted(found, make_study([make_read([], id_=4)]))
    assert (read.id, read.image_id, read.reader, read.created_utc) == (5, 1, DETECTOR, UTC)
    assert (read.review.state, read.editable) == (ReadState.DETECTED, False)
    assert list(read.hairs) == [1, 2, 3, 4]
    assert {h.id: h.unit_id for h in read.hairs.values()} == {1: 6, 2: None, 3: 6, 4: 5}
    assert (read.units.keys(), read.next_id) == ({5, 6}, 7)
    first = read.hairs[1]
    assert first.vertices_px.tolist() == lines[0]
    assert (first.vertex_width_px.tolist(), first.width_px, first.width_is_set) == ([3, 4, 8], 4.0, False)
    assert (first.origin, first.status, first.confidence) == (Origin.DETECTED, Status.UNREVIEWED, 0.5)
    assert not read.hairs[2].root_visible
    assert read.detection == DetectionRecord("1.2.3", found.parameters, 9.5, 1.25, ("The scale was estimated.",))


def test_field_and_exclusions_come_along():
    square = np.array([[100, 100], [200, 100], [200, 200], [100, 200.0]])
    bow = np.array([[400, 400], [500, 500], [500, 400], [400, 500.0]])
    found = detection(
        [[[50, 50], [50, 90]]],
        [0],
        exclusions=[DetectedExclusion(p, c) for p, c in ((square, "glare"), (bow, "hat"), (square - 2000, "text"))],
    )
    read = adopted(found)
    assert (read.field.shape, read.field.polygon_px.tolist()) == (FieldShape.DETECTED, found.field_polygon_px.tolist())
    assert [(e.id, e.cause) for e in read.field.exclusions] == [
        (3, ExclusionCause.GLARE),
        (4, ExclusionCause.OTHER),
        (5, ExclusionCause.OTHER),
    ]
    assert read.next_id == 6


def test_what_leaves_the_image_is_clipped():
    lines = [[[-5, 50], [-1, 50], [40, 50]], [[-9, 300], [-5, 300]], [[990, 990], [1010, 1010]]]
    read = adopted(detection(lines, [-1, -1, 0], field=[[-10, -10], [2000, -10], [2000, 2000], [-10, 2000]]))
    assert {i: h.vertices_px.tolist() for i, h in read.hairs.items()} == {
        1: [[-0.5, 50], [40, 50]],
        2: [[990, 990], [999.5, 999.5]],
    }
    assert read.hairs[2].unit_id == 3
    assert read.field.polygon_px.min() == -0.5
    assert read.field.polygon_px.max() == 999.5


def test_widths_that_are_none_count_as_not_measured():
    read = adopted(detection([[[50, 50], [50, 70], [50, 90]]], [0], widths=[0.0, np.nan, 6.0]))
    np.testing.assert_array_equal(read.hairs[1].vertex_width_px, [np.nan, np.nan, 6.0])
    assert read.hairs[1].width_px == 6.0


def test_an_image_without_hair_is_a_read_without_hair():
    nothing = detection([[[50, 50], [50, 90]]], [0])
    for name, value in {"first_vertex": [], "n_vertices": [], "unit": [], "confidence": []}.items():
        object.__setattr__(nothing, name, np.array(value, dtype=np.int64))
    read = adopted(nothing)
    assert (dict(read.hairs), dict(read.units), read.next_id) == ({}, {}, 1)


def test_a_detection_of_an_unknown_image_is_refused():
    with pytest.raises(EditRefused, match="no image 9"):
        edits.adopt_detection(make_study(), 9, detection([[[50, 50], [50, 90]]], [0]), UTC, "1")


@pytest.fixture
def study():
    hairs = [make_hair(1, 10, [[100, 100], [100, 140]])]
    return make_study([make_read(hairs, state=ReadState.DETECTED, reader=DETECTOR)])


def test_a_reader_begins_with_a_copy_of_the_detection(study):
    patch = edits.begin_read(study, 1, 1, "Ada", UTC)
    assert not patch.undoable
    read = apply(study, patch).reads[2]
    assert (read.reader, read.based_on, read.created_utc, read.detection) == ("Ada", 1, UTC, None)
    assert (read.review.state, read.editable) == (ReadState.IN_REVIEW, True)
    assert (dict(read.hairs), dict(read.units)) == (dict(study.reads[1].hairs), dict(study.reads[1].units))
    assert (read.field, read.next_id) == (study.reads[1].field, 11)


def test_a_reader_begins_blank_where_nothing_was_detected(study):
    read = apply(study, edits.begin_read(study, None, 1, "Ada", UTC)).reads[2]
    assert (dict(read.hairs), read.based_on, read.next_id) == ({}, None, 1)
    assert read.field.shape is FieldShape.IMAGE
    assert problems(read, study.images[1]) == []


def test_a_read_cannot_begin_without_name_image_or_source(study):
    for name in ("  ", DETECTOR):
        with pytest.raises(EditRefused, match="needs a reader's name"):
            edits.begin_read(study, 1, 1, name, UTC)
    with pytest.raises(EditRefused, match="no image 9"):
        edits.begin_read(study, 1, 9, "Ada", UTC)
    with pytest.raises(EditRefused, match="image 1 has no read 9"):
        edits.begin_read(study, 9, 1, "Ada", UTC)
