"""The analysis of a trial: every outcome at every later week against the baseline, by arm."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from analysis.trialstats.adjusting import holm
from analysis.trialstats.checking import without_rounding
from analysis.trialstats.comparing import compare_groups, compare_sites
from analysis.trialstats.describing import sample
from analysis.trialstats.mixed_model import modelled_arms
from analysis.trialstats.paired import paired_change
from analysis.trialstats.proportion import clopper_pearson
from analysis.trialstats.results import Comparison, ModelledChange
from workstation.model.study import Study
from workstation.model.trial import TrialPlan
from workstation.questionnaires.scoring import is_yes
from workstation.trial.averaging import FloatArray
from workstation.trial.results import Analysis, Basis, ValueTable, VisitResult, YesCount
from workstation.trial.schedule import BASELINE
from workstation.trial.values import control_tables, value_tables
from workstation.trial.warnings import trial_warnings

_Modelled = tuple[ModelledChange, ModelledChange | None]
"""A change, and its difference from the control arm's."""


def analyse(study: Study, basis: Basis = Basis.OWN) -> Analysis:
    """All statistics of a study's trial, by its plan.

    The primary endpoint and week are the plan's; the paired t tests of all other outcomes at that week are adjusted
    after Holm, arm by arm. With a control arm each other arm's change is compared with that arm's, else with a control
    site with that site's change in the same subjects.

    Args:
        study: the study; the read in use stands for an image.
        basis: the fields on which endpoints are compared.
    """
    tables, controls = value_tables(study, basis), control_tables(study, basis)
    of_control = {table.outcome.name: table for table in controls}
    groups = _groups(study, tables)
    results = [
        result for table in tables for result in _results(study, table, groups, of_control.get(table.outcome.name))
    ]
    return Analysis(
        plan=study.plan,
        groups=groups,
        weeks=tuple(sorted({week for table in (*tables, *controls) for week in _weeks(table.weeks, table.values)})),
        tables=tables,
        results=_adjusted(results, groups, study.plan),
        yes_counts=tuple(count for table in tables for group in groups for count in _yes_counts(study, table, group)),
        warnings=trial_warnings(study),
        basis=basis,
        control_tables=controls,
    )


def _groups(study: Study, tables: Iterable[ValueTable]) -> tuple[str, ...]:
    """The arms of subjects who have a value, by name."""
    seen = {subject for table in tables for subject in table.subjects}
    return tuple(sorted({study.subjects[subject].arm for subject in seen})) or ("",)


def _rows(study: Study, table: ValueTable, group: str) -> list[int]:
    """The rows of a table that are of a group's subjects."""
    return [i for i, subject in enumerate(table.subjects) if study.subjects[subject].arm == group]


def _weeks(weeks: Sequence[float], values: FloatArray) -> list[float]:
    """The weeks at which any subject has a value."""
    known = np.atleast_1d(np.isfinite(values).any(axis=0))
    return [week for week, is_known in zip(weeks, known, strict=True) if is_known]


def _results(
    study: Study, table: ValueTable, groups: Sequence[str], control: ValueTable | None
) -> Iterator[VisitResult]:
    """One outcome of each group at each later week that has a value."""
    modelled = _modelled(study, table)
    for group in groups:
        rows = _rows(study, table, group)
        for week in _weeks(table.weeks, table.values[rows]):
            if week > BASELINE:
                same = None if control is None else _of_subjects(control, [table.subjects[i] for i in rows], week)
                yield _result(study, table, group, week, modelled[group, week], same)


