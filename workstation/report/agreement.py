"""How far the readers agree, with each other and with themselves."""

from collections.abc import Sequence

from workstation.agreement import wording
from workstation.agreement.read_pairs import Kind
from workstation.agreement.results import Comparison, OutcomeAgreement
from workstation.report.charts.agreement import bland_altman_chart
from workstation.report.document import Block, Chart, Column, Facts, Heading, Paragraph, Row, Table, Tone
from workstation.report.material import Material
from workstation.trial.wording import NO_VALUE, capitalised, titled

MOST = 6
"""So many comparisons are shown; of more readers the exported table has them all."""
NOTES = (
    "ICC(2,1): two-way random effects, absolute agreement, single reader (Shrout and Fleiss 1979); its interval after "
    "McGraw and Wong (1996). Limits of agreement: mean ± 1.96 SD of the differences (Bland and Altman); their "
    "intervals are exact (Carkeet 2015), of several images a subject after Zou (2013).",
    "CV: within-image coefficient of variation, root mean square. Repeatability: 1.96·√2 of the standard deviation "
    "within an image. Drift: slope of the difference for ten reads in the order of reading.",
    f"{NO_VALUE}: not given, because too few images support it or it is not defined.",
)


def agreement(material: Material) -> list[Block]:
    """The chapter; nothing where no image was read twice."""
    found = material.agreement
    if not found.comparisons:
        return []
    blocks: list[Block] = [Heading("Agreement of readers"), Paragraph(found.unit)]
    blocks += [Paragraph(warning, Tone.NOTE) for warning in found.warnings]
    shown = found.comparisons[:MOST]
    if len(shown) < len(found.comparisons):
        left = len(found.comparisons) - len(shown)
        blocks.append(Paragraph(f"{left} more comparisons stand in the exported table of agreement.", Tone.NOTE))
    blocks += _chart(material, shown)
    for rank, comparison in enumerate(shown):
        blocks += _comparison(comparison, NOTES if rank == 0 else ())
    return blocks


def _comparison(comparison: Comparison, notes: tuple[str, ...]) -> list[Block]:
    name = capitalised(wording.title(comparison))
    blocks: list[Block] = [Heading(name, 2), _table(comparison, notes)]
    if comparison.objects is not None:
        facts = [fact for fact in wording.object_facts(comparison.objects) if fact[1] != NO_VALUE]
        if facts:
            blocks.append(Facts(tuple(facts)))
    return blocks


def _table(comparison: Comparison, notes: tuple[str, ...]) -> Table:
    outcomes = [o for o in comparison.outcomes if o.outcome.name in wording.MAIN]
    two, repeats = comparison.kind is not Kind.EVERYBODY, comparison.kind is Kind.REPEATS
    columns = [
        Column("endpoint", share=2.2),
        Column("n", is_number=True, share=0.4),
        Column("ICC(2,1)", "95 % CI", is_number=True, share=1.8),
    ]
    if two:
        columns.append(Column("difference", "95 % CI", is_number=True, share=1.6))
        columns.append(Column("limits", is_number=True, share=1.4))
    columns.append(Column("CV", "95 % CI", is_number=True, share=1.5))
    if repeats:
        columns.append(Column("repeatability", "95 % CI", is_number=True, share=1.6))
    if two and not repeats:
        columns.append(Column("drift", "95 % CI", is_number=True, share=1.6))
    caption = f"{capitalised(wording.who(comparison))}, {comparison.started.value}: {wording.size(comparison)}"
    if two:
        caption += f"; difference: {wording.difference_is(comparison)}"
    return Table(caption, tuple(columns), tuple(_row(comparison, outcome) for outcome in outcomes), notes)


def _row(comparison: Comparison, found: OutcomeAgreement) -> Row:
    digits = wording.digits_of(found)
    cells = [capitalised(titled(found.outcome)), str(found.icc.n), wording.ratio(found.icc)]
    if comparison.kind is not Kind.EVERYBODY:
        cells += [wording.mean_difference(found.limits, digits), wording.limits(found.limits, digits)]
    cells.append(wording.cv(found.spread))
    if comparison.kind is Kind.REPEATS:
        cells.append(wording.coefficient(found.spread, digits))
    if comparison.kind is Kind.READERS:
        cells.append(wording.drift(found.drift_by_place, digits))
    return Row(tuple(cells))


def _chart(material: Material, comparisons: Sequence[Comparison]) -> list[Block]:
    """Differences against means, of the primary endpoint where that is one of images."""
    for name in (material.analysis.plan.primary_endpoint, "hair_density_per_cm2", "hair_count"):
        found = [
            (capitalised(wording.title(comparison)), wording.difference_is(comparison), outcome)
            for comparison in comparisons
            for outcome in comparison.outcomes
            if outcome.outcome.name == name and outcome.points
        ]
        if found:
            what = titled(found[0][2].outcome)
            caption = (
                f"Differences of {what} between two readings of an image against their mean. Lines: mean difference "
                "and limits of agreement; bands: their 95 % intervals."
            )
            said = "; ".join(f"{title}: {wording.mean_difference(o.limits, 2)}" for title, _, o in found)
            return [Chart("agreement", bland_altman_chart(found), caption, f"Mean differences of {what}. {said}.")]
    return []
