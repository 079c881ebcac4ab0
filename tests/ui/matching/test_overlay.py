from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage

from analysis.matching.match import Status
from tests.ui.matching.two_visits import register_by_hand
from ui.keys import Context
from ui.matching.overlay import MatchOverlay
from ui.pixels import PixelStore
from ui.pointing import Target, TargetKind
from ui.tools import TOOLS
from ui.tools.host import ToolHost
from ui.view.comparison import ComparisonView
from ui.view.match_marks import MatchMark, Partners
from workstation import edits
from workstation.entry import Selection
from workstation.palette import MATCH_COLOURS, matched_colour


@pytest.fixture
def comparison(workspace, background, qtbot):
    pixels = PixelStore(workspace)
    view = ComparisonView(workspace, pixels, ToolHost(workspace, pixels, TOOLS), background)
    qtbot.addWidget(view)
    view.resize(1000, 420)
    view.show()
    qtbot.waitUntil(lambda: all(each.ready for each in view.views.values()))
    yield view
    pixels.shutdown()


@pytest.fixture
def overlay(workspace, matched, comparison):
    return MatchOverlay(workspace, matched, comparison)


@pytest.fixture
def shown(overlay, workspace):
    workspace.set_reviewing(Context.MATCHES)
    return overlay


def marks(comparison, image_id):
    return comparison.view_of(image_id).matches.marks


def partners(comparison, image_id):
    return comparison.view_of(image_id).matches.partners


def picture(comparison, image_id):
    """The view as it is painted, (H, W, 3) RGB."""
    view = comparison.view_of(image_id)
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return view, rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def n_of_colour(comparison, image_id, place_px, rgb, reach=26):
    view, pixels = picture(comparison, image_id)
    x, y = view.viewport.to_view(place_px).round().astype(int)
    part = pixels[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach].astype(int)
    return int((np.abs(part - rgb).max(axis=2) < 40).sum())


def test_matches_are_shown_while_they_are_reviewed_and_where_they_are_switched_on(overlay, workspace, comparison):
    assert marks(comparison, 1) is None
    workspace.set_reviewing(Context.MATCHES)
    assert marks(comparison, 1) is not None
    workspace.set_reviewing(Context.HAIRS)
    assert marks(comparison, 1) is None
    workspace.set_display(replace(workspace.display, layers=replace(workspace.display.layers, matches=True)))
    assert marks(comparison, 2) is not None


def test_partners_have_the_same_number(shown, comparison):
    assert marks(comparison, 1)[22] == MatchMark(Status.KEPT, 22, decided=False)
    assert marks(comparison, 2)[32] == MatchMark(Status.KEPT, 22, decided=False)
    assert [m.text for m in (marks(comparison, 2)[34], marks(comparison, 2)[35], marks(comparison, 1)[23])] == [
        "24?",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("image_id", "place_px", "rgb"),
    [
        (1, (160.0, 60.0), matched_colour(22)),
        (2, (166.0, 64.0), matched_colour(22)),
        (1, (260.0, 60.0), MATCH_COLOURS[Status.LOST]),
        (2, (266.0, 204.0), MATCH_COLOURS[Status.NEW]),
        (1, (360.0, 60.0), MATCH_COLOURS[Status.UNCERTAIN]),
    ],
)
def test_each_stands_out_in_its_colour(shown, comparison, image_id, place_px, rgb):
    assert n_of_colour(comparison, image_id, place_px, rgb) > 20


def test_while_matches_are_shown_the_numbers_of_hairs_make_room(shown, comparison, workspace):
    view = comparison.view_of(1)
    assert (view.drawing.display.layers.units, view.drawing.display.layers.unit_counts) == (False, False)
    assert workspace.display.layers.units
    workspace.set_reviewing(Context.HAIRS)
    assert view.drawing.display.layers.units


def test_numbers_do_not_collide(shown, comparison):
    comparison.grab()
    for view in comparison.views.values():
        labels = list(view.matches.labels.values())
        assert len(labels) >= 4
        for k, one in enumerate(labels):
            for other in labels[:k]:
                assert abs(one.x - other.x) >= 13 or abs(one.y - other.y) >= 13


