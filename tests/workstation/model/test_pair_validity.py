from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from analysis.matching.match import Level, Ruling
from analysis.registration.result import Verdict
from analysis.registration.warp import Warp
from tests.workstation.paired import (
    GOOD,
    MARKED,
    RULINGS,
    decision,
    landmark,
    paired_visits,
    record,
    true_warp,
    with_pair,
)  # fmt: skip
from workstation.model.pair import Landmark, Pair
from workstation.model.pair_validity import pair_problems, pair_problems_after
from workstation.model.patch import Change, Kind, Patch, apply
from workstation.model.study import Subject, Visit

STUDY = paired_visits()
NAN, INF = float("nan"), float("inf")


def after(change, study=STUDY):
    """What the patch of one change makes wrong."""
    patch = Patch("break", None, (change,))
    return pair_problems_after(apply(study, patch), patch)


def whole(pair, study=STUDY):
    """What is wrong with the study once it has this pair."""
    return pair_problems(with_pair(study, pair))


def holding(**parts):
    return replace(STUDY.pairs[GOOD], **parts)


def test_pairs_of_all_sorts_are_valid():
    assert pair_problems(STUDY) == []
    assert after(Change(Kind.PAIR, 4, None, Pair(4, 2, 1))) == []
    assert after(Change(Kind.REGISTRATION, MARKED, None, record(true_warp(), Verdict.CHECK, reads=(3, 2)))) == []


PAIRS = {
    "a pair has the number 0": Pair(0, 2, 1),
    "pair 4 is not of two images of the study": Pair(4, 2, 2),
    "pair 5 is not of two images of the study": Pair(5, 2, 9),
    "the images of pair 6 are a pair already": Pair(6, 1, 2),
}


@pytest.mark.parametrize(("problem", "pair"), PAIRS.items())
def test_a_pair_that_is_wrong_is_found(problem, pair):
    assert after(Change(Kind.PAIR, pair.id, None, pair)) == [problem]
    assert problem in whole(pair)


@pytest.mark.parametrize("difference", ["site", "subject"])
def test_a_pair_is_of_one_area(difference):
    study = STUDY
    if difference == "site":
        images = {**study.images, 2: replace(study.images[2], site="temple")}
        study = replace(study, images=MappingProxyType(images))
    else:
        visits = {**study.visits, 2: Visit(2, "S02", "week 12")}
        subjects = {**study.subjects, "S02": Subject("S02")}
        study = replace(study, visits=MappingProxyType(visits), subjects=MappingProxyType(subjects))
    assert after(Change(Kind.PAIR, 4, None, Pair(4, 2, 1)), study) == ["the images of pair 4 are not of one area"]
    assert "the images of pair 2 are not of one area" in pair_problems(study)


def test_a_pair_begins_empty_and_is_kept_for_ever():
    made = Pair(4, 2, 1, next_id=7)
    assert after(Change(Kind.PAIR, 4, None, made)) == ["pair 4 does not begin empty"]
    assert whole(made) == []
    assert after(Change(Kind.PAIR, GOOD, STUDY.pairs[GOOD], None)) == ["pair 2 is kept for ever"]


def measured(**numbers):
    made = record(true_warp())
    return replace(made, result=replace(made.result, **numbers))


NOT_PLAUSIBLE = "the transform of pair 2 is not plausible"
CANNOT_BE = "the registration of pair 2 has a number that cannot be"
REGISTRATIONS = [
    (record(true_warp(), reads=(2, 2)), "pair 2 names read 2, which is not of its image"),
    (record(true_warp(), reads=(1, 3)), "pair 2 names read 3, which is not of its image"),
    (record(true_warp(), reads=(1, 99)), "pair 2 names read 99, which is not of its image"),
    (record(true_warp(), reason="a\0b"), "a text on the registration of pair 2 has a character that cannot be stored"),
    (
        replace(record(true_warp()), software_version="\udc00"),
        "a text on the registration of pair 2 has a character that cannot be stored",
    ),
    (record(None, Verdict.CHECK), "pair 2 is said to be registered and has no transform"),
    (record(Warp(np.array([[1.0, 0, 2e6], [0, 1, 0]]))), NOT_PLAUSIBLE),
    (record(Warp(np.eye(2, 3), np.zeros((5000, 2)), np.zeros((5000, 2)))), NOT_PLAUSIBLE),
    (record(Warp(np.eye(2, 3), np.zeros((1, 2)), np.full((1, 2), 1e300), 1e-10)), NOT_PLAUSIBLE),
    (measured(residual_um=-1.0), CANNOT_BE),
    (measured(residual_um=INF), CANNOT_BE),
    (measured(overlap=NAN), CANNOT_BE),
    (measured(overlap=1.01), CANNOT_BE),
    (measured(overlap=-0.01), CANNOT_BE),
    (measured(overlap_cm2=NAN), CANNOT_BE),
    (measured(overlap_cm2=INF), CANNOT_BE),
    (measured(n_shared=-1), CANNOT_BE),
    (record(true_warp(), n_landmarks=-1), CANNOT_BE),
]  # fmt: skip


