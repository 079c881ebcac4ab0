import numpy as np
import pytest
from PySide6.QtCore import Qt

from tests.ui.tools.hands import ALT, SHIFT, Mouse
from tests.workstation.small_study import make_hair, make_read
from ui.tools.slots import unit_slots
from workstation.entry import Selection

# roots: hair 1 at (60, 60) and hair 2 at (140, 60) in unit 11, hair 3 at (220, 60) in unit 12, hair 4 in none


@pytest.fixture
def bench(bench):
    bench.look_at(1, 140, 80)
    bench.take("units")
    return bench


def units(read):
    return {hair.id: hair.unit_id for hair in read.hairs.values()}


def test_a_root_dragged_onto_a_unit_joins_it(bench, hand, corrected):
    before = bench.read
    hand.grab(140, 60)
    hand.move(220, 60)
    assert bench.read is before
    hand.drop(220, 60)
    assert units(corrected(before)) == {1: 11, 2: 12, 3: 12, 4: None}


def test_a_root_dragged_onto_nothing_makes_a_unit(bench, hand, corrected):
    before = bench.read
    hand.grab(140, 60)
    hand.drop(150, 120)
    after = units(corrected(before))
    assert after[2] not in (11, 12)
    assert after[1] == 11


def test_all_selected_hairs_go_along(bench, hand, corrected):
    before = bench.read
    bench.workspace.select(Selection(before.id, frozenset({1, 2})))
    hand.grab(140, 60)
    hand.drop(220, 60)
    after = corrected(before)
    assert units(after) == {1: 12, 2: 12, 3: 12, 4: None}
    assert set(after.units) == {12}


def test_esc_leaves_the_units(bench, hand):
    before = bench.read
    hand.grab(140, 60)
    hand.move(220, 60)
    bench.key(Qt.Key.Key_Escape)
    if isinstance(hand, Mouse):
        hand.release(220, 60)
    assert bench.read is before


def test_a_unit_dragged_onto_another_is_merged_with_it(bench, hand, corrected):
    before = bench.read
    hand.grab(120, 60)  # between the roots of unit 11
    hand.drop(220, 60)
    after = corrected(before)
    assert units(after) == {1: 11, 2: 11, 3: 11, 4: None}
    assert bench.workspace.selection.unit_ids == {11}


def test_a_unit_dragged_onto_nothing_stays(bench, hand):
    before = bench.read
    hand.grab(120, 60)
    hand.drop(150, 120)
    assert bench.read is before


def test_alt_moves_the_roots_of_a_unit_and_leaves_the_shafts(bench, hand, corrected):
    before = bench.read
    hand.grab(120, 60, ALT)
    hand.drop(124, 57, ALT)
    after = corrected(before)
    assert after.hairs[1].vertices_px.tolist() == [[64, 57], [85, 72], [110, 85]]
    assert after.hairs[2].vertices_px.tolist() == [[144, 57], [165, 72], [190, 85]]


def test_units_are_moved_without_alt_where_that_is_chosen(bench, hand, corrected):
    before = bench.read
    bench.tool.options()[0].choose(True)
    hand.grab(120, 60)
    hand.drop(124, 57)
    assert corrected(before).hairs[1].root_px.tolist() == [64, 57]


def test_a_mouse_click_selects_hairs_and_units(bench, mouse):
    mouse.click(177, 78)
    assert bench.workspace.selection.hair_ids == {2}
    mouse.click(97, 78, SHIFT)
    assert bench.workspace.selection.hair_ids == {1, 2}
    mouse.click(120, 60)
    assert bench.workspace.selection.unit_ids == {11}
    mouse.click(150, 120)
    assert bench.workspace.selection == Selection()


def test_a_hair_whose_root_is_outside_is_refused_in_words(bench, mouse, told):
    bench.look_at(1, 110, 110)
    before = bench.read
    mouse.grab(97, 148)  # on hair 4
    mouse.drop(140, 60)
    assert bench.read is before
    assert told == ["The root of hair 4 is not visible, so it can be in no unit. Mark its root as visible first."]


def test_selecting_goes_on_where_nothing_may_be_changed(bench, mouse, told):
    before = bench.read
    bench.workspace.session.read_only_because = "Bob has it open"
    mouse.grab(140, 60)
    mouse.drop(220, 60)
    bench.workspace.session.read_only_because = None
    assert bench.read is before
    assert bench.workspace.selection.hair_ids == {2}


def test_slots_are_the_units_by_distance_from_the_first_selected_root():
    hairs = [make_hair(k + 1, 20 + k, [[100 + 10 * k, 100], [100 + 10 * k, 140]]) for k in range(12)]
    read = make_read(hairs)
    assert unit_slots(read, Selection(read.id, frozenset({12, 4}))) == (23, 22, 24, 21, 25, 20, 26, 27, 28)
    assert unit_slots(read, Selection(read.id, frozenset(), frozenset({20}))) == tuple(range(20, 29))
    assert unit_slots(read, Selection()) == ()
    assert unit_slots(read, Selection(read.id + 1, frozenset({1}))) == ()


def test_the_numbers_of_the_slots_are_drawn_at_the_units(bench):
    bench.workspace.select(Selection(bench.read.id, frozenset({2})))
    bench.settle()
    numbered = bench.view.grab().toImage()
    bench.workspace.select(Selection())
    bench.settle()
    plain = bench.view.grab().toImage()
    x, y = np.round(bench.view.viewport.to_view((100, 60))).astype(int)  # the centre of unit 11
    badge = [(x + dx, y + dy) for dx in (-6, 6) for dy in (-6, 6)]
    assert any(numbered.pixelColor(*place) != plain.pixelColor(*place) for place in badge)
