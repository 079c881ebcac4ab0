import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.view.viewport import MAX_SCALE, Viewport

scales = st.floats(0.02, 50)
places = st.tuples(st.floats(-500, 5000), st.floats(-500, 5000))
sizes = st.tuples(st.integers(50, 3000), st.integers(50, 2000))
turns = st.one_of(st.just(0.0), st.floats(-3.2, 3.2))
viewports = st.builds(Viewport, scales, places, sizes, turns)
in_view = st.tuples(st.floats(0, 3000), st.floats(0, 2000))


def near(a, b):
    return np.testing.assert_allclose(a, b, atol=1e-6, rtol=1e-9)


def test_the_centre_lies_in_the_middle_and_a_pixel_is_as_large_as_the_scale():
    viewport = Viewport(2.0, (100, 50), (800, 600))
    assert viewport.to_view((100, 50)).tolist() == [400, 300]
    assert viewport.to_view((110, 45)).tolist() == [420, 290]
    assert viewport.to_image((0, 0)).tolist() == [-100, -100]
    assert viewport.visible_px == (-100, -100, 300, 200)


def test_a_turn_is_clockwise_as_it_is_seen():
    viewport = Viewport(2.0, (100, 50), (800, 600), np.pi / 2)
    near(viewport.to_view((110, 50)), (400, 320))  # what was to the right is below
    near(viewport.step_to_image((0, 20)), (10, 0))
    near(viewport.box_in_view((100, 50, 110, 55)), (390, 300, 400, 320))


@given(st.tuples(st.integers(1, 9000), st.integers(1, 9000)), sizes, turns)
def test_a_turned_image_is_fitted_whole(image_size, size, turn):
    viewport = Viewport.fitted(image_size, size, turn)
    left, top, right, bottom = viewport.box_in_view((-0.5, -0.5, image_size[0] - 0.5, image_size[1] - 0.5))
    assert min(left, top) >= 0
    assert right <= size[0]
    assert bottom <= size[1]
    assert max((right - left) / size[0], (bottom - top) / size[1]) == pytest.approx(0.97)


@given(viewports)
def test_all_that_is_seen_lies_in_the_visible_box(viewport):
    left, top, right, bottom = viewport.visible_px
    corners = viewport.to_image([(0, 0), (viewport.size[0], 0), viewport.size, (0, viewport.size[1])])
    near(corners.min(axis=0), (left, top))
    near(corners.max(axis=0), (right, bottom))


@given(viewports, st.lists(places, min_size=1, max_size=4))
def test_to_view_and_back(viewport, points):
    near(viewport.to_image(viewport.to_view(points)), points)


@given(viewports, st.floats(0.1, 10), in_view)
def test_zooming_keeps_the_point_under_the_mouse(viewport, factor, at):
    before = viewport.to_image(at)
    zoomed = viewport.zoomed(factor, at)
    near(zoomed.to_image(at), before)
    assert zoomed.scale == pytest.approx(min(viewport.scale * factor, MAX_SCALE))


def test_zooming_ends_at_the_limit_and_keeps_the_point_there_too():
    viewport = Viewport(60.0, (10, 10), (400, 400)).zoomed(3.0, (100, 100))
    assert viewport.scale == MAX_SCALE
    near(viewport.to_image((100, 100)), Viewport(60.0, (10, 10), (400, 400)).to_image((100, 100)))


@given(viewports, st.floats(-900, 900), st.floats(-900, 900))
def test_panning_moves_the_image_with_the_hand(viewport, dx, dy):
    point = viewport.to_image((10, 10))
    near(viewport.panned(dx, dy).to_view(point), (10 + dx, 10 + dy))


@given(st.tuples(st.integers(1, 9000), st.integers(1, 9000)), sizes)
def test_a_fitted_image_is_seen_whole_and_fills_the_view_one_way(image_size, size):
    viewport = Viewport.fitted(image_size, size)
    left, top = viewport.to_view((-0.5, -0.5))
    right, bottom = viewport.to_view((image_size[0] - 0.5, image_size[1] - 0.5))
    assert min(left, top) >= 0
    assert right <= size[0]
    assert bottom <= size[1]
    assert max((right - left) / size[0], (bottom - top) / size[1]) == pytest.approx(0.97)


@given(viewports, st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0]))
def test_snapping_puts_the_corner_of_the_image_on_a_device_pixel_and_moves_it_by_half_of_one_at_most(viewport, ratio):
    snapped = viewport.snapped(ratio)
    corner = snapped.to_view((-0.5, -0.5)) * ratio
    near(corner, np.round(corner))
    moved = np.abs(corner - viewport.to_view((-0.5, -0.5)) * ratio)
    assert (moved <= 0.5 + 1e-6).all()
    assert snapped.scale == viewport.scale


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_one_to_one_is_a_pixel_of_the_screen(ratio):
    assert Viewport(0.3, (50, 50), (400, 300)).one_to_one(ratio).scale == pytest.approx(1 / ratio)


@given(viewports)
def test_the_middle_stays_on_the_image(viewport):
    x, y = viewport.kept_on((640, 480)).centre_px
    assert -0.5 <= x <= 639.5
    assert -0.5 <= y <= 479.5


def test_points_are_shown_with_surroundings_and_never_too_large():
    viewport = Viewport(1.0, (0, 0), (1000, 500))
    shown = viewport.showing([(100, 100), (300, 150)])
    assert shown.centre_px == (200, 125)
    assert shown.scale == pytest.approx(2.0)  # 200 px over 40 % of 1000
    assert viewport.showing([(100, 100)]).scale == 12.0


@given(viewports, places, scales, turns)
def test_a_glide_begins_here_and_ends_there(viewport, place, scale, turn):
    other = Viewport(scale, place, viewport.size, turn)
    assert viewport.between(other, 1.0).turn == pytest.approx(turn)
    near(viewport.between(other, 0.0).centre_px, viewport.centre_px)
    near(viewport.between(other, 1.0).centre_px, other.centre_px)
    assert viewport.between(other, 1.0).scale == pytest.approx(scale)


def test_on_a_glide_the_target_approaches_the_middle_evenly():
    start, end = Viewport(0.5, (0, 0), (800, 600)), Viewport(8.0, (300, 0), (800, 600))
    apart = [float(start.between(end, share).to_view((300, 0))[0] - 400) for share in np.linspace(0, 1, 6)]
    near(np.abs(apart), [150, 120, 90, 60, 30, 0])


def test_a_scale_of_nothing_is_refused():
    with pytest.raises(ValueError, match="positive"):
        Viewport(0.0)
