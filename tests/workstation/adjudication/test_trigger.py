from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from tests.workstation.two_reads import line
from workstation.adjudication.trigger import counts_of, needs_adjudication, percent_apart, two_reads
from workstation.endpoints import endpoints_of
from workstation.model.read import DETECTOR, ReadState
from workstation.model.reading import ReadingRules


def hairs(n, per_unit=1):
    return [make_hair(k + 1, 100 + k // per_unit, line(20 + 40 * k, 100)) for k in range(n)]


def read(id_, reader, n, state=ReadState.SUBMITTED, per_unit=1, **more):
    return make_read(hairs(n, per_unit), id_=id_, reader=reader, state=state, **more)


def due(*reads, **more):
    return needs_adjudication(make_study(reads, **more))


def test_percent_is_of_the_mean():
    assert percent_apart(9, 11) == pytest.approx(20.0)
    assert percent_apart(0, 0) == 0.0
    assert percent_apart(0, 5) == 200.0


def test_counts_are_those_of_the_endpoints():
    study = make_study([read(1, "Ada", 7, per_unit=2)])
    endpoints = endpoints_of(study, study.reads[1])
    assert counts_of(study.reads[1]) == (endpoints.hair_count, endpoints.fu_count) == (7, 4)


def test_counts_farther_apart_than_the_limit_are_due():
    (found,) = due(read(1, "Ada", 20), read(2, "Bo", 17))
    assert (found.first_id, found.second_id, found.hairs) == (1, 2, (20, 17))
    assert found.percent == pytest.approx(100 * 3 / 18.5)
    assert due(read(1, "Ada", 20), read(2, "Bo", 19)) == ()


def test_the_limit_itself_is_not_above_it():
    rules = ReadingRules(adjudicate_above_percent=20.0)
    assert due(read(1, "Ada", 9), read(2, "Bo", 11), reading=rules) == ()
    assert len(due(read(1, "Ada", 9), read(2, "Bo", 11), reading=replace(rules, adjudicate_above_percent=19.9))) == 1


def test_units_alone_can_be_apart():
    (found,) = due(read(1, "Ada", 20), read(2, "Bo", 20, per_unit=2))
    assert (found.hairs_percent, found.units) == (0, (20, 10))


@pytest.mark.parametrize(
    "second",
    [
        read(2, "Bo", 5, ReadState.IN_REVIEW),
        read(2, "Bo", 5, ReadState.RETURNED),
        read(2, "Ada", 5),
        read(2, "Bo", 5, repeat=1),
        read(2, DETECTOR, 5, ReadState.DETECTED),
    ],
    ids=["in review", "returned", "same reader", "repeat", "detection"],
)
def test_only_two_readers_finished_reads_are_compared(second):
    assert due(read(1, "Ada", 20), second) == ()


def test_of_each_reader_the_latest():
    (found,) = due(read(1, "Ada", 20), read(2, "Bo", 20), read(3, "Bo", 10))
    assert (found.first_id, found.second_id) == (1, 3)


def test_of_three_readers_those_farthest_apart():
    (found,) = due(read(1, "Ada", 20), read(2, "Bo", 15), read(3, "Cy", 10))
    assert (found.first_id, found.second_id) == (1, 3)


def test_a_finished_third_read_settles_it():
    both = read(1, "Ada", 20), read(2, "Bo", 10)
    begun = read(3, "Zoë", 15, ReadState.IN_REVIEW, adjudicates=(1, 2))
    (found,) = due(*both, begun)
    assert found.third_id == 3
    done = read(3, "Zoë", 15, adjudicates=(1, 2))
    assert due(*both, done) == ()
    (pair,) = two_reads(make_study([*both, done]))
    assert pair.is_finished
    assert not pair.is_due


def test_the_largest_difference_comes_first():
    images = [make_image(1), make_image(2)]
    reads = [
        *(read(1, "Ada", 20), read(2, "Bo", 15)),
        *(read(3, "Ada", 20, image_id=2), read(4, "Bo", 5, image_id=2)),
    ]
    study = make_study(reads, images)
    assert [pair.image_id for pair in needs_adjudication(study)] == [2, 1]
    assert needs_adjudication(replace(study, reads=MappingProxyType({}))) == ()


def test_an_amendment_by_another_is_no_second_reader():
    signed = read(1, "Ada", 20, ReadState.SIGNED)
    amendment = read(2, "Bo", 15, amends=1)
    assert due(signed, amendment) == ()
    (found,) = due(signed, amendment, read(3, "Cy", 20))
    assert (found.first_id, found.second_id) == (2, 3)
    (found,) = due(signed, read(2, "Bo", 15, ReadState.IN_REVIEW, amends=1), read(3, "Cy", 15))
    assert (found.first_id, found.second_id) == (1, 3)
