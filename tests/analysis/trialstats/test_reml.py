import numpy as np
import pytest
from scipy import optimize, stats

from analysis.trialstats.cluster_robust import BiasReduced
from analysis.trialstats.covariances import compound_symmetry, random_slope, unstructured
from analysis.trialstats.kenward_roger import SmallSample
from analysis.trialstats.reml import expected_information, fit_at, maximise, score
from analysis.trialstats.visit_cells import gather
from tests.analysis.trialstats.dense_model import DenseModel
from tests.analysis.trialstats.published import BOYS, GIRLS, GROWTH_AGES, SHOES

ONE = np.ones(4)
CHILDREN = np.vstack([BOYS, GIRLS])
IS_GIRL = np.repeat([0, 1], [len(BOYS), len(GIRLS)])


def growth(*effects, values=CHILDREN, sex=IS_GIRL):
    """Cells of the growth data for fixed effects given as functions of sex (0 boy, 1 girl), each (4,)."""
    return gather(values, np.array([np.column_stack([effect(s) for effect in effects]) for s in (0, 1)]), sex)


def errors(fit):
    return np.sqrt(np.diag(fit.effects_covariance))


def test_random_intercept_for_growth():
    """R, nlme: lme(distance ~ age + Sex, random = ~1 | Subject), REML."""
    cells = growth(lambda s: ONE, lambda s: GROWTH_AGES, lambda s: s * ONE)
    fit = maximise(cells, compound_symmetry(4), np.array([3.0, 2.0]))
    assert fit.log_likelihood == pytest.approx(-218.7563, abs=5e-5)
    assert fit.effects == pytest.approx([17.706713, 0.660185, -2.321023], abs=5e-7)
    assert errors(fit) == pytest.approx([0.8339225, 0.0616059, 0.7614168], abs=5e-8)
    assert np.sqrt(fit.parameters) == pytest.approx([1.807425, 1.431592], abs=1e-6)


def test_random_slope_for_growth():
    """R, nlme: lme(distance ~ age, data = Orthodont), REML; its level is at age 0, ours at age 11."""
    cells = growth(lambda s: ONE, lambda s: GROWTH_AGES)
    fit = maximise(cells, random_slope(GROWTH_AGES), np.array([3.0, 0.0, 1.0, 2.0]))
    assert fit.log_likelihood == pytest.approx(-221.3183, abs=5e-5)
    assert fit.effects == pytest.approx([16.7611111, 0.6601852], abs=5e-8)
    level, together, slope, residual = fit.parameters / [1, 3, 9, 1]
    assert np.sqrt(residual) == pytest.approx(1.3100399, abs=5e-6)
    assert slope == pytest.approx(0.051269, abs=5e-6)
    assert together - 11 * slope == pytest.approx(-0.321060, abs=5e-5)
    assert level - 22 * together + 121 * slope == pytest.approx(5.41510, abs=5e-4)


def test_unstructured_for_growth():
    """R, nlme: gls(distance ~ Sex * I(age - 11), correlation = corSymm, weights = varIdent by age), REML."""
    since_11 = GROWTH_AGES - 11
    cells = growth(lambda s: ONE, lambda s: s * ONE, lambda s: since_11, lambda s: s * since_11)
    fit = maximise(cells, unstructured(4), np.eye(4)[np.tril_indices(4)] * 5)
    assert fit.effects == pytest.approx([24.93712, -2.27174, 0.82680, -0.35044], abs=2e-5)
    assert errors(fit) == pytest.approx([0.472866, 0.740839, 0.082218, 0.128810], abs=3e-6)


def test_growth_of_girls():
    """R, nlme: lme(distance ~ age, random = ~1 | Subject, subset = Sex == "Female"), REML."""
    cells = growth(lambda s: ONE, lambda s: GROWTH_AGES, values=GIRLS, sex=np.ones(11, int))
    fit = maximise(cells, compound_symmetry(4), np.array([3.0, 2.0]))
    assert fit.log_likelihood == pytest.approx(-70.60916, abs=5e-6)
    assert np.sqrt(fit.parameters) == pytest.approx([2.06847, 0.7800331], abs=5e-6)


