import numpy as np
import pytest

from analysis.units import group_roots


def test_roots_that_stand_together_are_one_unit():
    roots = np.array([(0, 0), (100, 0), (10, 5), (104, 8), (300, 300)], float)
    assert group_roots(roots, 30).tolist() == [0, 1, 0, 1, 2]


def test_the_distance_decides():
    roots = np.array([(0, 0), (0, 20)], float)
    assert group_roots(roots, 19.9).tolist() == [0, 1]
    assert group_roots(roots, 20.1).tolist() == [0, 0]


@pytest.mark.parametrize("n", [0, 1])
def test_none_and_one(n):
    assert group_roots(np.zeros((n, 2)), 10).tolist() == [0] * n
