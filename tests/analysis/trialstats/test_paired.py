import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.trialstats.paired import TESTS, paired_change
from tests.analysis.trialstats.published import MAIZE, SLEEP_1, SLEEP_2, WEIGHTS

NAN = math.nan


def test_student_s_sleep():
    """R: t.test(extra ~ group, paired = TRUE)."""
    change = paired_change(SLEEP_1, SLEEP_2)
    assert (change.n, change.df) == (10, 9)
    assert change.mean == pytest.approx(1.58)
    assert change.sd == pytest.approx(1.229995, abs=1e-6)
    assert change.t == pytest.approx(4.0621, abs=5e-5)
    assert change.p_t == pytest.approx(0.002833, abs=5e-7)
    assert (change.ci_low, change.ci_high) == pytest.approx((0.7001142, 2.4598858), abs=5e-8)
    assert change.percent == pytest.approx(100 * 1.58 / 0.75)
    assert change.reasons == {}


def test_fisher_on_darwin_s_maize():
    """Fisher (1935) gives t = 2.148 with 14 degrees of freedom, and p = 0.0497."""
    change = paired_change(np.zeros(15), MAIZE)
    assert change.mean == pytest.approx(20.93, abs=0.005)
    assert change.t == pytest.approx(2.148, abs=5e-4)
    assert change.p_t == pytest.approx(0.0497, abs=5e-5)
    assert "above zero" in change.reasons["percent"]


def test_shapiro_and_wilk_on_weights():
    """Royston's p (1995) for the 11 weights, W = 0.79."""
    assert paired_change(np.zeros(11), WEIGHTS).p_shapiro == pytest.approx(0.0067, abs=5e-5)


def test_d_z_of_its_own_definition():
    change = paired_change(SLEEP_1, SLEEP_2)
    assert change.d_z == pytest.approx(1.58 / 1.229995, rel=1e-6)
    low, high = change.d_z_low * math.sqrt(10), change.d_z_high * math.sqrt(10)
    assert stats.nct.sf(change.t, 9, low) == pytest.approx(0.025, rel=1e-4)
    assert stats.nct.cdf(change.t, 9, high) == pytest.approx(0.025, rel=1e-4)


def test_only_subjects_with_both_count():
    before = np.array([NAN, 10, 12, 11, 9])
    after = np.array([5, 12, NAN, 15, 12])
    assert paired_change(before, after) == paired_change([10, 11, 9], [12, 15, 12])
    assert paired_change(before, after).n == 3


def test_without_a_pair_there_is_nothing():
    change = paired_change([1, NAN], [NAN, 2])
    assert change.n == 0
    assert math.isnan(change.mean)
    assert change.reasons["mean"] == "At least 3 subjects with both values are needed; there is none."


def test_one_pair_has_a_mean_alone():
    change = paired_change([50], [60])
    assert (change.mean, change.median, change.percent) == (10, 10, 20)
    assert set(change.reasons) == {"sd", *TESTS}


def test_two_pairs_have_no_test():
    change = paired_change([50, 60], [60, 75])
    assert change.sd == pytest.approx(math.sqrt(12.5))
    assert all(math.isnan(getattr(change, name)) for name in TESTS)
    assert change.reasons["p_t"] == "At least 3 subjects with both values are needed; there are only 2."


def test_the_same_change_in_all_has_ranks_but_no_t():
    change = paired_change([1.1, 2.2, 3.3, 4.4, 5.5], [1.4, 2.5, 3.6, 4.7, 5.8])  # 0.3 but for rounding
    assert change.sd == 0
    assert math.isnan(change.p_t)
    assert change.reasons["t"] == "All subjects changed by the same amount (SD 0)."
    assert change.p_wilcoxon == 0.0625
    assert "p_wilcoxon" not in change.reasons


def test_no_change_in_any():
    change = paired_change([1, 2, 3], [1, 2, 3])
    assert change.mean == 0
    assert math.isnan(change.p_wilcoxon)
    assert change.reasons["p_wilcoxon"] == "No subject changed: all differences are zero."


def test_every_missing_number_has_a_reason():
    for pairs in ([], [(1, 2)], [(1, 2), (3, 5)], [(1, 2), (2, 3), (3, 4)], [(0, 0)] * 4, [(0, 1), (0, 2), (0, 4)]):
        change = paired_change([a for a, _ in pairs], [b for _, b in pairs])
        missing = {name for name in ("mean", "sd", "median", "percent", *TESTS) if math.isnan(getattr(change, name))}
        assert missing == set(change.reasons)


@pytest.mark.parametrize(("before", "after"), [([1, 2], [1, 2, 3]), ([1, math.inf], [1, 2]), ([[1, 2]], [[1, 2]])])
def test_what_is_no_pair_is_refused(before, after):
    with pytest.raises(ValueError, match="values"):
        paired_change(before, after)


VALUES = st.lists(st.tuples(*[st.floats(10, 200).map(lambda x: round(x, 3))] * 2), min_size=3, max_size=30).map(
    np.array
)


def with_spread(pairs):
    return np.ptp(pairs[:, 1] - pairs[:, 0]) > 0.01


@given(VALUES.filter(with_spread), st.floats(0.01, 100))
def test_a_change_of_unit_changes_no_test(pairs, unit):
    first, second = paired_change(*pairs.T), paired_change(*(pairs * unit).T)
    assert (second.mean, second.sd, second.ci_low) == pytest.approx(
        (first.mean * unit, first.sd * unit, first.ci_low * unit), rel=1e-6, abs=1e-9
    )
    for name in ("percent", "t", "p_t", "w", "p_wilcoxon", "p_shapiro", "d_z", "d_z_high"):
        assert getattr(second, name) == pytest.approx(getattr(first, name), rel=1e-6, abs=1e-9), name


@given(VALUES.filter(with_spread))
def test_the_way_back_is_the_change_with_its_sign_turned(pairs):
    there, back = paired_change(*pairs.T), paired_change(*pairs.T[::-1])
    assert (back.mean, back.t, back.d_z) == pytest.approx((-there.mean, -there.t, -there.d_z))
    assert (back.ci_low, back.ci_high) == pytest.approx((-there.ci_high, -there.ci_low))
    assert (back.d_z_low, back.d_z_high) == pytest.approx((-there.d_z_high, -there.d_z_low), rel=1e-4, abs=1e-6)
    assert (back.p_t, back.p_wilcoxon) == pytest.approx((there.p_t, there.p_wilcoxon))


@given(VALUES.filter(with_spread))
def test_scipy_agrees(pairs):
    change, reference = paired_change(*pairs.T), stats.ttest_rel(pairs[:, 1], pairs[:, 0])
    interval = reference.confidence_interval()
    assert (change.t, change.p_t) == pytest.approx((reference.statistic, reference.pvalue), rel=1e-6, abs=1e-12)
    assert (change.ci_low, change.ci_high) == pytest.approx((interval.low, interval.high), rel=1e-6, abs=1e-9)
