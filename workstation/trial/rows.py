"""A trial's values and statistics as rows of cells: what tables, files and other programs are given."""

import math
from collections.abc import Iterable, Iterator

from workstation.endpoints import Cell, known
from workstation.model.study import Study
from workstation.trial.missing import Missing
from workstation.trial.results import Analysis, ValueTable, VisitResult
from workstation.trial.schedule import BASELINE, attendance
from workstation.trial.values import control_tables, value_tables

Columns = tuple[tuple[str, str, str], ...]
Row = dict[str, Cell]
SAME = "as the outcome"
"""The unit of a column whose unit is that of its row's outcome."""

VALUE_COLUMNS: Columns = (
    ("outcome", "", "endpoint, or questionnaire_<id> for a score"),
    ("label", "", "the same for people"),
    ("unit", "", "unit of the value"),
    ("arm", "", "treatment group of the subject"),
    ("site", "", "the control site; empty for the mean over the other sites"),
    ("subject", "", "the participant's code"),
    ("week", "week", "planned week; 0 is the baseline"),
    ("value", SAME, "mean over the subject's sites, and over images of one site"),
    ("change", SAME, "value less the baseline's"),
    ("percent_change", "%", "change by the baseline's value"),
    ("read_ids", "", "the reads that the value rests on, separated by spaces"),
)
"""Name, unit and meaning of the columns of `trial_rows`."""

_OF_SAMPLE = (
    ("n", "", "subjects with a value"),
    ("mean", SAME, "mean"),
    ("sd", SAME, "standard deviation between subjects"),
    ("median", SAME, "median"),
    ("minimum", SAME, "smallest value"),
    ("maximum", SAME, "largest value"),
)
_OF_CHANGE = (
    ("n", "", "subjects with both values"),
    ("mean", SAME, "mean of the changes"),
    ("sd", SAME, "standard deviation of the changes"),
    ("median", SAME, "median of the changes"),
    ("ci_low", SAME, "lower end of the 95 % interval of the mean change"),
    ("ci_high", SAME, "upper end of it"),
    ("percent", "%", "mean change by the mean baseline of the same subjects"),
    ("t", "", "paired t"),
    ("df", "", "its degrees of freedom"),
    ("p_t", "", "two-sided p of the paired t test"),
    ("w", "", "Wilcoxon's sum of positive ranks"),
    ("p_wilcoxon", "", "two-sided exact p of the signed-rank test"),
    ("p_wilcoxon_least", "", "the smallest p that so many changes could have given"),
    ("wilcoxon_method", "", "how that was computed"),
    ("p_shapiro", "", "Shapiro–Wilk p of the changes"),
    ("d_z", "", "effect size: mean of the changes by their standard deviation"),
    ("d_z_low", "", "lower end of its 95 % interval"),
    ("d_z_high", "", "upper end of it"),
)
_OF_MODEL = (
    ("estimate", SAME, "mean change, by all visits"),
    ("se", SAME, "its standard error"),
    ("df", "", "its degrees of freedom"),
    ("ci_low", SAME, "lower end of its 95 % interval"),
    ("ci_high", SAME, "upper end of it"),
    ("p", "", "its two-sided p"),
    ("covariance", "", "how variances and correlations of the visits were modelled"),
    ("small_sample", "", "where standard error and degrees of freedom are from"),
    ("n_subjects", "", "subjects in the model"),
    ("n_values", "", "values in the model"),
)
_OF_COMPARISON = (
    ("n", "", "subjects compared"),
    ("n_control", "", "subjects of the control"),
    ("difference", SAME, "change less the control's"),
    ("ci_low", SAME, "lower end of its 95 % interval"),
    ("ci_high", SAME, "upper end of it"),
    ("df", "", "its degrees of freedom"),
    ("p", "", "its two-sided p"),
    ("method", "", "how it was computed"),
)


def _named(prefix: str, columns: Columns, about: str) -> Columns:
    return tuple((f"{prefix}_{name}", unit, f"{about}: {meaning}") for name, unit, meaning in columns)


RESULT_COLUMNS: Columns = (
    ("outcome", "", "endpoint, or questionnaire_<id> for a score"),
    ("label", "", "the same for people"),
    ("unit", "", "unit of means, standard deviations, intervals and estimates"),
    ("arm", "", "treatment group"),
    ("week", "week", "planned week"),
    ("is_primary", "", "whether this is the primary endpoint at the primary week, named beforehand"),
    *_named("baseline", _OF_SAMPLE, "baseline"),
    *_named("visit", _OF_SAMPLE, "visit"),
    *_named("change", _OF_CHANGE, "change from the baseline"),
    ("p_holm", "", "change_p_t after Holm over the secondary outcomes of the primary week"),
    *_named("model", _OF_MODEL, "mixed model"),
    *_named("control", _OF_COMPARISON, "against the control arm or site"),
    *_named("model_control", _OF_MODEL, "mixed model, change less the control arm's"),
    ("control_site_change", SAME, "mean change at the control site of the same subjects"),
    ("reasons", "", "why numbers are missing"),
)
"""Name, unit and meaning of the columns of `analysis_rows`."""

