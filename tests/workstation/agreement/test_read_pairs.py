from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.reader_study import blank, detected, study_of
from workstation.agreement.read_pairs import Kind, Started, left_out, read_pairs, start_of
from workstation.model.package import Package, Start
from workstation.model.read import ReadState


def pairs(study):
    return [(p.kind, p.started, p.image_id, p.first.id, p.second.id) for p in read_pairs(study)]


def test_two_readers_of_an_image_make_a_pair_by_their_names():
    study = study_of([blank(1, 1, 5, "Bo"), blank(2, 1, 5, "Ada"), blank(3, 2, 5, "Ada")], 2)
    assert pairs(study) == [(Kind.READERS, Started.BLANK, 1, 2, 1)]


def test_three_readers_make_three_pairs():
    study = study_of([blank(i, 1, 5, reader) for i, reader in enumerate(("Ada", "Bo", "Cy"), 1)], 1)
    assert [(p[3], p[4]) for p in pairs(study)] == [(1, 2), (1, 3), (2, 3)]


def test_a_hidden_repeat_is_compared_with_the_first_read_of_its_reader_alone():
    reads = [blank(1, 1, 5, "Ada"), blank(2, 1, 5, "Ada", repeat=1), blank(3, 1, 5, "Bo", repeat=1)]
    study = study_of(reads, 1)
    assert pairs(study) == [(Kind.REPEATS, Started.BLANK, 1, 1, 2)]
    assert left_out(study) == {"a repeat without its first read": 1}


@pytest.mark.parametrize("state", [ReadState.IN_REVIEW, ReadState.RETURNED])
def test_a_read_that_is_with_its_reader_is_left_out(state):
    study = study_of([blank(1, 1, 5, "Ada"), blank(2, 1, 5, "Bo", state=state)], 1)
    assert pairs(study) == []
    assert left_out(study) == {"not submitted": 1}


def test_neither_detections_nor_third_reads_nor_amendments_are_readers():
    third = blank(4, 1, 5, "Cy", adjudicates=(2, 3), state=ReadState.ACCEPTED)
    first = blank(2, 1, 5, "Ada", state=ReadState.SIGNED)
    amendment = blank(5, 1, 9, "Ada", amends=2, based_on=2)
    study = study_of([detected(1, 1, 5), first, blank(3, 1, 5, "Bo"), third, amendment], 1)
    assert pairs(study) == [(Kind.READERS, Started.BLANK, 1, 2, 3)]
    assert left_out(study) == {}


def test_of_several_reads_of_a_reader_it_is_the_latest():
    study = study_of([blank(1, 1, 5, "Ada"), blank(2, 1, 5, "Bo"), blank(3, 1, 6, "Ada")], 1)
    assert [(p[3], p[4]) for p in pairs(study)] == [(3, 2)]
    assert left_out(study) == {"replaced by a later read of the same reader": 1}


@pytest.mark.parametrize("repeat", [0, 1])
def test_what_came_anew_out_of_a_work_file_is_the_latest_read_of_its_reader(repeat):
    reads = [blank(1, 1, 5, "Ada"), blank(2, 1, 5, "Bo")]
    again = blank(4, 1, 6, "Ada", amends=3 if repeat else 1, repeat=repeat)
    if repeat:
        reads.append(blank(3, 1, 5, "Ada", repeat=1))
    study = study_of([*reads, again], 1)
    assert [p[3:] for p in pairs(study)] == ([(1, 2), (1, 4)] if repeat else [(4, 2)])
    assert left_out(study) == {"replaced by a later read of the same reader": 1}


def test_reads_from_one_detection_are_told_apart():
    found = detected(1, 1, 5)
    study = study_of([found, blank(2, 1, 5, "Ada", based_on=1), blank(3, 1, 5, "Bo", based_on=1)], 1)
    assert [p[1] for p in pairs(study)] == [Started.DETECTION]
    mixed = study_of([found, blank(2, 1, 5, "Ada", based_on=1), blank(3, 1, 5, "Bo")], 1)
    assert [p[1] for p in pairs(mixed)] == [Started.MIXED]


def test_a_read_that_was_made_from_the_other_is_no_second_read():
    study = study_of([blank(1, 1, 5, "Ada"), blank(2, 1, 5, "Bo", based_on=1)], 1)
    assert pairs(study) == []


def test_the_package_says_what_its_reads_began_with():
    package = Package("p", "Ada", "2026-01-01T00:00:00Z", "Zoë", Start.DETECTION, "w", "0" * 64, ())
    study = study_of([blank(1, 1, 5, "Ada", package="p")], 1, packages=MappingProxyType({"p": package}))
    assert start_of(study, study.reads[1]) is Start.DETECTION
    assert start_of(study, replace(study.reads[1], package="")) is Start.BLANK
