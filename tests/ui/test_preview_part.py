import pytest

from ui.preview_part import MOST_PX, MOST_WORK_PX, Part, part_of

SEVEN_UM = 7.0
"""Detection works at this scale: a pixel of the image is one of its own."""


def test_what_is_seen_is_looked_at_with_a_margin():
    part = part_of((1000.0, 900.0, 1300.0, 1200.0), (4000, 3000), SEVEN_UM)
    assert part == Part(957, 857, 1344, 1244, (1000.0, 900.0, 1300.0, 1200.0), framed=False)
    assert pytest.approx(300, abs=SEVEN_UM) == (1000 - 957) * SEVEN_UM


def test_it_ends_where_the_image_does():
    part = part_of((-500.0, -300.0, 400.0, 300.0), (320, 240), 10.0)
    assert part == Part(0, 0, 320, 240, (-0.5, -0.5, 319.5, 239.5), framed=False)


def test_of_more_than_is_quick_the_middle_is_looked_at():
    part = part_of((-0.5, -0.5, 3999.5, 2999.5), (4000, 3000), SEVEN_UM)
    assert part.framed
    left, top, right, bottom = part.box_px
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((1999.5, 1499.5))
    assert (right - left) / (bottom - top) == pytest.approx(4000 / 3000)
    assert (part.right - part.left) * (part.bottom - part.top) == pytest.approx(MOST_WORK_PX, rel=0.01)


@pytest.mark.parametrize(("um_per_px", "most_px"), [(1.0, MOST_PX), (12.0, MOST_WORK_PX * (7 / 12) ** 2)])
def test_the_work_is_bounded_whatever_the_camera(um_per_px, most_px):
    part = part_of((-0.5, -0.5, 9999.5, 7999.5), (10_000, 8000), um_per_px)
    assert (part.right - part.left) * (part.bottom - part.top) == pytest.approx(most_px, rel=0.01)


def test_of_little_more_is_looked_at_than_is_seen():
    part = part_of((2000.0, 1500.0, 2020.0, 1510.0), (4000, 3000), 10.0)
    assert (part.right - part.left, part.bottom - part.top) == (201, 201)
    assert part.box_px == (2000.0, 1500.0, 2020.0, 1510.0)
    assert not part.framed


def test_without_a_scale_a_usual_one_is_taken():
    assert part_of((0.0, 0.0, 300.0, 300.0), (4000, 3000), None) == part_of((0.0, 0.0, 300.0, 300.0), (4000, 3000), 6.0)


def test_where_nothing_of_the_image_is_seen_there_is_nothing_to_look_at():
    assert part_of((400.0, 0.0, 800.0, 240.0), (320, 240), 10.0) is None
