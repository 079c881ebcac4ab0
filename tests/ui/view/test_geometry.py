import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures import WidthClass
from tests.property.random_edits import EDITS, HEIGHT_PX, WIDTH_PX
from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from ui.view.geometry import ReadGeometry, changed_boxes
from ui.view.hair_shapes import Look, Standing, edges_of, level_of, simplify
from workstation import edits
from workstation.edits import NothingToDo
from workstation.errors import EditRefused
from workstation.model.field import Field
from workstation.model.hair import Origin, Status
from workstation.model.patch import apply

LOOK = Look(10.0)
HAIRS = [
    make_hair(1, 5, [[20, 20], [22, 40], [20, 60]]),
    make_hair(2, 5, [[24, 20], [40, 40]], 3.0),
    make_hair(3, 6, [[100, 100], [130, 100]], confidence=0.2),
    make_hair(4, None, [[0, 120], [40, 120]]),
]


def first_study():
    read = make_read(HAIRS, field=Field.whole_image(WIDTH_PX, HEIGHT_PX))
    return make_study([read], [make_image()])


def told(geometry):
    """All that is drawn of a read, comparable."""
    hairs = {
        i: (s.width_class, s.standing, s.box, s.line_at(0).tolist(), [e.tolist() for e in s.edges])
        for i, s in geometry.hairs.items()
    }
    units = {
        i: ([h.id for h in u.hairs], u.roots_px.tolist(), u.centre_px.tolist(), u.counted, u.box)
        for i, u in geometry.units.items()
    }
    return list(geometry.hairs), hairs, units, geometry.boxes.tolist()


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_after_any_edits_it_is_as_if_made_from_scratch(data):
    study, image = first_study(), make_image()
    geometry = ReadGeometry.of(study.reads[1], LOOK)
    for _ in range(data.draw(st.integers(1, 6))):
        edit = EDITS[data.draw(st.sampled_from(sorted(EDITS)))]
        with contextlib.suppress(EditRefused, NothingToDo):
            patch = edit(data.draw, study.reads[1], image)
            if data.draw(st.booleans()):  # and back again: an undo
                study = apply(study, patch)
                geometry = ReadGeometry.of(study.reads[1], LOOK, geometry)
                patch = patch.inverse()
            study = apply(study, patch)
        geometry = ReadGeometry.of(study.reads[1], LOOK, geometry)
        assert told(geometry) == told(ReadGeometry.of(study.reads[1], LOOK))


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_all_that_changed_lies_in_the_changed_boxes(data):
    study, image = first_study(), make_image()
    before = ReadGeometry.of(study.reads[1], LOOK)
    edit = EDITS[data.draw(st.sampled_from(sorted(EDITS)))]
    with contextlib.suppress(EditRefused, NothingToDo):
        study = apply(study, edit(data.draw, study.reads[1], image))
    after = ReadGeometry.of(study.reads[1], LOOK, before)
    boxes = changed_boxes(before, after)
    if boxes is None:
        assert before.read.field != after.read.field
        return
    old, new = told(before), told(after)
    for kind, shapes in ((1, "hairs"), (2, "units")):
        for i in old[kind].keys() | new[kind].keys():
            if old[kind].get(i) != new[kind].get(i):
                for geometry in (before, after):
                    if i in getattr(geometry, shapes):
                        assert getattr(geometry, shapes)[i].box in boxes


def test_only_what_changed_is_worked_out_anew():
    study = first_study()
    before = ReadGeometry.of(study.reads[1], LOOK)
    study = apply(study, edits.set_status(study.reads[1], [2], Status.REJECTED))
    after = ReadGeometry.of(study.reads[1], LOOK, before)
    assert [i for i in after.hairs if after.hairs[i] is not before.hairs[i]] == [2]
    assert [i for i in after.units if after.units[i] is not before.units.get(i)] == [5]
    assert after.units[5].n_hairs == 1
    boxes = changed_boxes(before, after)
    assert boxes is not None
    assert len(boxes) == 4  # the hair and the unit, before and after
    assert changed_boxes(after, ReadGeometry.of(study.reads[1], LOOK, after)) == []


def test_another_scale_of_the_image_changes_every_hair():
    study = first_study()
    before = ReadGeometry.of(study.reads[1], LOOK)
    after = ReadGeometry.of(study.reads[1], Look(4.0), before)
    assert before.hairs[1].width_class is WidthClass.INTERMEDIATE
    assert after.hairs[1].width_class is WidthClass.VELLUS
    assert changed_boxes(before, after) is None


@pytest.mark.parametrize(
    ("more", "standing"),
    [
        ({}, Standing.SURE),
        ({"confidence": 0.4}, Standing.DOUBTFUL),
        ({"confidence": 0.4, "status": Status.ACCEPTED}, Standing.SURE),
        ({"confidence": 0.4, "origin": Origin.EDITED}, Standing.SURE),
        ({"confidence": 0.4, "status": Status.REJECTED}, Standing.REJECTED),
    ],
)
def test_how_sure_a_hair_is(more, standing):
    read = make_read([make_hair(1, 5, [[0, 0], [9, 9]], **more)])
    assert ReadGeometry.of(read, LOOK).hairs[1].standing is standing


def test_without_scale_or_width_a_hair_has_no_class():
    read = make_read([make_hair(1, 5, [[0, 0], [9, 9]]), make_hair(2, 5, [[0, 0], [9, 9]], np.nan)])
    assert ReadGeometry.of(read, Look(None)).hairs[1].width_class is None
    geometry = ReadGeometry.of(read, LOOK)
    assert geometry.hairs[2].width_class is None
    assert geometry.hairs[2].edges == []
    assert geometry.hairs[2].box == (0, 0, 9, 9)


def test_the_edges_lie_half_the_width_on_either_side():
    straight = make_hair(1, 5, [[10, 20], [30, 20], [50, 20]], 8.0)
    assert [edge[:, 1].tolist() for edge in edges_of(straight)] == [[16, 16, 16], [24, 24, 24]]


def test_hairs_in_a_box_are_those_whose_shafts_may_be_seen_there():
    geometry = ReadGeometry.of(make_read(HAIRS), LOOK)
    assert [s.hair.id for s in geometry.hairs_in((90, 90, 110, 110))] == [3]
    # the box ends a pixel above the centreline, on the shaft of width 5
    assert [s.hair.id for s in geometry.hairs_in((90, 90, 110, 99))] == [3]
    assert geometry.hairs_in((90, 90, 110, 97)) == []


def test_zoomed_out_lines_have_fewer_vertices_and_the_same_ends():
    turns = np.linspace(0, 1, 60)
    line = np.column_stack([200 * turns, 20 * np.sin(4 * turns)])
    shape = ReadGeometry.of(make_read([make_hair(1, 5, line)]), LOOK).hairs[1]
    simplify([shape], -3)
    coarse = shape.line_at(-3).tolist()
    assert len(coarse) < 12
    assert (coarse[0], coarse[-1]) == (line[0].tolist(), line[-1].tolist())
    assert len(shape.line_at(0)) == 60
    assert [level_of(s) for s in (8.0, 1.0, 0.9, 0.3, 0.001)] == [0, 0, -1, -2, -5]
