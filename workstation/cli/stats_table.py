"""The analysis of a trial as tables for a terminal."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.table import Table

from workstation.cli.console import fits, output, print_table, say, table_of
from workstation.trial import wording
from workstation.trial.results import Analysis, Basis, VisitResult
from workstation.trial.rows import reasons_of

PRIMARY = "primary: "
BASES = {Basis.OWN: "each visit on its own field", Basis.COMMON: "on the field shared with the baseline"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table."""

    head: str
    cell: Callable[[VisitResult], str]
    """A dash where there is no value; a column without any is left out."""


Columns = Sequence[Column]
N = Column("n", lambda r: str(r.change.n))
BASELINE = Column("baseline\nmean ± SD", lambda r: wording.mean_sd(r.baseline, r.outcome.digits))
VISIT = Column("visit\nmean ± SD", lambda r: wording.mean_sd(r.visit, r.outcome.digits))
CHANGE = Column("change\n(95 % CI)", lambda r: wording.change(r.change, r.outcome.digits))
PERCENT = Column("change\n%", lambda r: wording.signed(r.change.percent, 1))
EFFECT = Column("d_z\n", lambda r: wording.number(r.change.d_z, 2))
P_T = Column("p\npaired t", lambda r: wording.p_value(r.change.p_t))
P_WILCOXON = Column("p\nWilcoxon", lambda r: wording.p_value(r.change.p_wilcoxon))
P_HOLM = Column("p\nHolm", lambda r: wording.p_value(r.p_holm))
MODELLED = Column(
    "mixed model\n(95 % CI)",
    lambda r: wording.estimate(r.modelled.estimate, r.modelled.ci_low, r.modelled.ci_high, r.outcome.digits),
)
P_MODEL = Column("p\nmodel", lambda r: wording.p_value(r.modelled.p))
AGAINST = Column("against control\n(95 % CI)", lambda r: _against(r))
P_AGAINST = Column("p\ncontrol", lambda r: wording.p_value(r.comparison.p if r.comparison else math.nan))

FULL = (
    N, BASELINE, VISIT, CHANGE, PERCENT, EFFECT, P_T, P_WILCOXON, P_HOLM, MODELLED, P_MODEL, AGAINST, P_AGAINST
)  # fmt: skip
MAIN = (N, BASELINE, CHANGE, PERCENT, P_T, P_WILCOXON, P_HOLM, P_MODEL, AGAINST, P_AGAINST)
NARROW = (N, CHANGE, P_T, P_HOLM, AGAINST, P_AGAINST)
"""From the widest terminal to the narrowest."""


def print_analysis(analysis: Analysis, *, all_weeks: bool) -> None:
    """Print a table for each arm: the primary endpoint on top, then the others of that week; then all other weeks.

    Args:
        analysis: with at least one result.
        all_weeks: whether the other weeks follow.
    """
    weeks = sorted({result.week for result in analysis.results})
    first = analysis.plan.primary_week if analysis.plan.primary_week in weeks else weeks[-1]
    for week in (first, *(week for week in weeks if all_weeks and week != first)):
        for group in analysis.groups:
            results = [r for r in analysis.results if (r.week, r.group) == (week, group)]
            if results:
                _print_week(analysis, week, group, results)
    if len(weeks) > 1 and not all_weeks:
        say("Other weeks: --all-weeks. All figures: --format csv or json.")


def _print_week(analysis: Analysis, week: float, group: str, results: Sequence[VisitResult]) -> None:
    arm = f", {wording.group(group)}" if analysis.groups != ("",) else ""
    when = wording.week(week).capitalize()
    output.print(f"\n{when} against the baseline{arm} ({BASES[analysis.basis]})", markup=False)
    primary = [r for r in results if r.outcome.name == analysis.plan.primary_endpoint]
    others = [r for r in results if r not in primary]
    tables = (_table(primary, others, columns) for columns in (FULL, MAIN))
    print_table(next((table for table in tables if fits(table)), _table(primary, others, NARROW)))
    for each in analysis.yes_counts:
        if (each.week, each.group) == (week, group):
            output.print(f"{each.outcome.label}: yes by {wording.proportion(each.share)}", markup=False)
    for reason, labels in _reasons(results).items():
        say(f"{wording.listed(labels, 3)}: {reason}")


def _table(primary: Sequence[VisitResult], others: Sequence[VisitResult], columns: Columns) -> Table:
    shown = [column for column in columns if any(column.cell(r) != wording.NO_VALUE for r in (*primary, *others))]
    table = table_of(["outcome", *(column.head for column in shown)], [])
    for result in (*primary, *others):
        mark = PRIMARY if result in primary else ""
        table.add_row(mark + wording.titled(result.outcome), *(column.cell(result) for column in shown))
        if mark:
            table.add_section()
    return table


def _reasons(results: Sequence[VisitResult]) -> dict[str, list[str]]:
    """Why figures are missing, and of which outcomes."""
    found: dict[str, list[str]] = {}
    for result in results:
        for reason in reasons_of(result):
            found.setdefault(reason, []).append(result.outcome.label)
    return found


def _against(result: VisitResult) -> str:
    found = result.comparison
    if found is None:
        return wording.NO_VALUE
    return wording.estimate(found.difference, found.ci_low, found.ci_high, result.outcome.digits)
