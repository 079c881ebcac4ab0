"""What is drawn for each hair, unit and field: looked at in pixels."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from tests.workstation.small_study import make_hair, make_read
from ui.view.geometry import ReadGeometry
from ui.view.hair_shapes import Look
from ui.view.layers import Layers
from ui.view.overlay import Emphasis, labels_for, paint_hovered, paint_overlay, paint_selected
from ui.view.pyramid import pixels_of
from ui.view.sheet import sheet_of
from ui.view.viewport import Viewport
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import Origin, Status, frozen_array
from workstation.palette import GREEN, GREY, ORANGE, SKY_BLUE, YELLOW

ONLY_HAIRS = Layers(units=False, unit_counts=False, field=False)
WIDE = [[20, 60], [60, 60], [100, 60], [140, 60]]


@pytest.fixture(autouse=True)
def _app(qapp):
    """Fonts need an application."""


def painted(hairs=(), scale=2.0, layers=ONLY_HAIRS, pen_px=1.0, field=None, emphasis=None, look=None, size=(200, 160)):
    """The overlay alone, as (H, W, 4) red, green, blue, alpha, and where image points lie in it."""
    geometry = ReadGeometry.of(make_read(list(hairs), field=field), look or Look(10.0))
    viewport = Viewport(scale * pen_px, (80, 60), (round(size[0] * scale * pen_px), round(size[1] * scale * pen_px)))
    viewport = viewport.snapped()
    sheet = sheet_of(geometry, viewport, pen_px, layers, image_size=(160, 120))
    picture = QImage(*viewport.size, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    if emphasis is None:
        paint_overlay(painter, geometry, sheet, labels_for(geometry, sheet), viewport.visible_px)
    else:
        paint_selected(painter, geometry, sheet, emphasis, viewport.visible_px)
        paint_hovered(painter, geometry, sheet, emphasis)
    painter.end()
    return pixels_of(picture)[..., [2, 1, 0, 3]].astype(int), viewport


def at(picture, viewport, point):
    x, y = np.floor(viewport.to_view(point)).astype(int)
    return picture[y, x]


def has_colour(picture, rgb, tolerance=30):
    near = np.abs(picture[..., :3] - rgb).max(axis=2) <= tolerance
    return int((near & (picture[..., 3] > 200)).sum())


def test_the_inside_of_a_wide_hair_stays_untouched_but_for_its_thin_centreline():
    picture, viewport = painted([make_hair(1, 9, WIDE, 20.0)], scale=4.0)
    x = int(viewport.to_view((80, 60))[0])
    column = picture[:, x, 3]
    rows = {offset: int(viewport.to_view((80, 60 + offset))[1]) for offset in (-10, 0, 10)}
    drawn = np.flatnonzero(column > 0)
    nearest = np.min([np.abs(drawn - row) for row in rows.values()], axis=0)
    assert nearest.max() <= 3  # all that is drawn lies at the middle or at an edge
    for row in rows.values():
        assert np.abs(drawn - row).min() <= 1  # and something is drawn at each of the three
    between = column[rows[-10] + 4 : rows[0] - 3]
    assert len(between) > 25
    assert not between.any()


@pytest.mark.parametrize(("width_px", "rgb"), [(2.0, SKY_BLUE), (4.0, YELLOW), (7.0, ORANGE)])
def test_a_class_has_its_colour_and_its_shape_at_the_tip(width_px, rgb):
    picture, viewport = painted([make_hair(1, 9, WIDE, width_px)])
    assert has_colour(picture, rgb) > 100
    without, _ = painted([make_hair(1, 9, WIDE, width_px)], layers=replace(ONLY_HAIRS, marks=False))
    changed = np.argwhere((picture != without).any(axis=2))
    tip = viewport.to_view((140, 60))[::-1]
    assert len(changed) > 8
    assert np.abs(changed - tip).max() <= 8


def test_the_shapes_at_the_tips_differ_without_colour():
    tips = []
    for width_px in (2.0, 4.0, 7.0):
        picture, viewport = painted([make_hair(1, 9, WIDE, width_px)])
        x, y = viewport.to_view((140, 60)).astype(int)
        tips.append(picture[y - 8 : y + 9, x - 8 : x + 9, 3] > 128)
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert (tips[a] != tips[b]).sum() > 15


def test_a_hair_without_scale_is_grey_and_bears_no_class():
    picture, _ = painted([make_hair(1, 9, WIDE, 7.0)], look=Look(None))
    assert has_colour(picture, GREY) > 100
    assert has_colour(picture, ORANGE) == 0


def along(picture, viewport, channel=3):
    """Values along the centreline between the marks at its ends."""
    return np.array([at(picture, viewport, (x, 60))[channel] for x in np.arange(32, 125, 0.5)])


def test_a_rejected_hair_is_dashed_and_faint_and_bears_no_marks():
    sure, viewport = painted([make_hair(1, 9, WIDE, 4.0)])
    rejected, _ = painted([make_hair(1, 9, WIDE, 4.0, status=Status.REJECTED)])
    assert along(sure, viewport).min() > 200
    gaps = along(rejected, viewport) == 0
    assert 0.3 < gaps.mean() < 0.7
    assert has_colour(rejected, YELLOW) == 0
    assert rejected[..., 3].max() < 250
    hidden, _ = painted(
        [make_hair(1, 9, WIDE, 4.0, status=Status.REJECTED)], layers=replace(ONLY_HAIRS, rejected=False)
    )
    assert not hidden.any()


def test_a_doubtful_hair_is_dotted():
    picture, viewport = painted([make_hair(1, 9, WIDE, 4.0, confidence=0.2)])
    red = along(picture, viewport, channel=0)
    assert np.abs(np.diff(red > 120)).sum() > 30
    judged, _ = painted([make_hair(1, 9, WIDE, 4.0, confidence=0.2, status=Status.ACCEPTED)])
    assert (along(judged, viewport, channel=0) > 180).all()


def test_an_added_hair_bears_a_diamond_half_way():
    plain, viewport = painted([make_hair(1, 9, WIDE, 4.0)])
    added, _ = painted([make_hair(1, 9, WIDE, 4.0, origin=Origin.ADDED)])
    changed = np.argwhere((plain != added).any(axis=2))
    middle = viewport.to_view((80, 60))[::-1]
    assert len(changed) > 20
    assert np.abs(changed - middle).max() <= 9
    for dx, dy in ((5.5, 0), (-5.5, 0), (0, 5.5), (0, -5.5)):  # the corners, in pens
        x, y = np.add(viewport.to_view((80, 60)), (dx, dy))
        assert added[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2, :3].max() > 150


def test_a_root_is_a_ring_and_where_a_hair_enters_from_outside_a_bar():
    ring, viewport = painted([make_hair(1, 9, WIDE, 4.0)])
    bar, _ = painted([make_hair(1, None, WIDE, 4.0)])
    x, y = viewport.to_view((20, 60)).astype(int)
    assert ring[y, x - 4, 3] > 150  # left of the root there is nothing but the ring
    assert bar[y, x - 4, 3] == 0
    assert bar[y - 4, x, 3] > 100
    none, _ = painted([make_hair(1, 9, WIDE, 4.0)], layers=replace(ONLY_HAIRS, roots=False))
    assert none[y, x - 4, 3] == 0


def test_each_layer_can_be_hidden():
    hairs = [make_hair(1, 9, WIDE, 12.0), make_hair(2, 9, [[20, 70], [60, 90]], 12.0)]
    everything = painted(hairs, scale=3.0, layers=Layers())[0]
    for name in ("centrelines", "widths", "roots", "marks", "units", "unit_counts", "field", "terminal"):
        without = painted(hairs, scale=3.0, layers=Layers().toggled(name))[0]
        assert (everything != without).any(), name
    nothing = Layers(units=False, unit_counts=False, field=False, terminal=False)
    assert not painted(hairs, scale=3.0, layers=nothing)[0].any()


def test_a_unit_is_outlined_and_its_number_stands_beside_it():
    hairs = [make_hair(1, 9, [[60, 60], [60, 100]], 4.0), make_hair(2, 9, [[80, 60], [80, 100]], 4.0)]
    only = Layers(centrelines=False, widths=False, roots=False, marks=False, field=False, unit_counts=False)
    picture, viewport = painted(hairs, layers=only)
    assert has_colour(picture, GREEN, 40) > 80
    for point in ((60, 60), (70, 60), (80, 60)):  # inside of it nothing is drawn
        assert at(picture, viewport, point)[3] == 0
    for point in ((60 - 4.5, 60), (80 + 4.5, 60), (70, 60 - 4.5), (70, 60 + 4.5)):  # nine pens off the roots
        x, y = viewport.to_view(point).astype(int)
        assert picture[y - 1 : y + 2, x - 1 : x + 2, 3].max() > 200
    numbered, _ = painted(hairs, layers=replace(only, unit_counts=True, units=False))
    where = np.argwhere(numbered[..., 3] > 0)
    middle = where.mean(axis=0)[::-1]
    np.testing.assert_allclose(middle, viewport.to_view((70, 60)) - (0, 9 + 0.75 * 13), atol=3)


def test_outside_of_the_field_it_is_darker_and_exclusions_are_hatched_with_the_image_between():
    square = frozen_array([(40, 30), (120, 30), (120, 90), (40, 90)], 2)
    hole = frozen_array([(60, 40), (100, 40), (100, 80), (60, 80)], 2)
    field = Field(FieldShape.RECTANGLE, square, (Exclusion(5, hole, ExclusionCause.GLARE),))
    picture, viewport = painted(field=field, scale=4.0, layers=Layers(exclusions=False))
    assert at(picture, viewport, (20, 20)).tolist() == [0, 0, 0, 89]
    assert at(picture, viewport, (159, 119)).tolist() == [0, 0, 0, 89]
    assert at(picture, viewport, (161, 60))[3] == 0  # the canvas keeps its colour
    assert at(picture, viewport, (80, 60))[3] == 0
    hatched, _ = painted(field=field, scale=4.0)
    x0, y0 = viewport.to_view((62, 42)).astype(int)
    x1, y1 = viewport.to_view((98, 78)).astype(int)
    inside = hatched[y0:y1, x0:x1, 3]
    assert 0.5 < (inside == 0).mean() < 0.9
    assert has_colour(hatched[y0:y1, x0:x1], (213, 94, 0), 60) > 50
    whole, _ = painted(field=Field.whole_image(160, 120), scale=0.5, layers=Layers())
    assert whole[0, 0, 3] == 0  # nothing is darkened where all of the image is measured


@pytest.mark.parametrize("scale", [0.37, 1.0, 1.23, 2.56, 4.0])
@pytest.mark.parametrize("clockwise", [True, False])
def test_a_field_that_shares_edges_with_the_image_stays_bright(scale, clockwise):
    corners = [(-0.5, -0.5), (159.5, -0.5), (159.5, 117.3), (-0.5, 117.3)]
    field = Field(FieldShape.DETECTED, frozen_array(corners if clockwise else corners[::-1], 2), ())
    picture, viewport = painted(field=field, scale=scale, layers=Layers(exclusions=False), size=(240, 240))
    assert at(picture, viewport, (80, 60))[3] == 0
    assert at(picture, viewport, (10, 100))[3] == 0
    assert at(picture, viewport, (170, 60))[3] == 0


def test_crowded_hairs_are_mere_lines():
    roots = np.random.default_rng(0).uniform(0, 160, (1500, 2))
    hairs = [make_hair(i + 1, 5000 + i, [root, np.add(root, (9, 4))], 4.0) for i, root in enumerate(roots)]
    lines, _ = painted(hairs)
    bare, _ = painted(hairs, layers=replace(ONLY_HAIRS, roots=False, marks=False, widths=False))
    np.testing.assert_array_equal(lines, bare)
    assert has_colour(lines, YELLOW) > 1000


def test_a_selected_hair_has_a_halo_and_handles_and_its_inside_stays_free():
    emphasis = Emphasis(selected_hairs=frozenset({1}))
    picture, viewport = painted([make_hair(1, 9, WIDE, 20.0)], scale=4.0, emphasis=emphasis)
    for offset in (-10, 10):
        assert at(picture, viewport, (70, 60 + offset))[:3].min() > 200
    assert at(picture, viewport, (70, 55))[3] == 0
    for x, y in WIDE:
        assert at(picture, viewport, (x, y)).tolist() == [255, 255, 255, 255]
    assert not painted([make_hair(1, 9, WIDE, 20.0)], emphasis=Emphasis(selected_hairs=frozenset({7})))[0].any()


def test_what_is_pointed_at_is_lifted():
    hairs = [make_hair(1, 9, WIDE, 6.0)]
    assert painted(hairs, emphasis=Emphasis(hovered_hairs=frozenset({1})))[0].any()
    assert painted(hairs, emphasis=Emphasis(hovered_units=frozenset({9})))[0].any()
    assert not painted(hairs, emphasis=Emphasis(hovered_hairs=frozenset({8}), hovered_units=frozenset({8})))[0].any()


def test_pointing_at_a_selected_hair_hides_none_of_its_vertices():
    hairs, selected = [make_hair(1, 9, WIDE, 20.0)], Emphasis(selected_hairs=frozenset({1}))
    still, _ = painted(hairs, scale=4.0, emphasis=selected)
    pointed, _ = painted(hairs, scale=4.0, emphasis=replace(selected, hovered_hairs=frozenset({1})))
    np.testing.assert_array_equal(pointed, still)


@pytest.mark.parametrize("pen_px", [1.5, 2.0, 3.0])
def test_on_a_finer_screen_everything_is_as_large_and_finer(pen_px):
    hairs = [make_hair(1, 9, WIDE, 12.0), make_hair(2, 9, [[20, 80], [90, 100]], 2.0, confidence=0.2)]
    coarse, _ = painted(hairs, layers=Layers())
    fine, _ = painted(hairs, layers=Layers(), pen_px=pen_px)
    assert fine.shape[0] == round(coarse.shape[0] * pen_px)
    covered = [(picture[..., 3] / 255).mean() for picture in (coarse, fine)]
    assert covered[1] == pytest.approx(covered[0], rel=0.2)
