"""Two registered visits one over the other, in the window's middle."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt

from analysis.matching.match import Status
from analysis.registration.result import Verdict
from tests.registered import register, turned_warp
from ui import theme
from ui.comparing import Mode
from ui.pointing import Target, TargetKind
from ui.view.adjustments import Adjustments
from ui.view.layers import Layers
from ui.view.match_marks import MatchMark, Partners
from workstation import edits
from workstation.entry import Selection
from workstation.palette import MATCH_COLOURS

WARP = turned_warp(12, 1.1, (40, -20), bend=2.0)
ROD = np.array([[85.0, 72.5]])
"""The middle of hair 1 in either image."""
FURNITURE = 60


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget):
        super().__init__(widget)
        self.n = 0
        widget.installEventFilter(self)

    def eventFilter(self, _widget, event):
        self.n += event.type() is QEvent.Type.Paint
        return False


@pytest.fixture
def compare(comparison, workspace, qtbot):
    """Enters a mode and waits until all is there."""
    register(workspace, WARP)

    def enter(mode):
        comparison.comparing.set_mode(mode)
        view = comparison.current_view
        qtbot.waitUntil(lambda: view.complete and not view.moving)
        return view

    return enter


@pytest.fixture
def bare(workspace):
    workspace.set_display(replace(workspace.display, layers=Layers(visible=False)))


def place(view, point):
    x, y = view.viewport.to_view(point)
    return QPoint(round(x), round(y))


def on_frame(view, point, image=2):
    """Where a point of an image is seen."""
    return WARP.to_baseline([point])[0] if image == 2 else point


def seen_at(view, shown, points):
    """The colours at points of the frame."""
    x, y = np.floor(view.viewport.to_view(points)).astype(int).T
    return shown(view)[y, x]


def inner_places():
    """Places of the frame that both images show, away from rods' edges and from what stands over the image."""
    x, y = np.meshgrid(np.arange(60, 250, 11), np.arange(70, 190, 11))
    return np.column_stack([x.ravel(), y.ravel()]).astype(float)


def true_colours(comparison, image_id, places):
    smooth = cv2.GaussianBlur(comparison._pixels.pixels(image_id), (0, 0), 1.2).astype(np.float32)
    there = (WARP.to_followup(places) if image_id == 2 else places).astype(np.float32)
    return cv2.remap(smooth, there[:, None, :], None, cv2.INTER_LINEAR)[:, 0].astype(float)


def test_blinking_shows_the_baseline_then_the_later_visit_at_the_same_place(compare, comparison, bare, shown):
    view = compare(Mode.BLINK)
    comparison.comparing.set_running(False)
    places = inner_places()
    first = seen_at(view, shown, places)
    comparison.comparing.flip()
    second = seen_at(view, shown, places)
    for seen, image_id, other in ((first, 1, 2), (second, 2, 1)):
        own = np.abs(seen - true_colours(comparison, image_id, places)).mean()
        assert own < 6
        assert own < 0.5 * np.abs(seen - true_colours(comparison, other, places)).mean()


def test_the_curtain_has_one_visit_on_either_side_of_its_edge(compare, comparison, bare, shown):
    view = compare(Mode.CURTAIN)
    places = inner_places()
    alone = {}
    for share, image_id in ((1.0, 1), (0.0, 2)):
        comparison.comparing.set_curtain(share)
        alone[image_id] = seen_at(view, shown, places)
    comparison.comparing.set_curtain(0.5)
    both = seen_at(view, shown, places)
    x = view.viewport.to_view(places)[:, 0]
    left, right = x < view.width() / 2 - 20, x > view.width() / 2 + 20
    np.testing.assert_array_equal(both[left], alone[1][left])
    np.testing.assert_array_equal(both[right], alone[2][right])


def test_half_faded_both_are_seen_by_halves(compare, comparison, bare, shown):
    view = compare(Mode.FADE)
    places, seen = inner_places(), {}
    for share in (0.0, 0.5, 1.0):
        comparison.comparing.set_fade(share)
        seen[share] = seen_at(view, shown, places)
    np.testing.assert_allclose(seen[0.5], (seen[0.0] + seen[1.0]) / 2, atol=2.0)


