from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.ui.small_session import HEIGHT_PX, WIDTH_PX
from ui.pointing import Target, TargetKind
from ui.view.adjustments import Adjustments, Channel
from ui.view.layers import Display, Layers
from ui.view.zoomable import device_viewport
from workstation import edits
from workstation.edits import UnitChoice
from workstation.entry import Selection

KEY = Qt.Key
NONE, SHIFT, ALT = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier)


def wheel(view, at, eighths=120, pixels=(0, 0), modifiers=NONE, device=None):
    event = QWheelEvent(
        QPointF(*at), view.mapToGlobal(QPointF(*at)), QPoint(*pixels), QPoint(0, eighths), Qt.MouseButton.NoButton,
        modifiers, Qt.ScrollPhase.NoScrollPhase, False, Qt.MouseEventSource.MouseEventNotSynthesized,
        *([device] if device else []),
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def place(view, point):
    x, y = view.viewport.to_view(point)
    return QPoint(round(x), round(y))


def test_the_image_is_fitted_at_first_and_stays_so_when_the_window_is_resized(view, comparison, qtbot):
    def whole():
        left, top, right, bottom = view.viewport.visible_px
        return left < -0.5 and top < -0.5 and right > WIDTH_PX - 0.5 and bottom > HEIGHT_PX - 0.5

    assert whole()
    before = view.viewport.scale
    comparison.window().resize(1400, 700)
    qtbot.waitUntil(lambda: view.viewport.scale > before)
    assert whole()


def test_the_wheel_zooms_at_the_mouse(view):
    at = (120.0, 90.0)
    before, scale = view.viewport.to_image(at), view.viewport.scale
    wheel(view, at)
    assert view.viewport.scale == pytest.approx(1.2 * scale)
    moved = np.abs(view.viewport.to_view(before) - at)
    assert moved.max() <= 0.5 + 1e-6  # the image lies on whole pixels
    wheel(view, at, -120)
    assert view.viewport.scale == pytest.approx(scale)


def test_half_a_notch_zooms_half_as_far(view):
    scale = view.viewport.scale
    wheel(view, (50, 50), 60)
    assert view.viewport.scale == pytest.approx(scale * 1.2**0.5)


def test_two_fingers_on_a_touchpad_pan_and_with_ctrl_zoom(view):
    pad = QPointingDevice(
        "pad", 77, QInputDevice.DeviceType.TouchPad, QPointingDevice.PointerType.Finger,
        QInputDevice.Capability.Scroll | QInputDevice.Capability.PixelScroll, 2, 0,
    )  # fmt: skip
    view.set_viewport(view.viewport.scaled_to(4.0))
    before = view.viewport
    wheel(view, (100, 100), 40, (12, -7), device=pad)
    assert view.viewport.scale == before.scale
    np.testing.assert_allclose(view.viewport.to_view((100, 100)) - before.to_view((100, 100)), (12, -7), atol=1e-6)
    wheel(view, (100, 100), 120, (0, 30), Qt.KeyboardModifier.ControlModifier, device=pad)
    assert view.viewport.scale == pytest.approx(1.2 * before.scale)


def test_zooming_ends_at_limits(view):
    for _ in range(80):
        view.zoom_by(1.5)
    assert view.viewport.scale == 64.0
    wheel(view, (10, 10))
    assert view.viewport.scale == 64.0
    for _ in range(80):
        view.zoom_by(1 / 1.5)
    assert view.viewport.scale == pytest.approx(0.4 * view.fitted_viewport().scale)


def test_the_image_cannot_be_lost(view):
    view.pan_by(1e6, -1e6)
    x, y = view.viewport.centre_px
    assert (x, y) == (pytest.approx(-0.5, abs=1), pytest.approx(HEIGHT_PX - 0.5, abs=1))


@pytest.mark.parametrize("how", ["middle button", "space"])
def test_dragging_pans(view, qtbot, how):
    view.set_viewport(view.viewport.scaled_to(3.0))
    before = view.viewport
    button = Qt.MouseButton.MiddleButton if how == "middle button" else Qt.MouseButton.LeftButton
    if how == "space":
        qtbot.keyPress(view, KEY.Key_Space)
    qtbot.mousePress(view, button, pos=QPoint(100, 100))
    qtbot.mouseMove(view, QPoint(130, 80))
    qtbot.mouseRelease(view, button, pos=QPoint(130, 80))
    if how == "space":
        qtbot.keyRelease(view, KEY.Key_Space)
    np.testing.assert_allclose(view.viewport.to_view((50, 50)) - before.to_view((50, 50)), (30, -20), atol=1e-6)
    assert view.workspace.selection == Selection()
    still = view.viewport
    qtbot.mouseMove(view, QPoint(200, 200))
    assert view.viewport == still


def test_one_to_one_shows_the_images_own_pixels(view, shown, comparison, workspace):
    workspace.set_display(Display(layers=Layers(visible=False)))
    view.one_to_one()
    assert view.viewport.scale == 1.0
    view.settle_now()
    image = comparison._pixels.pixels(1)
    left, top = np.round(view.viewport.to_view((-0.5, -0.5))).astype(int)
    # the scale bar stands below
    x0, y0 = max(0, left), max(0, top)
    seen = shown(view)[y0 : y0 + 120, x0 : x0 + 150]
    np.testing.assert_array_equal(seen, image[y0 - top : y0 - top + 120, x0 - left : x0 - left + 150])


def test_a_glide_ends_where_it_should_and_passes_places_between(view, qtbot, monkeypatch):
    seen = []
    view.viewport_changed.connect(lambda viewport: seen.append(viewport.scale))
    view.centre_on(np.array([100.0, 80.0]), 6.0)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == 6.0 and not view.moving)
    assert view.viewport.centre_px == pytest.approx((100, 80), abs=0.2)
    if len(seen) > 1:  # where the desktop has animations
        assert seen == sorted(seen)
    view.centre_on(np.array([10.0, 10.0]), 2.0, animated=False)
    assert view.viewport.scale == 2.0


