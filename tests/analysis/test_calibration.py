import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.calibration import Calibration, CalibrationSource, fitted_circle, from_circle, from_line


def test_lengths_and_areas() -> None:
    scale = Calibration(5.0, CalibrationSource.MANIFEST)
    assert scale.um(10) == 50
    assert scale.mm(200) == 1
    assert scale.px(60) == 12
    assert scale.cm2(1600 * 1200) == pytest.approx(0.48)


@pytest.mark.parametrize("um_per_px", [0, -5, 0.049, 200.1, math.nan, math.inf])
def test_a_scale_no_scalp_camera_has_is_refused(um_per_px: float) -> None:
    with pytest.raises(ValueError, match="not plausible"):
        Calibration(um_per_px, CalibrationSource.MANIFEST)


def test_a_drawn_line_gives_the_scale() -> None:
    # 3-4-5: 500 px long
    assert from_line((10, 20), (310, 420), 2.5) == Calibration(5.0, CalibrationSource.DRAWN)


@pytest.mark.parametrize(
    ("p", "q", "length_mm", "words"),
    [
        ((0, 0), (0, 0), 1.0, "too short"),
        ((0, 0), (19, 0), 0.1, "too short"),
        ((0, 0), (500, 0), 0.0, "not positive"),
        ((0, 0), (500, 0), -1.0, "not positive"),
        ((0, 0), (500, 0), math.nan, "not positive"),
        ((0, 0), (500, 0), 1000.0, "not plausible"),
        ((0, 0), (500, 0), 0.001, "not plausible"),
        ((0, 0), (math.nan, 0), 1.0, "two points"),
    ],
)
def test_an_absurd_line_is_refused(
    p: tuple[float, float], q: tuple[float, float], length_mm: float, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        from_line(p, q, length_mm)


@settings(deadline=None)  # the first call imports scipy.optimize
@given(
    st.floats(50, 2000), st.floats(-500, 3000), st.floats(-500, 3000), st.integers(5, 40), st.floats(0, 6),
    st.floats(175, 360),
)  # fmt: skip
def test_points_on_a_circle_give_its_diameter(
    r: float, x: float, y: float, n: int, start: float, arc_deg: float
) -> None:
    angles = start + np.radians(np.linspace(0, arc_deg * (n - 1) / n, n))
    points = np.column_stack([x + r * np.cos(angles), y + r * np.sin(angles)])
    assert from_circle(points, 5e-3 * 2 * r).um_per_px == pytest.approx(5.0, rel=1e-6)


def test_a_hand_set_arc_is_not_shrunk() -> None:
    random = np.random.default_rng(4)
    angles = np.radians(np.linspace(0, 150, 12))
    found = []
    for _ in range(200):
        points = 456 * np.column_stack([np.cos(angles), np.sin(angles)]) + random.normal(0, 2, (12, 2))
        found.append(from_circle(points, 5.038).um_per_px)
    # 5.038 mm / 912 px
    assert np.mean(found) == pytest.approx(5.5241, rel=1e-3)
    assert np.std(found) < 0.05


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([(0, 0), (100, 0)], "three points"),
        ([(0, 0, 0)] * 4, "three points"),
        ([(0, 0), (math.inf, 0), (1, 1)], "three points"),
        ([(5, 5)] * 4, "one spot"),
        ([(0, 0), (100, 100), (200, 200)], "straight line"),
        ([(0, 0), (100, 0), (200, 0.5)], "short an arc"),
        ([(0, 0), (100, 0), (100, 100), (0, 100), (50, 50)], "not lie on one circle"),
        ([(100, 0), (98, 17), (94, 34)], "short an arc"),
        ([(0, 0), (10, 0), (10, 10), (0, 10)], "too short"),
    ],
)
def test_points_that_fix_no_circle_are_refused(points: list[tuple[float, ...]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        from_circle(points, 1.0)


def test_a_fitted_circle_has_its_centre_and_radius() -> None:
    centre, radius = fitted_circle([(40, 20), (30, 30), (20, 20), (30, 10)])
    assert centre == pytest.approx([30.0, 20.0])
    assert radius == pytest.approx(10.0)
