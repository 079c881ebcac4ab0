import numpy as np
import pytest
from PySide6.QtCore import Qt

from analysis.registration.result import Verdict
from tests.registered import register, turned_warp
from ui.pointing import Cursor

TURN = np.radians(12)
WARP = turned_warp(12, 1.1, (40, -20), bend=2.0)
SNAPPED = 0.75
"""Views stand on whole pixels of the screen: so far off, in image pixels at the scales used here."""


@pytest.fixture
def registered(comparison, workspace, qtbot):
    """Both views, the second image registered to the first."""
    register(workspace, WARP)
    qtbot.waitUntil(lambda: comparison.view_of(2).viewport.turn != 0)
    qtbot.wait(10)  # until they are fitted together
    return comparison.views[1], comparison.views[2]


def same_place(first, second):
    return WARP.to_followup([first.viewport.centre_px])[0] == pytest.approx(second.viewport.centre_px, abs=SNAPPED)


def test_a_registration_turns_the_later_image_and_fits_both_with_the_same_place_in_the_middle(registered):
    first, second = registered
    assert first.viewport.turn == 0.0
    assert second.viewport.turn == pytest.approx(-TURN, abs=0.01)
    assert same_place(first, second)
    assert first.viewport.scale / second.viewport.scale == pytest.approx(1.1, rel=0.01)
    assert first.fitted
    assert second.fitted


def test_panning_and_zooming_in_either_keeps_the_same_place_in_the_middle_of_both(registered):
    first, second = registered
    first.set_viewport(first.viewport.scaled_to(2.0).centred_on((120, 100)))
    assert same_place(first, second)
    second.pan_by(30, -10)
    second.zoom_by(1.3, (100, 100))
    assert same_place(first, second)
    assert first.viewport.scale / second.viewport.scale == pytest.approx(1.1, rel=0.01)
    assert not second.fitted


def test_where_the_other_image_shows_nothing_it_goes_on_beside_it_and_comes_back(registered):
    first, second = registered
    first.set_viewport(first.viewport.scaled_to(2.0).centred_on((319, 1)))
    there = WARP.to_followup([first.viewport.centre_px])[0]
    assert there[0] > 320
    assert second.viewport.centre_px == pytest.approx(there, abs=SNAPPED)
    second.pan_by(0, 0)
    assert second.viewport.centre_px[0] <= 320
    assert same_place(first, second)


def test_fitting_brings_both_back(registered, comparison):
    first, second = registered
    before = first.viewport, second.viewport
    second.set_viewport(second.viewport.scaled_to(4.0))
    comparison.fit()
    assert (first.viewport, second.viewport) == before


def test_unlinked_each_goes_its_own_way_upright(registered, comparison):
    first, second = registered
    comparison.set_linked(False)
    assert second.viewport.turn == 0.0
    first.set_viewport(first.viewport.scaled_to(3.0).centred_on((200, 100)))
    assert second.viewport.scale != pytest.approx(first.viewport.scale / 1.1, rel=0.05)
    comparison.set_linked(True)
    assert second.viewport.turn == pytest.approx(-TURN, abs=0.01)
    assert same_place(first, second)


def test_a_registration_that_fails_later_leaves_them_as_unregistered_ones(registered, workspace, qtbot):
    first, second = registered
    register(workspace, WARP, verdict=Verdict.FAILED)
    assert second.viewport.turn == 0.0
    qtbot.waitUntil(lambda: second.viewport.scale == first.viewport.scale)
    workspace.undo()
    assert second.viewport.turn == pytest.approx(-TURN, abs=0.01)


def test_a_turn_by_a_hair_is_left_alone_so_that_pixels_stay_sharp(comparison, workspace):
    register(workspace, turned_warp(0.2, 1.0, (5, 5)))
    assert comparison.view_of(2).viewport.turn == 0.0
    assert (1, 2) in comparison.passages


def test_an_image_that_joins_goes_where_the_others_are(registered, comparison, workspace):
    first, _ = registered
    workspace.set_shown((1,))
    first.set_viewport(first.viewport.scaled_to(2.5).centred_on((150, 90)))
    workspace.set_shown((1, 2))
    assert same_place(first, comparison.view_of(2))


def test_the_place_of_the_cursor_is_marked_in_the_other_image(registered, workspace):
    first, second = registered
    workspace.set_cursor(Cursor(1, (150.0, 100.0)))
    assert first.partner is None
    assert second.partner == pytest.approx(tuple(WARP.to_followup([(150, 100)])[0]))
    workspace.set_cursor(Cursor(2, (150.0, 100.0)))
    assert first.partner == pytest.approx(tuple(WARP.to_baseline([(150, 100)])[0]))
    assert second.partner is None
    workspace.set_cursor(None)
    assert first.partner is None


def test_no_mark_where_the_place_is_beside_the_other_image_or_nothing_is_known_of_it(registered, workspace):
    _, second = registered
    workspace.set_cursor(Cursor(1, (319.0, 1.0)))
    assert second.partner is None
    workspace.set_cursor(Cursor(1, (150.0, 100.0)))
    assert second.partner is not None
    register(workspace, WARP, verdict=Verdict.FAILED)
    assert second.partner is None


def test_the_mark_follows_the_keyboards_crosshair_too_and_draws_no_image_again(registered, qtbot, shown):
    first, second = registered
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    before = shown(second)
    drawn = [layer.n_drawn_px for layer in (second.drawing.overlay, second.drawing._base)]
    qtbot.keyClick(first, Qt.Key.Key_Right)
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert second.partner is not None
    after = shown(second)
    rows, columns = np.nonzero((after != before).any(axis=2))
    at = second.viewport.to_view(second.partner)
    assert np.hypot(columns.mean() - at[0], rows.mean() - at[1]) < 1.5
    assert [layer.n_drawn_px for layer in (second.drawing.overlay, second.drawing._base)] == drawn
