import numpy as np
import pytest

from tests.workstation.reader_study import blank, grid, hairs_at, study_of
from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation.agreement.hairs import match_reads
from workstation.model.field import Field, FieldShape
from workstation.model.hair import Status, frozen_array


def study_with(first, second, **image):
    reads = [make_read(first, id_=1, **image), make_read(second, id_=2)]
    return make_study(reads, [make_image()])


def test_hairs_of_two_reads_are_told_by_their_ids():
    first = [make_hair(11, 90, [[100, 100], [100, 140]]), make_hair(12, 91, [[300, 100], [300, 140]])]
    second = [make_hair(7, 80, [[303, 104], [300, 140]]), make_hair(8, 81, [[700, 700], [700, 740]])]
    study = study_with(first, second)

    match = match_reads(study, study.reads[1], study.reads[2])

    assert match.hair_pairs == ((12, 7),)
    assert match.first_hairs[match.hairs.only_first].tolist() == [11]
    assert match.second_hairs[match.hairs.only_second].tolist() == [8]
    assert match.hairs.tolerance_px == 10  # 100 µm at 10 µm/px
    assert match.units.f1 == 0.5


def test_rejected_hairs_and_those_without_a_root_are_not_looked_at():
    first = [make_hair(1, 9, [[100, 100], [100, 140]]), make_hair(2, None, [[0, 300], [30, 300]])]
    second = [make_hair(1, 9, [[100, 100], [100, 140]], status=Status.REJECTED)]
    match = match_reads(study := study_with(first, second), study.reads[1], study.reads[2])
    assert (match.first_hairs.tolist(), match.second_hairs.tolist()) == ([1], [])


def test_what_one_reader_cut_out_of_the_field_is_no_difference_of_hairs():
    half = Field(FieldShape.POLYGON, frozen_array([[0, 0], [500, 0], [500, 999], [0, 999]], 2))
    hairs = hairs_at([(100, 100), (900, 100)])
    study = study_with(hairs, hairs, field=half)
    match = match_reads(study, study.reads[1], study.reads[2])
    assert (match.hairs.n_first, match.hairs.n_second, match.hairs.f1) == (1, 1, 1)


def test_fields_without_anything_in_common_share_no_hair():
    left = Field(FieldShape.POLYGON, frozen_array([[0, 0], [400, 0], [400, 999], [0, 999]], 2))
    right = Field(FieldShape.POLYGON, frozen_array([[600, 0], [990, 0], [990, 999], [600, 999]], 2))
    hairs = hairs_at([(100, 100), (900, 100)])
    study = make_study([make_read(hairs, id_=1, field=left), make_read(hairs, id_=2, field=right)], [make_image()])
    match = match_reads(study, study.reads[1], study.reads[2])
    assert (match.hairs.n_first, match.hairs.n_second) == (0, 0)
    assert np.isnan(match.hairs.f1)


def test_two_hairs_of_one_ostium_are_told_by_their_first_piece():
    """Both hairs end where the other one does; at the root they part."""
    one, other = [[100, 100], [100, 140], [160, 160]], [[102, 100], [142, 100], [160, 160]]
    study = study_with(
        [make_hair(1, 9, one), make_hair(2, 9, other)],
        [make_hair(1, 9, [[101, 100], [141, 100], [160, 160]]), make_hair(2, 9, [[101, 101], [101, 141], [160, 160]])],
    )
    assert match_reads(study, study.reads[1], study.reads[2]).hair_pairs == ((1, 2), (2, 1))


def test_reads_of_two_images_are_refused():
    study = study_of([blank(1, 1, 3, "Ada"), blank(2, 2, 3, "Bo")], 2)
    with pytest.raises(ValueError, match="two images"):
        match_reads(study, study.reads[1], study.reads[2])


def test_a_match_is_remembered_until_the_scale_changes():
    study = study_of([blank(1, 1, 20, "Ada"), blank(2, 1, 20, "Bo")], 1)
    first, second = study.reads[1], study.reads[2]
    match = match_reads(study, first, second)
    assert match_reads(study, first, second) is match
    unscaled = make_study([first, second], [make_image(calibration=None)])
    assert match_reads(unscaled, first, second).hairs.tolerance_px == 20
    assert len(match.hair_pairs) == len(grid(20))
