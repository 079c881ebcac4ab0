"""Slopes, shares and drift, and the jackknife that they use where images are nested in subjects."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.agreement.clusters import clusters_of, jackknife
from analysis.agreement.drift import drift
from analysis.agreement.line import NUMBERS, slope_of
from analysis.agreement.share import share_of


def test_the_jackknife_of_a_mean_is_student_s_interval():
    values = np.array([4.0, 7, 1, 9, 6])
    se, low, high = jackknife(lambda kept: values[kept].mean(), clusters_of(None, 5))
    expected = stats.t.interval(0.95, 4, values.mean(), stats.sem(values))
    assert (low, high) == pytest.approx(expected)
    assert se == pytest.approx(stats.sem(values))


def test_the_jackknife_of_a_mean_in_clusters_of_one_size_is_that_of_their_means():
    values, of = np.array([4.0, 6, 1, 3, 9, 9]), ["b", "b", "a", "a", "c", "c"]
    se, _, _ = jackknife(lambda kept: values[kept].mean(), clusters_of(of, 6))
    assert se == pytest.approx(stats.sem([5, 2, 9]))


def test_a_line():
    x, y = [1, 2, 3, 4, 5, np.nan], [2.1, 3.9, 6.2, 7.8, 10.1, 4]
    found, reference = slope_of(x, y), stats.linregress(x[:5], y[:5])
    half = stats.t.ppf(0.975, 3) * reference.stderr
    assert (found.n, found.value, found.p) == pytest.approx((5, reference.slope, reference.pvalue))
    assert (found.ci_low, found.ci_high) == pytest.approx((reference.slope - half, reference.slope + half))
    assert found.intercept == pytest.approx(reference.intercept)


@pytest.mark.parametrize(
    ("x", "y", "subjects", "missing", "why"),
    [
        ([1, 2, 3], [1, 2, 2], None, set(NUMBERS), "At least 4 points"),
        ([2, 2, 2, 2], [1, 2, 2, 4], None, set(NUMBERS), "no spread over time"),
        ([1, 2, 3, 4], [2, 4, 6, 8], None, {"ci_low", "ci_high", "p"}, "on a line"),
        ([1, 2, 3, 4], [2, 5, 6, 8], list("aabb"), {"ci_low", "ci_high", "p"}, "subjects"),
        ([1, 1, 1, 4], [2, 5, 6, 8], list("aabc"), {"ci_low", "ci_high", "p"}, "within subjects"),
    ],
)
def test_a_line_that_cannot_be_has_a_reason(x, y, subjects, missing, why):
    found = slope_of(x, y, subjects, along="over time")
    assert {name for name in NUMBERS if math.isnan(getattr(found, name))} == missing == set(found.reasons)
    assert why in next(iter(found.reasons.values()))


def test_lines_of_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="values of x"):
        slope_of([1, 2], [1])


def test_f1_over_images():
    found = share_of([180, 150, 90], [200, 160, 120])
    assert found.value == pytest.approx(420 / 480)
    assert found.ci_low < found.value < found.ci_high
    assert (found.n, found.n_clusters) == (3, 3)


@pytest.mark.parametrize(
    ("part", "whole", "why"),
    [
        ([], [], "nothing"),
        ([0, 0], [0, 0], "nothing"),
        ([5, 5, 5], [5, 5, 5], "0 or 1"),
        ([5, 4], [5, 5], "At least 3 subjects"),
        ([5, 5, 4], [5, 5, 5], "Without one"),
    ],
)
def test_a_share_without_an_interval_says_why(part, whole, why):
    found = share_of(part, whole)
    assert math.isnan(found.ci_low)
    assert why in found.reasons["ci_low"]
    assert math.isnan(found.value) == ("value" in found.reasons) == (not sum(whole))


@pytest.mark.parametrize(("part", "whole"), [([2], [1]), ([-1], [1]), ([1, 2], [3])])
def test_a_part_is_at_most_its_whole(part, whole):
    with pytest.raises(ValueError, match=r"wholes|part"):
        share_of(part, whole)


COUNTS = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 20)), min_size=3, max_size=12).map(np.array)


@given(COUNTS)
def test_a_share_and_the_rest_add_up(counts):
    part, whole = counts[:, 0], counts.sum(axis=1)
    of, rest = share_of(part, whole), share_of(whole - part, whole)
    assert of.value + rest.value == pytest.approx(1)
    assert (of.ci_low, of.ci_high) == pytest.approx((1 - rest.ci_high, 1 - rest.ci_low))


def test_drift_is_per_stretch_and_told_at_the_middle():
    found = drift([1, 2, 3.5, 4, 5.2], [10, 20, 30, 40, 50], per=10)
    line = stats.linregress([1, 2, 3, 4, 5], [1, 2, 3.5, 4, 5.2])
    assert (found.value, found.p) == pytest.approx((line.slope, line.pvalue))
    assert found.intercept == pytest.approx(np.mean([1, 2, 3.5, 4, 5.2]))


def test_without_a_date_there_is_no_drift():
    found = drift([1, 2, 3, 4], [np.nan] * 4)
    assert found.n == 0
    assert "there is none" in found.reasons["value"]
    with pytest.raises(ValueError, match="above 0"):
        drift([1], [1], per=0)
