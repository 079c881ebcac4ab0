import cv2
import numpy as np
import pytest

from analysis.decoder.traces import STIFF, SUPPLE, follow, peaks_of_cells

SIZE = (160, 300)


def drawn(*lines):
    """A map that is high along lines, each some vertices."""
    image = np.zeros(SIZE, np.uint8)
    for line in lines:
        cv2.polylines(image, [np.round(np.array(line) * 16).astype(np.int32)], False, 255, 3, cv2.LINE_AA, 4)
    return cv2.GaussianBlur(image, (0, 0), 1.0).astype(np.float32) / 255


def traced(shaft, seed, direction=0.0, gaps=(10.0,), manner=SUPPLE):
    return follow(shaft, np.array([seed], float), np.array([direction]), np.array(gaps), manner)


def off(line, height):
    return np.abs(line[:, 1] - height).max()


@pytest.mark.parametrize(("manner", "aside"), [(SUPPLE, 1), (STIFF, 2)])
def test_a_trace_runs_both_ways_to_the_ends(manner, aside):
    (line,) = traced(drawn([(40, 80), (250, 80)]), (120, 80), 0.05, manner=manner)
    assert sorted(line[[0, -1], 0]) == pytest.approx([40, 250], abs=5)
    assert off(line, 80) < aside


@pytest.mark.parametrize("angle_deg", [30, 60, 90])
def test_it_goes_straight_on_where_another_crosses(angle_deg):
    along = 100 * np.array([np.cos(np.deg2rad(angle_deg)), np.sin(np.deg2rad(angle_deg))])
    middle = np.array([150, 80])
    shaft = drawn([(40, 80), (250, 80)], [middle - along, middle + along])
    (line,) = traced(shaft, (60, 80))
    assert line[:, 0].max() > 240
    assert off(line, 80) < 3


def test_the_stiff_keeps_to_its_own_where_two_cross_at_a_small_angle():
    shaft = drawn([(20, 70), (280, 90)], [(20, 90), (280, 70)])
    (line,) = traced(shaft, (40, 71.5), 0.077, manner=STIFF)
    assert line[np.argmax(line[:, 0]), 1] > 87


def test_the_supple_keeps_to_a_curl():
    angle = np.linspace(0, np.pi, 60)
    arc = np.column_stack([150 + 60 * np.cos(angle), 120 - 60 * np.sin(angle)])
    (line,) = traced(drawn(arc), (150, 60))
    assert np.hypot(*(line - (150, 120)).T) == pytest.approx(60, abs=3)
    assert np.ptp(line[:, 0]) > 100


def test_a_longer_gap_gives_the_longer_line_of_the_same_path():
    shaft = drawn([(40, 80), (120, 80)], [(135, 80), (250, 80)])
    short, far = traced(shaft, (60, 80), gaps=(6.0, 30.0))
    assert short[:, 0].max() == pytest.approx(120, abs=5)
    assert far[:, 0].max() == pytest.approx(250, abs=5)
    first = traced(shaft, (60, 80), gaps=(6.0,))[0]
    assert np.array_equal(short, first)


def test_lines_come_gap_by_gap():
    shaft = drawn([(40, 40), (200, 40)], [(40, 120), (100, 120)])
    lines = follow(shaft, np.array([[60.0, 40], [60, 120]]), np.zeros(2), np.array([6.0, 12.0]), SUPPLE)
    assert [round(line[:, 1].mean() / 40) for line in lines] == [1, 3, 1, 3]


def test_on_bare_skin_a_trace_is_its_seed():
    (line,) = traced(np.zeros(SIZE, np.float32), (60, 80))
    assert line.tolist() == [[60, 80]]


def test_each_cell_names_its_highest_pixel():
    shaft = np.zeros((40, 40), np.float32)
    shaft[5, 7], shaft[30, 22], shaft[31, 22] = 0.9, 0.6, 0.7
    assert sorted(peaks_of_cells(shaft, 20, 0.5).tolist()) == [[7, 5], [22, 31]]
