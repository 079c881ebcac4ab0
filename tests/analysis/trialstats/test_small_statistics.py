import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.trialstats.adjusting import holm
from analysis.trialstats.describing import sample
from analysis.trialstats.proportion import clopper_pearson
from analysis.trialstats.results import Proportion, Sample
from analysis.trialstats.student import standardised_interval

NAN = math.nan


def test_a_sample():
    assert sample([3, NAN, 1, 8]) == Sample(3, 4, pytest.approx(math.sqrt(13)), 3, 1, 8)


def test_a_sample_of_one_has_no_sd_and_of_none_nothing():
    one, none = sample([7]), sample([NAN, NAN])
    assert (one.n, one.mean, one.median, one.minimum, one.maximum) == (1, 7, 7, 7, 7)
    assert math.isnan(one.sd)
    assert none.n == 0
    assert math.isnan(none.mean)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_leaves_out_what_was_not_tested():
    adjusted = holm([0.02, NAN, 0.03])
    assert adjusted[[0, 2]] == pytest.approx([0.04, 0.04])
    assert math.isnan(adjusted[1])


def test_holm_of_nothing_and_of_what_is_no_p():
    assert holm([]).size == 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.1, 1.2])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_only_raises_p_and_keeps_the_order(p):
    adjusted = holm(p)
    assert (adjusted >= np.array(p)).all()
    assert (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()
    assert adjusted[np.argmin(p)] == min(1, len(p) * min(p))


def test_nine_of_ten():
    nine = clopper_pearson(9, 10)
    assert nine.share == 0.9
    assert (nine.ci_low, nine.ci_high) == pytest.approx((0.5550, 0.9975), abs=5e-5)


@pytest.mark.parametrize(("count", "n"), [(0, 10), (10, 10), (1, 3), (37, 120), (1, 1)])
def test_proportions_against_scipy(count, n):
    reference = stats.binomtest(count, n).proportion_ci(0.95, method="exact")
    found = clopper_pearson(count, n)
    assert (found.ci_low, found.ci_high) == pytest.approx((reference.low, reference.high), abs=1e-9)


def test_a_proportion_of_nobody_and_one_that_is_none():
    assert repr(clopper_pearson(0, 0)) == repr(Proportion(0, 0))
    with pytest.raises(ValueError, match="11 of 10"):
        clopper_pearson(11, 10)


def test_limits_of_the_non_central_t():
    """The manual of R's MBESS: conf.limits.nct(ncp = 2.83, df = 126) gives 0.8337502 and 4.815359."""
    low, high = standardised_interval(2.83, 127)
    assert (low * math.sqrt(127), high * math.sqrt(127)) == pytest.approx((0.8337502, 4.815359), rel=1e-6)
