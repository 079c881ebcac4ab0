import cv2
import numpy as np
import pytest

from analysis.registration.resample import followup_places, resampled
from analysis.registration.warp import Warp

BENT = Warp(
    np.array([[1.02, 0.1, 5], [-0.1, 1.02, -7]]),
    np.array([[200, 200], [900, 300], [600, 800]]),
    np.array([[0.4, 0.2], [-0.2, 0.4], [-0.2, -0.6]]),
    300.0,
)


@pytest.mark.parametrize("scale", [1.0, 0.5, 1.7])
def test_places_are_those_of_the_transform(scale):
    width, height = round(1280 * scale), round(1024 * scale)
    places = followup_places(BENT.to_followup, (width, height), scale)
    assert places.shape == (height, width, 2)
    at = np.random.default_rng(0).integers(0, [width, height], (300, 2))
    at[:4] = [[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]]
    wanted = BENT.to_followup((at + 0.5) / scale - 0.5)
    assert np.abs(places[at[:, 1], at[:, 0]] - wanted).max() < 0.05


def test_a_mark_lies_where_the_baseline_shows_it():
    image = np.zeros((400, 500, 3), np.uint8)
    here = np.array([[210.0, 160.0]])
    x, y = np.round(BENT.to_followup(here)[0]).astype(int)
    cv2.circle(image, (int(x), int(y)), 6, (255, 255, 255), -1, cv2.LINE_AA)
    turned = resampled(image, BENT.to_followup, (500, 400))
    rows, columns = np.nonzero(turned[:, :, 0] > 127)
    assert np.hypot(columns.mean() - here[0, 0], rows.mean() - here[0, 1]) < 0.8


def test_what_the_followup_does_not_show_is_black():
    away = Warp(np.array([[1.0, 0, 300], [0, 1.0, 0]]))
    turned = resampled(np.full((100, 400, 3), 200, np.uint8), away.to_followup, (400, 100))
    assert (turned[:, :99] == 200).all()
    assert (turned[:, 101:] == 0).all()
