"""What changed: the table of outcomes and its charts, and the table of all visits."""

import math
from collections.abc import Iterable, Sequence

from workstation.errors import UserFacingError
from workstation.report.document import Block, Chart, Column, Heading, Paragraph, Row, RowKind, Table, Tone
from workstation.report.material import Material
from workstation.trial.power import effect_of, power_for
from workstation.trial.results import VisitResult
from workstation.trial.rows import reasons_of
from workstation.trial.schedule import BASELINE
from workstation.trial.wording import (
    NO_VALUE,
    capitalised,
    estimate,
    group,
    interval,
    mean_sd,
    number,
    p_value,
    percent,
    signed,
    titled,
    week,
)

NOTES = (
    "n: subjects with both visits. SD: standard deviation. Change: visit less baseline with the 95 % confidence "
    "interval of its mean, and as a percentage of the mean at baseline.",
    "p: paired t test; below it, where given, after Holm's adjustment over the secondary outcomes of the primary week. "
    "Wilcoxon: signed-rank test. d_z: mean change by the standard deviation of changes, with its 95 % interval.",
    "Mixed model: the change as estimated from all visits of all subjects, with its 95 % interval and p.",
    f"{NO_VALUE}: not given, because too few subjects support it or it is not defined.",
)
MAX_REASONS = 6


def endpoints(material: Material) -> list[Block]:
    """The chapter of results of images."""
    blocks: list[Block] = [Heading("Results")]
    shown = material.shown_week
    if shown is None:
        blocks.append(Paragraph("No outcome has a value after the baseline, so there is no change to report."))
        return [*blocks, *_values_alone(material)]
    primary = material.analysis.plan.primary_week
    if shown != primary:
        said = f"No subject has a value at {week(primary)}, the primary week. What follows is of {week(shown)}."
        blocks.append(Paragraph(said, Tone.WARNING))
    results = material.at_week(shown)
    blocks.append(outcome_table(material, f"Outcomes at {week(shown)} against the baseline", results))
    reasons = _reasons(results)
    if reasons:
        blocks.append(Paragraph("Not given: " + " ".join(reasons), Tone.NOTE))
    return [*blocks, *_next_trial(material), *_charts(material, results)]


def _next_trial(material: Material) -> list[Block]:
    """How many subjects it would take to find a change of a tenth, where the spread of change is known."""
    try:
        found = power_for(material.analysis, effect_of("10%", material.analysis))
    except UserFacingError:
        return []
    if not math.isfinite(found.power_now):
        return []
    return [Paragraph(f"For a next trial: {found.sentence}", Tone.NOTE)]


def all_visits(material: Material) -> list[Block]:
    """The appendix: every outcome at every visit."""
    if len({result.week for result in material.analysis.results}) < 2:
        return []  # the table of outcomes has them all
    blocks: list[Block] = [Heading("Appendix: all visits")]
    rows: list[Row] = []
    for table in material.analysis.tables:
        results = [r for r in material.analysis.results if r.outcome.name == table.outcome.name]
        if results:
            rows.append(Row((capitalised(titled(table.outcome)),), RowKind.GROUP))
            rows += [_row(_visit_name(material, r), r) for r in results]
    blocks.append(Table("Every outcome at every visit against the baseline", _columns("visit"), tuple(rows), NOTES))
    return blocks


def outcome_table(
    material: Material, caption: str, results: Sequence[VisitResult], notes: Sequence[str] = NOTES
) -> Table:
    """One row an outcome; with several arms one each under the outcome's name."""
    arms = len(material.analysis.groups) > 1
    rows: list[Row] = []
    for name in dict.fromkeys(result.outcome.name for result in results):
        own = [result for result in results if result.outcome.name == name]
        title = capitalised(titled(own[0].outcome))
        if arms:
            rows.append(Row((title,), RowKind.GROUP))
        for result in own:
            rows.append(_row(group(result.group) if arms else title, result))
            if result.comparison is not None and math.isfinite(result.comparison.difference):
                rows.append(_against(result))
    return Table(caption, _columns("outcome"), tuple(rows), (*notes, *_primary_note(results)))


def _columns(first: str) -> tuple[Column, ...]:
    return (
        Column(first, share=2.05),
        Column("n", is_number=True, share=0.45),
        Column("baseline", "mean ± SD", is_number=True, share=1.22),
        Column("visit", "mean ± SD", is_number=True, share=1.22),
        Column("change", "95 % CI", is_number=True, share=1.5),
        Column("%", is_number=True, share=0.88),
        Column("p", "Holm", is_number=True, share=0.95),
        Column("p", "Wilcoxon", is_number=True, share=0.95),
        Column("d_z", "95 % CI", is_number=True, share=1.4),
        Column("mixed model", "95 % CI", is_number=True, share=1.5),
        Column("p", "mixed", is_number=True, share=0.95),
    )