def test_where_the_mouse_is_and_what_is_there(view, qtbot, workspace):
    qtbot.mouseMove(view, place(view, (75, 67)))
    assert workspace.cursor.image_id == 1
    assert workspace.cursor.position_px == pytest.approx((75, 67), abs=1)
    assert workspace.hover == Target(1, TargetKind.HAIR, 1)
    qtbot.mouseMove(view, place(view, (300, 220)))
    assert workspace.hover is None
    assert workspace.cursor.position_px == pytest.approx((300, 220), abs=1)


def test_what_comes_to_lie_under_a_resting_mouse_is_pointed_at(view, qtbot, workspace):
    qtbot.mouseMove(view, view.rect().center())
    assert workspace.hover is None
    view.centre_on(np.array([75.0, 67.0]), 8.0, animated=False)
    view.settle_now()
    assert workspace.cursor.position_px == pytest.approx((75, 67), abs=1)
    assert workspace.hover == Target(1, TargetKind.HAIR, 1)


def test_hidden_hairs_are_not_pointed_at(view, qtbot, workspace):
    workspace.set_display(Display(layers=Layers(centrelines=False, widths=False, units=False)))
    qtbot.mouseMove(view, place(view, (75, 67)))
    assert workspace.hover is None


def test_what_is_pointed_at_is_lifted_and_the_rest_dimmed(view, shown, workspace):
    view.set_viewport(view.viewport.scaled_to(1.5))
    view.settle_now()
    before = shown(view)
    workspace.set_hover(Target(1, TargetKind.HAIR, 1))
    after = shown(view)
    x, y = place(view, (160, 73)).toTuple()  # on hair 2, which is not pointed at
    assert np.abs(after - before)[y - 3 : y + 4, x - 3 : x + 4].max() > 10
    x, y = place(view, (85, 72)).toTuple()
    assert np.abs(after - before)[y - 12 : y + 13, x - 12 : x + 13].max() > 80
    workspace.set_hover(None)
    np.testing.assert_array_equal(shown(view), before)


def test_h_held_hides_the_overlay_in_all_views(view, comparison, qtbot, shown):
    other = comparison.view_of(2)
    before = [shown(v) for v in (view, other)]
    qtbot.keyPress(view, KEY.Key_H)
    bare = [shown(v) for v in (view, other)]
    for full, hidden in zip(before, bare, strict=True):
        assert (full != hidden).any()
    qtbot.keyRelease(view, KEY.Key_H)
    for full, v in zip(before, (view, other), strict=True):
        np.testing.assert_array_equal(shown(v), full)