def test_hairs_of_the_later_visit_lie_where_the_registration_has_them(compare, comparison, shown, workspace):
    view = compare(Mode.BLINK)
    comparison.comparing.flip()
    workspace.set_display(replace(workspace.display, layers=Layers(units=False, unit_counts=False, field=False)))
    with_hairs = shown(view)
    view.set_peeking(True)
    changed = np.abs(with_hairs - shown(view)).max(axis=2) > 40
    x, y = np.floor(view.viewport.to_view(WARP.to_baseline(ROD))[0]).astype(int)
    assert changed[y - 2 : y + 3, x - 2 : x + 3].any()
    view.set_peeking(False)
    np.testing.assert_array_equal(shown(view), with_hairs)


def test_where_the_later_image_shows_nothing_the_canvas_is_seen(compare, comparison, workspace, bare, shown):
    view = compare(Mode.BLINK)
    comparison.comparing.flip()
    beside = np.array([[310.0, 6.0]])
    assert WARP.to_followup(beside)[0, 0] > 325
    canvas = list(theme.current().colour("canvas").getRgb()[:3])
    assert seen_at(view, shown, beside)[0].tolist() == canvas
    workspace.set_display(replace(workspace.display, adjustments=Adjustments(brightness=0.3)))
    assert seen_at(view, shown, beside)[0].tolist() == canvas


def test_another_way_of_laying_one_over_the_other_is_followed_at_once(compare, comparison, qtbot):
    view = compare(Mode.CURTAIN)
    qtbot.mouseMove(view, QPoint(view.width() - 40, 60))
    assert view.image_id == 2
    qtbot.wait(50)  # whatever was to be painted still
    painted = Paints(view)
    comparison.comparing.set_mode(Mode.FADE)  # half and half: the hand works in the first
    assert comparison.current_view is view
    assert view.image_id == 1
    qtbot.waitUntil(lambda: painted.n > 0, timeout=1000)


def test_hover_and_click_work_in_what_is_on_top(compare, comparison, workspace, qtbot):
    view = compare(Mode.BLINK)
    comparison.comparing.set_running(False)
    for image_id in (1, 2):
        at = place(view, on_frame(view, ROD[0], image_id))
        qtbot.mouseMove(view, at - QPoint(4, 4))
        qtbot.mouseMove(view, at)
        assert workspace.hover == Target(image_id, TargetKind.HAIR, 1)
        assert workspace.cursor.image_id == image_id
        assert workspace.cursor.position_px == pytest.approx(tuple(ROD[0]), abs=1.0)
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
        assert workspace.selected_image == image_id
        assert workspace.selection.hair_ids == frozenset({1})
        assert workspace.active == image_id
        comparison.comparing.flip()


def test_on_either_side_of_the_curtain_the_hand_works_in_the_image_that_is_there(compare, comparison, workspace, qtbot):
    view = compare(Mode.CURTAIN)
    at = place(view, ROD[0])
    comparison.comparing.set_curtain(0.9)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert workspace.selected_image == 1
    comparison.comparing.set_curtain(0.05)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(view, on_frame(view, ROD[0])))
    assert workspace.selected_image == 2


