import numpy as np
import pytest

from analysis import ridges
from analysis.detection import Polarity
from analysis.evidence import score_around
from analysis.preprocess import prepare_image
from analysis.snapping import prepare
from analysis.width import widths_along
from tests.analysis.drawn_hairs import draw

SHAFTS = [((80, 100), (200, 150), 60.0), ((200, 150), (330, 260), 60.0), ((40, 300), (380, 310), 90.0)]
UM_PER_PX = 6.0


@pytest.fixture(scope="module")
def prepared():
    return prepare_image(draw(SHAFTS), UM_PER_PX, Polarity.DARK)


def test_strips_are_joined_without_a_seam(prepared, monkeypatch):
    whole = ridges.ridge_evidence(prepared)
    monkeypatch.setattr(ridges, "STRIP_ROWS", 37)
    in_strips = ridges.ridge_evidence(prepared)
    assert np.array_equal(in_strips.score, whole.score)
    assert np.array_equal(in_strips.axis, whole.axis)
    assert in_strips.blur_px == whole.blur_px


def test_what_drawing_is_guided_by_agrees_with_what_hairs_are_detected_in(prepared):
    guide, evidence = prepare(draw(SHAFTS), UM_PER_PX, Polarity.DARK), ridges.ridge_evidence(prepared)
    assert np.abs(guide.score / 255 - evidence.score).max() <= 0.5 / 255 + 1e-6
    assert np.array_equal(guide.score > 127, evidence.score > 0.5)
    assert guide.blur_px == evidence.blur_px
    line = np.linspace((60, 301), (360, 309), 20)
    assert np.array_equal(widths_along(guide, line), widths_along(evidence, line), equal_nan=True)
    assert guide.n_bytes == guide.score.size + guide.brightness.size


def test_the_score_around_a_place_is_cut_at_the_edge_of_the_image(prepared):
    evidence = ridges.ridge_evidence(prepared)
    width = evidence.score.shape[1]
    score, first = score_around(evidence, np.array([[width - 3.0, 10.0], [width - 5.0, 14.0]]), 8.0)
    assert first.tolist() == [width - 13, 2]
    assert score.shape == (23 - 2, 13)
    assert np.array_equal(score, evidence.score[2:23, width - 13 :])
