"""The results of one week as a table for people: the primary one first, then as the endpoints stand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workstation.trial import wording
from workstation.trial.results import Analysis, VisitResult


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table."""

    title: str
    tip: str
    text: Callable[[VisitResult], str]
    reasons: Callable[[VisitResult], Iterable[str]] = lambda _result: ()
    """Why a cell may be empty."""
    is_number: bool = True


def rows_of(analysis: Analysis, week: float) -> tuple[VisitResult, ...]:
    """The results of a week; the primary outcome of all arms first, the control's too, else in their order."""
    found = [result for result in analysis.results if result.week == week]
    first = analysis.plan.primary_endpoint if week == analysis.plan.primary_week else ""
    return tuple(sorted(found, key=lambda result: result.outcome.name != first))


def columns_of(analysis: Analysis, rows: Iterable[VisitResult]) -> tuple[Column, ...]:
    """The columns that these results need: arms and controls only where there are any."""
    rows = tuple(rows)
    columns = [Column("Outcome", "The primary one is marked", _name, is_number=False)]
    if len(analysis.groups) > 1:
        columns.append(Column("Arm", "The treatment group", lambda r: wording.group(r.group), is_number=False))
    columns += _ALWAYS
    if any(result.comparison is not None for result in rows):
        columns += _COMPARED
    return tuple(columns)


def methods_of(result: VisitResult) -> str:
    """How the numbers of a result were made, in a line."""
    change, model = result.change, result.modelled
    parts = [f"n = {change.n} with both visits"]
    if change.wilcoxon_method:
        parts.append(f"Wilcoxon: {change.wilcoxon_method}")
    if model.covariance:
        parts.append(f"model: {model.n_subjects} subjects, {model.n_values} values, covariance {model.covariance}")
    if result.comparison is not None and result.comparison.method:
        parts.append(f"control: {result.comparison.method}")
    return "; ".join(parts) + "."


def headline(result: VisitResult) -> str:
    """The change and its interval, with unit."""
    text = wording.with_unit(wording.signed(result.change.mean, result.outcome.digits), result.outcome)
    ends = wording.interval(result.change.ci_low, result.change.ci_high, result.outcome.digits)
    return text if ends == wording.NO_VALUE else f"{text} (95 % CI {ends})"


def sentence(result: VisitResult) -> str:
    """What the headline rests on."""
    change, outcome = result.change, result.outcome
    if not change.n:
        return "No subject has both the baseline and this visit."
    parts = [
        f"From {wording.mean_sd(result.baseline, outcome.digits)} to {wording.mean_sd(result.visit, outcome.digits)}; "
        f"{change.n} subject{'s' if change.n != 1 else ''} with both visits"
    ]
    parts += [
        f"{name} {wording.p_equals(p)}"
        for name, p in (
            ("paired t test", change.p_t),
            ("Wilcoxon", change.p_wilcoxon),
            ("mixed model", result.modelled.p),
        )
        if wording.p_value(p) != wording.NO_VALUE
    ]
    compared = _compared(result)
    if compared != wording.NO_VALUE and result.comparison is not None:
        p = result.comparison.p
        tested = "" if wording.p_value(p) == wording.NO_VALUE else f", {wording.p_equals(p)}"
        parts.append(f"difference from the control {compared}{tested}")
    return "; ".join(parts) + "."


def _name(result: VisitResult) -> str:
    return wording.titled(result.outcome)


def _compared(result: VisitResult) -> str:
    found = result.comparison
    if found is None:
        return wording.NO_VALUE
    return wording.estimate(found.difference, found.ci_low, found.ci_high, result.outcome.digits)


def _modelled(result: VisitResult) -> str:
    found = result.modelled
    return wording.estimate(found.estimate, found.ci_low, found.ci_high, result.outcome.digits)


def _d_z(result: VisitResult) -> str:
    found = result.change
    return wording.estimate(found.d_z, found.d_z_low, found.d_z_high, 2)


def _change_reason(*fields: str) -> Callable[[VisitResult], Iterable[str]]:
    return lambda result: [result.change.reasons[f] for f in fields if f in result.change.reasons]


def _model_reasons(result: VisitResult) -> Iterable[str]:
    return result.modelled.reasons.values()


def _comparison_reasons(result: VisitResult) -> Iterable[str]:
    return () if result.comparison is None else result.comparison.reasons.values()


_ALWAYS = (
    Column("n", "Subjects with both the baseline and this visit", lambda r: str(r.change.n)),
    Column("Baseline", "Mean ± SD of all who have a baseline", lambda r: wording.mean_sd(r.baseline, r.outcome.digits)),
    Column("Visit", "Mean ± SD of all who have this visit", lambda r: wording.mean_sd(r.visit, r.outcome.digits)),
    Column(
        "Change (95 % CI)",
        "Mean of the differences between visit and baseline, with Student's t interval",
        lambda r: wording.change(r.change, r.outcome.digits),
        _change_reason("mean", "ci_low", "ci_high"),
    ),
    Column(
        "In percent",
        "Of the mean at the baseline of the same subjects",
        lambda r: wording.percent(r.change.percent),
        _change_reason("percent"),
    ),
    Column("p, t", "Paired t test, two-sided", lambda r: wording.p_value(r.change.p_t), _change_reason("p_t")),
    Column(
        "p, Holm",
        "The paired t test's p, adjusted over all secondary outcomes of the primary week",
        lambda r: wording.p_value(r.p_holm),
    ),
    Column(
        "p, Wilcoxon",
        "Signed-rank test, two-sided, exact",
        lambda r: wording.p_value(r.change.p_wilcoxon),
        _change_reason("p_wilcoxon"),
    ),
    Column(
        "p, normal",
        "Shapiro–Wilk: a small p says that the differences are not normal",
        lambda r: wording.p_value(r.change.p_shapiro),
        _change_reason("p_shapiro"),
    ),
    Column("d_z (95 % CI)", "Mean of the differences by their SD", _d_z, _change_reason("d_z", "d_z_low")),
    Column(
        "Model (95 % CI)",
        "Change by the mixed model over all visits, in which subjects with missing visits take part",
        _modelled,
        _model_reasons,
    ),
    Column("p, model", "Of that change", lambda r: wording.p_value(r.modelled.p), _model_reasons),
)
_COMPARED = (
    Column(
        "More than control (95 % CI)",
        "Change less the change of the control arm or site",
        _compared,
        _comparison_reasons,
    ),
    Column(
        "p, control",
        "Of that difference",
        lambda r: wording.p_value(float("nan") if r.comparison is None else r.comparison.p),
        _comparison_reasons,
    ),
)