def test_the_curtain_is_drawn_by_its_handle_and_by_key(compare, comparison, workspace, qtbot):
    view = compare(Mode.CURTAIN)
    middle = QPoint(view.width() // 2, view.height() // 2)
    qtbot.mouseMove(view, middle)
    assert view.cursor().shape() is Qt.CursorShape.SplitHCursor
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(view, QPoint(view.width() // 4, 10))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() // 4, 10))
    assert comparison.comparing.curtain == pytest.approx(0.25, abs=0.01)
    assert workspace.selection == Selection()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    qtbot.keyClick(view, Qt.Key.Key_BracketRight)
    assert comparison.comparing.curtain == pytest.approx(0.30, abs=0.01)


@pytest.mark.parametrize("tool", ["draw", "cut", "field", "measure"])
def test_tools_that_correct_say_where_to_do_it(compare, comparison, workspace, qtbot, tool):
    view, told = compare(Mode.FADE), []
    workspace.told.connect(lambda message: told.append(message.text))
    workspace.set_tool(tool)
    before = workspace.study
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(view, ROD[0]))
    assert len(told) == 1
    assert told[0].startswith("Go back to side by side (F5) to use “")
    assert workspace.study is before


def test_escape_selects_nothing_then_leads_back_to_the_views_as_they_were(compare, comparison, workspace, qtbot):
    comparison.views[1].set_viewport(comparison.views[1].viewport.scaled_to(2.5).centred_on((140, 100)))
    before = {i: view.viewport for i, view in comparison.views.items()}
    comparison.views[1].setFocus()
    qtbot.waitUntil(comparison.views[1].hasFocus)
    view = compare(Mode.BLINK)
    assert view.viewport.centre_px == pytest.approx((140, 100), abs=0.5)
    assert view.viewport.scale == 2.5
    qtbot.waitUntil(view.hasFocus)
    workspace.select(Selection(1, frozenset({1})))
    view.pan_by(50, 50)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert workspace.selection == Selection()
    assert comparison.comparing.over
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not comparison.comparing.over
    assert {i: view.viewport for i, view in comparison.views.items()} == before
    qtbot.waitUntil(comparison.active_view.hasFocus)


def test_the_crosshair_stays_where_it_is_when_the_visits_take_turns(compare, comparison, workspace, qtbot):
    view = compare(Mode.BLINK)
    comparison.comparing.set_running(False)
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    before = view.to_view(workspace.cursor.position_px)
    assert workspace.cursor.image_id == 1
    comparison.comparing.flip()
    assert workspace.cursor.image_id == 2
    np.testing.assert_allclose(view.to_view(workspace.cursor.position_px), before, atol=1e-3)


def test_an_edit_shows_at_once_in_the_later_visit_too(compare, comparison, workspace, qtbot):
    view = compare(Mode.BLINK)
    layer = view.layers[1]
    assert sorted(layer.drawing.geometry.hairs) == [1, 2, 3, 4]
    workspace.commit(2, lambda read: edits.delete_hairs(read, [3]))
    qtbot.waitUntil(lambda: sorted(layer.drawing.geometry.hairs) == [1, 2, 4])


def test_a_place_is_revealed_in_the_visit_that_it_is_in(compare, comparison, workspace, qtbot):
    view = compare(Mode.BLINK)
    comparison.comparing.set_running(False)
    workspace.reveal(2, [(140.0, 60.0), (190.0, 85.0)])
    assert comparison.comparing.second_on_top
    middle = WARP.to_baseline([(140.0, 60.0), (190.0, 85.0)]).mean(axis=0)
    qtbot.waitUntil(lambda: view.viewport.centre_px == pytest.approx(tuple(middle), abs=1.5))


def test_zooming_by_command_acts_on_it(compare, comparison):
    view = compare(Mode.FADE)
    before = [each.viewport for each in comparison.views.values()]
    scale = view.viewport.scale
    comparison.zoom_in()
    assert view.viewport.scale == pytest.approx(1.4 * scale)
    comparison.one_to_one()
    assert view.viewport.scale == 1.0
    comparison.fit()
    assert view.viewport.scale == pytest.approx(scale)
    assert [each.viewport for each in comparison.views.values()] == before


def test_without_a_registration_it_is_said_why_and_what_to_do(comparison, workspace):
    told = []
    workspace.told.connect(lambda message: told.append(message.text))
    comparison.comparing.set_mode(Mode.BLINK)
    assert not comparison.comparing.over
    assert told == [
        "These images are not registered yet. To lay one over the other, register them; landmarks placed by hand "
        "help where that fails."
    ]
    workspace.set_shown((1,))
    comparison.comparing.set_mode(Mode.FADE)
    assert told[1] == "Blink, curtain and fade need two visits: show another one beside this one first."
    assert not comparison.comparing.over
    assert comparison.current_view is comparison.view_of(1)


def test_a_registration_that_fails_meanwhile_leads_back(compare, comparison, workspace):
    compare(Mode.FADE)
    told = []
    workspace.told.connect(lambda message: told.append(message.text))
    register(workspace, WARP, verdict=Verdict.FAILED)
    assert not comparison.comparing.over
    assert told[0].startswith("The registration of these images failed: 40 of 44 units")


def test_another_registration_is_followed(compare, comparison, workspace, qtbot):
    view = compare(Mode.FADE)
    register(workspace, turned_warp(-5, 1.0, (0, 0)))
    other = comparison.current_view
    assert other is not view
    qtbot.waitUntil(lambda: other.complete)
    np.testing.assert_allclose(other.layers[1].to_frame([[0.0, 0.0]]), [[0.0, 0.0]], atol=1e-6)


def test_a_registration_to_check_has_a_quiet_mark(compare, comparison, workspace):
    compare(Mode.FADE)
    header = comparison._stage.header
    assert header.text == "baseline and week 12 · registered, 12 µm apart on average"
    register(workspace, WARP, verdict=Verdict.CHECK)
    assert header.text == (
        "baseline and week 12 · Check the registration: 40 of 44 units lie within 60 µm · "
        "registered, 12 µm apart on average"
    )


def test_other_images_and_another_study_end_it(compare, comparison, workspace, session):
    compare(Mode.FADE)
    workspace.set_shown((1,))
    assert not comparison.comparing.over
    workspace.set_shown((1, 2))
    compare(Mode.FADE)
    workspace.set_session(session, (1, 2))
    assert not comparison.comparing.over
    assert comparison.current_view is comparison.view_of(1)


def test_what_became_of_units_is_shown_in_both(compare, comparison, workspace, shown):
    view = compare(Mode.BLINK)
    comparison.comparing.flip()
    workspace.set_display(replace(workspace.display, layers=Layers(centrelines=False, widths=False, field=False)))
    before = shown(view)
    comparison.views[2].set_matches({11: MatchMark(Status.NEW, None, decided=False)}, Partners())
    after = shown(view)
    assert view.layers[0].matches.marks is None
    has_colour = np.abs(after - np.array(MATCH_COLOURS[Status.NEW])).max(axis=2) < 40
    rows, columns = np.nonzero(has_colour & (np.abs(after - before).max(axis=2) > 40))
    roots = [workspace.read(2).hairs[i].root_px for i in (1, 2)]
    middle = view.viewport.to_view(WARP.to_baseline(np.mean(roots, axis=0))[0])
    assert len(rows) > 20
    assert np.hypot(columns.mean() - middle[0], rows.mean() - middle[1]) < 25


def test_the_place_of_a_unit_that_is_not_there_is_marked_in_the_frame(compare, comparison):
    view = compare(Mode.FADE)
    comparison.views[2].set_matches(None, Partners(ghost=(100.0, 90.0)))
    assert view.layers[1].matches.partners.ghost == pytest.approx(tuple(WARP.to_baseline([(100, 90)])[0]))
    comparison.views[1].set_matches(None, Partners(ghost=(100.0, 90.0)))
    assert view.layers[0].matches.partners.ghost == (100.0, 90.0)


def test_leaving_gives_all_memory_back(compare, comparison, qtbot):
    view, gone = compare(Mode.FADE), []
    view.destroyed.connect(lambda: gone.append(True))
    layers = view.layers
    prepared = layers[1].prepared
    prepared.destroyed.connect(lambda: gone.append(True))
    comparison.comparing.set_mode(Mode.SIDE_BY_SIDE)
    assert prepared.pyramid is None
    assert all(layer.drawing.pyramid is None for layer in layers)
    assert comparison.view_of(1).drawing.pyramid is not None
    qtbot.waitUntil(lambda: len(gone) == 2)
