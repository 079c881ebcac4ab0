import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.trialstats.mixed_model import NO_SPREAD, NUMBERS, modelled_arms, modelled_changes
from analysis.trialstats.paired import paired_change
from tests.analysis.trialstats.published import BOYS, GIRLS, GROWTH_AGES

WEEKS = np.array([0.0, 4, 6, 7, 10, 12])
NAN = math.nan


def trial(seed, n=10, missing=0.0, weeks=WEEKS):
    rng = np.random.default_rng(seed)
    values = rng.normal(74, 13, (n, 1)) + rng.normal(0, 0.4, (n, 1)) * weeks + rng.normal(0, 4, (n, len(weeks)))
    values[rng.random(values.shape) < missing] = NAN
    return values


@pytest.mark.parametrize("n", [4, 5, 6, 7, 10])
def test_without_missing_visits_it_is_the_paired_t(n):
    values = trial(n, n)
    for week, found in enumerate(modelled_changes(values, WEEKS), start=1):
        paired = paired_change(values[:, 0], values[:, week])
        assert (found.estimate, found.df, found.p) == pytest.approx((paired.mean, n - 1, paired.p_t))
        assert (found.ci_low, found.ci_high) == pytest.approx((paired.ci_low, paired.ci_high))
        assert (found.covariance == "unstructured") == (n > 6)
        assert (found.n_subjects, found.n_values) == (n, 6 * n)


def test_which_covariance_and_whose_small_sample():
    """With missing visits, twice as many complete subjects as weeks allow an unstructured covariance."""
    few, many = trial(1, 10, 0.15), trial(1, 40, 0.15)
    assert (~np.isnan(many)).all(axis=1).sum() >= 13 > (~np.isnan(few)).all(axis=1).sum()
    of_few, of_many = modelled_changes(few, WEEKS)[-1], modelled_changes(many, WEEKS)[-1]
    assert (of_few.covariance, of_few.small_sample) == ("random slope", "bias-reduced cluster-robust")
    assert (of_many.covariance, of_many.small_sample) == ("unstructured", "Kenward–Roger")


def test_subjects_with_missing_visits_take_part():
    values = trial(5, 10, 0.2)
    found, pairs = modelled_changes(values, WEEKS)[-1], paired_change(values[:, 0], values[:, -1])
    assert found.n_subjects == 10 > pairs.n
    assert found.n_values == (~np.isnan(values)).sum()
    assert found.se < pairs.sd / math.sqrt(pairs.n)


def test_arms_without_missing_visits():
    """Each arm's change as if alone; the difference of the changes as a t test with a common standard deviation."""
    values = np.vstack([BOYS, GIRLS])
    girls, boys = modelled_arms(values, GROWTH_AGES, ["boys"] * 16 + ["girls"] * 11, control="girls")[::-1]
    assert (boys.arm, girls.arm, girls.differences) == ("boys", "girls", ())
    for week in (1, 2, 3):
        of_boys, of_girls = BOYS[:, week] - BOYS[:, 0], GIRLS[:, week] - GIRLS[:, 0]
        difference = boys.differences[week - 1]
        pooled = (15 * of_boys.var(ddof=1) + 10 * of_girls.var(ddof=1)) / 25
        assert difference.estimate == pytest.approx(of_boys.mean() - of_girls.mean())
        assert difference.se == pytest.approx(math.sqrt(pooled * (1 / 16 + 1 / 11)))
        assert difference.df == pytest.approx(25)
        assert boys.changes[week - 1].se == pytest.approx(math.sqrt(pooled / 16))
        assert (difference.n_subjects, boys.changes[0].n_subjects) == (27, 16)


def test_arms_with_missing_visits():
    values = trial(8, 24, 0.15)
    a, b = modelled_arms(values, WEEKS, ["a", "b"] * 12, control="b")
    assert len(a.differences) == len(a.changes) == 5
    for week in range(5):
        assert a.differences[week].estimate == pytest.approx(a.changes[week].estimate - b.changes[week].estimate)
        assert a.differences[week].se > max(a.changes[week].se, b.changes[week].se)


def test_a_later_week_can_be_the_baseline():
    values = trial(4, 10, 0.1)
    forward, backward = modelled_changes(values, WEEKS)[-1], modelled_changes(values, WEEKS, 5)[0]
    assert (backward.estimate, backward.se, backward.df) == pytest.approx((-forward.estimate, forward.se, forward.df))


