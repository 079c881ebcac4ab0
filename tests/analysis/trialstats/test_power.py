import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.trialstats.power import power_of, power_of_arms, subjects_needed, subjects_needed_per_arm


@pytest.mark.parametrize(("effect", "n"), [(0.2, 199), (0.5, 34), (0.8, 15)])
def test_subjects_for_cohen_s_effects(effect, n):
    """G*Power, t test of the difference of two dependent means, two-sided, 80 %."""
    assert subjects_needed(effect, 1) == n


def test_two_arms_as_in_the_manual_of_r():
    """power.t.test(n = 20, delta = 1, sd = 1) and power.t.test(power = .90, delta = 1, sd = 1): n = 22.02.

    R's 0.8689528 leaves out the tail on the wrong side, 2e-7.
    """
    assert power_of_arms(20, 1, 1) == pytest.approx(0.8689530, abs=5e-8)
    assert subjects_needed_per_arm(1, 1, power=0.9) == 23


@pytest.mark.parametrize(("effect", "n"), [(0.2, 394), (0.5, 64), (0.8, 26)])
def test_cohen_s_table_for_two_arms(effect, n):
    """Cohen (1992), A power primer, table 2: 393, 64, 26 at 80 %; exact, 393.4 becomes 394."""
    assert subjects_needed_per_arm(effect, 1) == n


@given(st.floats(0.05, 3), st.floats(0.1, 50), st.floats(0.5, 0.95))
def test_the_number_is_the_fewest(effect, sd, power):
    n = subjects_needed(effect * sd, sd, power=power)
    assert power_of(n, effect * sd, sd) >= power
    assert n == 3 or power_of(n - 1, effect * sd, sd) < power
    assert subjects_needed(-effect * sd, sd, power=power) == n


def test_a_small_effect_needs_millions():
    assert subjects_needed(1e-3, 1) == pytest.approx(7_848_880, rel=1e-5)  # (1.959964 + 0.841621)² · 10⁶


def test_no_effect_is_found_at_the_level_of_the_test():
    assert power_of(10, 0, 8) == pytest.approx(0.05)
    assert power_of_arms(10, 0, 8, alpha=0.01) == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((0, 8), "effect of zero"),
        ((5, 0), "above zero"),
        ((5, math.nan), "above zero"),
        ((math.nan, 8), "not a number"),
        ((1e-3, 8), "too small"),
        ((5, 8, 0.05, 1.0), "power must lie"),
        ((5, 8, 0.0), "level of the test"),
    ],
)
def test_what_cannot_be_answered_is_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        subjects_needed(*arguments)


def test_one_subject_is_no_test():
    with pytest.raises(ValueError, match="at least two"):
        power_of(1, 5, 8)
