import math

import numpy as np
import pytest

from analysis.centreline import centreline_of


def test_a_bar_has_its_middle_and_its_width():
    line, width = centreline_of([[10, 20], [110, 20], [110, 26], [10, 26]])
    order = np.argsort(line[[0, -1], 0])
    ends = line[[0, -1]][order]
    np.testing.assert_allclose(ends, [[10, 23], [110, 23]], atol=1.5)
    np.testing.assert_allclose(line[1:-1, 1], 23, atol=0.6)
    assert np.nanmedian(width) == pytest.approx(6, abs=0.1)
    assert np.isnan(width[[0, -1]]).all()


def test_a_bent_strip_is_followed_round_its_bend():
    # three quarters of a ring of radius 50 and width 4: its ends are near to each other
    turn = np.linspace(0, 1.5 * math.pi, 120)
    ring = np.column_stack([np.cos(turn), np.sin(turn)])
    line, width = centreline_of(np.vstack([52 * ring, 48 * ring[::-1]]))
    radius = np.hypot(*line[1:-1].T)
    np.testing.assert_allclose(radius, 50, atol=0.6)
    assert np.nanmedian(width) == pytest.approx(4, abs=0.15)
    length = np.linalg.norm(np.diff(line, axis=0), axis=1).sum()
    assert length == pytest.approx(50 * 1.5 * math.pi, rel=0.02)


@pytest.mark.parametrize(
    "outline", [[[0, 0], [10, 0], [10, 10], [0, 10]], [[0, 0], [1, 1]], [[2, 2]] * 4, [[0, 0], [1, math.nan], [2, 0]]]
)
def test_what_is_not_long_and_thin_has_no_line(outline):
    with pytest.raises(ValueError, match=r"long and thin|extent|places"):
        centreline_of(outline)
