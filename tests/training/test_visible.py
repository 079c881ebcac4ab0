import numpy as np
import pytest

from training.visible import visible_parts

ALONG = np.array([[0.0, 0.0], [700.0, 0.0]])
WIDE = 100.0


def spans(lines, widths):
    return [
        None if part is None else pytest.approx((part[0, 0], part[-1, 0]), abs=8)
        for part in visible_parts([np.array(line, float) for line in lines], np.array(widths))
    ]


def test_what_passes_under_another_and_comes_out_again_stays_whole():
    assert spans([ALONG, [[350, -200], [350, 200]]], [50.0, WIDE])[0] == (0, 700)


def test_a_hair_ends_where_it_disappears_under_another():
    lines = [ALONG, [[400, 0], [900, 0]]]
    assert spans(lines, [50.0, WIDE])[0] == (0, 360)
    assert spans(lines[::-1], [WIDE, 50.0])[0] == (400, 900)


def test_a_hair_that_shows_beside_the_one_above_is_seen():
    # half of its width, and then a tenth
    assert spans([ALONG, [[-50, 50], [750, 50]]], [50.0, WIDE])[0] == (0, 700)
    assert spans([ALONG, [[-50, 30], [750, 30]]], [50.0, WIDE])[0] is None


def test_of_the_lower_hair_nothing_is_left_where_too_little_shows():
    parts = visible_parts([ALONG, np.array([[100.0, 0.0], [800.0, 0.0]])], np.array([50.0, WIDE]))
    assert parts[0] is None
    assert parts[1] is not None
