import numpy as np

from analysis.decoder.choose import choose
from analysis.lines import even


def lines(*ends):
    return even([np.array(line, float) for line in ends])


def chosen(ends, value, half_width=4.0):
    which, _ = choose(lines(*ends), np.full(len(ends), half_width), np.array(value, float))
    return sorted(which.tolist())


def test_nothing_is_chosen_from_nothing():
    assert chosen([[(0, 0), (50, 0)]], [-1.0]) == []


def test_two_that_cross_are_both_chosen():
    assert chosen([[(0, 0), (100, 100)], [(0, 100), (100, 0)]], [2, 1]) == [0, 1]


def test_two_side_by_side_are_both_chosen():
    assert chosen([[(0, 0), (100, 0)], [(0, 9), (100, 9)]], [2, 1]) == [0, 1]


def test_of_two_on_one_another_the_better_is_chosen():
    assert chosen([[(0, 0), (100, 0)], [(8, 1), (96, -1)]], [1, 2]) == [1]


def test_a_fragment_of_a_hair_is_no_hair():
    assert chosen([[(0, 0), (100, 0)], [(60, 0), (95, 0)]], [3, 1]) == [0]


def test_two_hairs_are_worth_more_than_a_line_between_them():
    pair = [[(0, 0), (100, 0)], [(0, 6), (100, 6)]]
    between = [(0, 3), (100, 3)]
    assert chosen([*pair, between], [2, 2, 3]) == [0, 1]
    assert chosen([*pair, between], [1, 1, 3]) == [2]


def test_a_chosen_line_gains_its_value_less_what_it_shares():
    ends = lines([(0, 0), (100, 0)], [(50, -50), (50, 50)])
    _, gain = choose(ends, np.array([4.0, 4.0]), np.array([2.0, 1.0]))
    assert (gain < [2.0, 1.0]).all()
    assert (gain > [1.8, 0.8]).all()
