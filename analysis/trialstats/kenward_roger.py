"""Standard error and degrees of freedom of a mixed model's estimate in a small sample."""

import numpy as np

from analysis.trialstats.checking import FloatArray
from analysis.trialstats.reml import Fit, expected_information, moved_information
from analysis.trialstats.visit_cells import VisitCells


class SmallSample:
    """What Kenward and Roger need of a fit, computed once for all its contrasts."""

    def __init__(self, cells: VisitCells, basis: FloatArray, fit: Fit):
        self._cells, self._basis, self._fit = cells, basis, fit
        self._moved = moved_information(cells, basis, fit)
        self._parameters_covariance = np.linalg.inv(expected_information(cells, basis, fit))

    def variance_and_df(self, contrast: FloatArray) -> tuple[float, float]:
        """The adjusted variance of a contrast of the fixed effects, (p,), and its degrees of freedom.

        The variance makes up for the covariance being estimated, not known. The scale of their F for one contrast is 1
        and its degrees of freedom are those of Satterthwaite: 2 / A₁ in their terms. Since the covariance is linear in
        its parameters, their second derivatives R vanish.

        Source: M. G. Kenward and J. H. Roger, Small sample inference for fixed effects from restricted maximum
        likelihood, Biometrics 53 (1997) 983–997.
        """
        fit, cells = self._fit, self._cells
        direction = fit.effects_covariance @ contrast
        variance = float(contrast @ direction)
        pulled = np.einsum("jpq,q->jp", self._moved, direction)
        slope = pulled @ direction
        of_variance = float(slope @ self._parameters_covariance @ slope)
        residual = np.einsum("jab,cb->jca", self._basis, (fit.precision @ cells.design) @ direction)
        second = np.einsum("jca,kca->jk", residual, np.einsum("c,cab,kcb->kca", cells.count, fit.precision, residual))
        second -= pulled @ fit.effects_covariance @ pulled.T
        adjusted = variance + 2 * float((self._parameters_covariance * second).sum())
        return adjusted, 2 * variance**2 / of_variance
