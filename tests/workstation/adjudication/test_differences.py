from dataclasses import replace

import numpy as np
import pytest

from tests.workstation.small_study import make_hair, make_read, make_study, with_image
from tests.workstation.two_reads import line, two_reads
from workstation.adjudication.difference import DifferenceKind
from workstation.adjudication.differences import compare_reads
from workstation.model.field import Field, FieldShape
from workstation.model.hair import Status, frozen_array
from workstation.model.settlement import About
from workstation.model.study import ChangeRules

# 10 µm/px: roots of one hair are at most 10 px apart, classes change at 3 and 6 px


def compared(first, second, **more):
    study = two_reads(first, second, **more)
    return compare_reads(study, study.reads[1], study.reads[2])


def told(comparison):
    return [(d.kind, d.first_ids, d.second_ids) for d in comparison.differences]


def test_what_is_alike_is_agreed_on():
    found = compared(
        [make_hair(1, 9, line(100, 100)), make_hair(2, 8, line(500, 500))],
        [make_hair(4, 7, line(501, 499)), make_hair(5, 6, line(102, 101))],
    )
    assert found.agreed == (((1,), (5,)), ((2,), (4,)))
    assert found.agreed_units == ((8, 7), (9, 6))
    assert found.differences == ()
    assert found.f1 == 1.0


def test_a_hair_that_one_has():
    found = compared([make_hair(1, 9, line(100, 100))], [make_hair(1, 9, line(400, 100))])
    assert told(found) == [
        (DifferenceKind.ONLY_FIRST, (1,), ()),
        (DifferenceKind.ONLY_SECOND, (), (1,)),
    ]
    assert found.differences[0].place_px == (100, 100)
    assert found.f1 == 0.0


@pytest.mark.parametrize(
    ("here", "there", "differs"),
    [
        (5.0, 5.9, False),  # 50 and 59 µm: both intermediate
        (5.0, 6.1, True),  # terminal from 60 µm on
        (5.95, 6.05, False),  # 1 µm apart is one width
        (6.5, 8.4, False),  # both terminal, 19 µm apart
        (6.5, 8.6, True),  # 21 µm: more than the measurement error
        (np.nan, np.nan, False),
        (np.nan, 5.0, True),
    ],
)
def test_widths(here, there, differs):
    found = compared([make_hair(1, 9, line(100, 100), here)], [make_hair(1, 9, line(100, 100), there)])
    assert told(found) == ([(DifferenceKind.WIDTH, (1,), (1,))] if differs else [])


def test_the_studys_rules_say_from_where_on_a_width_differs():
    hairs = [make_hair(1, 9, line(100, 100), 6.5)], [make_hair(1, 9, line(100, 100), 7.5)]
    assert told(compared(*hairs)) == []
    assert told(compared(*hairs, rules=ChangeRules(width_error_um=9.0))) == [(DifferenceKind.WIDTH, (1,), (1,))]


def test_without_a_scale_widths_are_not_compared():
    study = with_image(
        two_reads([make_hair(1, 9, line(100, 100), 2)], [make_hair(1, 9, line(100, 100), 9)]), calibration=None
    )
    assert compare_reads(study, study.reads[1], study.reads[2]).differences == ()


def test_a_hair_that_counts_for_one():
    rejected = make_hair(1, 9, line(100, 100), status=Status.REJECTED)
    entering = make_hair(2, None, line(500, 100))
    mine = [make_hair(1, 9, line(100, 100)), make_hair(2, 8, line(500, 100))]
    assert told(compared(mine, [rejected, entering])) == [
        (DifferenceKind.COUNTED, (1,), (1,)),
        (DifferenceKind.COUNTED, (2,), (2,)),
    ]


def test_what_counts_in_neither_is_no_difference():
    rejected = make_hair(1, 9, line(100, 100), status=Status.REJECTED)
    found = compared([rejected], [make_hair(3, None, line(101, 100)), make_hair(4, None, line(800, 100))])
    assert found.differences == ()
    assert found.agreed == (((1,), (3,)), ((), (4,)))


def test_a_rejected_hair_takes_no_partner_from_one_that_counts():
    first = [make_hair(1, 9, line(100, 100)), make_hair(2, 9, line(104, 100), status=Status.REJECTED)]
    found = compared(first, [make_hair(1, 9, line(104, 100))])
    assert found.differences == ()
    assert found.agreed == (((1,), (1,)), ((2,), ()))


def test_a_root_at_the_other_end_is_one_difference():
    down = line(100, 100)
    found = compared([make_hair(1, 9, down)], [make_hair(2, 9, down[::-1])])
    assert told(found) == [(DifferenceKind.LINE, (1,), (2,))]


