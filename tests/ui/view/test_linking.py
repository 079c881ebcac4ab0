import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.view.linking import Link, common_fit
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
