import math
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from tests.workstation.small_study import make_read
from tests.workstation.trial_study import read_with, trial_of, with_image
from workstation.model.hair import frozen_array
from workstation.model.read import DETECTOR, ReadState, Review
from workstation.model.reading import ReadingRules
from workstation.model.trial import TrialPlan
from workstation.quality.kinds import ReadKind, kind_of
from workstation.quality.queue import queue

SUBMITTED = Review(ReadState.SUBMITTED, n_submitted=1)


def with_reads(study, *reads):
    return replace(study, reads=MappingProxyType({**study.reads, **{read.id: read for read in reads}}))


def submitted(study, *read_ids):
    return with_reads(study, *(replace(study.reads[i], review=SUBMITTED) for i in read_ids))


def with_confidence(read, confidence):
    hairs = {i: replace(hair, confidence=confidence) for i, hair in read.hairs.items()}
    return replace(read, hairs=MappingProxyType(hairs))


@pytest.fixture
def trial():
    """Two subjects at baseline and week 12, one of them at week 4, too; reads 101 to 105; the field is 1 cm²."""
    plan = TrialPlan(primary_week=12.0)
    return trial_of({"S01": {0: 40, 4: 42, 12: 50}, "S02": {0: 60, 12: 66}}, plan=plan)


def factors(study):
    return {waiting.read.id: waiting.factors for waiting in queue(study)}


def test_only_what_is_submitted_waits(trial):
    assert queue(trial) == ()
    trial = submitted(trial, 101, 103)
    assert {waiting.read.id for waiting in queue(trial)} == {101, 103}


def test_doubt_is_the_expected_error_and_what_a_reader_differs_from_himself(trial):
    sure = with_confidence(trial.reads[101], 1.0)
    unsure = with_confidence(trial.reads[103], 0.9)
    found = factors(submitted(with_reads(trial, sure, unsure), 101, 103))
    assert found[101].doubt_percent == pytest.approx(2.6)
    assert found[103].doubt_percent == pytest.approx(10 + 2.6)


def test_effect_is_how_far_the_mean_change_moves_by_one_percent(trial):
    found = factors(submitted(trial, 101, 102, 103, 104, 105))
    # 40 hairs/cm², one image a visit, two subjects have the baseline and week 12
    assert found[101].effect_per_cm2 == pytest.approx(40 / 100 / 2)
    assert found[103].effect_per_cm2 == pytest.approx(50 / 100 / 2)
    assert found[105].effect_per_cm2 == pytest.approx(66 / 100 / 2)
    assert found[103].rests_on == "the mean change at week 12"
    # week 4 is not the primary week, so half counts; only one subject has it
    assert found[102].effect_per_cm2 == pytest.approx(42 / 100 / 2)
    assert found[102].rests_on == "the mean change at week 4, by half,"


def test_a_second_image_of_a_visit_halves_the_effect(trial):
    image = replace(trial.images[3], id=6)
    two = replace(trial, images=MappingProxyType({**trial.images, 6: image}))
    two = submitted(with_reads(two, read_with(54, id_=106, image_id=6)), 103)
    assert factors(two)[103].effect_per_cm2 == pytest.approx(50 / 100 / 2 / 2)


def test_without_any_change_the_mean_of_the_week_counts_by_half():
    study = submitted(trial_of({"S01": {0: 40}, "S02": {0: 60}}), 101)
    found = factors(study)[101]
    assert found.effect_per_cm2 == pytest.approx(40 / 100 / 2 / 2)
    assert found.rests_on == "the mean at baseline, by half,"


def test_an_image_without_a_scale_has_the_usual_effect(trial):
    study = submitted(with_image(trial, 5, calibration=None), 101, 103, 105)
    found = factors(study)
    assert not found[105].effect_known
    known = sorted(found[i].effect_per_cm2 for i in (101, 103))
    assert found[105].effect_per_cm2 == pytest.approx(sum(known) / 2)
    assert "the image has no scale, so an effect as usual here is taken" in found[105].reason