def test_too_few_pairs_have_a_reason_and_the_other_weeks_do_not():
    values = trial(6, 8)
    values[2:, 3] = NAN
    found = modelled_changes(values, WEEKS)
    assert math.isnan(found[2].estimate)
    assert set(found[2].reasons) == set(NUMBERS)
    assert found[2].reasons["p"].startswith("At least 3")
    assert all(not change.reasons for change in (*found[:2], *found[3:]))
    values[3:, 0] = NAN
    values[0, 5] = NAN
    assert modelled_changes(values, WEEKS)[-1].reasons["p"].endswith("; there are only 2.")


def test_nobody_and_nothing():
    assert modelled_changes(np.zeros((0, 3)), [0, 1, 2])[1].reasons["estimate"].endswith("; there is none.")
    assert modelled_changes(np.full((5, 3), NAN), [0, 1, 2])[0].n_values == 0
    assert modelled_changes(np.ones((5, 3)), [0, 1, 2])[0].reasons["p"] == NO_SPREAD


def test_values_without_noise_have_a_reason():
    alike = np.array([1.0, 4, 9, 16, 25])[:, None] + [0, 3, 5]
    of_alike = modelled_changes(alike, [0, 1, 2])[0]
    assert of_alike.estimate == pytest.approx(3)
    assert of_alike.reasons["p"] == "All subjects changed by the same amount (SD 0)."
    one_week_alike = trial(0)
    one_week_alike[:, 1] = one_week_alike[:, 0] + 3
    first, *others = modelled_changes(one_week_alike, WEEKS)
    assert first.estimate == pytest.approx(3)
    assert first.reasons["p"] == "All subjects changed by the same amount (SD 0)."
    assert all(change.p > 0 for change in others)


@pytest.mark.parametrize(
    ("values", "weeks", "baseline", "said"),
    [
        (np.ones((3, 2)), [0, 1, 2], 0, "do not fit"),
        (np.ones((3, 2)), [1, 1], 0, "different"),
        (np.ones((3, 2)), [0, 1], 2, "index 2"),
        (np.array([[1, np.inf]]), [0, 1], 0, "infinite"),
    ],
)
def test_what_does_not_fit_is_refused(values, weeks, baseline, said):
    with pytest.raises(ValueError, match=said):
        modelled_changes(values, weeks, baseline)


def test_arms_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="2 arms are given for 3"):
        modelled_arms(np.ones((3, 2)), [0, 1], ["a", "b"])
    with pytest.raises(ValueError, match="Nobody is in the control arm c"):
        modelled_arms(np.ones((2, 2)), [0, 1], ["a", "b"], control="c")


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 0.35), st.integers(4, 14), st.floats(-100, 100), st.floats(0.01, 100))
def test_units_and_origin_do_not_matter(seed, missing, n, shift, unit):
    values = trial(seed, n, missing)
    for plain, moved in zip(
        modelled_changes(values, WEEKS), modelled_changes(values * unit + shift, WEEKS), strict=True
    ):
        assert (moved.covariance, moved.n_values, moved.reasons) == (plain.covariance, plain.n_values, plain.reasons)
        scaled = [plain.estimate * unit, plain.se * unit, plain.df, plain.ci_low * unit, plain.ci_high * unit, plain.p]
        assert astuple(moved)[:6] == pytest.approx(scaled, rel=1e-4, abs=1e-4 * unit, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 0.6), st.integers(0, 9), st.integers(2, 6), st.integers(0, 2))
def test_there_is_a_number_or_a_reason(seed, missing, n, n_weeks, digits):
    """Also for scores in whole numbers, few subjects and many gaps."""
    rng = np.random.default_rng(seed)
    values = np.round(rng.normal(5, 1, (n, n_weeks)) * 10**digits) / 10**digits
    values[rng.random(values.shape) < missing] = NAN
    for change in modelled_changes(values, WEEKS[:n_weeks]):
        missing_numbers = {name for name in NUMBERS if math.isnan(getattr(change, name))}
        assert missing_numbers == set(change.reasons)
        if not change.reasons:
            assert change.ci_low < change.estimate < change.ci_high
            assert change.df > 0.9
            assert 0 <= change.p <= 1


def test_the_reason_counts_subjects_whose_visit_was_too_scarce_to_model():
    (change,) = modelled_changes([[60.0, 66.0], [70.0, 79.0]], [0, 12])
    assert change.reasons["estimate"] == "At least 3 subjects with both values are needed; there are only 2."