def test_arrows_move_a_crosshair_and_enter_selects_there(view, qtbot, workspace):
    view.set_viewport(view.viewport.scaled_to(4.0).centred_on((80, 70)))
    qtbot.keyClick(view, KEY.Key_Right)  # shows it in the middle
    x, y = workspace.cursor.position_px
    qtbot.keyClick(view, KEY.Key_Right)
    qtbot.keyClick(view, KEY.Key_Up, SHIFT)
    assert workspace.cursor.position_px == pytest.approx((x + 1, y - 10))
    qtbot.keyClick(view, KEY.Key_Down, SHIFT)
    for _ in range(3):
        qtbot.keyClick(view, KEY.Key_Left)
    qtbot.keyClick(view, KEY.Key_Return)
    assert workspace.selection.hair_ids == {1}
    qtbot.keyClick(view, KEY.Key_Escape)
    qtbot.keyClick(view, KEY.Key_Escape)
    assert workspace.selection == Selection()


def test_the_crosshair_moves_the_image_rather_than_leave_it(view, qtbot, workspace):
    view.set_viewport(view.viewport.scaled_to(6.0).centred_on((200, 100)))
    for _ in range(35):
        qtbot.keyClick(view, KEY.Key_Left, SHIFT | ALT)
    x, y = workspace.cursor.position_px
    assert x == pytest.approx(-0.5)
    at = view.viewport.to_view((x, y))
    assert (at >= 0).all()
    assert (at <= view.viewport.size).all()


def test_a_menu_is_asked_for_on_what_is_there(view, comparison, qtbot):
    asked = []
    comparison.menu_asked.connect(lambda target, where: asked.append((target, where)))
    from PySide6.QtGui import QContextMenuEvent

    at = place(view, (75, 67))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at))
    QApplication.sendEvent(view, event)
    assert asked == [(Target(1, TargetKind.HAIR, 1), view.mapToGlobal(at))]


def test_an_edit_is_drawn_and_only_where_it_changed_something(view, workspace, shown):
    view.set_viewport(view.viewport.scaled_to(1.5))
    view.settle_now()
    shown(view)
    drawn_px = view.drawing.overlay.n_drawn_px
    before = shown(view)
    assert view.drawing.overlay.n_drawn_px == drawn_px
    workspace.commit(1, lambda read: edits.move_vertex(read, 1, 2, (112.0, 80.0)))
    after = shown(view)
    changed = np.argwhere((before != after).any(axis=2))
    box = view.viewport.to_view([(60, 60), (115, 90)])
    assert len(changed) > 10
    assert (changed >= box[0][::-1] - 40).all()
    assert (changed <= box[1][::-1] + 40).all()
    assert view.drawing.overlay.n_drawn_px - drawn_px < 0.5 * view.width() * view.height()


def test_after_edits_and_undo_it_looks_as_drawn_from_scratch(view, workspace, shown):
    view.set_viewport(view.viewport.scaled_to(2.0))
    view.settle_now()
    shown(view)
    image = workspace.study.images[1]
    for make in (
        lambda read: edits.move_vertex(read, 2, 1, (150.0, 90.0)),
        lambda read: edits.add_hair(read, [(40, 150), (90, 170)], unit=UnitChoice.NEW, calibration=image.calibration),
        lambda read: edits.delete_hairs(read, [3]),
        lambda read: edits.add_exclusion(read, image, [(10, 10), (60, 10), (60, 50)]),
        lambda read: edits.set_field_circle(read, image, (160, 120), 90.0),
    ):
        assert workspace.commit(1, make) is not None
        seen = shown(view)
        view.drawing.forget()
        np.testing.assert_array_equal(seen, shown(view))
    for _ in range(5):
        workspace.undo()
        seen = shown(view)
        view.drawing.forget()
        np.testing.assert_array_equal(seen, shown(view))


