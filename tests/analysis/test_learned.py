import numpy as np
import pytest

from analysis import learned
from analysis.learned import PLANES, STRIDE, evidence_from, normalised, planes_of
from analysis.preprocess import prepare_image
from tests.analysis.drawn_hairs import draw
from training.targets import PLANES as TRUE_PLANES
from training.targets import targets

ONE = ((120, 150), (230, 210), 60.0)


def prepared(shafts=(ONE,), size=(420, 420)):
    return prepare_image(draw(list(shafts), size=size), 7.0)


def test_the_programs_planes_are_the_trainings():
    assert TRUE_PLANES[: len(PLANES)] == PLANES


def test_skin_is_0_hair_is_below_and_what_is_hidden_is_0():
    image = np.full((40, 40, 3), (200, 150, 100), np.uint8)
    image[:, 10:12] = (50, 75, 10)
    visible = np.ones((40, 40), bool)
    visible[:5] = False
    found = normalised(image, visible)
    assert found[:, 20, 30] == pytest.approx([0, 0, 0], abs=0.01)
    assert found[:, 20, 11] == pytest.approx([-0.75, -0.5, -0.9], abs=0.01)
    assert (found[:, :5] == 0).all()


def test_planes_say_where_the_axis_is_and_which_way_it_runs():
    planes = planes_of(prepared())
    assert planes.shape == (len(PLANES), 210, 210)
    x, y = np.array([175, 180]) / STRIDE
    assert planes[0, round(y), round(x)] > 0.6
    assert planes[0, round(y) + 30, round(x)] < 0.1
    angle = np.arctan2(planes[5, round(y), round(x)], planes[4, round(y), round(x)]) / 2
    assert angle == pytest.approx(np.arctan2(60, 110), abs=0.15)


def test_blocks_leave_no_seam(monkeypatch):
    image = prepared([ONE, ((150, 60), (250, 120), 70.0)])
    whole = planes_of(image)
    monkeypatch.setattr(learned, "BLOCK_PX", 224)
    parts = planes_of(image)
    assert np.abs(parts[:2] - whole[:2]).max() < 0.1


def test_evidence_has_the_maps_of_any_source():
    size = (421, 333)
    planes = targets([np.array([[20.0, 30.0], [90.0, 60.0]])], np.array([4.0]), 211)[:11, :, :167].astype(np.float32)
    hair = ((40.5, 60.5), (180.5, 120.5), 56.0)
    evidence = evidence_from(planes, prepared([hair], size))
    assert evidence.score.shape == evidence.axis.shape == evidence.half_width.shape == size
    middle = (round((45 + 0.5) * 2 - 0.5), round((55 + 0.5) * 2 - 0.5))
    assert evidence.score[middle] == pytest.approx(1.0, abs=0.05)
    assert evidence.axis[middle] == pytest.approx(np.arctan2(30, 70), abs=0.02)
    assert evidence.votes.half_width[middle] == pytest.approx(4.0, abs=0.1)
