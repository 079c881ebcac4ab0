"""An image that is turned in its view: drawn right, kept between frames, and worked in as any other."""

from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from tests.registered import register, turned_warp
from ui import theme
from ui.pointing import Target, TargetKind
from ui.view.adjustments import Adjustments
from ui.view.layers import Layers
from workstation.entry import Selection

DEGREES = 20
ROD = np.array([[60, 60], [110, 85]])
"""A dark rod of both images, with hair 1 on it."""


@pytest.fixture
def turned(comparison, workspace, qtbot):
    """The second image, turned by the registration and at rest."""
    register(workspace, turned_warp(DEGREES, 1.0, (60.0, -20.0)))
    view = comparison.view_of(2)
    qtbot.waitUntil(lambda: view.viewport.turn != 0)
    qtbot.waitUntil(lambda: not view.moving)
    return view


def bare(workspace):
    workspace.set_display(replace(workspace.display, layers=Layers(visible=False)))


def expected(view, pixels):
    """The image turned by OpenCV, over the canvas."""
    viewport = view.viewport
    origin = np.array(viewport.origin) - 0.5  # from corners to centres of the screen's pixels
    matrix = np.column_stack([viewport.step_to_view(np.eye(2)).T, origin])
    size = viewport.size
    drawn = cv2.warpAffine(pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(np.full(pixels.shape[:2], 255, np.uint8), matrix, size, flags=cv2.INTER_LINEAR)
    return drawn.astype(int), inside


def canvas():
    colour = theme.current().colour("canvas")
    return [colour.red(), colour.green(), colour.blue()]


def test_the_image_is_seen_turned_and_around_it_is_the_canvas(turned, comparison, workspace, shown):
    bare(workspace)
    drawn, inside = expected(turned, comparison._pixels.pixels(2))
    seen = shown(turned)
    furniture = np.zeros(inside.shape, bool)
    furniture[-60:, :280] = True
    well_inside = (cv2.erode(inside, np.ones((5, 5))) == 255) & ~furniture
    well_outside = (cv2.dilate(inside, np.ones((5, 5))) == 0) & ~furniture
    assert well_inside.sum() > 20_000
    assert well_outside.sum() > 20_000
    assert np.abs(seen - drawn)[well_inside].mean() < 1.0
    assert (seen[well_outside] == canvas()).all()


def test_the_canvas_stays_as_it_is_when_the_image_is_brightened(turned, workspace, shown, comparison):
    bare(workspace)
    before = shown(turned)
    workspace.set_display(replace(workspace.display, adjustments=Adjustments(brightness=0.2)))
    after = shown(turned)
    _, inside = expected(turned, comparison._pixels.pixels(2))
    furniture = np.zeros(inside.shape, bool)
    furniture[-60:, :280] = True
    outside = (cv2.dilate(inside, np.ones((5, 5))) == 0) & ~furniture
    within = (cv2.erode(inside, np.ones((9, 9))) == 255) & ~furniture
    assert (after[outside] == before[outside]).all()
    assert (after - before)[within].mean() > 30


@pytest.mark.parametrize("zoom", [1.0, 3.0])
def test_panning_moves_what_was_drawn_and_looks_as_if_drawn_anew(turned, shown, qtbot, zoom):
    turned.zoom_by(zoom)
    turned.settle_now()
    shown(turned)
    for step in ((37, -12), (-150, 90), (5, 3)):
        turned.pan_by(*step)
        turned.settle_now()
        kept = shown(turned)
        turned.drawing.forget()
        turned.update()
        assert (np.abs(kept - shown(turned)).max(axis=2) > 8).mean() < 0.002


def test_hairs_lie_on_the_rods(turned, shown, workspace):
    bare(workspace)
    without = shown(turned)
    workspace.set_display(replace(workspace.display, layers=Layers(units=False, unit_counts=False, field=False)))
    changed = (np.abs(shown(turned) - without).max(axis=2) > 40).astype(np.uint8)
    middle = turned.viewport.to_view(ROD.mean(axis=0))
    along = turned.viewport.step_to_view(ROD[1] - ROD[0])
    for share in (-0.3, 0.0, 0.3):
        x, y = np.round(middle + share * along).astype(int)
        assert changed[y - 2 : y + 3, x - 2 : x + 3].any()


def test_a_click_hits_what_is_seen_there(turned, workspace, qtbot):
    x, y = turned.viewport.to_view(ROD.mean(axis=0))
    at = QPoint(round(x), round(y))
    qtbot.mouseMove(turned, at - QPoint(3, 3))
    qtbot.mouseMove(turned, at)
    assert workspace.hover == Target(2, TargetKind.HAIR, 1)
    qtbot.mouseClick(turned, Qt.MouseButton.LeftButton, pos=at)
    assert workspace.selection == Selection(2, frozenset({1}))


def test_a_frame_is_upright_as_it_is_seen(turned, workspace, qtbot):
    """And catches what is seen in it, not what is in the frame that is upright in the image."""
    lines = [workspace.read(2).hairs[i].vertices_px for i in (1, 4)]
    seen = turned.viewport.to_view(np.vstack(lines))
    low, high = seen.min(axis=0) - 3, seen.max(axis=0) + 3
    start, end = QPoint(*low.astype(int).tolist()), QPoint(*high.astype(int).tolist())
    qtbot.mousePress(turned, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(turned, (start + end) / 2)
    qtbot.mouseMove(turned, end)
    frame = turned.viewport.to_view(turned.tools.current.gesture.outline_px)
    np.testing.assert_allclose(frame.min(axis=0), [start.x(), start.y()], atol=1e-6)
    np.testing.assert_allclose(frame.max(axis=0), [end.x(), end.y()], atol=1e-6)
    np.testing.assert_allclose(np.sort(frame[:, 0])[:2], start.x(), atol=1e-6)
    qtbot.mouseRelease(turned, Qt.MouseButton.LeftButton, pos=end)
    caught = {i for i, hair in workspace.read(2).hairs.items() if _runs_through(turned, hair, start, end)}
    assert {1, 4} <= workspace.selection.hair_ids
    assert workspace.selection.hair_ids == caught


def _runs_through(view, hair, start, end):
    along = np.vstack([np.linspace(a, b, 50) for a, b in pairwise(view.viewport.to_view(hair.vertices_px))])
    return bool(((along > (start.x(), start.y())) & (along < (end.x(), end.y()))).all(axis=1).any())


def test_the_arrow_keys_nudge_the_way_they_point_on_the_screen(turned, workspace, qtbot):
    turned.setFocus()
    qtbot.waitUntil(turned.hasFocus)
    workspace.select(Selection(2, frozenset({1})))
    before = turned.viewport.to_view(workspace.read(2).hairs[1].vertices_px)
    qtbot.keyClick(turned, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    after = turned.viewport.to_view(workspace.read(2).hairs[1].vertices_px)
    np.testing.assert_allclose(after - before, np.tile([10.0, 0.0], (3, 1)), atol=1e-6)