def _row(name: str, result: VisitResult) -> Row:
    digits, change, modelled = result.outcome.digits, result.change, result.modelled
    return Row(
        (
            f"{name}\n(primary)" if result.is_primary else name,
            str(change.n),
            mean_sd(result.baseline, digits),
            mean_sd(result.visit, digits),
            _stacked(signed(change.mean, digits), interval(change.ci_low, change.ci_high, digits)),
            percent(change.percent),
            _stacked(p_value(change.p_t), p_value(result.p_holm)),
            p_value(change.p_wilcoxon),
            _stacked(number(change.d_z, 2), interval(change.d_z_low, change.d_z_high, 2)),
            _stacked(signed(modelled.estimate, digits), interval(modelled.ci_low, modelled.ci_high, digits)),
            p_value(modelled.p),
        ),
        RowKind.STRONG if result.is_primary else RowKind.PLAIN,
    )


def _against(result: VisitResult) -> Row:
    found, digits = result.comparison, result.outcome.digits
    assert found is not None
    said = estimate(found.difference, found.ci_low, found.ci_high, digits).replace(" (", "\n(", 1)
    cells = ("  against control", f"{found.n}/{found.n_control}", "", "", said, "", p_value(found.p), "", "", "", "")
    return Row(cells)


def _stacked(value: str, *below: str) -> str:
    """A number with what belongs to it on the lines below; what is not given is left out."""
    return "\n".join([value, *(text for text in below if text and text != NO_VALUE)])


def _primary_note(results: Iterable[VisitResult]) -> tuple[str, ...]:
    if any(result.comparison is not None for result in results):
        return ("Against control: its change less that of the control, n of both; " + _methods(results) + ".",)
    return ()


def _methods(results: Iterable[VisitResult]) -> str:
    found = {r.comparison.method for r in results if r.comparison is not None and r.comparison.method}
    return ", ".join(sorted(found)) or "no test"


def _reasons(results: Iterable[VisitResult]) -> list[str]:
    """Why numbers are not given, each reason once."""
    found = dict.fromkeys(reason for result in results for reason in reasons_of(result))
    shown = list(found)[:MAX_REASONS]
    return [*shown, f"And {len(found) - len(shown)} more."] if len(found) > len(shown) else shown


def _charts(material: Material, results: Sequence[VisitResult]) -> list[Block]:
    from workstation.report.charts.changes import change_chart, forest_chart
    from workstation.report.charts.lines import line_chart

    groups, tables = material.analysis.groups, material.main_tables
    if not tables:
        return []
    names = [table.outcome.name for table in tables]
    at = [result for name in names for result in results if result.outcome.name == name]
    blocks: list[Block] = [Heading("Charts of change", 2)]
    forest = forest_chart(at, groups)
    if forest is not None:
        when = week(at[0].week)
        alt = "; ".join(f"{r.outcome.label} {percent(r.change.percent)}" for r in at if math.isfinite(r.change.percent))
        caption = (
            f"Mean change at {when} in per cent of the mean at baseline, with 95 % intervals. The primary outcome in "
            "bold type."
        )
        blocks.append(Chart("change_forest", forest, caption, f"Change at {when}: {alt}."))
    by_outcome = [[r for r in material.analysis.results if r.outcome.name == name] for name in names]
    known = [rows for rows in by_outcome if any(math.isfinite(r.change.mean) for r in rows)]
    if known:
        caption = (
            "Mean change from the baseline at each visit, with 95 % intervals where enough subjects have both visits."
        )
        blocks.append(Chart("change_by_visit", change_chart(known, groups), caption, f"{caption} {_panels(known)}"))
    caption = "Values of every subject over the visits: a thin line a subject, the bold line the mean of those seen."
    alt = f"{caption} Outcomes: {', '.join(table.outcome.label for table in tables)}."
    blocks.append(Chart("subjects_over_visits", line_chart(tables, material.arms, groups), caption, alt))
    return blocks


def _panels(rows: Sequence[Sequence[VisitResult]]) -> str:
    return f"Outcomes: {', '.join(results[0].outcome.label for results in rows)}."


def _values_alone(material: Material) -> list[Block]:
    """The values of the baseline, where there is nothing to compare them with."""
    rows = []
    for table in material.analysis.tables:
        known = [float(v) for v in table.at(BASELINE) if math.isfinite(v)]
        if known:
            digits = table.outcome.digits
            mean = number(sum(known) / len(known), digits)
            span = f"{number(min(known), digits)} to {number(max(known), digits)}"
            rows.append(Row((capitalised(titled(table.outcome)), str(len(known)), mean, span)))
    columns = (
        Column("outcome", share=3), Column("n", is_number=True), Column("mean", is_number=True),
        Column("range", is_number=True, share=1.5),
    )  # fmt: skip
    return [Table("Values at the baseline", columns, tuple(rows))] if rows else []


def _visit_name(material: Material, result: VisitResult) -> str:
    said = week(result.week).capitalize()
    return f"{said}, {group(result.group)}" if len(material.analysis.groups) > 1 else said
