import math
from collections import Counter
from random import Random

import pytest

from workstation.blinding.ordering import n_repeats, presentations, spread

GROUPS = [(10 * i + 1, 10 * i + 2) for i in range(13)]


@pytest.mark.parametrize(
    ("n", "share", "expected"),
    [(12, 0, 0), (12, 0.1, 1), (12, 0.01, 1), (12, 0.25, 3), (12, 1, 12), (0, 1, 0), (25, 0.1, 2)],
)
def test_a_share_of_pairs_is_shown_twice_and_one_at_least(n, share, expected):
    assert n_repeats(n, share) == expected


@pytest.mark.parametrize("n_pairs", [1, 2, 3, 5, 12, 13])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_what_is_shown_twice_stands_half_of_the_list_apart_under_two_codes(n_pairs, share):
    groups = GROUPS[:n_pairs]
    for seed in range(30):
        shown = presentations(groups, share, Random(seed))
        assert Counter(frozenset(one.image_ids) for one in shown if not one.repeat) == Counter(map(frozenset, groups))
        assert len({one.code for one in shown}) == len(shown) == n_pairs + n_repeats(n_pairs, share)
        for place, one in enumerate(shown):
            if one.repeat:
                first = next(i for i, o in enumerate(shown) if set(o.image_ids) == set(one.image_ids))
                assert place - first >= math.ceil(len(shown) / 2)


def test_where_a_repeat_stands_is_not_the_same_every_time():
    distances = {second - first for seed in range(60) for first, second in spread(13, 1, Random(seed))}
    assert len(distances) > 4


def test_which_picture_is_a_and_where_a_pair_stands_is_left_to_chance():
    first_is_baseline = firsts = 0
    for seed in range(400):
        shown = presentations(GROUPS, 0.1, Random(seed))
        first_is_baseline += shown[0].image_ids[0] % 10 == 1
        firsts += shown[0].image_ids[0] // 10 == 0
    assert 160 < first_is_baseline < 240  # 200 ± 4 SD of 10
    assert firsts < 70  # 33 ± 4 SD of 5.5, and more for repeats


def test_no_code_is_a_word_of_the_study():
    for seed in range(20):
        codes = [one.code for one in presentations(GROUPS, 0, Random(seed))]
        again = [one.code for one in presentations(GROUPS, 0, Random(seed), taken=[codes[0].lower()])]
        assert codes[0] not in again