def test_kenward_roger_for_shoes_with_missing_values():
    """Halekoh and Højsgaard, J. Stat. Softw. 59 (2014) no. 9: without boy 1's A and boy 2's B, F = 5.99 with 7.02."""
    values = SHOES.copy()
    values[0, 0] = values[1, 1] = np.nan
    cells, basis = gather(values, np.eye(2)[None], np.zeros(10, int)), compound_symmetry(2)
    fit = maximise(cells, basis, np.array([5.0, 1.0]))
    variance, df = SmallSample(cells, basis, fit).variance_and_df(np.array([-1.0, 1.0]))
    f = (fit.effects[1] - fit.effects[0]) ** 2 / variance
    assert (f, df) == pytest.approx((5.99, 7.02), abs=5e-3)
    assert stats.f.sf(f, 1, df) == pytest.approx(0.04418, abs=5e-6)


def trial_with_gaps(seed=3, n=14, missing=0.2):
    rng = np.random.default_rng(seed)
    weeks = np.array([0.0, 4, 6, 12])
    values = rng.normal(74, 13, (n, 1)) + rng.normal(0, 0.5, (n, 1)) * weeks + rng.normal(0, 4, (n, 4))
    values[rng.random(values.shape) < missing] = np.nan
    return values, weeks


STRUCTURES = {
    "unstructured": (lambda weeks: unstructured(len(weeks)), np.eye(4)[np.tril_indices(4)] * 120 + 60),
    "random slope": (random_slope, np.array([100.0, 0.0, 10.0, 20.0])),
    "compound symmetry": (lambda weeks: compound_symmetry(len(weeks)), np.array([100.0, 20.0])),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_every_formula_against_the_textbook_s(name):
    values, weeks = trial_with_gaps()
    structure, start = STRUCTURES[name]
    basis = structure(weeks)
    cells = gather(values, np.eye(4)[None], np.zeros(len(values), int))
    for fit in (fit_at(cells, basis, start), maximise(cells, basis, start)):
        dense = DenseModel(values, basis, fit.parameters)
        assert fit.log_likelihood == pytest.approx(dense.log_likelihood(), rel=1e-10)
        assert fit.effects == pytest.approx(dense.effects, rel=1e-9)
        assert score(cells, basis, fit) == pytest.approx(dense.score(), rel=1e-6, abs=1e-7)
        assert expected_information(cells, basis, fit) == pytest.approx(dense.information(), rel=1e-7, abs=1e-12)
        for contrast in (np.array([-1.0, 0, 0, 1]), np.array([-1.0, 1, 0, 0])):
            exact = SmallSample(cells, basis, fit).variance_and_df(contrast)
            assert exact == pytest.approx(dense.kenward_roger(contrast), rel=1e-7)
            robust = BiasReduced(cells, fit).variance_and_df(contrast)
            assert robust == pytest.approx(dense.bias_reduced(contrast), rel=1e-6)


@pytest.mark.parametrize("name", STRUCTURES)
def test_the_maximum_is_one(name):
    values, weeks = trial_with_gaps()
    structure, start = STRUCTURES[name]
    basis = structure(weeks)
    cells = gather(values, np.eye(4)[None], np.zeros(len(values), int))
    fit = maximise(cells, basis, start)

    def loss(parameters):
        tried = fit_at(cells, basis, parameters)
        return 1e6 if tried is None else -tried.log_likelihood

    found = optimize.minimize(loss, start, method="Nelder-Mead", options={"maxfev": 6000, "maxiter": 6000})
    assert fit.log_likelihood >= -found.fun - 1e-8
    assert np.abs(score(cells, basis, fit) @ np.diag(np.abs(fit.parameters))).max() < 1e-3


def test_a_covariance_that_cannot_be_estimated_is_none():
    values = np.array([[0.0, 1, 5], [1, 2, 6], [4, 5, 9], [9, 10, 14]])  # all change alike
    cells = gather(values, np.eye(3)[None], np.zeros(4, int))
    assert maximise(cells, compound_symmetry(3), np.array([5.0, 1.0])) is None
    assert fit_at(cells, compound_symmetry(3), np.array([-1.0, 0.5])) is None


def test_cells_hold_all_that_the_values_say():
    values, _ = trial_with_gaps()
    values[2] = np.nan
    group = np.arange(len(values)) % 2
    cells = gather(values, np.array([np.eye(4), 2 * np.eye(4)]), group)
    assert cells.n_subjects == len(values) - 1
    assert cells.n_values == (~np.isnan(values)).sum()
    assert (cells.count[:, None] * cells.mean).sum(axis=0) == pytest.approx(np.nansum(values, axis=0))