def _result(
    study: Study,
    table: ValueTable,
    group: str,
    week: float,
    modelled: _Modelled,
    control_site: tuple[FloatArray, FloatArray] | None,
) -> VisitResult:
    """One outcome of one group at one week; with the values of the control site at the baseline and then."""
    rows, plan = _rows(study, table, group), study.plan
    before, after = table.at(BASELINE)[rows], table.at(week)[rows]
    is_control = bool(plan.control_arm) and group == plan.control_arm
    return VisitResult(
        outcome=table.outcome,
        week=week,
        group=group,
        baseline=sample(before),
        visit=sample(after),
        change=paired_change(before, after),
        modelled=modelled[0],
        comparison=_comparison(study, table, group, week, control_site),
        is_primary=(table.outcome.name, week) == (plan.primary_endpoint, plan.primary_week) and not is_control,
        p_holm=math.nan,
        control=None if control_site is None else paired_change(*control_site),
        modelled_comparison=modelled[1],
    )


def _modelled(study: Study, table: ValueTable) -> dict[tuple[str, float], _Modelled]:
    """The mixed model's change of each arm at each week, and its difference from the control arm's."""
    arms = [study.subjects[subject].arm for subject in table.subjects]
    control = study.plan.control_arm if study.plan.control_arm in arms else None
    first = table.weeks.index(BASELINE)
    others = [week for week in table.weeks if week != BASELINE]
    return {
        (model.arm, week): (change, model.differences[k] if model.differences else None)
        for model in modelled_arms(table.values, table.weeks, arms, control or None, first)
        for k, (week, change) in enumerate(zip(others, model.changes, strict=True))
    }


def _of_subjects(table: ValueTable, subjects: Sequence[str], week: float) -> tuple[FloatArray, FloatArray]:
    """(subjects,) values of named subjects at the baseline and at a week; NaN where they have none."""
    place = {subject: i for i, subject in enumerate(table.subjects)}
    first, later = table.at(BASELINE), table.at(week)
    before, after = ([column[place[s]] if s in place else math.nan for s in subjects] for column in (first, later))
    return np.array(before, dtype=np.float64), np.array(after, dtype=np.float64)


def _comparison(
    study: Study, table: ValueTable, group: str, week: float, control_site: tuple[FloatArray, FloatArray] | None
) -> Comparison | None:
    """With the control arm, else with the control site; of the control arm itself none."""
    changes, control_arm = _changes(table.at(BASELINE), table.at(week)), study.plan.control_arm
    own, others = _rows(study, table, group), _rows(study, table, control_arm)
    if control_arm:
        return None if group == control_arm or not others else compare_groups(changes[own], changes[others])
    return None if control_site is None else compare_sites(changes[own], _changes(*control_site))


def _changes(before: FloatArray, after: FloatArray) -> FloatArray:
    """Equal ones made equal: what rounding leaves over has no spread."""
    known = np.abs(np.concatenate([before, after]))
    return without_rounding(after - before, float(known[np.isfinite(known)].max(initial=0.0)))


def _adjusted(results: Sequence[VisitResult], groups: Sequence[str], plan: TrialPlan) -> tuple[VisitResult, ...]:
    """The results with Holm's p for the secondary outcomes of the primary week, each group by itself."""
    p_holm: dict[int, float] = {}
    secondary = [r.week == plan.primary_week and r.outcome.name != plan.primary_endpoint for r in results]
    for group in groups:
        own = [i for i, result in enumerate(results) if result.group == group and secondary[i]]
        p_holm |= zip(own, holm([results[i].change.p_t for i in own]).tolist(), strict=True)
    return tuple(replace(result, p_holm=p_holm.get(i, math.nan)) for i, result in enumerate(results))


def _yes_counts(study: Study, table: ValueTable, group: str) -> Iterable[YesCount]:
    questionnaire = study.questionnaires.get(table.outcome.questionnaire_id)
    if questionnaire is None or questionnaire.positive_from is None:
        return
    rows = _rows(study, table, group)
    for week in _weeks(table.weeks, table.values[rows]):
        scores = table.at(week)[rows]
        known = scores[np.isfinite(scores)]
        yes = sum(is_yes(questionnaire, value) for value in known.tolist())
        yield YesCount(table.outcome, week, group, clopper_pearson(yes, len(known)))
