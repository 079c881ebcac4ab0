import numpy as np
import pytest
from PySide6.QtCore import Qt

from tests.ui.tools.hands import Mouse
from workstation.entry import Selection
from workstation.model.hair import Origin

# hair 1 runs (60, 60), (85, 72), (110, 85), and so does the rod beneath it


@pytest.fixture
def bench(bench):
    """Image 1 with Ada's own read."""
    bench.look_at(1, 85, 75)
    return bench


def select(bench, *hair_ids):
    bench.workspace.select(Selection(bench.read.id, frozenset(hair_ids)))


# --- vertices --------------------------------------------------------------------------------------------------------


def test_a_vertex_is_dragged(bench, hand, corrected):
    before = bench.read
    select(bench, 1)
    bench.take("vertices")
    hand.grab(85, 72)
    hand.move(90, 80)
    assert bench.read is before  # nothing before it is let go
    hand.drop(90, 80)
    hair = corrected(before).hairs[1]
    assert hair.vertices_px.tolist() == [[60, 60], [90, 80], [110, 85]]
    assert hair.origin is Origin.EDITED


def test_esc_leaves_a_vertex_where_it_was(bench, hand):
    before = bench.read
    select(bench, 1)
    bench.take("vertices")
    hand.grab(85, 72)
    hand.move(90, 80)
    assert bench.tool.busy
    bench.key(Qt.Key.Key_Escape)
    assert not bench.tool.busy
    if isinstance(hand, Mouse):
        hand.release(90, 80)
    assert bench.read is before


def test_an_undo_meanwhile_takes_the_vertex_out_of_the_hand(bench, mouse):
    select(bench, 1)
    bench.key(Qt.Key.Key_Right)
    bench.take("vertices")
    mouse.grab(85, 72)
    mouse.move(90, 80)
    bench.workspace.undo()
    undone = bench.read
    assert not bench.tool.busy
    mouse.release(90, 80)
    assert bench.read is undone


def test_a_click_on_the_line_inserts_a_vertex(bench, mouse, corrected):
    before = bench.read
    select(bench, 1)
    bench.take("vertices")
    mouse.click(72, 66)
    hair = corrected(before).hairs[1]
    assert len(hair.vertices_px) == 4
    assert np.hypot(*(hair.vertices_px[1] - (72, 66))) < 0.5
    assert hair.vertex_width_px.tolist() == [9.0] * 4


def test_a_vertex_is_inserted_and_dragged_in_one_correction(bench, hand, corrected):
    before = bench.read
    select(bench, 1)
    bench.take("vertices")
    hand.grab(97, 78)
    hand.drop(99, 70)
    hair = corrected(before).hairs[1]
    assert len(hair.vertices_px) == 4
    assert np.hypot(*(hair.vertices_px[2] - (99, 70))) < 0.5
    assert hair.vertices_px[[0, 1, 3]].tolist() == [[60, 60], [85, 72], [110, 85]]


def test_del_takes_out_the_vertex_under_the_pointer(bench, hand, corrected):
    before = bench.read
    select(bench, 1)
    bench.take("vertices")
    hand.move(85, 72)
    assert bench.tool.remove()
    assert corrected(before).hairs[1].vertices_px.tolist() == [[60, 60], [110, 85]]


def test_a_hair_keeps_its_last_two_vertices(bench, mouse, told):
    select(bench, 1)
    bench.take("vertices")
    for _ in range(2):
        mouse.move(60, 60)
        bench.tool.resize(1.25)
        assert bench.tool.remove()
    assert told[-1] == "A hair needs a root and a tip. Delete the hair instead."


def test_del_takes_out_the_vertex_that_the_keyboard_carries(bench, keys):
    select(bench, 1)
    bench.take("vertices")
    keys.grab(85, 72)
    assert bench.tool.remove()
    assert not bench.tool.busy
    assert len(bench.read.hairs[1].vertices_px) == 2


def test_without_a_vertex_del_is_for_the_hairs(bench, mouse):
    select(bench, 1)
    bench.take("vertices")
    mouse.move(140, 100)
    assert not bench.tool.remove()


def test_brackets_step_through_the_vertices_and_arrows_nudge(bench, corrected):
    before = bench.read
    select(bench, 1)
    bench.take("vertices")
    bench.key(Qt.Key.Key_BracketRight)  # the root
    bench.key(Qt.Key.Key_BracketRight)  # the next
    bench.key(Qt.Key.Key_Right)
    bench.key(Qt.Key.Key_Down)
    assert corrected(before, n=2).hairs[1].vertices_px.tolist() == [[60, 60], [85.25, 72.25], [110, 85]]
    bench.key(Qt.Key.Key_BracketLeft)
    bench.key(Qt.Key.Key_BracketLeft)  # past the root comes the tip
    bench.key(Qt.Key.Key_Left)
    assert bench.read.hairs[1].tip_px.tolist() == [109.75, 85]


