import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.agreement.kappa import OF_VALUE, Weights, agreement_weights, kappa
from tests.analysis.agreement.published import COHEN, COUPLES, FLEISS


def classes_of(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """The classes by both readers, from a table of counts."""
    first, second = np.indices(table.shape).reshape(2, -1)
    return np.repeat(first, table.ravel()), np.repeat(second, table.ravel()), len(table)


def test_cohen():
    """1960: agreement 0.70, by chance 0.41, kappa 0.492."""
    found = kappa(*classes_of(COHEN))
    assert (found.observed, found.expected) == pytest.approx((0.70, 0.41))
    assert found.value == pytest.approx(0.492, abs=5e-4)


def test_fleiss():
    """Kappa 0.68 with a standard error of 0.088."""
    found = kappa(*classes_of(FLEISS))
    assert (found.value, found.se) == pytest.approx((0.68, 0.088), abs=0.005)
    assert found.ci_low == pytest.approx(found.value - 1.96 * found.se, abs=1e-5)


@pytest.mark.parametrize(
    ("weights", "value", "se"),
    [(Weights.NONE, 0.1293, 0.0686), (Weights.LINEAR, 0.2374, 0.0783), (Weights.QUADRATIC, 0.3320, 0.0973)],
)
def test_agresti_s_couples(weights, value, se):
    """R: vcd::Kappa(SexualFun), with equal spacing and with Fleiss–Cohen weights."""
    found = kappa(*classes_of(COUPLES), weights)
    assert (found.value, found.se) == pytest.approx((value, se), abs=5e-5)
    assert found.method == "large sample"


def test_quadratic_weights_make_it_a_correlation_of_absolute_agreement():
    """Fleiss and Cohen 1973: 2·cov / (variances + squared difference of means), with divisor n."""
    first, second, n_classes = classes_of(COUPLES)
    expected = 2 * np.cov(first, second, ddof=0)[0, 1]
    expected /= first.var() + second.var() + (first.mean() - second.mean()) ** 2
    assert kappa(first, second, n_classes, Weights.QUADRATIC).value == pytest.approx(expected)


def test_of_two_classes_weights_make_no_difference():
    assert (agreement_weights(2, Weights.LINEAR) == np.eye(2)).all()
    assert agreement_weights(3, Weights.QUADRATIC)[0].tolist() == [1, 0.75, 0]


def test_full_agreement_is_one():
    found = kappa([0, 1, 2, 1], [0, 1, 2, 1], 3)
    assert (found.value, found.se, found.ci_low, found.ci_high) == (1, 0, 1, 1)


@pytest.mark.parametrize(
    ("first", "second", "subjects", "missing", "why"),
    [
        ([0, 1], [0, 1], None, set(OF_VALUE), "At least 3 objects"),
        ([1, 1, 1], [1, 1, 1], None, set(OF_VALUE) - {"observed", "expected"}, "one class"),
        ([0, 1, 1, 0], [0, 1, 0, 1], list("aabb"), {"ci_low", "ci_high", "se"}, "subjects"),
        ([0, 1, 1, 1, 1], [1, 0, 1, 1, 1], list("aabbc"), {"ci_low", "ci_high", "se"}, "Without one"),
    ],
)
def test_what_is_missing_has_a_reason(first, second, subjects, missing, why):
    found = kappa(first, second, 2, clusters=subjects)
    assert {name for name in OF_VALUE if math.isnan(getattr(found, name))} == missing == set(found.reasons)
    assert why in next(iter(found.reasons.values()))


@pytest.mark.parametrize(
    ("first", "second", "n_classes"), [([0], [0, 1], 2), ([0, 1], [0, 2], 2), ([-1, 0], [0, 0], 2), ([0], [0], 1)]
)
def test_classes_that_cannot_be_are_refused(first, second, n_classes):
    with pytest.raises(ValueError, match=r"class|Class"):
        kappa(first, second, n_classes)


def test_hairs_of_one_subject_are_no_replicates():
    """Each subject's objects ten times: as many subjects, so no surer."""
    rng = np.random.default_rng(2)
    subject = np.repeat(np.arange(12), 8)
    first = rng.integers(0, 3, subject.size)
    second = np.where(rng.random(subject.size) < 0.7, first, rng.integers(0, 3, subject.size))
    tenfold = [np.repeat(column, 10) for column in (first, second, subject)]

    once, ten = kappa(first, second, 3, clusters=subject), kappa(*tenfold[:2], 3, clusters=tenfold[2])

    assert (ten.ci_low, ten.ci_high) == pytest.approx((once.ci_low, once.ci_high))
    assert kappa(*tenfold[:2], 3).se < 0.4 * ten.se


@given(st.lists(st.tuples(*[st.integers(0, 2)] * 2), min_size=3, max_size=60).map(np.array))
def test_readers_may_be_swapped(pairs):
    there, back = kappa(pairs[:, 0], pairs[:, 1], 3), kappa(pairs[:, 1], pairs[:, 0], 3)
    assert (there.value, there.se) == pytest.approx((back.value, back.se), nan_ok=True)
    assert not there.value > 1
