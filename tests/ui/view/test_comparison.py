import numpy as np
import pytest
from PySide6.QtCore import Qt

from workstation import edits
from workstation.entry import Selection


def centres(comparison):
    return {i: view.viewport.centre_px for i, view in comparison.views.items()}


def test_views_stand_side_by_side_in_order_with_a_line_that_says_what_they_show(comparison):
    assert list(comparison.views) == [1, 2]
    left, right = (view.parentWidget() for view in comparison.views.values())
    assert left.x() < right.x()
    assert abs(left.width() - right.width()) <= 2
    assert left.header.text == "baseline · 2026-02-03 · Ada, in review"
    assert right.header.text == "week 12 · detection, untouched"
    assert left.header.accessibleName() == left.header.text
    assert (left.header.marked, right.header.marked) == (True, False)


def test_the_line_follows_the_read(comparison, workspace):
    workspace.commit(2, lambda read: edits.delete_hairs(read, [1]))
    assert comparison.view_of(2).parentWidget().header.text == "week 12 · Ada, in review"


def test_linked_views_pan_and_zoom_together_and_unlinked_ones_do_not(comparison):
    first, second = comparison.views.values()
    first.set_viewport(first.viewport.scaled_to(2.0).centred_on((100, 90)))
    assert second.viewport.scale == 2.0
    before = second.viewport.centre_px
    first.pan_by(-40, 20)
    assert np.subtract(second.viewport.centre_px, before) == pytest.approx((20, -10))
    second.zoom_by(1.5)
    assert first.viewport.scale == pytest.approx(3.0)
    comparison.set_linked(False)
    first.zoom_by(2.0)
    assert second.viewport.scale == pytest.approx(3.0)
    told = []
    comparison.linked_changed.connect(told.append)
    comparison.set_linked(True)
    first.pan_by(1, 0)
    assert second.viewport.scale == pytest.approx(6.0)
    assert told == [True]


def test_linked_again_they_keep_the_distance_they_have_then(comparison):
    first, second = comparison.views.values()
    comparison.set_linked(False)
    first.set_viewport(first.viewport.scaled_to(3.0).centred_on((100, 90)))
    second.set_viewport(second.viewport.scaled_to(3.0).centred_on((200, 120)))
    apart = np.subtract(second.viewport.centre_px, first.viewport.centre_px)
    comparison.set_linked(True)
    first.pan_by(60, 30)
    now = np.subtract(second.viewport.centre_px, first.viewport.centre_px)
    assert now == pytest.approx(apart, abs=0.4)


def test_fit_brings_all_linked_views_back(comparison):
    first, second = comparison.views.values()
    fitted = [v.viewport for v in (first, second)]
    first.set_viewport(first.viewport.scaled_to(5.0))
    comparison.fit()
    assert [v.viewport for v in (first, second)] == fitted
    comparison.set_linked(False)
    first.zoom_by(2.0)
    second.zoom_by(2.0)
    comparison.fit()
    assert first.viewport == fitted[0]
    assert second.viewport != fitted[1]


def test_commands_act_on_the_active_view(comparison, workspace):
    comparison.set_linked(False)
    workspace.set_active(2)
    first, second = (view.viewport.scale for view in comparison.views.values())
    comparison.zoom_in()
    assert comparison.view_of(1).viewport.scale == first
    assert comparison.view_of(2).viewport.scale == pytest.approx(1.4 * second)
    comparison.zoom_out()
    assert comparison.view_of(2).viewport.scale == pytest.approx(second)
    comparison.one_to_one()
    assert comparison.view_of(2).viewport.scale == 1.0


