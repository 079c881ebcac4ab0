import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workstation.recorded_trial import GROWTH, WOULD
from workstation.model.trial import Item, Scoring
from workstation.questionnaires.scoring import is_yes, score, score_range

WHOLE = {"fuller": 4, "shedding": 2, "thicker": 3, "pleased": 5, "new-hair": 1}


def without(*items):
    return {item: value for item, value in WHOLE.items() if item not in items}


def test_a_mean_with_a_reverse_coded_item():
    assert score(GROWTH, WHOLE) == pytest.approx((4 + (6 - 2) + 3 + 5 + 1) / 5)


def test_an_item_that_was_left_out_counts_as_the_mean_of_the_others():
    assert score(GROWTH, without("shedding")) == pytest.approx((4 + 3 + 5 + 1) / 4)
    summed = replace(GROWTH, scoring=Scoring.SUM)
    assert score(summed, WHOLE) == 17
    assert score(summed, without("shedding")) == pytest.approx(13 / 4 * 5)


def test_four_of_five_are_four_fifths_and_three_are_too_few():
    assert math.isnan(score(GROWTH, without("shedding", "fuller")))
    for n in range(1, 41):  # 0.8 of n items as whole numbers see it
        many = replace(GROWTH, items=tuple(Item(f"i{k}", "?") for k in range(n)))
        needed = -(-8 * n // 10)
        assert score(many, {f"i{k}": 3 for k in range(needed)}) == 3
        assert needed == 1 or math.isnan(score(many, {f"i{k}": 3 for k in range(needed - 1)}))


def test_nothing_answered_has_no_score():
    assert math.isnan(score(GROWTH, {}))
    assert math.isnan(score(GROWTH, {"nose": 3}))


def test_a_scale_below_nought_is_turned_round_about_its_middle():
    turned = replace(WOULD, items=(Item("friend", "?", reverse=True), Item("again", "?")))
    assert score(turned, {"friend": 1, "again": 1}) == 0
    assert score(WOULD, {"friend": 1}) == 2


def test_the_range_of_scores():
    assert score_range(GROWTH) == (1, 5)
    assert score_range(WOULD) == (-2, 2)


def test_a_yes_is_a_score_as_good_as_the_limit():
    assert [is_yes(WOULD, value) for value in (0.9, 1.0, 2.0, math.nan)] == [False, True, True, False]
    burden = replace(WOULD, higher_is_better=False, positive_from=-1.0)
    assert [is_yes(burden, value) for value in (-0.9, -1.0, -2.0)] == [False, True, True]
    assert not is_yes(GROWTH, 5.0)


@given(st.lists(st.none() | st.integers(1, 5), min_size=5, max_size=5), st.sampled_from(Scoring))
def test_a_score_lies_in_its_range_and_turning_all_items_mirrors_it(values, scoring):
    one = replace(GROWTH, scoring=scoring, min_answered=0.2)
    turned = replace(one, items=tuple(replace(item, reverse=not item.reverse) for item in one.items))
    answers = {item.id: value for item, value in zip(one.items, values, strict=True) if value is not None}
    found, mirrored = score(one, answers), score(turned, answers)
    low, high = score_range(one)
    if not answers:
        assert math.isnan(found)
    else:
        assert low - 1e-9 <= found <= high + 1e-9
        assert mirrored == pytest.approx(low + high - found)
