import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.agreement.repeatability import OF_CV, OF_SD, repeatability
from tests.analysis.agreement.published import MINI_1, MINI_2, WRIGHT_1, WRIGHT_2


@pytest.mark.parametrize(("pair", "sd"), [((WRIGHT_1, WRIGHT_2), 15.3), ((MINI_1, MINI_2), 19.9)])
def test_bland_and_altman_on_peak_flow(pair, sd):
    """Within-subject SD of the two meters, in L/min; the coefficient is 2.77 of it."""
    found = repeatability(np.column_stack(pair))
    assert found.sd_within == pytest.approx(sd, abs=0.05)
    assert found.coefficient == pytest.approx(2.77 * found.sd_within, rel=1e-3)
    assert found.reasons == {}


def test_of_two_readings_it_is_the_differences_root_mean_square():
    found = repeatability([[10, 12], [20, 20], [30, 26], [40, 41]])
    assert found.sd_within == pytest.approx(math.sqrt((4 + 0 + 16 + 1) / 8))
    expected = math.sqrt(np.mean([2 / 11**2, 0, 8 / 28**2, 0.5 / 40.5**2]))
    assert found.cv_percent == pytest.approx(100 * expected)


def test_the_interval_is_that_of_chi_square():
    found = repeatability(np.column_stack([WRIGHT_1, WRIGHT_2, MINI_1]))
    df = 34
    for end, p in ((found.sd_low, 0.025), (found.sd_high, 0.975)):
        assert stats.chi2.sf(df * found.sd_within**2 / end**2, df) == pytest.approx(p)
    assert found.cv_low / found.cv_percent == pytest.approx(found.sd_low / found.sd_within)


@pytest.mark.parametrize(
    ("table", "missing", "why"),
    [
        ([[1, 2]], {*OF_SD, *OF_CV}, "there is only 1"),
        ([[3, 3], [5, 5], [6, 6]], {*OF_SD, *OF_CV} - {"sd_within", "coefficient", "cv_percent"}, "equal"),
        ([[0, 0], [5, 5], [6, 6]], {*OF_SD, *OF_CV} - {"sd_within", "coefficient"}, "equal"),
        ([[0, 0], [5, 6], [6, 6]], {*OF_CV}, "above zero"),
    ],
)
def test_what_is_missing_has_a_reason(table, missing, why):
    found = repeatability(table)
    assert {name for name in (*OF_SD, *OF_CV) if math.isnan(getattr(found, name))} == missing == set(found.reasons)
    assert why in next(iter(found.reasons.values()))


TABLES = st.lists(st.tuples(*[st.integers(1, 300)] * 3), min_size=3, max_size=15).map(lambda t: np.array(t, float))


@given(TABLES.filter(lambda t: t.var(axis=1).any()))
def test_the_order_of_readings_does_not_matter_and_the_unit_cancels_in_the_cv(table):
    found, other = repeatability(table), repeatability(7 * table[:, ::-1])
    assert other.cv_percent == pytest.approx(found.cv_percent)
    assert other.coefficient_high == pytest.approx(7 * found.coefficient_high)
    assert found.sd_low < found.sd_within < found.sd_high
