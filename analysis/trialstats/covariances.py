"""How values of the same subject at several visits vary together: structures that are linear in their parameters."""

import numpy as np

from analysis.trialstats.checking import FloatArray


def unstructured(n_visits: int) -> FloatArray:
    """(T (T + 1) / 2, T, T): a variance for each visit and a covariance for each two."""
    rows, columns = np.tril_indices(n_visits)
    basis = np.zeros((rows.size, n_visits, n_visits))
    basis[np.arange(rows.size), rows, columns] = 1
    basis[np.arange(rows.size), columns, rows] = 1
    return basis


def random_slope(weeks: FloatArray) -> FloatArray:
    """(4, T, T): variance of the level, covariance of level and slope, variance of the slope, residual variance.

    Weeks are counted from their middle in units of their half range, so that all four are of one size. Level and slope
    may have negative variances (what is modelled is the covariance of the visits, which is positive definite): held at
    zero, the tests would give too few false positives where there is no slope.
    """
    t = (weeks - (weeks.max() + weeks.min()) / 2) / (np.ptp(weeks) / 2)
    ones = np.ones_like(t)
    return np.array([np.outer(ones, ones), np.outer(ones, t) + np.outer(t, ones), np.outer(t, t), np.eye(len(t))])


def compound_symmetry(n_visits: int) -> FloatArray:
    """(2, T, T): variance of the level, residual variance."""
    return np.array([np.ones((n_visits, n_visits)), np.eye(n_visits)])


def independent(n_visits: int) -> FloatArray:
    """(1, T, T): residual variance alone."""
    return np.eye(n_visits)[None]


def residual_share(basis: FloatArray) -> FloatArray:
    """(r,) the share of each parameter that must remain when the covariance is bounded away from singular ones.

    A tenth of the residual variance, where there is one: level and slope may take away nine tenths of it. Beyond, a
    small trial's likelihood climbs on towards a singular covariance, and where the climb ends is rounding.
    """
    is_residual = (basis == np.eye(basis.shape[1])).all(axis=(1, 2))
    return np.where(is_residual, 0.1, 0.0)
