from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workstation.small_study import COMMENT, make_hair, make_image, make_read, make_study
from tests.workstation.storage.studies import study as full_study
from workstation.model import screening
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import Unit, frozen_array
from workstation.model.read import ReadState, Review
from workstation.model.screening import read_problems, suspects
from workstation.model.validity import problems


def good_read(id_):
    hairs = [make_hair(i, 100 + i % 3, [[i, 10.0], [i, 20.0], [i + 1.0, 30.0]]) for i in range(1, 7)]
    hairs.append(make_hair(7, None, [[0, 10], [5, 20]], comment=COMMENT))
    outline = [[0, 0], [900, 0], [900, 900], [0, 900]]
    glare = Exclusion(200, frozen_array([[100, 100], [200, 100], [150, 200]], 2), ExclusionCause.GLARE)
    return make_read(hairs, id_=id_, field=Field(FieldShape.POLYGON, frozen_array(outline, 2), (glare,)))


def with_hair(read, id_=2, **changes):
    return replace(read, hairs=MappingProxyType({**read.hairs, id_: replace(read.hairs[id_], **changes)}))


def with_unit(read, key, unit):
    return replace(read, units=MappingProxyType({**read.units, key: unit}))


def with_outline(read, *points):
    return replace(read, field=replace(read.field, polygon_px=frozen_array(points, 2)))


def with_exclusion(read, id_, *points):
    exclusion = Exclusion(id_, frozen_array(points, 2), ExclusionCause.OTHER)
    return replace(read, field=replace(read.field, exclusions=(*read.field.exclusions, exclusion)))


BREACHES = {
    "another image": lambda r: replace(r, image_id=2),
    "a place that is none": lambda r: with_hair(r, vertices_px=frozen_array([[1, np.nan], [5, 5], [9, 9]], 2)),
    "outside": lambda r: with_hair(r, vertices_px=frozen_array([[1, 1], [5, 5], [1000.1, 9]], 2)),
    "one point": lambda r: with_hair(r, vertices_px=frozen_array([[1, 1]], 2), vertex_width_px=frozen_array([5])),
    "the same point twice": lambda r: with_hair(r, vertices_px=frozen_array([[1, 1], [1, 1], [9, 9]], 2)),
    "short": lambda r: with_hair(r, vertices_px=frozen_array([[1, 1], [1, 2], [1, 2.5]], 2)),
    "another width": lambda r: with_hair(r, width_px=5.1),
    "a negative width": lambda r: with_hair(r, vertex_width_px=frozen_array([5, -5, 5])),
    "too sure": lambda r: with_hair(r, confidence=1.5),
    "a comment": lambda r: with_hair(r, comment="a\0b"),
    "a key of another": lambda r: replace(r, hairs=MappingProxyType({**r.hairs, 50: r.hairs[1]})),
    "no unit": lambda r: with_hair(r, unit_id=None),
    "an unknown unit": lambda r: with_hair(r, unit_id=777),
    "a unit below all": lambda r: with_hair(r, unit_id=-3),
    "a unit above all": lambda r: with_unit(
        replace(with_hair(r, unit_id=1 << 41), next_id=1 << 50), (1 << 40) - 1, Unit((1 << 40) - 1)
    ),
    "widths without end": lambda r: with_hair(r, vertex_width_px=frozen_array([1.7e308, 1.7e308, np.nan])),
    "an unseen root": lambda r: with_hair(r, root_visible=False),
    "an empty unit": lambda r: with_unit(r, 103, Unit(103)),
    "a unit under another id": lambda r: with_unit(r, 100, Unit(101)),
    "the comment of a unit": lambda r: with_unit(r, 100, Unit(100, "\0")),
    "the comment": lambda r: replace(r, review=Review(ReadState.IN_REVIEW, "\ud800")),
    "an id used twice": lambda r: with_exclusion(r, 3, [300, 300], [400, 300], [350, 400]),
    "an exclusion twice": lambda r: with_exclusion(r, 200, [300, 300], [400, 300], [350, 400]),
    "an id that is still to come": lambda r: replace(r, next_id=100),
    "an id of nothing": lambda r: with_exclusion(r, 0, [300, 300], [400, 300], [350, 400]),
    "a crossing outline": lambda r: with_outline(r, [0, 0], [900, 900], [900, 0], [0, 900]),
    "two corners": lambda r: with_outline(r, [0, 0], [900, 900]),
    "two corners and back": lambda r: with_outline(r, [0, 0], [900, 900], [0, 0]),
    "a corner nowhere": lambda r: with_outline(r, [0, 0], [900, np.inf], [900, 0]),
    "a small field": lambda r: with_outline(r, [0, 0], [0.5, 0], [0, 0.5]),
    "a field beyond the image": lambda r: with_outline(r, [0, 0], [1002, 0], [0, 900]),
    "nothing left": lambda r: with_exclusion(r, 201, [0, 0], [900, 0], [900, 900], [0, 900]),
}


@pytest.mark.parametrize("breach", BREACHES)
@pytest.mark.parametrize("place", [0, 2])
def test_one_bad_read_among_good_ones_is_found_and_no_other(breach, place):
    reads = [replace(good_read(i), next_id=300) for i in (1, 2, 3)]
    reads[place] = BREACHES[breach](reads[place])
    images = [make_image()] * 3
    assert problems(reads[place], images[place]), "it is no breach"
    found = suspects(reads, images).tolist()
    assert found[place]
    if "corner" not in breach:  # of a malformed outline all are suspected
        assert found == [i == place for i in range(3)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(sorted(BREACHES)), max_size=2), min_size=1, max_size=5))
def test_what_is_said_of_all_reads_is_what_is_said_of_each(breaches):
    reads = []
    for id_, names in enumerate(breaches, start=1):
        read = replace(good_read(id_), next_id=300)
        for name in names:
            if name != "another image":  # there is but one in this study
                read = BREACHES[name](read)
        reads.append(replace(read, id=id_))
    study = make_study(reads)
    expected = [(read, problem) for read in reads for problem in problems(read, study.images[1])]
    assert [(id(read), problem) for read, problem in read_problems(study)] == [(id(r), p) for r, p in expected]


def test_a_study_with_every_field_filled_is_sound(monkeypatch):
    monkeypatch.setattr(screening, "AT_A_TIME", 3)
    assert list(read_problems(full_study(40))) == []
    study = full_study(40)
    assert not suspects(list(study.reads.values()), [study.images[r.image_id] for r in study.reads.values()]).any()
