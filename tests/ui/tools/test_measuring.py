import numpy as np
import pytest
from PySide6.QtCore import Qt

from tests.ui.tools.hands import SHIFT, Mouse


@pytest.fixture
def bench(bench):
    bench.look_at(1, 160, 120)
    bench.take("measure")
    return bench


@pytest.fixture
def asked(bench):
    wishes = []
    bench.tools.scale_asked.connect(lambda image_id, length_px: wishes.append((image_id, length_px)))
    return wishes


def test_a_distance_is_measured_and_becomes_the_scale_on_enter(bench, hand, asked):
    before = bench.read
    hand.grab(100, 80)
    hand.drop(160, 160)
    measured = bench.tool.measured
    assert measured.length_px == 100
    assert measured.text(bench.tool.scale(1)) == "1.00 mm · 100.0 px"
    assert asked == []
    bench.key(Qt.Key.Key_Return)
    assert asked == [(1, 100.0)]
    assert bench.read is before


def test_a_double_click_on_the_other_end_measures_once(bench, mouse):
    mouse.click(100, 80)
    mouse.double_click(160, 160)
    assert bench.tool.measured.length_px == 100
    assert not bench.tool.busy


def test_without_a_scale_a_distance_is_in_pixels(bench, mouse):
    mouse.grab(100, 80)
    mouse.drop(130, 120)
    assert bench.tool.measured.text(None) == "50.0 px"


def test_esc_discards_what_is_begun_and_then_what_was_measured(bench, hand, asked):
    hand.grab(100, 80)
    hand.move(160, 160)
    bench.key(Qt.Key.Key_Escape)
    if isinstance(hand, Mouse):
        hand.release(160, 160)
    assert bench.tool.measured is None
    hand.grab(100, 80)
    hand.drop(160, 160)
    bench.key(Qt.Key.Key_Escape)
    assert bench.tool.measured is None
    assert not bench.tool.finish()
    assert asked == []


def test_points_on_a_rim_measure_a_circle(bench, hand, asked):
    for angle in (0, 90, 180):
        hand.click(160 + round(40 * np.cos(np.radians(angle))), 120 + round(40 * np.sin(np.radians(angle))), SHIFT)
    hand.end(160, 80)
    assert bench.tool.measured.is_circle
    assert bench.tool.measured.length_px == pytest.approx(80)
    assert bench.tool.finish()
    assert asked == [(1, pytest.approx(80))]


def test_points_on_no_circle_are_refused_in_words(bench, mouse, told):
    for x in (100, 130, 160):
        mouse.click(x, 100, SHIFT)
    bench.tool.finish()
    assert told == ["No circle: the points lie on a straight line."]
    assert bench.tool.measured is None


def test_the_scale_cannot_be_set_where_nothing_may_be_changed(bench, mouse, asked):
    bench.workspace.session.read_only_because = "Bob has it open"
    mouse.grab(100, 80)
    mouse.drop(160, 160)
    assert bench.tool.measured.length_px == 100
    assert not bench.tool.finish()
    bench.workspace.session.read_only_because = None
    assert asked == []
