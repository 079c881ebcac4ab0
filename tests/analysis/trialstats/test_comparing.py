import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.trialstats.comparing import compare_groups, compare_sites
from tests.analysis.trialstats.published import SLEEP_1, SLEEP_2

NAN = math.nan
CHANGES = st.lists(st.floats(-50, 50).map(lambda x: round(x, 3)), min_size=3, max_size=20)


def test_welch_on_student_s_sleep():
    """R: t.test(extra ~ group)."""
    result = compare_groups(SLEEP_1, SLEEP_2)
    assert (result.n, result.n_control, result.method) == (10, 10, "Welch t")
    assert result.df == pytest.approx(17.776, abs=5e-4)
    assert result.p == pytest.approx(0.07939, abs=5e-6)
    assert (result.ci_low, result.ci_high) == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)


@pytest.mark.filterwarnings("ignore:Precision loss occurred")  # said by scipy of a group whose changes are all equal
@given(CHANGES, CHANGES)
def test_welch_against_scipy(ours, theirs):
    result = compare_groups([*ours, NAN], theirs)
    if math.isnan(result.p):
        assert len(set(ours)) == len(set(theirs)) == 1
    else:
        reference = stats.ttest_ind(ours, theirs, equal_var=False)
        assert (result.df, result.p) == pytest.approx((reference.df, reference.pvalue), rel=1e-6)


def test_sites_of_the_same_subjects():
    result = compare_sites([*SLEEP_2, 3.0], [*SLEEP_1, NAN])
    assert (result.n, result.n_control, result.method) == (10, 10, "paired t")
    assert (result.difference, result.df) == (pytest.approx(1.58), 9)
    assert result.p == pytest.approx(0.002833, abs=5e-7)
    assert (result.ci_low, result.ci_high) == pytest.approx((0.7001142, 2.4598858), abs=5e-8)


def test_too_few_or_equal_changes_have_a_reason():
    two = compare_groups([1, 2, 3, 4], [1, 2, NAN])
    assert two.difference == 1
    assert math.isnan(two.p)
    assert two.reasons["p"] == "At least 3 subjects with a change in each group are needed; there are only 2."
    none = compare_groups([1, 2, 3], [])
    assert math.isnan(none.difference)
    assert none.reasons["difference"].startswith("At least 3")
    equal = compare_groups([5, 5, 5], [2, 2, 2])
    assert (equal.difference, equal.reasons["ci_low"]) == (3, "In both groups all changes are equal (SD 0).")
    sites = compare_sites([1, 2], [0, 0])
    assert set(sites.reasons) == {"ci_low", "ci_high", "df", "p"}