def test_a_click_takes_another_hair_in_hand(bench, hand):
    bench.look_at(1, 140, 75)
    select(bench, 1)
    bench.take("vertices")
    hand.click(165, 72)
    assert bench.workspace.selection.hair_ids == {2}


def test_the_ends_of_a_selected_hair_are_dragged_with_the_select_tool(bench, hand, corrected):
    before = bench.read
    select(bench, 1)
    hand.grab(110, 85)
    hand.drop(115, 80)
    assert corrected(before).hairs[1].tip_px.tolist() == [115, 80]


# --- ends ------------------------------------------------------------------------------------------------------------


def test_an_end_dragged_inwards_is_trimmed(bench, hand, corrected):
    before = bench.read
    bench.take("ends")
    hand.grab(110, 85)
    hand.drop(85, 72)
    assert corrected(before).hairs[1].vertices_px.tolist() == [[60, 60], [85, 72]]


def test_a_root_dragged_inwards_is_trimmed(bench, hand, corrected):
    before = bench.read
    bench.take("ends")
    hand.grab(60, 60)
    hand.drop(85, 72)
    assert corrected(before).hairs[1].vertices_px.tolist() == [[85, 72], [110, 85]]


def test_an_end_dragged_outwards_follows_the_shaft(bench, hand, corrected):
    select(bench, 1)
    tool = bench.take("ends")
    bench.qtbot.waitUntil(lambda: tool.pixels.evidence(1) is not None)
    hand.grab(110, 85)
    hand.drop(85, 72)
    shorter = bench.read
    hand.grab(85, 72)
    hand.drop(100, 82)  # beside the shaft, which runs through (100, 80)
    after = bench.read.hairs[1]
    assert after.vertices_px[:2].tolist() == [[60, 60], [85, 72]]
    assert np.hypot(*(after.tip_px - (100, 82))) < 2
    off = after.vertices_px[2:-1] - (60, 60)
    assert len(off) >= 1
    assert np.abs(off @ np.array([-0.4472, 0.8944])).max() < 1.0
    bench.workspace.undo()
    assert bench.read.same_content(shorter)
    bench.workspace.redo()
    assert bench.read.hairs[1] == after


def test_an_end_is_dragged_straight_where_snapping_is_off(bench, hand, corrected):
    before = bench.read
    tool = bench.take("ends")
    tool.options()[0].choose(False)
    hand.grab(110, 85)
    hand.drop(118, 85)
    assert corrected(before).hairs[1].vertices_px.tolist() == [[60, 60], [85, 72], [110, 85], [118, 85]]


def test_esc_leaves_an_end(bench, hand):
    before = bench.read
    bench.take("ends")
    hand.grab(110, 85)
    hand.move(85, 72)
    bench.key(Qt.Key.Key_Escape)
    if isinstance(hand, Mouse):
        hand.release(85, 72)
    assert bench.read is before
    assert not bench.tool.busy


def test_trimming_away_a_hair_is_refused_in_words(bench, mouse, told):
    bench.take("ends")
    mouse.grab(110, 85)
    mouse.drop(61, 60)
    assert told[-1] == "Too little of the hair would be left. Delete the hair instead."


# --- cut and join ----------------------------------------------------------------------------------------------------


def test_a_click_cuts_a_hair_in_two(bench, hand, corrected):
    before = bench.read
    bench.take("cut")
    hand.click(85, 72)
    after = corrected(before)
    (new,) = set(after.hairs) - set(before.hairs)
    assert after.hairs[1].vertices_px.tolist() == [[60, 60], [85, 72]]
    assert after.hairs[new].vertices_px.tolist() == [[85, 72], [110, 85]]
    assert bench.workspace.selection.hair_ids == {1, new}


def test_a_double_click_cuts_once_and_after_an_undo_the_same_place_is_cut_again(bench, mouse, told):
    before = bench.read
    bench.take("cut")
    mouse.double_click(85, 72)
    assert told == ["Split hair."]
    bench.workspace.undo()
    assert bench.read.same_content(before)
    mouse.click(85, 72)
    assert len(bench.read.hairs) == 5


def test_a_cut_at_the_end_is_refused_in_words(bench, hand, told):
    before = bench.read
    bench.take("cut")
    hand.click(61, 60)
    assert bench.read is before
    assert told[-1] == "A piece would be shorter than 2 px. Split the hair farther from its ends."


def test_a_click_beside_all_hairs_cuts_nothing(bench, hand):
    before = bench.read
    bench.take("cut")
    hand.click(85, 100)
    assert bench.read is before


def test_esc_while_the_button_is_down_cuts_nothing(bench, mouse):
    before = bench.read
    bench.take("cut")
    mouse.press(85, 72)
    bench.key(Qt.Key.Key_Escape)
    mouse.release(85, 72)
    assert bench.read is before


