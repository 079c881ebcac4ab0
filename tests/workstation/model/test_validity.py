from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import Unit, frozen_array
from workstation.model.patch import Change, Kind, Patch, apply
from workstation.model.read import ReadState, Review
from workstation.model.validity import problems, problems_after

IMAGE = make_image()
HAIR = make_hair(1, 3, [[100, 100], [100, 140]])
OTHER = make_hair(2, 3, [[200, 100], [200, 140]])
FROM_OUTSIDE = make_hair(2, None, [[-0.5, 100], [20, 100]])
NAN = float("nan")


def line(*vertices):
    return {"vertices_px": frozen_array(vertices, 2), "vertex_width_px": frozen_array([5.0] * len(vertices))}


BROKEN_HAIRS = {
    "hair 1 has fewer than two points": line((1, 1)),
    "hair 1 has 2 points but 1 widths": {"vertex_width_px": frozen_array([5.0])},
    "hair 1 has a point without a place": line((1, 1), (1, NAN)),
    "hair 1 leaves the image": line((1, 1), (1, 999.6)),
    "hair 1 has the same point twice in a row": line((1, 1), (1, 9), (1, 9)),
    "hair 1 is shorter than 2 px": line((1, 1), (1, 2.9)),
    "hair 1 has a width that is not positive": {"vertex_width_px": frozen_array([5.0, 0.0])},
    "the width of hair 1 is not the median of its measured widths": {"width_px": 5.1},
    "the confidence of hair 1 is not from 0 to 1": {"confidence": 1.01},
    "the comment on hair 1 has a character that cannot be stored": {"comment": "\0"},
    "hair 1 belongs to no unit": {"unit_id": None},
    "hair 1 belongs to a unit although its root is not visible": {"root_visible": False},
    "hair 1 names unit 9, which does not exist": {"unit_id": 9},
}


def broken_by(change):
    """What the patch of one change makes wrong, found whole and found in part: they must agree."""
    read = make_read([HAIR, OTHER])
    patch = Patch("break", 1, (change,))
    after = apply(make_study([read], [IMAGE]), patch).reads[1]
    found = problems_after(read, after, patch, IMAGE)
    assert found == problems(after, IMAGE)
    return found


def test_reads_of_all_sorts_are_valid():
    square = Exclusion(4, frozen_array([(0, 0), (9, 0), (9, 9)], 2), ExclusionCause.GLARE)
    field = replace(Field.whole_image(1000, 1000), exclusions=(square,))
    read = replace(make_read([HAIR, FROM_OUTSIDE], field=field), next_id=5)
    assert problems(read, IMAGE) == []
    assert problems(make_read([]), IMAGE) == []


def test_widths_need_not_be_known():
    unmeasured = replace(HAIR, vertex_width_px=frozen_array([NAN, NAN]), width_px=NAN)
    half = replace(OTHER, vertex_width_px=frozen_array([NAN, 7.0]), width_px=7.0)
    by_hand = replace(OTHER, id=4, vertex_width_px=frozen_array([NAN, 7.0]), width_px=9.0, width_is_set=True)
    assert problems(make_read([unmeasured, half, by_hand]), IMAGE) == []


@pytest.mark.parametrize(("problem", "fields"), BROKEN_HAIRS.items())
def test_a_hair_that_is_wrong_is_found(problem, fields):
    assert broken_by(Change(Kind.HAIR, 1, HAIR, replace(HAIR, **fields))) == [problem]


@pytest.mark.parametrize("width_px", [NAN, 0.0, -1.0, float("inf")])
def test_a_width_set_by_hand_is_a_positive_number(width_px):
    after = replace(HAIR, width_px=width_px, width_is_set=True)
    assert broken_by(Change(Kind.HAIR, 1, HAIR, after)) == ["hair 1 has a width that is not positive"]


def test_a_measured_width_is_finite():
    after = replace(HAIR, vertex_width_px=frozen_array([5.0, np.inf]))
    assert broken_by(Change(Kind.HAIR, 1, HAIR, after)) == ["hair 1 has a width that is not positive"]


def test_a_unit_without_hairs_is_found():
    assert broken_by(Change(Kind.UNIT, 4, None, Unit(4))) == ["unit 4 has no hair"]


