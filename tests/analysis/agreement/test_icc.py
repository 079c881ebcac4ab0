import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.agreement.icc import OF_VALUE, icc_2_1, mean_squares
from tests.analysis.agreement.published import ANXIETY, SHROUT_FLEISS


def test_shrout_and_fleiss():
    """Their table 4 gives 0.29; R's psych gives 0.019 to 0.761 of the same data."""
    icc = icc_2_1(SHROUT_FLEISS)
    assert (icc.n, icc.k) == (6, 4)
    assert icc.value == pytest.approx(0.29, abs=0.005)
    assert (icc.ci_low, icc.ci_high) == pytest.approx((0.019, 0.761), abs=5e-4)
    assert (icc.ms_images, icc.ms_readers, icc.ms_error) == pytest.approx((11.24, 32.49, 1.02), abs=0.005)
    assert icc.reasons == {}


def test_three_raters_of_anxiety():
    """R: irr::icc(anxiety, model = "twoway", type = "agreement")."""
    icc = icc_2_1(ANXIETY)
    assert icc.value == pytest.approx(0.198, abs=5e-4)
    assert (icc.ci_low, icc.ci_high) == pytest.approx((-0.039, 0.494), abs=5e-4)


def test_mean_squares_of_a_table_by_hand():
    # rows 1, 3 and columns 1.5, 2.5 about a mean of 2; nothing left
    assert mean_squares(np.array([[0.5, 1.5], [2.5, 3.5]])) == pytest.approx((4, 1, 0))


def test_only_images_that_all_have_read_count():
    table = np.vstack([SHROUT_FLEISS, [5, np.nan, 3, 2]])
    assert icc_2_1(table) == icc_2_1(SHROUT_FLEISS)


def test_a_shift_between_readers_lowers_it():
    values = np.array([10.0, 20, 30, 40, 50])
    assert icc_2_1(np.column_stack([values, values])).value == 1
    assert icc_2_1(np.column_stack([values, values + 10])).value == pytest.approx(250 / (250 + 50))


@pytest.mark.parametrize(
    ("table", "missing", "why"),
    [
        ([[1, 2], [2, 3]], set(OF_VALUE), "At least 3 with a value of every reading are needed; there are only 2."),
        (np.empty((0, 2)), set(OF_VALUE), "there is none"),
        ([[5, 5]] * 4, set(OF_VALUE), "do not differ"),
        ([[1, 5], [5, 1], [3, 3]], {"ci_low", "ci_high"}, "do not differ from each other"),
        ([[0.1, 0.1], [0.2, 0.2], [0.3, 0.3]], {"ci_low", "ci_high"}, "agree exactly"),
    ],
)
def test_what_is_missing_has_a_reason(table, missing, why):
    icc = icc_2_1(table)
    assert {name for name in OF_VALUE if math.isnan(getattr(icc, name))} == missing == set(icc.reasons)
    assert why in next(iter(icc.reasons.values()))


def test_images_of_one_subject_make_the_interval_wider():
    rng = np.random.default_rng(3)
    subject = np.repeat(np.arange(8), 5)
    table = (rng.normal(100, 25, 8)[subject] + rng.normal(0, 5, 40))[:, None] + rng.normal(0, 8, (40, 2))

    apart, nested = icc_2_1(table), icc_2_1(table, subject)

    assert nested.value == apart.value
    assert nested.ci_low < apart.ci_low < apart.ci_high < nested.ci_high
    assert (apart.method, nested.method, nested.n_clusters) == ("F", "F, images in subjects", 8)


def test_labels_that_are_all_different_change_nothing():
    assert icc_2_1(SHROUT_FLEISS, list("abcdef")) == icc_2_1(SHROUT_FLEISS)


def test_two_subjects_give_no_interval():
    icc = icc_2_1(SHROUT_FLEISS, list("aaabbb"))
    assert icc.value == pytest.approx(0.29, abs=0.005)
    assert icc.reasons == dict.fromkeys(("ci_low", "ci_high"), "At least 3 subjects are needed; there are only 2.")


@pytest.mark.parametrize("table", [[1, 2, 3], [[1], [2], [3]], [[1, math.inf], [2, 3], [4, 5]]])
def test_what_is_no_table_is_refused(table):
    with pytest.raises(ValueError, match=r"reading|infinite"):
        icc_2_1(table)


def test_labels_must_be_as_many_as_images():
    with pytest.raises(ValueError, match="labels"):
        icc_2_1(SHROUT_FLEISS, [1, 2])


def with_spread(table: np.ndarray) -> bool:
    images, _, error = mean_squares(table)
    return images > 1e-6 and error > 1e-6


TABLES = st.tuples(st.integers(3, 12), st.integers(2, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 200), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


def variance_components(table: np.ndarray) -> float:
    """ICC(2,1) by the components of variance: between images by the sum of images, readers and error."""
    n, k = table.shape
    images = k * table.mean(axis=1).var(ddof=1)
    readers = n * table.mean(axis=0).var(ddof=1)
    total = ((table - table.mean()) ** 2).sum()
    error = (total - images * (n - 1) - readers * (k - 1)) / ((n - 1) * (k - 1))
    of_images, of_readers = (images - error) / k, (readers - error) / n
    return of_images / (of_images + of_readers + error)


@given(TABLES.map(lambda rows: np.array(rows, float)).filter(with_spread))
def test_components_of_variance_agree(table):
    icc = icc_2_1(table)
    assert icc.value == pytest.approx(variance_components(table), rel=1e-6, abs=1e-9)
    assert icc.ci_low <= icc.value <= icc.ci_high


@given(TABLES.map(lambda rows: np.array(rows, float)).filter(with_spread), st.integers(0, 9))
def test_neither_unit_nor_order_matter(table, seed):
    rng = np.random.default_rng(seed)
    other = icc_2_1(3.5 * table[rng.permutation(len(table))][:, rng.permutation(table.shape[1])] + 12)
    assert (other.value, other.ci_low, other.ci_high) == pytest.approx(
        (icc_2_1(table).value, icc_2_1(table).ci_low, icc_2_1(table).ci_high), rel=1e-6, abs=1e-6
    )


def test_the_interval_holds_where_images_are_nested_and_the_plain_one_does_not():
    """Ten subjects with six images each; between subjects SD 28, between images 12, error 8: a true ICC of 0.935."""
    rng, subject = np.random.default_rng(5), np.repeat(np.arange(10), 6)
    true = (28**2 + 12**2) / (28**2 + 12**2 + 8**2)
    held = np.zeros(2)
    for _ in range(600):
        images = rng.normal(0, 28, 10)[subject] + rng.normal(0, 12, 60)
        table = images[:, None] + rng.normal(0, 8, (60, 2))
        for rank, icc in enumerate((icc_2_1(table, subject), icc_2_1(table))):
            held[rank] += icc.ci_low <= true <= icc.ci_high
    nested, plain = held / 600
    assert nested > 0.9
    assert plain < 0.85