def test_disagreement_is_the_difference_to_the_farthest_other_reader(trial):
    read, image_id = trial.reads[103], 3
    others = [
        replace(read_with(n, id_=200 + k, image_id=image_id), reader=reader, review=review)
        for k, (n, reader, review) in enumerate(
            [
                (20, "Bo", SUBMITTED),  # Bo corrected it: the later one counts
                (48, "Bo", SUBMITTED),
                (60, "Cy", SUBMITTED),
                (10, "Di", Review(ReadState.IN_REVIEW)),
                (10, "Ada", SUBMITTED),
            ]
        )
    ]
    hidden = replace(read_with(5, id_=210, image_id=image_id), reader="Cy", review=SUBMITTED, repeat=1)
    detection = make_read([], id_=211, image_id=image_id, reader=DETECTOR, state=ReadState.DETECTED)
    study = replace(
        submitted(with_reads(trial, *others, hidden, detection), 103), reading=ReadingRules(adjudicate_above_percent=20)
    )
    found = factors(study)[read.id]
    assert (found.other_reader, found.difference_percent) == ("Cy", pytest.approx(100 * 10 / 55))
    assert found.disagreement == pytest.approx(0.5 + 100 * 10 / 55 / 20)


def test_who_is_alone_stands_between_who_is_confirmed_and_who_is_contradicted(trial):
    alone = factors(submitted(trial, 103))[103]
    assert (alone.disagreement, alone.other_reader) == (1.0, "")
    assert math.isnan(alone.difference_percent)
    confirmed = replace(read_with(50, id_=200, image_id=3), reader="Bo", review=SUBMITTED)
    assert factors(submitted(with_reads(trial, confirmed), 103))[103].disagreement == 0.5


def test_equal_counts_of_other_hairs_are_no_agreement(trial):
    other = replace(read_with(50, id_=200, image_id=3), reader="Bo", review=SUBMITTED)
    moved = {
        i: replace(hair, vertices_px=frozen_array(hair.vertices_px + np.array([45.0, 0.0]), 2)) if i <= 5 else hair
        for i, hair in other.hairs.items()
    }
    found = factors(submitted(with_reads(trial, replace(other, hairs=MappingProxyType(moved))), 103))[103]
    assert found.difference_percent == pytest.approx(100 * (5 + 5) / 50)
    assert found.reason.endswith("it differs from Bo's read by 20.0 % of the hairs")


def test_worst_comes_first_and_says_why(trial):
    study = with_reads(trial, with_confidence(trial.reads[104], 0.5))
    first, *others = queue(submitted(study, 101, 103, 104))
    assert first.read.id == 104
    scores = [first.factors.score, *(each.factors.score for each in others)]
    assert scores == sorted(scores, reverse=True)
    assert first.factors.score == pytest.approx((50 + 2.6) * (60 / 100 / 2) * 1.0)
    assert first.factors.reason == (
        "50.0 % of the hairs may be wrong; 1 % of them moves the mean change at week 12 by 0.3 hairs/cm²; "
        "nobody else has finished a read of the image"
    )


def test_what_was_amended_neither_waits_nor_disagrees(trial):
    first = replace(trial.reads[101], review=SUBMITTED)
    again = replace(first, id=201, amends=101)
    assert list(factors(with_reads(trial, first, again))) == [201]
    signed = replace(first, review=Review(ReadState.SIGNED, n_submitted=1))
    by_another = replace(read_with(30, id_=201, image_id=first.image_id), reader="Cy", review=SUBMITTED, amends=101)
    found = factors(with_reads(trial, signed, by_another))[201]
    assert (found.other_reader, found.disagreement) == ("", 1.0)


def test_a_read_without_hairs_has_its_place(trial):
    empty = replace(make_read([], id_=103, image_id=3), review=SUBMITTED)
    found = factors(with_reads(trial, empty))[103]
    assert (found.doubt_percent, found.effect_per_cm2) == (2.6, 0.0)
    assert found.reason.startswith("no hair is counted;")


def test_kinds_of_reads_are_told():
    kinds = {
        ReadKind.READ: {}, ReadKind.REPEAT: {"repeat": 1}, ReadKind.THIRD: {"adjudicates": (1, 2)},
        ReadKind.AMENDMENT: {"amends": 1, "adjudicates": (1, 2)},
    }  # fmt: skip
    assert {kind: kind_of(make_read([], **more)) for kind, more in kinds.items()} == {kind: kind for kind in kinds}
    assert kind_of(make_read([], repeat=1, amends=1)) is ReadKind.REPEAT
