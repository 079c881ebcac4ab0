import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.agreement.bland_altman import BEYOND_THE_MEAN, OF_SLOPE, bland_altman
from tests.analysis.agreement.published import MINI_1, WRIGHT_1


def test_bland_and_altman_on_peak_flow():
    """Lancet 1986: mean −2.1, SD 38.8 L/min, its interval −22.0 to 17.8; limits there by 2 instead of 1.96 SD."""
    found = bland_altman(MINI_1, WRIGHT_1)
    assert found.n == 17
    assert found.mean == pytest.approx(-2.1, abs=0.05)
    assert found.sd == pytest.approx(38.8, abs=0.05)
    assert (found.mean_low, found.mean_high) == pytest.approx((-22.0, 17.8), abs=0.05)
    assert (found.lower, found.upper) == pytest.approx((-2.118 - 1.96 * 38.765, -2.118 + 1.96 * 38.765), abs=0.01)
    assert found.reasons == {}


def test_the_intervals_of_the_limits_are_those_of_a_normal_quantile():
    """Carkeet's definition: limits for which the t found is the 2.5 and the 97.5 % point of the non-central t."""
    found = bland_altman(MINI_1, WRIGHT_1)
    root, z = math.sqrt(17), stats.norm.ppf(0.975)
    for end, p in ((found.upper_low, 0.025), (found.upper_high, 0.975)):
        assert stats.nct.cdf((end - found.mean) / found.sd * root, 16, z * root) == pytest.approx(p, rel=1e-5)
    assert found.mean - found.lower_low == pytest.approx(found.upper_high - found.mean)
    assert found.mean - found.lower_high == pytest.approx(found.upper_low - found.mean)


def test_the_slope_is_that_of_a_regression():
    found = bland_altman(MINI_1, WRIGHT_1)
    line = stats.linregress((MINI_1 + WRIGHT_1) / 2, WRIGHT_1 - MINI_1)
    half = stats.t.ppf(0.975, 15) * line.stderr
    assert (found.slope, found.p_slope) == pytest.approx((line.slope, line.pvalue))
    assert (found.slope_low, found.slope_high) == pytest.approx((line.slope - half, line.slope + half))


def test_only_images_with_both_count():
    with_gap = bland_altman([1, 5, np.nan, 4, 9, 2], [2, 7, 3, 4, np.nan, 3.5])
    assert with_gap == bland_altman([1, 5, 4, 2], [2, 7, 4, 3.5])


def test_of_several_images_a_subject_every_subject_weighs_the_same():
    first, second = np.zeros(5), np.array([1.0, 3, 6, 2, 10])
    found = bland_altman(first, second, list("aabcc"))
    # subjects differ by 2, 6 and 6; within a and c the differences differ
    within = (2 * 1.0 + 2 * 16.0) / 2
    share = 1 - (1 / 2 + 1 + 1 / 2) / 3
    assert found.mean == pytest.approx(14 / 3)
    assert found.sd == pytest.approx(math.sqrt(np.var([2, 6, 6], ddof=1) + share * within))
    assert (found.n, found.n_clusters, found.method) == (5, 3, "MOVER, images in subjects")
    assert found.lower_low < found.lower < found.lower_high < found.upper_low < found.upper < found.upper_high


def test_differences_that_go_with_the_subject_widen_the_interval_of_the_mean():
    rng = np.random.default_rng(1)
    subject = np.repeat(np.arange(8), 6)
    second = rng.normal(0, 5, 8)[subject] + rng.normal(0, 1, 48)

    apart, nested = bland_altman(np.zeros(48), second), bland_altman(np.zeros(48), second, subject)

    assert nested.mean == pytest.approx(apart.mean)
    assert nested.mean_high - nested.mean_low > 2 * (apart.mean_high - apart.mean_low)


@pytest.mark.parametrize(
    ("first", "second", "subjects", "missing", "why"),
    [
        ([], [], None, {"mean", *BEYOND_THE_MEAN}, "there is none"),
        ([1, 2], [2, 5], None, set(BEYOND_THE_MEAN), "there are only 2"),
        ([0.1, 0.2, 0.3, 0.7], [0.4, 0.5, 0.6, 1.0], None, set(BEYOND_THE_MEAN) - {"sd", "lower", "upper"}, "equal"),
        ([1, 2, 3], [1, 3, 5], None, set(OF_SLOPE), "At least 4 points"),
        ([5, 5, 5, 5], [6, 4, 7, 3], list("aabb"), {*BEYOND_THE_MEAN} - {"sd", "lower", "upper", "slope"}, "subjects"),
    ],
)  # fmt: skip
def test_what_is_missing_has_a_reason(first, second, subjects, missing, why):
    found = bland_altman(first, second, subjects)
    assert {name for name in ("mean", *BEYOND_THE_MEAN) if math.isnan(getattr(found, name))} == missing
    assert set(found.reasons) == missing
    assert why in next(iter(found.reasons.values()))


@pytest.mark.parametrize(("first", "second"), [([1, 2], [1, 2, 3]), ([1, math.inf], [1, 2]), ([[1]], [[1]])])
def test_what_is_no_pair_is_refused(first, second):
    with pytest.raises(ValueError, match=r"values|infinite"):
        bland_altman(first, second)


PAIRS = st.lists(st.tuples(*[st.integers(0, 300)] * 2), min_size=4, max_size=25).map(lambda p: np.array(p, float))


@given(PAIRS.filter(lambda p: np.ptp(p[:, 1] - p[:, 0]) > 0 and np.ptp(p.sum(axis=1)) > 0))
def test_the_other_way_round_the_signs_turn(pairs):
    there, back = bland_altman(*pairs.T), bland_altman(*pairs.T[::-1])
    assert (back.mean, back.sd, back.lower) == pytest.approx((-there.mean, there.sd, -there.upper))
    assert (back.lower_low, back.lower_high) == pytest.approx((-there.upper_high, -there.upper_low))
    assert there.lower_low < there.lower < there.lower_high
    assert there.mean_low < there.mean < there.mean_high


@given(PAIRS.filter(lambda p: np.ptp(p[:, 1] - p[:, 0]) > 0))
def test_an_image_twice_as_two_subjects_or_as_one_has_the_same_mean(pairs):
    twice = np.repeat(pairs, 2, axis=0)
    subject = np.repeat(np.arange(len(pairs)), 2)
    assert bland_altman(*twice.T, subject).mean == pytest.approx(bland_altman(*pairs.T).mean)
    assert bland_altman(*twice.T, subject).sd == pytest.approx(bland_altman(*pairs.T).sd)
