from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from tests.workstation.small_study import make_hair, make_read
from ui.view.mapped_read import ReadMapper
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import frozen_array

HAIRS = [
    make_hair(1, 11, [[10, 10], [20, 30], [25, 60]], 4.0),
    make_hair(2, 11, [[12, 14], [50, 80]], 6.0),
    make_hair(3, 12, [[180, 20], [190, 40]], 5.0),
]


def twice(points_px):
    return 2.0 * points_px + (3.0, 0.0)


def mapper():
    return ReadMapper(twice, 2.0, (300, 300))


def test_hairs_lie_and_are_as_wide_as_in_the_other_image():
    read = mapper().mapped(make_read(HAIRS))
    np.testing.assert_array_equal(read.hairs[1].vertices_px, [[23, 20], [43, 60], [53, 120]])
    assert read.hairs[2].width_px == 12.0
    assert read.hairs[2].vertex_width_px.tolist() == [12.0, 12.0]
    assert (read.hairs[1].unit_id, read.hairs[1].confidence, read.id) == (11, 0.9, 1)


def test_what_is_rooted_beside_the_other_image_is_left_out():
    assert list(mapper().mapped(make_read(HAIRS)).hairs) == [1, 2]


def test_after_an_edit_only_what_changed_is_another_object():
    mapping, read = mapper(), make_read(HAIRS)
    before = mapping.mapped(read)
    moved = replace(HAIRS[1], vertices_px=frozen_array([[12, 14], [50, 90]], 2))
    added = make_hair(7, 12, [[30, 30], [40, 40]])
    after = mapping.mapped(replace(read, hairs=MappingProxyType({1: HAIRS[0], 2: moved, 7: added})))
    assert after.hairs[1] is before.hairs[1]
    assert after.hairs[2].vertices_px[1].tolist() == [103, 180]
    assert after.hairs[7].vertices_px[0].tolist() == [63, 60]
    assert list(after.hairs) == [1, 2, 7]


def test_a_read_without_hairs():
    assert mapper().mapped(make_read([])).hairs == {}


def test_straight_edges_of_field_and_exclusions_may_become_bent():
    def bent(points_px):
        return points_px + np.column_stack([np.zeros(len(points_px)), 0.001 * points_px[:, 0] ** 2])

    square = frozen_array([[0, 0], [200, 0], [200, 100], [0, 100]], 2)
    field = Field(FieldShape.RECTANGLE, square, (Exclusion(1, square, ExclusionCause.GLARE),))
    mapped = ReadMapper(bent, 1.0, (300, 300)).mapped(make_read(HAIRS, field=field)).field
    assert mapped.shape is FieldShape.RECTANGLE
    for outline in (mapped.polygon_px, mapped.exclusions[0].polygon_px):
        top = outline[outline[:, 1] < 50]
        at = np.interp(100.0, top[np.argsort(top[:, 0]), 0], top[np.argsort(top[:, 0]), 1])
        assert at == pytest.approx(10.0, abs=0.5)  # a straight edge would be at 20
