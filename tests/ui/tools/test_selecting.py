import pytest
from PySide6.QtCore import Qt

from tests.ui.tools.hands import CTRL, SHIFT, Mouse
from workstation.entry import Selection


@pytest.fixture
def bench(bench):
    bench.look_at(1, 130, 75)
    bench.take("select")
    return bench


def selected(bench):
    return set(bench.workspace.selection.hair_ids), set(bench.workspace.selection.unit_ids)


def test_a_click_selects_a_hair_and_a_click_on_nothing_selects_nothing(bench, hand):
    hand.click(97, 78)
    assert selected(bench) == ({1}, set())
    hand.click(177, 78)
    assert selected(bench) == ({2}, set())
    hand.click(130, 110)
    assert selected(bench) == (set(), set())


def test_shift_adds_and_ctrl_adds_or_takes_away(bench, mouse):
    mouse.click(97, 78)
    mouse.click(177, 78, SHIFT)
    assert selected(bench) == ({1, 2}, set())
    mouse.click(177, 78, SHIFT)
    assert selected(bench) == ({1, 2}, set())
    mouse.click(97, 78, CTRL)
    assert selected(bench) == ({2}, set())
    mouse.click(97, 78, CTRL)
    assert selected(bench) == ({1, 2}, set())
    mouse.click(130, 110, CTRL)  # beside: what is selected stays
    assert selected(bench) == ({1, 2}, set())


def test_shift_and_enter_add_to_the_selection(bench, keys):
    keys.click(97, 78)
    keys.click(177, 78, SHIFT)
    assert selected(bench) == ({1, 2}, set())


def test_a_frame_catches_what_runs_through_it(bench, mouse):
    mouse.grab(80, 100)
    mouse.move(150, 62)
    assert selected(bench) == (set(), set())
    assert bench.tool.gesture.caught == {1, 2}
    mouse.drop(130, 62)
    assert selected(bench) == ({1}, set())
    mouse.grab(80, 100, CTRL)
    mouse.drop(160, 62, CTRL)
    assert selected(bench) == ({2}, set())


def test_the_keyboard_opens_a_frame_with_shift(bench, keys):
    keys.grab(80, 100, SHIFT)
    keys.drop(160, 62)
    assert selected(bench) == ({1, 2}, set())


def test_esc_discards_a_frame_then_the_selection(bench, mouse):
    mouse.click(97, 78)
    mouse.grab(130, 100)
    mouse.move(200, 50)
    bench.key(Qt.Key.Key_Escape)
    mouse.release(200, 50)
    assert selected(bench) == ({1}, set())
    bench.key(Qt.Key.Key_Escape)
    assert selected(bench) == (set(), set())


def test_a_double_click_selects_the_hairs_of_the_unit(bench, mouse):
    mouse.double_click(97, 78)
    assert selected(bench) == ({1, 2}, set())


def test_a_click_between_the_roots_of_a_unit_selects_the_unit(bench, hand):
    hand.click(125, 60)  # unit 11 has its roots at (60, 60) and (140, 60)
    assert selected(bench) == (set(), {11})
    if isinstance(hand, Mouse):
        hand.double_click(125, 60)
        assert selected(bench) == ({1, 2}, set())


def test_a_click_in_a_detection_selects_and_the_first_correction_keeps_it(bench, mouse):
    bench.look_at(2, 85, 75)
    mouse.click(97, 78)
    assert bench.workspace.selection == Selection(2, frozenset({1}))
    bench.key(Qt.Key.Key_Right)
    assert bench.read.id == 4
    assert bench.workspace.selection == Selection(4, frozenset({1}))
    assert bench.read.hairs[1].root_px.tolist() == [60.25, 60.0]


def test_selecting_is_possible_in_a_study_that_may_not_be_changed(bench, mouse, told):
    bench.workspace.session.read_only_because = "Bob has it open"
    mouse.click(97, 78)
    assert selected(bench) == ({1}, set())
    mouse.grab(110, 85)
    mouse.drop(120, 80)  # the tip: a frame, no drag of it
    bench.key(Qt.Key.Key_Right)
    bench.workspace.session.read_only_because = None
    assert bench.read.hairs[1].tip_px.tolist() == [110, 85]