def test_a_unit_left_by_its_last_hair_is_found():
    alone = make_read([HAIR])
    patch = Patch("break", 1, (Change(Kind.HAIR, 1, HAIR, None),))
    after = apply(make_study([alone], [IMAGE]), patch).reads[1]
    assert problems_after(alone, after, patch, IMAGE) == problems(after, IMAGE) == ["unit 3 has no hair"]


def test_a_unit_taken_from_its_hairs_is_found():
    read = make_read([HAIR, OTHER])
    patch = Patch("break", 1, (Change(Kind.UNIT, 3, Unit(3), None),))
    after = apply(make_study([read], [IMAGE]), patch).reads[1]
    assert problems_after(read, after, patch, IMAGE) == ["unit 3 is gone but has hairs"]
    assert problems(after, IMAGE) == [f"hair {i} names unit 3, which does not exist" for i in (1, 2)]


def test_comments_must_be_storable():
    text = "has a character that cannot be stored"
    assert broken_by(Change(Kind.UNIT, 3, Unit(3), Unit(3, "\ud800"))) == [f"the comment on unit 3 {text}"]
    before = Review(ReadState.IN_REVIEW)
    assert broken_by(Change(Kind.REVIEW, 0, before, replace(before, comment="\0"))) == [
        f"the comment on the image {text}"
    ]


def outline(*points):
    return Field(FieldShape.POLYGON, frozen_array(points, 2))


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        (outline((0, 0), (9, 9)), "the outline of the field has fewer than three points"),
        (outline((0, 0), (9, 9), (NAN, 9)), "the outline of the field has a point without a place"),
        (outline((0, 0), (9, 9), (9, 0), (0, 9)), "the outline of the field crosses or touches itself"),
        (outline((0, 0), (1, 0), (0, 1)), "the field is smaller than one pixel"),
        (outline((0, 0), (1000, 0), (0, 9)), "the field leaves the image"),
    ],
)
def test_a_field_that_is_wrong_is_found(field, problem):
    before = Field.whole_image(1000, 1000)
    assert broken_by(Change(Kind.FIELD, 0, before, field)) == [problem]
    excluded = replace(before, exclusions=(Exclusion(4, field.polygon_px, ExclusionCause.TEXT),))
    assert broken_by(Change(Kind.FIELD, 0, before, excluded)) == [problem.replace("the field", "exclusion 4")]


def test_ids_are_unique_among_hairs_units_and_exclusions():
    before = Field.whole_image(1000, 1000)
    triangle = frozen_array([(0, 0), (9, 0), (9, 9)], 2)
    glare = Exclusion(2, triangle, ExclusionCause.GLARE)
    assert broken_by(Change(Kind.FIELD, 0, before, replace(before, exclusions=(glare,)))) == ["the id 2 is used twice"]
    twice = replace(before, exclusions=(replace(glare, id=5), replace(glare, id=5)))
    assert broken_by(Change(Kind.FIELD, 0, before, twice)) == ["the id 5 is used twice"]


def test_an_id_that_was_given_before_is_not_given_again():
    read = replace(make_read([HAIR]), next_id=9)
    patch = Patch("add hair", 1, (Change(Kind.HAIR, 7, None, replace(OTHER, id=7)),))
    after = apply(make_study([read], [IMAGE]), patch).reads[1]
    assert problems(after, IMAGE) == []
    assert problems_after(read, after, patch, IMAGE) == ["the id 7 was used before"]
    fresh = Patch("add hair", 1, (Change(Kind.HAIR, 9, None, replace(OTHER, id=9)),))
    assert problems_after(read, apply(make_study([read], [IMAGE]), fresh).reads[1], fresh, IMAGE) == []


def test_what_only_a_file_can_hold_wrong_is_found():
    read = replace(
        make_read([HAIR]), hairs=MappingProxyType({4: HAIR}), units=MappingProxyType({3: Unit(3), 0: Unit(5)})
    )
    assert problems(read, IMAGE) == [
        "hair 1 is kept under the id 4",
        "unit 5 is kept under the id 0",
        "unit 0 has no hair",
        "the id 4 is not below the next free id 4",
        "the id 0 is not below the next free id 4",
    ]
    assert problems(make_read([], image_id=2), IMAGE) == ["read 1 is not of image 1"]