@pytest.mark.parametrize(("made", "problem"), REGISTRATIONS)
def test_a_registration_that_is_wrong_is_found(made, problem):
    assert after(Change(Kind.REGISTRATION, GOOD, STUDY.pairs[GOOD].registration, made)) == [problem]
    assert whole(holding(registration=made)) == [problem]


def test_a_registration_may_be_poor():
    for made in (measured(residual_um=NAN), measured(overlap=1.0), measured(overlap=0.0), measured(n_shared=0)):
        assert whole(holding(registration=made)) == []


@pytest.mark.parametrize(
    "places",
    [
        {"baseline_px": (-0.6, 5.0)}, {"baseline_px": (5.0, 999.6)}, {"followup_px": (1000.0, 5.0)},
        {"baseline_px": (NAN, 5.0)}, {"followup_px": (5.0, INF)},
    ],
)  # fmt: skip
def test_a_landmark_lies_in_both_images(places):
    mark = replace(Landmark(9, GOOD, (5.0, 5.0), (6.0, 6.0)), **places)
    problem = "landmark 9 of pair 2 lies outside the image"
    assert after(Change(Kind.LANDMARK, 9, None, mark)) == [problem]
    assert whole(holding(landmarks=MappingProxyType({9: mark}), next_id=10)) == [problem]


def test_a_landmark_may_lie_on_the_edge():
    mark = Landmark(9, GOOD, (-0.5, 999.5), (999.5, -0.5))
    assert after(Change(Kind.LANDMARK, 9, None, mark)) == []


DECISIONS = [
    (decision(9, Ruling(Level.UNIT, None, None)), "decision 9 of pair 2 is about nothing"),
    (decision(9, Ruling(Level.UNIT, 1005, None, same=False)), "decision 9 of pair 2 tells one thing from none"),
    (decision(9, Ruling(Level.HAIR, None, 5, same=False)), "decision 9 of pair 2 tells one thing from none"),
    (decision(9, RULINGS[2], reads=(3, 2)), "pair 2 names read 3, which is not of its image"),
    (decision(9, RULINGS[2], reads=(1, 99)), "pair 2 names read 99, which is not of its image"),
    (decision(9, RULINGS[2], reader="\0"), "the reader of decision 9 of pair 2 has a character that cannot be stored"),
    (decision(9, Ruling(Level.UNIT, 9999, None)), "decision 9 of pair 2 is about fu 9999, which never was"),
    (decision(9, Ruling(Level.HAIR, None, 0)), "decision 9 of pair 2 is about hair 0, which never was"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "problem"), DECISIONS)
def test_a_decision_that_is_wrong_is_found(made, problem):
    assert after(Change(Kind.DECISION, 9, None, made)) == [problem]
    assert whole(holding(decisions=MappingProxyType({9: made}), next_id=10)) == [problem]


@pytest.mark.parametrize(
    ("ruling", "problem"),
    [
        (Ruling(Level.UNIT, 1091, None), "decision 9 is about fu 1091, which does not exist"),
        (Ruling(Level.UNIT, None, 1001), "decision 9 is about fu 1001, which does not exist"),
        (Ruling(Level.HAIR, 1005, 5), "decision 9 is about hair 1005, which does not exist"),
        (Ruling(Level.HAIR, 5, 1), "decision 9 is about hair 1, which does not exist"),
    ],
)
def test_a_new_decision_is_about_what_there_is_but_may_outlive_it(ruling, problem):
    later = replace(STUDY.reads[1], next_id=2000)  # where ids were given to what is gone now
    study = replace(STUDY, reads=MappingProxyType({**STUDY.reads, 1: later}))
    made = decision(9, ruling)
    assert after(Change(Kind.DECISION, 9, None, made), study) == [problem]
    assert whole(holding(decisions=MappingProxyType({9: made}), next_id=10), study) == []


@pytest.mark.parametrize(
    "parts",
    [
        {"landmarks": MappingProxyType({7: landmark(7, GOOD)}), "next_id": 7},
        {"decisions": MappingProxyType({7: decision(7, RULINGS[2])}), "next_id": 3},
        {
            "landmarks": MappingProxyType({7: landmark(7, GOOD)}),
            "decisions": MappingProxyType({7: decision(7, RULINGS[2])}),
        },
    ],
    ids=["landmark", "decision", "both"],
)  # fmt: skip
def test_ids_in_a_pair_are_used_once_and_lie_below_the_next(parts):
    found = whole(replace(Pair(GOOD, 1, 2, next_id=9), **parts))
    assert found == ["the id 7 in pair 2 is used twice or not below the next free one"]
