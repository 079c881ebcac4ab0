"""Restricted likelihood of values at visits whose covariance is linear in its parameters, and its maximum."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.trialstats.checking import FloatArray
from analysis.trialstats.covariances import residual_share
from analysis.trialstats.visit_cells import VisitCells

MOST_STEPS = 60
MOST_HALVINGS = 10
CLOSE_ENOUGH = 1e-9
"""Of the gain in log-likelihood that a further step promises."""

ROUNDING_OF_LIKELIHOOD = 1e-6
"""A promised gain below this that is not had is lost in rounding: the maximum is reached."""

SINGULAR = 1e-4
"""A covariance is as good as singular where a visit is known from the others to this share of the largest SD."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The model at one value of its parameters: C cells, T visits, p fixed effects, r covariance parameters."""

    parameters: FloatArray
    """(r,)"""
    covariance: FloatArray
    """(T, T) of the visits"""
    precision: FloatArray
    """(C, T, T) inverse covariance of the visits that a cell has, zero elsewhere"""
    effects: FloatArray
    """(p,) estimates of the fixed effects"""
    effects_covariance: FloatArray
    """(p, p) as if the covariance were known"""
    log_likelihood: float
    """Restricted, with its constant"""


def fit_at(cells: VisitCells, basis: FloatArray, parameters: FloatArray) -> Fit | None:
    """The generalised least squares at one covariance; None where it is singular or nearly so, or no covariance.

    Args:
        cells: the values.
        basis: (r, T, T) symmetric; the covariance is their sum weighted by the parameters.
        parameters: (r,).
    """
    covariance = np.tensordot(parameters, basis, 1)
    both = cells.seen[:, :, None] & cells.seen[:, None, :]
    try:
        np.linalg.cholesky(covariance - np.tensordot(residual_share(basis) * parameters, basis, 1))
        spread = np.diagonal(np.linalg.cholesky(covariance))
        whole = np.where(both, covariance, np.eye(len(covariance)))
        factor = np.linalg.cholesky(whole)
    except np.linalg.LinAlgError:
        return None
    if spread.min() < SINGULAR * math.sqrt(covariance.diagonal().max()):
        return None
    precision = np.linalg.inv(whole) * both
    weighted = cells.count[:, None, None] * (precision @ cells.design)
    information = np.tensordot(cells.design, weighted, ([0, 1], [0, 1]))
    effects_covariance = np.asarray(np.linalg.inv(information), np.float64)
    effects = effects_covariance @ np.tensordot(weighted, cells.mean, ([0, 1], [0, 1]))
    squares = scatter_about(cells, effects)
    log_likelihood = -0.5 * (
        2 * float(cells.count @ np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1))
        + float(np.linalg.slogdet(information)[1])
        + float((precision * squares).sum())
        + (cells.n_values - len(effects)) * math.log(2 * math.pi)
    )
    return Fit(parameters, covariance, precision, effects, effects_covariance, log_likelihood)


def scatter_about(cells: VisitCells, effects: FloatArray) -> FloatArray:
    """(C, T, T) sums of squares and products about the fitted means."""
    off = cells.mean - cells.design @ effects
    return cells.scatter + cells.count[:, None, None] * off[:, :, None] * off[:, None, :]


def score(cells: VisitCells, basis: FloatArray, fit: Fit) -> FloatArray:
    """(r,) derivatives of the restricted log-likelihood."""
    weight = cells.count[:, None, None]
    fitted = cells.design @ fit.effects_covariance @ np.swapaxes(cells.design, 1, 2)
    spread = fit.precision @ (scatter_about(cells, fit.effects) + weight * fitted) @ fit.precision
    slope: FloatArray = -0.5 * np.tensordot(basis, (weight * fit.precision - spread).sum(axis=0), 2)
    return slope


def expected_information(cells: VisitCells, basis: FloatArray, fit: Fit) -> FloatArray:
    """(r, r) of the covariance parameters."""
    r, t, _ = basis.shape
    flat = basis.reshape(r, t * t)
    by_design = fit.precision @ cells.design
    leverage = by_design @ fit.effects_covariance @ np.swapaxes(by_design, 1, 2)
    weight = cells.count[:, None]
    precision = fit.precision.reshape(-1, t * t)
    pairs = (weight * precision).T @ (precision - 2 * leverage.reshape(-1, t * t))
    pairs = pairs.reshape(t, t, t, t).transpose(0, 2, 1, 3).reshape(t * t, t * t)
    moved = fit.effects_covariance @ moved_information(cells, basis, fit)
    information: FloatArray = 0.5 * (flat @ pairs @ flat.T + np.einsum("jab,kba->jk", moved, moved))
    return information


def moved_information(cells: VisitCells, basis: FloatArray, fit: Fit) -> FloatArray:
    """(r, p, p) how the fixed effects' information falls with each covariance parameter."""
    by_design = fit.precision @ cells.design
    inner = np.einsum("jab,cbq->jcaq", basis, by_design)
    moved: FloatArray = np.einsum("c,cap,jcaq->jpq", cells.count, by_design, inner)
    return moved


def maximise(cells: VisitCells, basis: FloatArray, start: FloatArray) -> Fit | None:
    """Climb to the maximum of the restricted likelihood by Fisher's scoring, each step shortened until it gains.

    Args:
        cells: the values.
        basis: (r, T, T).
        start: (r,) parameters of a positive definite covariance.

    Returns:
        None where no maximum is reached: the covariance becomes singular, or the parameters cannot be told apart.

    Source: R. I. Jennrich and M. D. Schluchter, Unbalanced repeated-measures models with structured covariance
    matrices, Biometrics 42 (1986) 805–820.
    """
    fit = fit_at(cells, basis, start)
    for _ in range(MOST_STEPS):
        if fit is None:
            return None
        slope = score(cells, basis, fit)
        try:
            step = np.asarray(np.linalg.solve(expected_information(cells, basis, fit), slope), np.float64)
        except np.linalg.LinAlgError:
            return None
        promised = abs(float(slope @ step))
        if promised < CLOSE_ENOUGH:
            return fit
        climbed = _climb(cells, basis, fit, step)
        if climbed is None and promised < ROUNDING_OF_LIKELIHOOD:
            return fit
        fit = climbed
    return None


def _climb(cells: VisitCells, basis: FloatArray, fit: Fit, step: FloatArray) -> Fit | None:
    """The first of the whole step, its half, quarter, … that gains; None when none does: the way leads out of the
    covariances.
    """
    for halvings in range(MOST_HALVINGS):
        tried = fit_at(cells, basis, fit.parameters + step * 0.5**halvings)
        if tried is not None and tried.log_likelihood > fit.log_likelihood:
            return tried
    return None
