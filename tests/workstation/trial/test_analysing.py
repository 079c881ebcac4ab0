import math
from dataclasses import replace

import pytest
from scipy import stats

from tests.workstation.trial_study import AFTER, BEFORE, TRIAL, answered, trial_of
from workstation.model.trial import PlannedVisit, TrialPlan
from workstation.trial.analysing import analyse

UNITS = "fu_density_per_cm2"


def result_of(analysis, name=UNITS, week=12.0, group=""):
    (found,) = [r for r in analysis.results if (r.outcome.name, r.week, r.group) == (name, week, group)]
    return found


def test_the_primary_result_is_that_of_the_plan():
    analysis = analyse(trial_of(TRIAL))
    primary = analysis.primary
    assert primary is result_of(analysis)
    assert (primary.change.n, primary.change.mean, primary.baseline.mean, primary.visit.mean) == pytest.approx(
        (6, 32 / 6, 68.0, 68 + 32 / 6)
    )
    reference = stats.ttest_rel(AFTER, BEFORE)
    assert (primary.change.t, primary.change.p_t) == pytest.approx((reference.statistic, reference.pvalue))
    assert primary.change.p_wilcoxon == pytest.approx(0.03125), "all six rose: 2 of 2⁶ changes of sign"
    assert math.isnan(primary.p_holm)
    assert primary.modelled.estimate == pytest.approx(32 / 6)
    assert (analysis.groups, analysis.weeks) == (("",), (0.0, 12.0))


def test_the_plan_names_another_endpoint_and_week():
    study = trial_of({"S01": {0: 60, 4: 61, 12: 66}, "S02": {0: 70, 4: 74, 12: 72}})
    plan = TrialPlan(primary_endpoint="hair_density_per_cm2", primary_week=4.0)
    primary = analyse(replace(study, plan=plan)).primary
    assert (primary.outcome.name, primary.week) == ("hair_density_per_cm2", 4.0)
    assert analyse(replace(study, plan=TrialPlan(primary_week=24.0))).primary is None


def test_holm_is_over_the_other_outcomes_of_the_primary_week():
    analysis = analyse(trial_of({k: {**v, 4: v[0] + 1 + i} for i, (k, v) in enumerate(TRIAL.items())}))
    raw = {r.outcome.name: r.change.p_t for r in analysis.results if r.week == 12 and not r.is_primary}
    tested = {name: p for name, p in raw.items() if not math.isnan(p)}
    adjusted = {r.outcome.name: r.p_holm for r in analysis.results if not math.isnan(r.p_holm)}
    assert adjusted.keys() == tested.keys()
    assert UNITS not in adjusted
    smallest = min(tested.values())
    assert min(adjusted.values()) == pytest.approx(min(1, smallest * len(tested)))
    assert all(math.isnan(r.p_holm) for r in analysis.results if r.week == 4)


def test_arms_are_groups_and_compared_with_the_control():
    arms = {"S01": "serum", "S02": "serum", "S03": "serum", "S04": "placebo", "S05": "placebo", "S06": "placebo"}
    study = replace(trial_of(TRIAL, arms=arms), plan=TrialPlan(control_arm="placebo"))
    analysis = analyse(study)
    assert analysis.groups == ("placebo", "serum")
    serum, placebo = (result_of(analysis, group=g) for g in ("serum", "placebo"))
    changes = ((6, 2, 9), (3, 7, 5))
    reference = stats.ttest_ind(*changes, equal_var=False)
    found = serum.comparison
    assert (found.n, found.n_control, found.difference) == (3, 3, pytest.approx(17 / 3 - 5))
    assert (found.p, found.df) == pytest.approx((reference.pvalue, reference.df))
    assert placebo.comparison is None
    assert (serum.is_primary, placebo.is_primary) == (True, False)
    assert math.isnan(placebo.p_holm), "the control's primary endpoint is no secondary one"


def test_a_control_site_is_compared_inside_subjects():
    study = trial_of({
        f"S0{k}": {0: {"vertex": 60, "nape": 80}, 12: {"vertex": 60 + treated, "nape": 80 + control}}
        for k, (treated, control) in enumerate(((6, 1), (4, 3), (9, 2), (5, 2)), 1)
    })  # fmt: skip
    result = result_of(analyse(replace(study, plan=TrialPlan(control_site="nape"))))
    reference = stats.ttest_rel((6, 4, 9, 5), (1, 3, 2, 2))
    assert (result.change.mean, result.control.mean) == pytest.approx((6.0, 2.0))
    assert (result.comparison.n, result.comparison.difference) == (4, pytest.approx(4.0))
    assert result.comparison.p == pytest.approx(reference.pvalue)


def test_a_subject_without_a_baseline_has_no_change_and_the_sample_still():
    analysis = analyse(trial_of({**TRIAL, "S07": {12: 90}}))
    result = result_of(analysis)
    assert (result.baseline.n, result.visit.n, result.change.n) == (6, 7, 6)
    assert "No baseline, and so no change: S07." in analysis.warnings


def test_too_few_subjects_give_a_reason_and_no_number():
    result = result_of(analyse(trial_of({"S01": {0: 60, 12: 66}, "S02": {0: 70, 12: 75}})))
    assert result.change.mean == pytest.approx(5.5)
    assert math.isnan(result.change.p_t)
    assert result.change.reasons["p_t"] == "At least 3 subjects with both values are needed; there are only 2."


def test_scores_of_questionnaires_are_outcomes_like_others():
    study = answered(trial_of(TRIAL), {1: 2, 2: 5, 3: 3, 4: 4, 5: 1, 6: 4, 8: 2})
    analysis = analyse(study)
    score = result_of(analysis, "questionnaire_recommend")
    assert (score.change.n, score.change.mean, score.outcome.unit) == (3, pytest.approx(7 / 3), "points")
    assert analysis.tables[-1].outcome.label == "Would recommend"
    (now,) = [y for y in analysis.yes_counts if y.week == 12]
    assert (now.share.count, now.share.n) == (3, 4)
    assert now.share.ci_low == pytest.approx(stats.binomtest(3, 4).proportion_ci().low)
    assert score.p_holm >= score.change.p_t


def test_a_screening_before_the_baseline_is_no_result():
    analysis = analyse(trial_of({code: {-2: 61, **at} for code, at in TRIAL.items()}))
    assert {r.week for r in analysis.results} == {12.0}
    assert analysis.weeks == (-2.0, 0.0, 12.0)


def test_a_study_without_reads_gives_an_empty_analysis():
    analysis = analyse(trial_of({"S01": {0: None, 12: None}}))
    assert (analysis.tables, analysis.results, analysis.yes_counts, analysis.primary) == ((), (), (), None)
    assert "Nothing was detected yet in 2 of 2 images: S01-0-vertex.png, S01-12-vertex.png." in analysis.warnings


def test_planned_weeks_without_a_value_have_no_result():
    plan = TrialPlan(visits=(PlannedVisit(0), PlannedVisit(6), PlannedVisit(12)))
    assert {r.week for r in analyse(replace(trial_of(TRIAL), plan=plan)).results} == {12.0}