def cut_apart(bench, hand):
    """Hair 1 in two pieces with a gap from (80, …) to (90, …)."""
    bench.take("cut")
    hand.click(85, 72)
    (new,) = bench.workspace.selection.hair_ids - {1}
    bench.workspace.select(Selection())
    return new


def test_two_clicks_join_two_pieces(bench, hand):
    whole = bench.read
    second = cut_apart(bench, hand)
    pieces = bench.read
    bench.take("join")
    hand.click(70, 65)
    assert bench.tool.busy
    assert bench.read is pieces
    hand.click(100, 80)
    joined = bench.read
    assert set(joined.hairs) == set(whole.hairs)
    assert joined.hairs[1].vertices_px.tolist() == [[60, 60], [85, 72], [110, 85]]
    assert bench.workspace.selection.hair_ids == {1}
    assert not bench.tool.busy
    bench.workspace.undo()
    assert bench.read.same_content(pieces)
    bench.workspace.redo()
    assert bench.read.same_content(joined)
    assert second not in bench.read.hairs


def test_a_drag_from_piece_to_piece_joins_them(bench, mouse):
    second = cut_apart(bench, mouse)
    bench.take("join")
    mouse.grab(70, 65)
    mouse.drop(100, 80)
    assert second not in bench.read.hairs


def test_a_hair_selected_before_is_the_first_piece(bench, hand):
    second = cut_apart(bench, hand)
    select(bench, second)
    bench.take("join")
    assert bench.tool.hint == "Click the other piece · Esc: discard"
    hand.click(70, 65)
    assert 1 not in bench.read.hairs  # the first piece keeps its id
    assert bench.read.hairs[second].vertices_px.tolist() == [[60, 60], [85, 72], [110, 85]]


def test_hairs_that_are_no_pieces_are_refused_in_words(bench, hand, told):
    bench.look_at(1, 160, 75)
    before = bench.read
    bench.take("join")
    hand.click(105, 82)
    hand.click(225, 62)  # hair 3, whose root is 1.13 mm from the tip of hair 1
    assert bench.read is before
    assert told[-1] == "The hairs are too far apart to be one. Extend one of them first."


def test_esc_lets_go_of_the_first_piece(bench, hand):
    before = bench.read
    bench.take("join")
    hand.click(85, 72)
    bench.key(Qt.Key.Key_Escape)
    assert not bench.tool.busy
    assert bench.read is before


# --- width -----------------------------------------------------------------------------------------------------------


def test_a_drag_across_the_shaft_sets_its_width(bench, hand, corrected):
    before = bench.read
    bench.take("width")
    # across (97, 78), in the middle of the second half, which runs 25 along x and 13 along y
    hand.grab(95, 82)
    hand.drop(99, 74)
    hair = corrected(before).hairs[1]
    normal = np.array([-13, 25]) / np.hypot(13, 25)
    assert hair.width_is_set
    assert hair.width_px == pytest.approx(abs(np.array([4, -8]) @ normal))
    assert bench.workspace.selection.hair_ids == {1}


def test_esc_leaves_the_width(bench, hand):
    before = bench.read
    bench.take("width")
    hand.grab(95, 82)
    hand.move(99, 74)
    bench.key(Qt.Key.Key_Escape)
    if isinstance(hand, Mouse):
        hand.release(99, 74)
    assert bench.read is before


def test_two_clicks_gauge_as_a_drag_does(bench, mouse):
    bench.take("width")
    mouse.click(95, 82)
    mouse.click(99, 74)
    assert bench.read.hairs[1].width_px == pytest.approx(8.943, abs=0.001)


def test_a_double_click_goes_back_to_the_measured_width(bench, mouse):
    bench.take("width")
    mouse.grab(95, 82)
    mouse.drop(99, 74)
    assert bench.read.hairs[1].width_is_set
    mouse.double_click(97, 79)
    assert not bench.read.hairs[1].width_is_set
    assert bench.read.hairs[1].width_px == 9.0


# --- moving ----------------------------------------------------------------------------------------------------------


def test_arrows_nudge_the_selected_hairs(bench, corrected):
    before = bench.read
    select(bench, 1, 2)
    bench.key(Qt.Key.Key_Right)
    bench.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    after = corrected(before, n=2)
    assert after.hairs[1].vertices_px.tolist() == [[60.25, 62.5], [85.25, 74.5], [110.25, 87.5]]
    assert after.hairs[2].root_px.tolist() == [140.25, 62.5]


def test_hairs_are_not_nudged_out_of_the_image(bench, told):
    select(bench, 1)
    for _ in range(30):
        bench.key(Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert bench.read.hairs[1].root_px.tolist() == [0.0, 60.0]
    assert told[-1] == "The hairs are at the edge of the image."


def test_with_nothing_selected_arrows_move_the_crosshair(bench):
    before = bench.read
    bench.key(Qt.Key.Key_Right)
    bench.key(Qt.Key.Key_Right)
    assert bench.view._hand.crosshair is not None
    assert bench.read is before