YES_COLUMNS: Columns = (
    ("outcome", "", "questionnaire_<id>"),
    ("label", "", "the questionnaire's title"),
    ("arm", "", "treatment group"),
    ("week", "week", "planned week"),
    ("count", "", "subjects whose score counts as a yes"),
    ("n", "", "subjects with a score"),
    ("share", "", "count by n"),
    ("ci_low", "", "lower end of the exact 95 % interval of the share"),
    ("ci_high", "", "upper end of it"),
)
"""Name, unit and meaning of the columns of `yes_rows`."""

ATTENDANCE_COLUMNS: Columns = (
    ("subject", "", "the participant's code"),
    ("week", "week", "planned week"),
    ("status", "", "on time, early, late, missed or undated"),
    ("visit", "", "name of the visit"),
    ("date", "", "day of the visit, ISO 8601"),
    ("days_off", "days", "days after the planned day; before it: negative"),
)
"""Name, unit and meaning of the columns of `attendance_rows`."""

MISSING_COLUMNS: Columns = (
    ("subject", "", "the participant's code"),
    ("week", "week", "planned week"),
    ("lack", "", "what is missing"),
    ("what", "", "which image, questionnaire or outcome"),
    ("reason", "", "why"),
)
"""Name, unit and meaning of the columns of `missing_rows`."""


def trial_rows(study: Study, analysis: Analysis | None = None) -> list[Row]:
    """The values that the statistics rest on, one row for each outcome, subject and week that has one.

    Args:
        study: the study.
        analysis: of that study, if it is at hand.
    """
    tables = value_tables(study) if analysis is None else analysis.tables
    controls = control_tables(study) if analysis is None else analysis.control_tables
    return [
        *(row for table in tables for row in _value_rows(study, table, "")),
        *(row for table in controls for row in _value_rows(study, table, study.plan.control_site)),
    ]


def analysis_rows(analysis: Analysis) -> list[Row]:
    """The statistics, one row for each outcome, arm and later week."""
    return [_result_row(result) for result in analysis.results]


def yes_rows(analysis: Analysis) -> list[Row]:
    """How many would say yes, one row for each questionnaire, arm and week."""
    return [
        {
            "outcome": each.outcome.name,
            "label": each.outcome.label,
            "arm": each.group,
            "week": each.week,
            "count": each.share.count,
            "n": each.share.n,
            "share": known(each.share.share),
            "ci_low": known(each.share.ci_low),
            "ci_high": known(each.share.ci_high),
        }
        for each in analysis.yes_counts
    ]


def missing_rows(gaps: Iterable[Missing]) -> list[Row]:
    """What is missing, one row a gap."""
    return [
        {"subject": gap.subject, "week": gap.week, "lack": gap.lack.value, "what": gap.what, "reason": gap.reason}
        for gap in gaps
    ]


def attendance_rows(study: Study) -> list[Row]:
    """How subjects kept to the planned visits, one row for each subject and week."""
    return [
        {
            "subject": each.subject,
            "week": each.week,
            "status": each.status.value,
            "visit": "" if each.visit_id is None else study.visits[each.visit_id].name,
            "date": each.date,
            "days_off": each.days_off,
        }
        for each in attendance(study)
    ]


def _value_rows(study: Study, table: ValueTable, site: str) -> Iterator[Row]:
    outcome, start = table.outcome, table.at(BASELINE)
    for i, subject in enumerate(table.subjects):
        for j, week in enumerate(table.weeks):
            value, before = float(table.values[i, j]), float(start[i])
            if math.isnan(value):
                continue
            change = math.nan if week == BASELINE else value - before
            yield {
                "outcome": outcome.name,
                "label": outcome.label,
                "unit": outcome.unit,
                "arm": study.subjects[subject].arm,
                "site": site,
                "subject": subject,
                "week": week,
                "value": value,
                "change": known(change),
                "percent_change": known(100 * change / before) if before > 0 else None,
                "read_ids": " ".join(map(str, table.read_ids.get((subject, week), ()))),
            }


def _result_row(result: VisitResult) -> Row:
    outcome = result.outcome
    return {
        "outcome": outcome.name,
        "label": outcome.label,
        "unit": outcome.unit,
        "arm": result.group,
        "week": result.week,
        "is_primary": result.is_primary,
        **_cells("baseline", result.baseline, _OF_SAMPLE),
        **_cells("visit", result.visit, _OF_SAMPLE),
        **_cells("change", result.change, _OF_CHANGE),
        "p_holm": known(result.p_holm),
        **_cells("model", result.modelled, _OF_MODEL),
        **_cells("control", result.comparison, _OF_COMPARISON),
        **_cells("model_control", result.modelled_comparison, _OF_MODEL),
        "control_site_change": None if result.control is None else known(result.control.mean),
        "reasons": " ".join(reasons_of(result)),
    }


def reasons_of(result: VisitResult) -> tuple[str, ...]:
    """Why numbers of a result are missing; each sentence once."""
    reasons = [*result.change.reasons.values(), *result.modelled.reasons.values()]
    if result.comparison is not None:
        reasons += result.comparison.reasons.values()
    return tuple(dict.fromkeys(reasons))


def _cells(prefix: str, numbers: object | None, columns: Columns) -> Row:
    return {f"{prefix}_{name}": None if numbers is None else _cell(getattr(numbers, name)) for name, _, _ in columns}


def _cell(value: Cell) -> Cell:
    return known(value) if isinstance(value, float) else value
