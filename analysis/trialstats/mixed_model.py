"""The change from baseline by a mixed model over all visits, missing visits allowed."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.trialstats.checking import FEWEST, ROUNDING, FloatArray, too_few
from analysis.trialstats.cluster_robust import BiasReduced
from analysis.trialstats.covariances import compound_symmetry, independent, random_slope, unstructured
from analysis.trialstats.kenward_roger import SmallSample
from analysis.trialstats.paired import ALL_EQUAL
from analysis.trialstats.reml import Fit, maximise
from analysis.trialstats.results import ModelledArm, ModelledChange
from analysis.trialstats.student import interval, two_sided_p
from analysis.trialstats.visit_cells import gather

NUMBERS = ("estimate", "se", "df", "ci_low", "ci_high", "p")

NO_SPREAD = "All subjects have the same values: there is nothing to model."
NO_FIT = "The mixed model found no estimate for these values."

NO_VARIANCE = 1e-12
"""Of a change, in variances of the values: less is rounding."""

COMPLETE_PER_VISIT = 2
"""Subjects with all visits, for each visit, from which on an unstructured covariance is estimated though visits are
missing: with fewer its estimate is often singular, and the tests then give too many false positives."""


def modelled_changes(values: ArrayLike, weeks: ArrayLike, baseline_week_index: int = 0) -> tuple[ModelledChange, ...]:
    """Estimate the mean change from baseline to each other week from all visits of all subjects.

    The mean of each week is free; the values of a subject are correlated:

    * `unstructured`, a variance for each week and a covariance for each two, where the data allow: no visit is missing
      and there are more subjects than weeks, or at least twice as many subjects as weeks have every visit. Standard
      errors and degrees of freedom by Kenward and Roger. Without missing visits this is the paired t.
    * `random slope` else: level and slope over the weeks differ between subjects. Since no such model holds for every
      endpoint, its standard errors and degrees of freedom are the bias-reduced cluster-robust ones, which need it as
      a guide only, times what Kenward and Roger add for its being estimated.
    * `compound symmetry`, and last `independent`, where that has no maximum or there are two weeks only: a poorer
      guide, standard errors as before. A random intercept's own standard errors are never given.

    All by restricted maximum likelihood. What is missing must be missing at random, given what was seen.

    Args:
        values: (n, T) one value for each subject and week, NaN where there is none.
        weeks: (T,) all different.
        baseline_week_index: which of them is the baseline.

    Returns:
        One change for each week but the baseline, in their order. Without numbers, and with a reason, where fewer than
        three subjects have both values or the model has no estimate.

    Raises:
        ValueError: shapes that do not fit, equal weeks, an infinite value, no such baseline.

    Source: H. D. Patterson and R. Thompson, Recovery of inter-block information when block sizes are unequal,
    Biometrika 58 (1971) 545–554; the others where they are computed. Why these: `docs/statistics.md`.
    """
    array = np.asarray(values, float)
    return modelled_arms(array, weeks, [""] * len(array), baseline_week_index=baseline_week_index)[0].changes


def modelled_arms(
    values: ArrayLike, weeks: ArrayLike, arms: Sequence[str], control: str | None = None, baseline_week_index: int = 0
) -> tuple[ModelledArm, ...]:
    """The same for a trial with arms: each has its own mean at each week, all share the covariance.

    Args:
        values: (n, T) as in `modelled_changes`.
        weeks: (T,) all different.
        arms: (n,) the arm of each subject.
        control: the arm with which the others are compared; None for no comparison.
        baseline_week_index: which week is the baseline.

    Returns:
        One for each arm, by name; of no subjects, one without a name.

    Raises:
        ValueError: as `modelled_changes`; there are not as many arms as subjects; nobody is in the control arm.
    """
    array, at = np.asarray(values, float), np.asarray(weeks, float)
    _check(array, at, arms, control, baseline_week_index)
    names, arm_of = np.unique(np.asarray(arms, str), return_inverse=True)
    names = names if names.size else np.array([""])
    trial = _Trial(
        _with_enough(array, arm_of, names.size), at, arm_of, names.size, baseline_week_index, ~np.isnan(array)
    )
    model = _fitted(trial)
    others = [week for week in range(at.size) if week != baseline_week_index]
    index = None if control is None else int(np.flatnonzero(names == control)[0])
    return tuple(
        ModelledArm(
            str(name),
            tuple(_change(trial, model, week, arm) for week in others),
            () if index in (None, arm) else tuple(_change(trial, model, week, arm, index) for week in others),
        )
        for arm, name in enumerate(names)
    )


def _check(values: FloatArray, weeks: FloatArray, arms: Sequence[str], control: str | None, baseline: int) -> None:
    if values.ndim != 2 or weeks.shape != values.shape[1:]:
        raise ValueError(f"Values of shape {values.shape} do not fit {weeks.size} weeks.")
    if np.isinf(values).any():
        raise ValueError("A value is infinite.")
    if not np.isfinite(weeks).all() or np.unique(weeks).size < weeks.size:
        raise ValueError("The weeks must be different numbers.")
    if not 0 <= baseline < weeks.size:
        raise ValueError(f"There is no week of index {baseline} to be the baseline.")
    if len(arms) != len(values):
        raise ValueError(f"{len(arms)} arms are given for {len(values)} subjects.")
    if control is not None and control not in arms:
        raise ValueError(f"Nobody is in the control arm {control}.")


@dataclass(frozen=True, slots=True)
class _Trial:
    values: FloatArray
    """(n, T), NaN where there is none, or too few at this visit of this arm to say anything"""
    weeks: FloatArray
    arm_of: NDArray[np.int64]
    n_arms: int
    baseline: int
    seen: NDArray[np.bool_]
    """(n, T) where there is a value, be it left out of the model or not"""

    @property
    def has(self) -> NDArray[np.bool_]:
        """(n, T)"""
        return ~np.isnan(self.values)

    @property
    def means(self) -> NDArray[np.int64]:
        """(arms, T) the fixed effect that is the mean of an arm at a visit, −1 where there is none."""
        there = np.array([self.has[self.arm_of == arm].any(axis=0) for arm in range(self.n_arms)])
        return np.where(there, np.cumsum(there).reshape(there.shape) - 1, -1)


@dataclass(frozen=True, slots=True)
class _Model:
    covariance: str
    fit: Fit
    unit: float
    """What the values were divided by"""
    kenward_roger: SmallSample
    robust: BiasReduced | None
    """None where the variance of Kenward and Roger stands by itself"""

    def variance_and_df(self, contrast: FloatArray) -> tuple[float, float]:
        adjusted, df = self.kenward_roger.variance_and_df(contrast)
        if self.robust is None:
            return adjusted, df
        variance, df = self.robust.variance_and_df(contrast)
        return variance * max(1.0, adjusted / float(contrast @ self.fit.effects_covariance @ contrast)), df


def _with_enough(values: FloatArray, arm_of: NDArray[np.int64], n_arms: int) -> FloatArray:
    """The values without visits of an arm that fewer than three subjects have."""
    kept = values.copy()
    for arm in range(n_arms):
        of_arm = arm_of == arm
        scarce = (~np.isnan(values[of_arm])).sum(axis=0) < FEWEST
        kept[np.ix_(of_arm, scarce)] = np.nan
    return kept


def _fitted(trial: _Trial) -> _Model | str:
    """The first model of the chain that has an estimate, or why there is none."""
    used = trial.has.any(axis=0)
    if used.sum() < 2:
        return too_few(int(trial.has.any(axis=1).sum()), FEWEST, "subjects at each of two visits")
    values, weeks, means = trial.values[:, used], trial.weeks[used], trial.means
    design = (means[:, used, None] == np.arange(means.max() + 1)).astype(float)
    known = values[trial.has[:, used]]
    unit, level = float(known.std()), float(known.mean())
    if unit <= ROUNDING * float(np.abs(known).max()):
        return NO_SPREAD
    cells = gather((values - level) / unit, design, trial.arm_of)
    for name, basis, start in _structures(trial.has[:, used], weeks, trial.n_arms):
        fit = maximise(cells, basis, start)
        if fit is not None:
            robust = None if name == "unstructured" else BiasReduced(cells, fit)
            return _Model(name, fit, unit, SmallSample(cells, basis, fit), robust)
    return NO_FIT


def _structures(has: NDArray[np.bool_], weeks: FloatArray, n_arms: int) -> Iterator[tuple[str, FloatArray, FloatArray]]:
    """Names, bases and starting parameters of the covariances to try, for values of SD 1."""
    there = has[has.any(axis=1)]
    complete = int(there.all(axis=1).sum())
    needed = weeks.size if complete == len(there) else COMPLETE_PER_VISIT * weeks.size
    if complete - n_arms >= needed:
        basis = unstructured(weeks.size)
        yield "unstructured", basis, np.where(np.einsum("jtt->j", basis) > 0, 1.0, 0.5)
    if weeks.size > 2:
        yield "random slope", random_slope(weeks), np.array([0.6, 0.0, 0.1, 0.3])
    yield "compound symmetry", compound_symmetry(weeks.size), np.array([0.6, 0.4])
    yield "independent", independent(weeks.size), np.ones(1)


def _change(trial: _Trial, model: "_Model | str", week: int, arm: int, control: int | None = None) -> ModelledChange:
    """One change, or the difference of two."""
    arms = [arm] if control is None else [arm, control]
    rows = np.isin(trial.arm_of, arms)
    of_both = [int((trial.seen[trial.arm_of == a][:, [trial.baseline, week]]).all(axis=1).sum()) for a in arms]
    bare = ModelledChange(n_subjects=int(trial.has[rows].any(axis=1).sum()), n_values=int(trial.has[rows].sum()))
    if min(of_both) < FEWEST:
        where = "subjects with both values" if control is None else "subjects with both values in each arm"
        model = too_few(min(of_both), FEWEST, where)
    if isinstance(model, str):
        return replace(bare, reasons=dict.fromkeys(NUMBERS, model))
    contrast = np.zeros(model.fit.effects.size)
    for sign, a in zip((1, -1), arms, strict=False):
        contrast[trial.means[a, week]] += sign
        contrast[trial.means[a, trial.baseline]] -= sign
    estimate = float(contrast @ model.fit.effects) * model.unit
    variance, df = model.variance_and_df(contrast)
    if variance <= NO_VARIANCE:
        return replace(bare, estimate=estimate, reasons=dict.fromkeys(NUMBERS[1:], ALL_EQUAL))
    se = math.sqrt(variance) * model.unit
    low, high = interval(estimate, se, df)
    return replace(
        bare,
        estimate=estimate,
        se=se,
        df=df,
        ci_low=low,
        ci_high=high,
        p=two_sided_p(estimate / se, df),
        covariance=model.covariance,
        small_sample="Kenward–Roger" if model.robust is None else "bias-reduced cluster-robust",
    )