def test_opacity_and_layers_follow_the_display(view, workspace, shown):
    full = shown(view)
    workspace.set_display(Display(layers=Layers(opacity=0.4)))
    faint = shown(view)
    workspace.set_display(Display(layers=Layers(opacity=0.0)))
    bare = shown(view)
    assert np.abs(full - bare).sum() > 1.5 * np.abs(faint - bare).sum() > 0
    workspace.set_display(Display(layers=Layers(visible=False)))
    np.testing.assert_array_equal(shown(view), bare)


def test_adjustments_change_the_image_alone(view, workspace, shown):
    workspace.set_display(Display(layers=Layers(visible=False)))
    plain = shown(view)
    workspace.set_display(replace(workspace.display, adjustments=Adjustments(brightness=-1.0)))
    dark = shown(view)
    x, y = place(view, (160, 60)).toTuple()
    assert plain[y, x].min() > 20
    assert dark[y, x].tolist() == [0, 0, 0]
    np.testing.assert_array_equal(dark[2, 2], plain[2, 2])  # the canvas
    workspace.set_display(replace(workspace.display, adjustments=Adjustments(channel=Channel.GREY)))
    assert np.ptp(shown(view)[y, x]) == 0
    workspace.set_display(replace(workspace.display, adjustments=Adjustments()))
    np.testing.assert_array_equal(shown(view), plain)


def test_adjusted_pixels_stay_so_while_the_image_is_panned(view, workspace, shown):
    workspace.set_display(Display(Layers(visible=False), Adjustments(gamma=2.0, channel=Channel.RED)))
    view.set_viewport(view.viewport.scaled_to(3.0))
    view.settle_now()
    shown(view)
    view.pan_by(23, -11)
    view.settle_now()
    moved = shown(view)
    view.drawing.forget()
    np.testing.assert_array_equal(moved, shown(view))


def test_local_contrast_comes_from_another_thread_and_goes_again(view, workspace, shown, qtbot):
    workspace.set_display(Display(layers=Layers(visible=False)))
    plain, pyramid = shown(view), view.drawing.pyramid
    workspace.set_display(replace(workspace.display, adjustments=Adjustments(local_contrast=True)))
    assert view.drawing.pyramid is pyramid  # what was there stays until then
    qtbot.waitUntil(lambda: view.drawing.pyramid is not pyramid)
    assert (shown(view) != plain).any()
    clear = view.drawing.pyramid
    workspace.set_display(replace(workspace.display, adjustments=Adjustments()))
    qtbot.waitUntil(lambda: view.drawing.pyramid is not clear)
    np.testing.assert_array_equal(shown(view), plain)


def test_while_zooming_many_hairs_are_shown_scaled_and_sharp_when_it_pauses(view, shown, monkeypatch, qtbot):
    monkeypatch.setattr("ui.view.drawing.QUICK_HAIRS", 0)
    shown(view)
    view.zoom_by(1.3)
    in_motion = shown(view)
    qtbot.waitUntil(lambda: not view.moving)
    sharp = shown(view)
    view.drawing.forget()
    np.testing.assert_array_equal(sharp, shown(view))
    assert (in_motion != sharp).any()


def test_a_badge_and_a_scale_bar_stand_over_the_image(view, shown):
    before = shown(view)
    view.set_badge("12 of 143 doubtful")
    changed = np.argwhere((shown(view) != before).any(axis=2))
    assert (changed > [view.height() - 50, view.width() // 2]).all()
    view.set_badge("")
    np.testing.assert_array_equal(shown(view), before)


def test_accessible_names(view):
    assert view.accessibleName().startswith("Image: ")
    assert "Enter clicks there" in view.accessibleDescription()
    assert view.objectName() == "image_view_1"


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_a_drawing_in_device_pixels_shows_the_same_part(view, ratio):
    snapped = view.viewport.resized((433, 301)).snapped(ratio)
    drawn = device_viewport(snapped, ratio)
    points = np.array([(0.0, 0.0), (100.0, 37.0)])
    np.testing.assert_allclose(drawn.to_view(points), snapped.to_view(points) * ratio, atol=1e-6)
    assert drawn.size[0] >= 433 * ratio
    corner = drawn.to_view((-0.5, -0.5))
    np.testing.assert_allclose(corner, np.round(corner), atol=1e-6)
