"""Against statsmodels; in one module, for it takes seconds to import."""

import numpy as np
import pytest

from analysis.trialstats.adjusting import holm
from analysis.trialstats.covariances import compound_symmetry, random_slope
from analysis.trialstats.power import power_of, power_of_arms, subjects_needed, subjects_needed_per_arm
from analysis.trialstats.proportion import clopper_pearson
from analysis.trialstats.reml import maximise
from analysis.trialstats.visit_cells import gather

WEEKS = np.array([0.0, 4, 6, 7, 10, 12])


def trial(seed, n=25):
    rng = np.random.default_rng(seed)
    values = rng.normal(74, 13, (n, 1)) + rng.normal(0, 0.8, (n, 1)) * WEEKS + rng.normal(0, 4, (n, 6))
    values[rng.random(values.shape) < 0.15] = np.nan
    return values


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("with_slope", [False, True])
def test_mixed_models(seed, with_slope):
    from statsmodels.regression.mixed_linear_model import MixedLM

    values = trial(seed)
    subject, visit = np.nonzero(~np.isnan(values))
    visits = np.eye(6)[visit]
    t = (WEEKS - 6) / 6
    random = np.column_stack([np.ones(visit.size), t[visit]]) if with_slope else np.ones((visit.size, 1))
    reference = MixedLM(values[subject, visit], visits, subject, random).fit(reml=True)
    cells = gather(values, np.eye(6)[None], np.zeros(len(values), int))
    basis = random_slope(WEEKS) if with_slope else compound_symmetry(6)
    start = np.array([150.0, 0, 20, 20]) if with_slope else np.array([150.0, 20])
    fit = maximise(cells, basis, start)
    between = reference.cov_re[np.tril_indices(1 + with_slope)]
    assert fit.parameters == pytest.approx([*between, reference.scale], rel=5e-3, abs=1e-2)
    assert fit.effects == pytest.approx(reference.fe_params, rel=1e-4)
    assert np.sqrt(np.diag(fit.effects_covariance)) == pytest.approx(reference.bse_fe, rel=3e-3)
    assert fit.log_likelihood == pytest.approx(reference.llf, abs=1e-4)
    assert fit.log_likelihood > reference.llf - 1e-9  # its search stops a little short of the maximum


def test_holm():
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(0).random(12) ** 2
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


@pytest.mark.parametrize(("count", "n"), [(0, 9), (9, 10), (3, 40)])
def test_proportions(count, n):
    from statsmodels.stats.proportion import proportion_confint

    found = clopper_pearson(count, n)
    assert (found.ci_low, found.ci_high) == pytest.approx(proportion_confint(count, n, method="beta"), abs=1e-9)


@pytest.mark.parametrize(("effect", "n"), [(0.3, 10), (0.9, 10), (0.5, 34), (1.5, 4)])
def test_power(effect, n):
    from statsmodels.stats.power import TTestIndPower, TTestPower

    assert power_of(n, effect, 1) == pytest.approx(TTestPower().power(effect, n, 0.05), abs=1e-6)
    assert power_of_arms(n, effect, 1) == pytest.approx(TTestIndPower().power(effect, n, 0.05), abs=1e-6)
    needed = TTestPower().solve_power(effect, power=0.8, alpha=0.05)
    assert subjects_needed(effect, 1) == max(3, int(np.ceil(needed)))
    per_arm = TTestIndPower().solve_power(effect, power=0.8, alpha=0.05)
    assert subjects_needed_per_arm(effect, 1) == max(3, int(np.ceil(per_arm)))
