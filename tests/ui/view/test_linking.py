import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.registered import turned_warp
from ui.view.boxes import corners
from ui.view.linking import Link, Passage, common_fit, registered_fit
from ui.view.viewport import Viewport

A, B = Viewport(0.5, (1000, 800), (700, 800)), Viewport(0.8, (600, 500), (500, 800))
moves = st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300), st.floats(0.5, 2)), max_size=6)


def test_with_scales_others_go_as_many_millimetres_and_show_them_as_large():
    link = Link.of({1: A, 2: B}, {1: 5.0, 2: 10.0})
    moved = A.centred_on((1200, 800)).scaled_to(2.0)
    followed = link.follow(1, moved, {2: B})[2]
    assert followed.centre_px == pytest.approx((700, 500))  # 200 px of 5 µm are 100 px of 10 µm
    assert followed.scale == pytest.approx(4.0)
    assert followed.size == B.size


@pytest.mark.parametrize("scales", [{1: None, 2: None}, {1: 5.0, 2: None}])
def test_without_a_scale_others_go_as_far_on_the_screen(scales):
    link = Link.of({1: A, 2: B}, scales)
    followed = link.follow(1, A.panned(-100, 40).zoomed(3.0), {2: B})[2]
    expected = B.panned(-100, 40).zoomed(3.0)
    assert followed.centre_px == pytest.approx(expected.centre_px)
    assert followed.scale == pytest.approx(expected.scale)


@given(moves)
def test_there_and_back_leaves_them_as_they_were(steps):
    link = Link.of({1: A, 2: B}, {1: 8.0, 2: 5.0})
    first, other = A, link.follow(1, A, {2: B})[2]
    for dx, dy, factor in steps:
        first = first.panned(dx, dy).zoomed(factor)
        other = link.follow(1, first, {2: other})[2]
    back = link.follow(1, A, {2: other})[2]
    assert back.centre_px == pytest.approx(B.centre_px)


def test_either_view_may_lead():
    link = Link.of({1: A, 2: B}, {1: 5.0, 2: 10.0})
    followed = link.follow(2, B.centred_on((700, 500)), {1: A})[1]
    assert followed.centre_px == pytest.approx((1200, 800))


def test_a_view_that_was_not_linked_neither_leads_nor_follows():
    link = Link.of({1: A, 2: B}, {})
    assert link.follow(3, A, {1: A, 2: B}) == {}
    assert list(link.follow(1, A, {2: B, 3: A})) == [2]


def test_fitted_together_a_millimetre_is_as_long_in_each():
    scales = common_fit({1: A, 2: B}, {1: 5.0, 2: 10.0})
    assert scales == {1: pytest.approx(0.4), 2: pytest.approx(0.8)}
    assert common_fit({1: A, 2: B}, {1: 5.0, 2: None}) == {1: 0.5, 2: 0.8}
    assert common_fit({}, {}) == {}


WARP = turned_warp(15, 1.2, (60, -20), bend=4.0)
WHOLE = corners((-0.5, -0.5, 319.5, 239.5))
THERE = Passage(WARP.to_followup, 1.2, np.radians(15), WARP.to_baseline(WHOLE))
BACK = Passage(WARP.to_baseline, 1 / 1.2, np.radians(-15), WARP.to_followup(WHOLE))
TURNED = B.turned_to(-np.radians(15))
PASSAGES = {(1, 2): THERE, (2, 1): BACK}


def test_registered_views_show_the_same_place_in_the_middle():
    link = Link.of({1: A, 2: TURNED}, {1: 5.0, 2: None}, PASSAGES)
    second = link.follow(1, A.centred_on((150, 110)).scaled_to(3.0), {2: TURNED})[2]
    assert second.centre_px == pytest.approx(tuple(WARP.to_followup([(150, 110)])[0]))


def test_and_all_around_it_as_large_and_the_same_way_up_as_far_as_skin_is_not_bent():
    even = turned_warp(15, 1.2, (60, -20))
    link = Link.of({1: A, 2: TURNED}, {}, {(1, 2): Passage(even.to_followup, 1.2, np.radians(15), WHOLE)})
    first = A.centred_on((150, 110)).scaled_to(3.0)
    second = link.follow(1, first, {2: TURNED})[2]
    around = [(0.0, 0.0), (319.0, 110.0), (150.0, 239.0)]
    here = first.to_view(around) - np.array(first.size) / 2
    there = second.to_view(even.to_followup(around)) - np.array(second.size) / 2
    np.testing.assert_allclose(here, there, atol=1e-6)


def test_either_of_registered_views_may_lead():
    link = Link.of({1: A, 2: TURNED}, {}, PASSAGES)
    first = link.follow(2, TURNED.centred_on((200, 150)).scaled_to(2.4), {1: A})[1]
    assert first.centre_px == pytest.approx(tuple(WARP.to_baseline([(200, 150)])[0]))
    assert first.scale == pytest.approx(2.88)


def test_a_view_that_is_not_registered_goes_as_far_on_the_screen_as_a_turned_one():
    third = Viewport(0.8, (300, 300), (400, 400))
    link = Link.of({2: TURNED, 3: third}, {2: 10.0, 3: 5.0})
    followed = link.follow(2, TURNED.panned(-80, 24), {3: third})[3]
    assert followed.centre_px == pytest.approx((300 + 2 * 80 / 0.8, 300 - 2 * 24 / 0.8))


def test_registered_views_are_fitted_with_the_same_place_in_the_middle_and_all_of_each_image_in_sight():
    fitted = registered_fit(1, (320, 240), {1: A, 2: TURNED}, PASSAGES)
    assert fitted[2].centre_px == pytest.approx(tuple(WARP.to_followup([fitted[1].centre_px])[0]))
    assert fitted[2].scale == pytest.approx(fitted[1].scale / 1.2)
    used = []
    for viewport in fitted.values():
        left, top, right, bottom = viewport.box_in_view((-0.5, -0.5, 319.5, 239.5))
        width, height = viewport.size
        assert -2 <= left < right <= width + 2  # the outline is that of the image without bending
        assert -2 <= top < bottom <= height + 2
        used.append(max((right - left) / width, (bottom - top) / height))
    assert max(used) > 0.7
