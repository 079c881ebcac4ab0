import math
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from analysis.progress import Cancelled
from tests.workstation.reader_study import blank, detected, hairs_at, read_trial, study_of, with_reads
from workstation.agreement.comparing import DEPENDENT, NO_PAIR, UNIT, agreement_of, agreement_outcomes
from workstation.agreement.read_pairs import Kind, Started
from workstation.endpoints import endpoints_of


def by_key(agreement):
    return {(c.kind, c.started, c.readers): c for c in agreement.comparisons}


def of(comparison, name):
    return next(o for o in comparison.outcomes if o.outcome.name == name)


def counts_study(pairs, n_images=1, **more):
    """Ada and Bo count so many hairs in the image of each subject; at 10 µm/px an image is a square centimetre."""
    reads = []
    for image_id, (a, b) in enumerate(pairs, 1):
        reads += [blank(2 * image_id, image_id, a, "Ada"), blank(2 * image_id + 1, image_id, b, "Bo")]
    return study_of(reads, len(pairs) // n_images, n_images, **more)


@pytest.fixture(scope="module")
def trial():
    return read_trial()


@pytest.fixture(scope="module")
def agreement(trial):
    return agreement_of(trial)


def test_every_endpoint_in_a_physical_unit_is_compared():
    names = [outcome.name for outcome in agreement_outcomes()]
    assert names[:4] == ["hair_count", "hair_density_per_cm2", "fu_count", "fu_density_per_cm2"]
    assert {"terminal_vellus_ratio", "inter_follicular_distance_delaunay_mm", "vellus_count", "field_cm2"} < set(names)
    assert not [name for name in names if name.endswith(("_px", "_px2"))]


def test_counts_of_two_readers():
    comparison = by_key(agreement_of(counts_study([(50, 52), (60, 59), (80, 85), (100, 104)])))[
        (Kind.READERS, Started.BLANK, ("Ada", "Bo"))
    ]
    hairs = of(comparison, "hair_count")
    assert [(p.first, p.second) for p in hairs.points] == [(50, 52), (60, 59), (80, 85), (100, 104)]
    assert hairs.limits.mean == 2.5
    assert hairs.limits.sd == pytest.approx(np.std([2, -1, 5, 4], ddof=1))
    assert hairs.spread.sd_within == pytest.approx(math.sqrt((4 + 1 + 25 + 16) / 8))
    assert hairs.icc.n == comparison.n_images == comparison.n_subjects == 4
    assert of(comparison, "hair_density_per_cm2").limits.mean == pytest.approx(2.5, rel=0.01)


def test_points_are_the_endpoints_of_the_reads(trial, agreement):
    comparison = by_key(agreement)[(Kind.READERS, Started.BLANK, ("Ada", "Bo"))]
    image = comparison.objects.images[3]
    point = of(comparison, "mean_hair_width_um").points[3]
    assert point.first == endpoints_of(trial, trial.reads[image.first_read]).mean_hair_width_um
    assert point.second == endpoints_of(trial, trial.reads[image.second_read]).mean_hair_width_um
    assert (point.image_id, point.subject) == (image.image_id, image.subject)


def test_readers_come_before_repeats_and_all_repeats_before_each_reader_s(agreement):
    assert [(c.kind, c.readers, c.n_images, c.n_subjects) for c in agreement.comparisons] == [
        (Kind.READERS, ("Ada", "Bo"), 16, 8),
        (Kind.REPEATS, (), 10, 3),
        (Kind.REPEATS, ("Ada",), 5, 3),
        (Kind.REPEATS, ("Bo",), 5, 3),
    ]


def test_the_errors_that_were_put_in_are_found(agreement):
    """Bo misses 4 % more, draws 2 µm wider; 7 % of hairs are missed by one of two, about one is invented by each."""
    both = by_key(agreement)[(Kind.READERS, Started.BLANK, ("Ada", "Bo"))]
    hairs = of(both, "hair_count")
    fewer = -0.04 * np.mean([point.first for point in hairs.points]) / 0.97
    assert hairs.limits.mean_low < fewer < hairs.limits.mean_high < 0
    assert both.objects.width.mean_low < 2.0 < both.objects.width.mean_high
    assert 0.9 < both.objects.hair_f1.ci_low < both.objects.hair_f1.value < both.objects.hair_f1.ci_high < 0.96
    # roots are off by 15 µm in x and y in either read: the median of a Rayleigh distribution
    assert both.objects.root_distance_um == pytest.approx(15 * math.sqrt(2) * math.sqrt(2 * math.log(2)), rel=0.1)
    twice = by_key(agreement)[(Kind.REPEATS, Started.BLANK, ("Ada",))]
    assert twice.objects.width.mean_low < 0 < twice.objects.width.mean_high


def test_classes_are_counted_of_shared_hairs_with_both_widths(agreement):
    objects = by_key(agreement)[(Kind.READERS, Started.BLANK, ("Ada", "Bo"))].objects
    table = np.array(objects.class_counts)
    assert table.sum() == objects.classes.n == objects.n_shared
    assert objects.classes.observed == pytest.approx(np.trace(table) / table.sum())
    assert objects.classes_weighted.value > objects.classes.value


def test_reads_from_a_detection_stand_apart():
    study = counts_study([(50, 52), (60, 59), (80, 85)])
    study = with_reads(
        study,
        *(detected(100 + i, i, 70) for i in (1, 2, 3)),
        *(blank(200 + i, i, 70, "Cy", based_on=100 + i) for i in (1, 2, 3)),
        *(blank(300 + i, i, 71, "Di", based_on=100 + i) for i in (1, 2, 3)),
    )
    agreement = agreement_of(study)
    found = [(c.kind, c.started, c.readers) for c in agreement.comparisons]
    assert (Kind.READERS, Started.BLANK, ("Ada", "Bo")) in found
    assert (Kind.READERS, Started.DETECTION, ("Cy", "Di")) in found
    assert (Kind.READERS, Started.MIXED, ("Ada", "Cy")) in found
    assert (Kind.EVERYBODY, Started.MIXED, ("Ada", "Bo", "Cy", "Di")) in found
    assert DEPENDENT in agreement.warnings


def test_three_readers_also_have_one_icc_together():
    study = counts_study([(50, 52), (60, 59), (80, 85), (100, 104)])
    study = with_reads(study, *(blank(100 + i, i, n, "Cy") for i, n in enumerate((51, 58, 83), 1)))
    comparison = by_key(agreement_of(study))[(Kind.EVERYBODY, Started.BLANK, ("Ada", "Bo", "Cy"))]
    hairs = of(comparison, "hair_count")
    assert (hairs.icc.n, hairs.icc.k) == (3, 3)
    assert hairs.icc.value > 0.9
    assert (hairs.limits, hairs.points, comparison.objects) == (None, (), None)


def test_images_of_one_subject_are_one_cluster():
    found = of(
        agreement_of(counts_study([(50, 52), (60, 59), (80, 85), (99, 104)], n_images=2)).comparisons[0], "hair_count"
    )
    assert (found.icc.n, found.icc.n_clusters) == (4, 2)
    assert "2" in found.icc.reasons["ci_low"]


def test_drift_is_found_where_one_reader_grows_more_generous():
    """Bo adds one hair more with each read."""
    pairs = [(60, 60 + k) for k in range(8)]
    study = counts_study(pairs)
    reads = {i: replace(read, created_utc=f"2026-03-{read.image_id:02}T10:00:00Z") for i, read in study.reads.items()}
    found = of(agreement_of(replace(study, reads=MappingProxyType(reads))).comparisons[0], "hair_count")
    assert found.drift_by_place.value == pytest.approx(10)
    assert found.drift_by_day.value == pytest.approx(30)
    assert "on a line" in found.drift_by_place.reasons["p"]


def test_reads_that_were_begun_at_one_moment_have_no_drift_in_days():
    found = of(agreement_of(counts_study([(50, 52), (60, 59), (80, 85), (99, 104)])).comparisons[0], "hair_count")
    assert found.drift_by_day.reasons["value"] == "There is no spread in the days of reading."
    assert found.drift_by_place.reasons == {}


def test_an_image_without_a_scale_has_counts_alone():
    study = counts_study([(50, 52), (60, 59), (80, 85), (99, 104)])
    images = {i: replace(image, calibration=None) for i, image in study.images.items()}
    agreement = agreement_of(replace(study, images=MappingProxyType(images)))
    comparison = agreement.comparisons[0]
    assert of(comparison, "hair_count").icc.value > 0.9
    assert "there is none" in of(comparison, "hair_density_per_cm2").icc.reasons["value"]
    assert comparison.objects.reasons == {
        name: "No hair that both have is in an image with a scale."
        for name in ("root_distance_um", "root_distance_um_95")
    }
    assert "4 images without a scale" in " ".join(agreement.warnings)


def test_a_study_that_nobody_has_read_twice_says_so():
    agreement = agreement_of(study_of([blank(1, 1, 5, "Ada")], 1))
    assert (agreement.comparisons, agreement.empty, agreement.warnings) == ((), NO_PAIR, ())


def test_what_must_be_known_is_told(agreement):
    assert (agreement.warnings, agreement.unit) == ((), UNIT)
    study = study_of([blank(1, 1, 5, "Ada"), blank(2, 1, 6, "Bo"), blank(3, 1, 6, "Cy", hairs=[])], 1)
    study = with_reads(study, replace(study.reads[1], review=replace(study.reads[1].review, n_submitted=2)))
    told = " ".join(agreement_of(study).warnings)
    assert "no hidden repeats" in told
    assert "1 read submitted more than once" in told


def test_empty_reads_agree_on_nothing_and_say_so():
    study = study_of([blank(1, 1, 0, "Ada", hairs=[]), blank(2, 1, 0, "Bo", hairs=hairs_at([]))], 1)
    comparison = agreement_of(study).comparisons[0]
    assert math.isnan(comparison.objects.hair_f1.value)
    assert comparison.objects.hair_f1.reasons["value"] == "There is nothing to count."
    assert of(comparison, "hair_count").limits.mean == 0


def test_it_can_be_cancelled(trial):
    def cancel(_stage, _done):
        raise Cancelled

    with pytest.raises(Cancelled):
        agreement_of(trial, cancel)
