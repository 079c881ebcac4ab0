"""What subjects said."""

from collections import Counter

import numpy as np

from workstation.model.trial import Questionnaire, Scoring
from workstation.report.document import Block, Bullets, Chart, Column, Heading, Paragraph, Row, Table, Tone
from workstation.report.endpoints import outcome_table
from workstation.report.material import Material
from workstation.trial.results import ValueTable
from workstation.trial.wording import NO_VALUE, group, proportion, week

AS_ABOVE = "Columns as in the table of outcomes."
MAX_SCALE = 11
"""A longer scale has no room for a column an answer."""


def questionnaires(material: Material) -> list[Block]:
    """The chapter."""
    blocks: list[Block] = [Heading("Questionnaires")]
    asked = material.study.questionnaires.values()
    if not asked:
        return [*blocks, Paragraph("The study has no questionnaire.")]
    tables = [table for table in material.analysis.tables if table.outcome.questionnaire_id]
    answered = {table.outcome.questionnaire_id for table in tables}
    blocks.append(Bullets(tuple(_about(one, one.id in answered) for one in asked)))
    if said := _yes(material):
        blocks.append(Bullets(tuple(said)))
    shown = material.shown_week
    results = [] if shown is None else [r for r in material.at_week(shown) if r.outcome.questionnaire_id]
    if results and shown is not None:
        blocks.append(outcome_table(material, f"Scores at {week(shown)} against the baseline", results, (AS_ABOVE,)))
    if drawn := [table for table in tables if _is_drawn(table)]:
        blocks.append(_chart(material, drawn))
    for one in asked:
        blocks += _answers(material, one)
    return blocks


def _about(one: Questionnaire, is_answered: bool) -> str:
    low, high = one.scale[0], one.scale[-1]
    ends = f"{low[0]} ({low[1]}) to {high[0]} ({high[1]})"
    n = len(one.items)
    scoring = "sum" if one.scoring is Scoring.SUM else "mean"
    score = f"the score is the {scoring} of {n} items" if n > 1 else "one item"
    turned = sum(item.reverse for item in one.items)
    reverse = f", {turned} of them turned round" if turned and n > 1 else ""
    better = "higher is better" if one.higher_is_better else "lower is better"
    missing = "" if is_answered else " No answer was recorded."
    return f"{one.title}: {ends}; {score}{reverse}; {better}.{missing}"


def _yes(material: Material) -> list[str]:
    """`Would recommend, week 12: 9 of 10 (90 %; 95 % CI 55.5 to 99.7 %)`."""
    several = len(material.analysis.groups) > 1
    counts = [count for count in material.analysis.yes_counts if count.share.n]
    last = {count.outcome.name: max(c.week for c in counts if c.outcome.name == count.outcome.name) for count in counts}
    said = []
    for count in counts:
        if count.week != last[count.outcome.name]:
            continue
        one = material.study.questionnaires[count.outcome.questionnaire_id]
        limit = f"{one.positive_from or 0:g} or {'more' if one.higher_is_better else 'less'}"
        who = f", {group(count.group)}" if several else ""
        said.append(
            f"{count.outcome.label}, {week(count.week)}{who}: {proportion(count.share)} said yes (a score of {limit}); "
            "exact interval after Clopper and Pearson."
        )
    return said


def _is_drawn(table: ValueTable) -> bool:
    """Whether scores of two visits at least are there: fewer make no line."""
    return int(np.isfinite(table.values).any(axis=0).sum()) > 1


def _chart(material: Material, tables: list[ValueTable]) -> Chart:
    from workstation.report.charts.lines import line_chart

    caption = "Scores of every subject over the visits: a thin line a subject, the bold line the mean of those seen."
    alt = f"{caption} Questionnaires: {', '.join(table.outcome.label for table in tables)}."
    return Chart("scores_over_visits", line_chart(tables, material.arms, material.analysis.groups), caption, alt)


def _answers(material: Material, one: Questionnaire) -> list[Block]:
    """How many subjects gave each answer at the last visit with any; answers of one item of a subject count once."""
    responses = [r for r in material.study.responses.values() if r.questionnaire_id == one.id and r.answers]
    weeks = {material.week_of_visit[r.visit_id] for r in responses if r.visit_id in material.week_of_visit}
    if not weeks or len(one.scale) > MAX_SCALE:
        return []
    last = max(weeks)
    here = [r for r in responses if material.week_of_visit.get(r.visit_id) == last]
    rows = []
    for item in one.items:
        given = Counter(r.answers[item.id] for r in here if item.id in r.answers)
        text = f"{item.text} (turned round in the score)" if item.reverse else item.text
        rows.append(Row((text, *(str(given[value]) if given[value] else NO_VALUE for value, _ in one.scale))))
    width = 2.0 if len(one.scale) > 6 else 2.8
    columns = (
        Column("item", share=width),
        *(Column(f"{value}", label, is_number=True, share=0.8) for value, label in one.scale),
    )
    caption = f"{one.title}: answers at {week(last)}, number of subjects"
    intro: list[Block] = [Paragraph(f"Asked: {one.intro}", Tone.NOTE)] if one.intro else []
    return [*intro, Table(caption, columns, tuple(rows))]