def test_one_image_two_and_none(comparison, workspace, qtbot):
    kept = comparison.view_of(2)
    workspace.set_shown((2,))
    assert list(comparison.views) == [2]
    assert comparison.view_of(2) is kept
    assert not kept.parentWidget().header.marked
    workspace.set_shown((2, 1))
    assert list(comparison.views) == [2, 1]
    panes = [view.parentWidget() for view in comparison.views.values()]
    qtbot.waitUntil(lambda: panes[0].x() < panes[1].x())
    workspace.set_shown(())
    assert comparison.views == {}
    assert comparison._nothing.isVisible()
    assert comparison._nothing.words == ("No image", "Drop images here, or choose File ▸ Add images…")
    workspace.session.read_only_because = "Grace has it open"
    assert comparison._nothing.words == ("No image", "This study is open for reading only.")


def test_all_views_that_join_at_once_are_seen(comparison):
    comparison.set_images((1,))
    comparison.set_images((1, 2, 3))
    assert [view.isVisible() for view in comparison.views.values()] == [True, True, True]


def test_a_view_that_is_not_shown_any_more_is_gone_with_all_its_memory(comparison, workspace, qtbot):
    view, gone = comparison.view_of(1), []
    view.destroyed.connect(lambda: gone.append(True))
    drawing = view.drawing
    workspace.set_shown((2,))
    assert drawing.pyramid is None
    assert drawing.geometry is None
    qtbot.waitUntil(lambda: bool(gone))


def test_another_study_has_other_views_though_its_images_have_the_same_ids(comparison, workspace, session):
    before = comparison.view_of(1)
    workspace.set_session(session, (1,))
    assert comparison.view_of(1) is not before


def test_a_place_is_revealed_at_a_useful_scale(comparison, workspace, qtbot):
    view = comparison.view_of(1)
    workspace.reveal(1, [(60, 60), (110, 85)])
    qtbot.waitUntil(lambda: view.viewport.centre_px == pytest.approx((85, 72.5), abs=0.5))
    qtbot.waitUntil(lambda: not view.moving)
    scale = view.viewport.scale
    assert 2 < scale < 8
    workspace.reveal(1, [(140, 60), (190, 85)])  # the next one as large
    qtbot.waitUntil(lambda: view.viewport.centre_px == pytest.approx((165, 72.5), abs=0.5))
    assert view.viewport.scale == scale
    comparison.show_points(7, [(1, 1)])
    comparison.show_points(1, [])


def test_widths_of_the_views_are_kept_for_each_number_of_them(comparison, workspace, qtbot):
    comparison._splitter.setSizes([700, 300])
    comparison._splitter.splitterMoved.emit(0, 1)
    text = comparison.layout_state()
    workspace.set_shown((1,))
    workspace.set_shown((1, 2))
    first, second = (view.width() for view in comparison.views.values())
    assert first > 1.8 * second
    comparison.reset_layout()
    qtbot.waitUntil(lambda: abs(np.diff([v.width() for v in comparison.views.values()])[0]) <= 2)
    comparison.restore_layout(text)
    first, second = (view.width() for view in comparison.views.values())
    assert first > 1.8 * second


@pytest.mark.parametrize("text", ["", "{", "[]", '{"2": 5}', '{"2": [0.5]}', '{"2": [-1, 2]}', '{"x": [1]}'])
def test_a_layout_that_makes_no_sense_is_passed_over(comparison, text):
    comparison.restore_layout(text)
    assert comparison.layout_state() == "{}"


def test_a_click_or_tab_makes_a_view_the_active_one(comparison, workspace, qtbot):
    second = comparison.view_of(2)
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert workspace.active == 2
    assert second.parentWidget().header.marked
    comparison.view_of(1).setFocus()
    qtbot.waitUntil(lambda: workspace.active == 1)
    workspace.set_active(2)
    qtbot.waitUntil(second.hasFocus)


def test_a_selection_is_shown_in_the_view_of_its_image(comparison, workspace, shown):
    before = {i: shown(view) for i, view in comparison.views.items()}
    workspace.select(Selection(2, frozenset({1})))
    assert (shown(comparison.view_of(2)) != before[2]).any()
    np.testing.assert_array_equal(shown(comparison.view_of(1)), before[1])
