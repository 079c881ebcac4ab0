"""Adverse events."""

from workstation.model.trial import AdverseEvent
from workstation.report.document import Block, Column, Heading, Paragraph, Row, RowKind, Table
from workstation.report.material import Material
from workstation.report.summary import events_sentence
from workstation.trial.wording import NO_VALUE


def events(material: Material) -> list[Block]:
    """The chapter: a sentence, and where there were any, a table."""
    blocks: list[Block] = [Heading("Adverse events"), Paragraph(events_sentence(material))]
    found = sorted(material.study.events.values(), key=lambda e: (e.subject, e.start_date, e.id))
    if not found:
        return blocks
    several = len(material.analysis.groups) > 1
    columns = (
        Column("subject", share=1.0),
        *((Column("arm", share=0.9),) if several else ()),
        Column("event", share=2.4),
        Column("severity", share=0.9),
        Column("relation to the treatment", share=1.2),
        Column("serious", share=0.7),
        Column("from", share=1.0),
        Column("to", share=1.0),
    )
    rows = tuple(_row(event, material.arms.get(event.subject, "") if several else None) for event in found)
    note = (
        f"{NO_VALUE} under “to”: it lasts, or its end is not known. Serious: death, danger to life, hospital or "
        "lasting harm."
    )
    return [*blocks, Table("Adverse events", columns, rows, (note,))]


def _row(event: AdverseEvent, arm: str | None) -> Row:
    text = f"{event.term}\n{event.comment}" if event.comment else event.term
    cells = (
        event.subject, *(() if arm is None else (arm,)), text, event.severity.value, event.relation.value,
        "yes" if event.serious else "no", event.start_date or NO_VALUE, event.end_date or NO_VALUE,
    )  # fmt: skip
    return Row(cells, RowKind.STRONG if event.serious else RowKind.PLAIN)
