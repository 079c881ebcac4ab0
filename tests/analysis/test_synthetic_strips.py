import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.synthetic.strips import Window, draw_strip

FIELD = Window(0, 0, 160, 140)


def bow(angle: float, length: float, curvature: float, middle: tuple[float, float]) -> np.ndarray:
    t = np.linspace(-length / 2, length / 2, 41)
    line = np.column_stack([t, curvature * t**2 / 2])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return line @ turn + middle


def draw(window: Window, points: np.ndarray, width: float, soft: float) -> np.ndarray:
    n = len(points)
    strip = draw_strip(window, points, np.full(n, width / 2), np.full(n, soft))
    image = np.zeros(window.height * window.width)
    if strip is not None:
        assert len(np.unique(strip.index)) == len(strip.index)
        image[strip.index] = strip.coverage
    return image.reshape(window.height, window.width)


@settings(max_examples=60, deadline=None)
@given(
    angle=st.floats(0, 2 * np.pi),
    width=st.floats(0.8, 14),
    soft=st.floats(0, 3),
    x=st.floats(-0.5, 0.5),
    y=st.floats(-0.5, 0.5),
)
def test_a_straight_strip_covers_its_width_times_its_length(angle, width, soft, x, y):
    image = draw(FIELD, bow(angle, 80, 0, (80 + x, 70 + y)), width, soft)
    assert image.sum() / 80 == pytest.approx(width, abs=0.02)


def test_a_strip_upright_on_pixel_centres_has_the_textbook_profile():
    points = np.column_stack([np.full(41, 80.0), np.linspace(20, 120, 41)])
    row = draw(FIELD, points, 5.0, 0.0)[70]
    assert row[76:85] == pytest.approx([0, 0, 1, 1, 1, 1, 1, 0, 0], abs=0.02)
    assert row.sum() == pytest.approx(5, abs=1e-3)
    row = draw(FIELD, points + np.array([0.25, 0]), 5.0, 0.0)[70]
    assert row[76:85] == pytest.approx([0, 0, 0.75, 1, 1, 1, 1, 0.25, 0], abs=0.02)


@pytest.mark.parametrize("angle", [0.0, 0.3, 1.0, 2.2])
def test_the_middle_of_coverage_lies_on_the_centreline(angle):
    points = bow(angle, 90, 0.004, (80.3, 69.6))
    image = draw(FIELD, points, 7.0, 1.0)
    rows, columns = np.indices(image.shape)
    near = np.hypot(columns - points[20, 0], rows - points[20, 1]) < 15
    normal = np.array([-np.sin(angle), np.cos(angle)])
    offset = (columns - points[20, 0]) * normal[0] + (rows - points[20, 1]) * normal[1]
    along = (columns - points[20, 0]) * normal[1] - (rows - points[20, 1]) * normal[0]
    weight = image * near * np.clip(1.5 - np.abs(along), 0, 1)
    assert (weight * offset).sum() / weight.sum() == pytest.approx(0, abs=0.05)


def test_windows_show_parts_of_one_picture():
    points = bow(0.7, 110, -0.006, (78.2, 71.9))
    whole = draw(FIELD, points, 9.0, 1.5)
    for x0, y0 in ((0, 0), (64, 0), (64, 48), (100, 90)):
        window = Window(x0, y0, 50, 45)
        part = draw(window, points, 9.0, 1.5)
        assert np.abs(part - whole[y0 : y0 + 45, x0 : x0 + 50]).max() < 2e-3


def test_a_strip_elsewhere_draws_nothing():
    points = bow(0.7, 40, 0, (500, 500))
    assert draw_strip(FIELD, points, np.full(41, 3.0), np.zeros(41)) is None


def test_the_end_is_blunt():
    points = np.column_stack([np.linspace(20, 100, 41), np.full(41, 70.0)])
    image = draw(FIELD, points, 8.0, 0.0)
    assert image[70, 98] == pytest.approx(1, abs=1e-3)
    assert image[70, 102] == pytest.approx(0, abs=1e-3)
    assert image[67, 98] == pytest.approx(image[67, 60], abs=1e-3)
