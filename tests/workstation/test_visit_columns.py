"""A read as registration and matching take it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.calibration import Calibration, CalibrationSource
from analysis.detection import DetectionParameters
from tests.workstation.small_study import make_hair, make_image, make_read, make_study, worked_study
from workstation.model.hair import Origin, Status
from workstation.model.read import DETECTOR, DetectionRecord, ReadState
from workstation.visit_columns import constellation_of, directions_rad, origins, scale_of, visit_hairs_of


def test_the_hairs_that_count():
    found = visit_hairs_of(worked_study().reads[1], 10.0)
    assert found.id.tolist() == [1, 2, 4]
    assert found.unit.tolist() == [7, 7, 8]
    assert found.root_px.tolist() == [[100, 100], [104, 102], [300, 700]]
    np.testing.assert_array_equal(found.width_um, [20.0, 60.0, np.nan])
    # straight down; 20 px along a line that is 50 px long to its first bend; straight down
    np.testing.assert_allclose(found.direction_rad, [math.pi / 2, math.atan2(40, 30), math.pi / 2])
    assert found.confidence.tolist() == [0.9, 1.0, 1.0]
    assert (found.region.area, found.um_per_px) == (1000 * 1000, 10.0)


def test_a_direction_is_that_of_the_first_part_alone():
    bent = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 50.0]])
    found = [math.degrees(directions_rad([bent], length)[0]) for length in (5.0, 10.0, 20.0, 1000.0)]
    assert found == pytest.approx([0.0, 0.0, 45.0, math.degrees(math.atan2(50, 10))])


def test_no_hairs():
    found = visit_hairs_of(make_read([make_hair(1, 2, [[5, 5], [9, 9]], status=Status.REJECTED)]), 5.0)
    assert (found.root_px.shape, found.direction_rad.shape) == ((0, 2), (0,))


line = st.integers(2, 6).flatmap(lambda n: arrays(np.float64, (n, 2), elements=st.integers(-400, 400).map(float)))


@given(st.lists(line, min_size=1, max_size=8), st.floats(0.5, 900.0))
def test_many_lines_at_once_go_where_each_of_them_goes(lines, length):
    lines = [one + 0.5 * np.arange(len(one))[:, None] ** [2, 1] for one in lines]
    lines = [one for one in lines if np.hypot(*np.diff(one, axis=0).T).min() > 1e-6]
    for one, direction in zip(lines, directions_rad(lines, length), strict=True):
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(one, axis=0).T))])
        x, y = (np.interp(length, along, one[:, axis]) - one[0, axis] for axis in (0, 1))
        if math.hypot(x, y) > 1e-3:  # a line that is back where it began goes nowhere
            assert math.remainder(direction - math.atan2(y, x), math.tau) == pytest.approx(0.0, abs=1e-6)


def test_units_without_a_hair_that_counts_are_left_out():
    found = constellation_of(worked_study().reads[1], 10.0)
    assert found.centre_px.tolist() == [[102, 101], [300, 700]]
    assert found.n_hairs.tolist() == [2, 1]


def test_an_id_means_the_same_in_a_read_and_those_it_was_copied_from():
    reads = [make_read([], id_=1), make_read([], id_=2, based_on=1), make_read([], id_=3, based_on=2)]
    study = make_study([*reads, make_read([], id_=4)])
    assert [origins(study, study.reads[i]) for i in (1, 2, 3, 4)] == [{1}, {1, 2}, {1, 2, 3}, {4}]


def test_the_scale_is_the_images_else_that_of_the_detection():
    record = DetectionRecord("0.1.0", DetectionParameters(), 6.5, 1.0)
    detected = make_read([], id_=1, reader=DETECTOR, state=ReadState.DETECTED, detection=record)
    reads = [detected, make_read([], id_=2, based_on=1), make_read([], id_=3)]
    scale = Calibration(4.0, CalibrationSource.DRAWN)
    for calibration, expected in ((scale, [4.0, 4.0, 4.0]), (None, [6.5, 6.5, None])):
        study = make_study(reads, [make_image(calibration=calibration)])
        assert [scale_of(study, study.reads[i]) for i in (1, 2, 3)] == expected


def test_what_a_reader_judged_or_drew_is_there_for_sure():
    line = [[100, 100], [100, 140]]
    hairs = [
        make_hair(1, 11, line, confidence=0.6),
        make_hair(2, 12, line, confidence=0.6, status=Status.ACCEPTED),
        make_hair(3, 13, line, confidence=0.6, origin=Origin.EDITED),
        make_hair(4, 14, line, confidence=0.6, status=Status.REJECTED),
    ]
    columns = visit_hairs_of(make_read(hairs), 10.0)
    assert dict(zip(columns.id.tolist(), columns.confidence.tolist(), strict=True)) == {1: 0.6, 2: 1.0, 3: 1.0}