def test_the_partner_of_what_is_selected_stands_out(shown, workspace, comparison):
    workspace.select(Selection(1, frozenset(), frozenset({22})))
    assert partners(comparison, 2) == Partners(units=frozenset({32}))
    assert partners(comparison, 1) == Partners()
    workspace.select(Selection(2, frozenset({2})))
    assert partners(comparison, 1) == Partners(hairs=frozenset({2}))
    assert workspace.selection == Selection(2, frozenset({2}))


def test_partners_stand_out_also_where_matches_are_not_shown(overlay, workspace, comparison):
    workspace.select(Selection(1, frozenset(), frozenset({22})))
    assert partners(comparison, 2).units == {32}
    workspace.set_hover(Target(1, TargetKind.UNIT, 21))
    assert partners(comparison, 2).hovered_units == {31}
    workspace.set_hover(Target(1, TargetKind.HAIR, 1))
    assert partners(comparison, 2).hovered_hairs == {1}


def test_where_a_selected_unit_is_gone_its_place_is_marked(shown, workspace, comparison):
    workspace.select(Selection(1, frozenset(), frozenset({23})))
    assert partners(comparison, 2) == Partners(ghost=(266.0, 64.0), ghost_status=Status.LOST)
    workspace.select(Selection(2, frozenset(), frozenset({35})))
    assert partners(comparison, 1) == Partners(ghost=(260.0, 200.0), ghost_status=Status.NEW)


def test_it_follows_edits(shown, workspace, comparison, matched, qtbot):
    workspace.commit(2, lambda read: edits.delete_hairs(read, [2]))
    qtbot.waitUntil(lambda: not matched.current.pending)
    assert marks(comparison, 1)[22].status is Status.LOST
    assert n_of_colour(comparison, 1, (160.0, 60.0), MATCH_COLOURS[Status.LOST]) > 20


def test_a_third_image_is_seen_in_its_own_pair(shown, workspace, comparison):
    workspace.set_shown((2,))
    assert marks(comparison, 2) is None


def test_holding_h_hides_it(shown, comparison):
    view = comparison.view_of(1)
    before = n_of_colour(comparison, 1, (260.0, 60.0), MATCH_COLOURS[Status.LOST])
    view.set_peeking(True)
    assert n_of_colour(comparison, 1, (260.0, 60.0), MATCH_COLOURS[Status.LOST]) == 0 < before


def test_not_registered_images_have_no_marks(workspace, matches, comparison):
    overlay = MatchOverlay(workspace, matches, comparison)
    workspace.set_reviewing(Context.MATCHES)
    assert overlay.shown
    assert marks(comparison, 1) is None
    register_by_hand(workspace)


def test_after_an_edit_little_is_drawn_anew_and_other_numbers_stay(shown, workspace, comparison, matched, qtbot):
    view = comparison.view_of(2)
    comparison.grab()
    qtbot.waitUntil(lambda: not view.moving)
    view.repaint()
    layer, before = view.matches._layer, dict(view.matches.labels)
    whole, drawn = layer.n_drawn_px, layer.n_drawn_px
    workspace.commit(2, lambda read: edits.move_vertex(read, 2, 2, (190.0, 110.0)))
    qtbot.waitUntil(lambda: not matched.current.pending)
    view.repaint()
    assert 0 < layer.n_drawn_px - drawn < whole / 4
    stays = {i: label for i, label in view.matches.labels.items() if i != 32}
    assert stays == {i: label for i, label in before.items() if i != 32}


def test_what_is_drawn_after_an_edit_is_what_would_be_drawn_anew(shown, workspace, comparison, matched, qtbot):
    view = comparison.view_of(1)
    comparison.grab()
    workspace.commit(2, lambda read: edits.delete_hairs(read, [2]))
    qtbot.waitUntil(lambda: not matched.current.pending)
    qtbot.waitUntil(lambda: not view.moving)
    after = picture(comparison, 1)[1]
    view.matches._drawn = None
    view.matches._layer.forget()
    assert np.array_equal(after, picture(comparison, 1)[1])