def test_one_hair_as_two_pieces_apart_is_one_difference():
    # the longer piece begins 20 px from the root of the whole
    pieces = [make_hair(1, 8, [[100, 120], [100, 160]]), make_hair(2, 9, [[100, 165], [100, 200]])]
    found = compared([make_hair(7, 9, [[100, 100], [100, 200]])], pieces)
    assert told(found) == [(DifferenceKind.LINE, (7,), (1, 2))]


def test_two_hairs_of_one_ostium_are_not_taken_for_one():
    found = compared([make_hair(1, 9, line(100, 100, 60, 0))], [make_hair(1, 9, line(100, 100, -60, 20))])
    assert told(found) == [(DifferenceKind.LINE, (1,), (1,))]
    assert found.n_shared == 0


def test_a_bent_hair_drawn_to_its_bend_alone_is_agreed_on():
    found = compared(
        [make_hair(1, 9, [[100, 100], [100, 160], [160, 160]])], [make_hair(1, 9, [[100, 100], [100, 158]])]
    )
    assert found.differences == ()


def test_crossing_hairs_are_two():
    found = compared(
        [make_hair(1, 9, [[100, 100], [200, 200]])], [make_hair(1, 9, [[100, 200], [200, 100]])]
    )  # fmt: skip
    assert {kind for kind, _, _ in told(found)} == {DifferenceKind.ONLY_FIRST, DifferenceKind.ONLY_SECOND}


def test_units_grouped_otherwise_are_one_difference_each_time_they_hang_together():
    places = [line(x, 100) for x in (100, 120, 140, 160)] + [line(700, 700), line(720, 700)]
    first = [
        make_hair(k, unit, at) for k, (unit, at) in enumerate(zip((91, 91, 92, 92, 93, 93), places, strict=True), 1)
    ]
    second = [
        make_hair(k, unit, at) for k, (unit, at) in enumerate(zip((81, 82, 82, 82, 83, 83), places, strict=True), 1)
    ]
    found = compared(first, second)
    assert told(found) == [(DifferenceKind.UNITS, (91, 92), (81, 82))]
    assert found.differences[0].about is About.UNIT
    assert found.differences[0].place_px == (130, 100)
    assert found.agreed_units == ((93, 83),)


def test_a_unit_that_lacks_a_hair_of_one_reader_is_grouped_alike():
    first = [make_hair(1, 91, line(100, 100)), make_hair(2, 91, line(120, 100))]
    found = compared(first, first[:1])
    assert told(found) == [(DifferenceKind.ONLY_FIRST, (2,), ())]
    assert found.agreed_units == ((91, 91),)


def square(low, high):
    return Field(FieldShape.RECTANGLE, frozen_array([(low, low), (high, low), (high, high), (low, high)], 2))


def test_the_field_comes_first():
    hairs = [make_hair(1, 9, line(5, 5))], [make_hair(1, 9, line(105, 5))]
    found = compared(*hairs, fields=(square(0, 900), square(0, 880)))
    assert found.differences[0].kind is DifferenceKind.FIELD
    assert found.field_iou == pytest.approx((880 / 900) ** 2)


def test_fields_that_are_nearly_the_same_are():
    assert compared([], [], fields=(square(0, 900), square(0, 895))).differences == ()


def test_the_walk_is_short():
    rng = np.random.default_rng(1)
    places = rng.uniform(20, 900, (60, 2))
    found = compared([make_hair(k, 99 + k, line(*at)) for k, at in enumerate(places.tolist(), 1)], [])
    on_the_way = np.array([d.place_px for d in found.differences])
    assert len(on_the_way) == 60

    def length(points):
        return np.hypot(*np.diff(points, axis=0).T).sum()

    assert length(on_the_way) < length(places) / 2


def test_reads_of_different_images_are_not_compared():
    study = make_study([make_read([])])
    other = replace(study.reads[1], id=2, image_id=2)
    with pytest.raises(ValueError, match="different images"):
        compare_reads(study, study.reads[1], other)


def test_it_is_worked_out_once_and_again_when_the_rules_change():
    study = two_reads([make_hair(1, 9, line(100, 100), 5.0)], [make_hair(1, 9, line(100, 100), 5.9)])
    first, second = study.reads[1], study.reads[2]
    assert compare_reads(study, first, second) is compare_reads(study, first, second)
    other = replace(study, cutoffs=replace(study.cutoffs, terminal_from_um=55.0))
    assert told(compare_reads(other, first, second)) == [(DifferenceKind.WIDTH, (1,), (1,))]
