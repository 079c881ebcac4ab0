import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.trialstats import signed_rank as module
from analysis.trialstats.signed_rank import signed_rank
from tests.analysis.trialstats.published import DEPRESSION_AFTER, DEPRESSION_BEFORE, MAIZE


def test_depression_scores():
    """R: wilcox.test(x, y, paired = TRUE): V = 40, p-value = 0.03906."""
    result = signed_rank(DEPRESSION_BEFORE - DEPRESSION_AFTER)
    assert (result.w, result.method) == (40, "exact")
    assert result.p == 0.0390625


def test_darwin_s_maize():
    """scipy's manual: the smaller rank sum is 24, p = 0.041259765625."""
    result = signed_rank(MAIZE)
    assert (result.w, result.p) == (120 - 24, 0.041259765625)


@pytest.mark.parametrize(("n", "least"), [(3, 0.25), (4, 0.125), (5, 0.0625), (6, 0.03125), (10, 0.001953125)])
def test_the_least_p_is_reached_when_all_rise(n, least):
    result = signed_rank(np.arange(1.0, n + 1))
    assert result.p == result.least_p == least


@pytest.mark.parametrize(("n", "critical", "p"), [(10, 8, 0.048828125), (8, 3, 0.0390625), (12, 13, 0.04248046875)])
def test_wilcoxon_s_table_of_critical_values(n, critical, p):
    """The largest rank sums with p ≤ 0.05, two-sided (Wilcoxon, Katti and Wilcox 1970)."""
    ranks = np.arange(1.0, n + 1)
    for total, is_significant in ((critical, True), (critical + 1, False)):
        signs = next(s for s in itertools.product((-1, 1), repeat=n) if ranks[np.array(s) > 0].sum() == total)
        found = signed_rank(ranks * signs).p
        assert (found <= 0.05) == is_significant
        if is_significant:
            assert found == p


def by_all_signs(differences):
    """Pratt's test by going through every sign."""
    ranks, there = stats.rankdata(np.abs(differences)), differences != 0
    sums = np.array([ranks[there][np.array(s)].sum() for s in itertools.product([False, True], repeat=there.sum())])
    w = ranks[differences > 0].sum()
    return w, min(1.0, 2 * min((sums <= w).mean(), (sums >= w).mean()))


@given(st.lists(st.integers(-5, 5), min_size=3, max_size=10).map(lambda d: np.array(d, float)).filter(np.any))
def test_ties_and_zeros_against_every_sign(differences):
    result = signed_rank(differences)
    w, p = by_all_signs(differences)
    assert (result.w, result.p) == (w, pytest.approx(p, rel=1e-12))
    is_tied = 0 in differences or np.unique(np.abs(differences)).size < differences.size
    assert result.method == ("sign-flip permutation" if is_tied else "exact")


def test_ties_and_zeros_against_scipy():
    differences = np.array([0, 0, 1, 1, 2, -1, 3, 3, -4, 5, 6, 2.5])
    every_sign = stats.PermutationMethod(n_resamples=np.inf)
    reference = stats.wilcoxon(differences, zero_method="pratt", method=every_sign)
    assert signed_rank(differences).p == pytest.approx(reference.pvalue, rel=1e-12)


@pytest.mark.parametrize("n", [25, 60, 150])
def test_larger_samples_against_scipy(n):
    differences = np.random.default_rng(n).normal(0.2, 1, n)
    assert signed_rank(differences).p == pytest.approx(stats.wilcoxon(differences, method="exact").pvalue, rel=1e-9)


def test_zeros_alone_have_no_p():
    result = signed_rank(np.zeros(6))
    assert math.isnan(result.p)


@pytest.mark.parametrize("shift", [0.0, 0.1, 0.15, 0.2, 0.3])
@pytest.mark.parametrize("digits", [1, 9])
def test_many_differences_are_approximated_well(shift, digits, monkeypatch):
    differences = np.round(np.random.default_rng(3).normal(shift, 1, 250), digits)
    approximate = signed_rank(differences)
    assert approximate.method == "normal approximation"
    monkeypatch.setattr(module, "MOST_EXACT", 1000)
    assert approximate.p == pytest.approx(signed_rank(differences).p, abs=1e-5)
