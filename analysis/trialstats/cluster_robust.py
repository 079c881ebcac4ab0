"""Standard error and degrees of freedom that hold whatever the covariance of a subject's visits is."""

import numpy as np

from analysis.trialstats.checking import FloatArray
from analysis.trialstats.reml import Fit, scatter_about
from analysis.trialstats.visit_cells import VisitCells

NO_PART = 1e-10
"""An eigenvalue below this share of the largest is zero: there a subject's residuals are zero by the fit itself."""


class BiasReduced:
    """The variance of a fit's contrasts by what each subject's residuals add, with the modelled covariance as a guide.

    The subjects' residuals are blown up as the fit has shrunk them (CR2), so that the variance is unbiased if the
    modelled covariance is right and nearly so if not; its degrees of freedom are those of Satterthwaite under the
    modelled covariance. Where all visits are there it is the paired t with n − 1 degrees of freedom, exactly.

    Source: R. M. Bell and D. F. McCaffrey, Bias reduction in standard errors for linear regression with multi-stage
    samples, Survey Methodology 28 (2002) 169–181; J. E. Pustejovsky and E. Tipton, Small-sample methods for
    cluster-robust variance estimation and hypothesis testing in fixed effects models, J. Bus. Econ. Stat. 36 (2018)
    672–683.
    """

    def __init__(self, cells: VisitCells, fit: Fit):
        both = cells.seen[:, :, None] & cells.seen[:, None, :]
        factor = np.linalg.cholesky(np.where(both, fit.covariance, np.eye(len(fit.covariance))))
        fitted = cells.design @ fit.effects_covariance @ np.swapaxes(cells.design, 1, 2)
        self._of_residuals = np.where(both, fit.covariance, 0.0) - fitted
        values, vectors = np.linalg.eigh(np.swapaxes(factor, 1, 2) @ self._of_residuals @ factor)
        is_part = values > np.maximum(NO_PART * values.max(axis=1, keepdims=True), np.finfo(float).tiny)
        root = np.where(is_part, 1 / np.sqrt(np.where(is_part, values, 1.0)), 0.0)
        turned = factor @ vectors
        self._blown_up = (turned * root[:, None, :]) @ np.swapaxes(turned, 1, 2)
        self._by_design = fit.precision @ cells.design @ fit.effects_covariance
        self._cells, self._fit = cells, fit
        self._squares = scatter_about(cells, fit.effects)

    def variance_and_df(self, contrast: FloatArray) -> tuple[float, float]:
        """Of a contrast of the fixed effects, (p,)."""
        count = self._cells.count
        weights = np.einsum("cts,cs->ct", self._blown_up, self._by_design @ contrast)
        variance = float(np.einsum("ct,cts,cs->", weights, self._squares, weights))
        own = np.einsum("ct,cts,cs->c", weights, self._of_residuals, weights)
        by_effect = np.einsum("ctp,ct->cp", self._cells.design, weights)
        shared = by_effect @ self._fit.effects_covariance @ by_effect.T
        of_variance = count @ own**2 + count @ shared**2 @ count - count @ np.diagonal(shared) ** 2
        return variance, float((count @ own) ** 2 / of_variance)
