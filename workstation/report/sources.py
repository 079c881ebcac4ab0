"""Where every number comes from: values with their reads, images with theirs; and what is missing."""

import math
from collections.abc import Iterable, Sequence

from workstation.areas import when
from workstation.counting import counted
from workstation.endpoints import endpoints_of, um_per_px
from workstation.model.read import Read
from workstation.model.study import ImageRecord
from workstation.quality.kinds import ReadKind, kind_of
from workstation.report.document import Block, Bullets, Column, Heading, Paragraph, Row, RowKind, Table, Tone
from workstation.report.material import Material
from workstation.trial.missing import Missing, missing_data
from workstation.trial.results import ValueTable
from workstation.trial.wording import NO_VALUE, number, titled, week

MOST_WEEKS = 7
"""So many have room beside each other."""
MOST_SUBJECTS = 120
MOST_GAPS = 150
MOST_IMAGES = 600


def gaps(material: Material) -> list[Block]:
    """The chapter of missing data and warnings."""
    blocks: list[Block] = [Heading("Missing data and warnings")]
    warnings = material.analysis.warnings
    if warnings:
        blocks += [Heading("Warnings", 2), Bullets(warnings)]
    else:
        blocks.append(Paragraph("There is no warning."))
    missing = missing_data(material.study, material.analysis.basis, material.analysis.tables)
    if not missing:
        return [
            *blocks,
            Paragraph(
                "Nothing is missing: at every planned visit every subject has an image, a read, a scale, and the "
                "questionnaires that others answered then."
            ),
        ]
    columns = (
        Column("subject"), Column("missing", share=0.9), Column("which", share=2), Column("visits", share=2.2),
        Column("why", share=3),
    )  # fmt: skip
    rows = _gap_rows(missing)
    more = len(rows) - MOST_GAPS
    notes = (f"And {counted(more, 'more row')}: trichodesk stats --format json lists them.",) if more > 0 else ()
    caption = f"Missing data: {counted(len(missing), 'gap')}; none was filled in"
    return [*blocks, Heading("Missing data", 2), Table(caption, columns, tuple(rows[:MOST_GAPS]), notes)]


def _gap_rows(missing: Iterable[Missing]) -> list[Row]:
    """One row for what a subject lacks at several visits for the same reason."""
    weeks: dict[tuple[str, str, str, str], list[float]] = {}
    for gap in missing:
        weeks.setdefault((gap.subject, gap.lack.value, gap.what, gap.reason), []).append(gap.week)
    rows = []
    for (subject, lack, what, reason), at in weeks.items():
        when_said = ", ".join(week(each) for each in at if math.isfinite(each))
        rows.append(Row((subject, lack, what or NO_VALUE, when_said or NO_VALUE, reason)))
    return rows


def values(material: Material) -> list[Block]:
    """The values of the primary outcome with the reads that each comes from."""
    tables = material.main_tables[:1]
    if not tables:
        return []
    (table,) = tables
    blocks: list[Block] = [Heading("Appendix: values and their reads")]
    parts = [table.weeks[start : start + MOST_WEEKS] for start in range(0, len(table.weeks), MOST_WEEKS)]
    return [*blocks, *(_values(material, table, part) for part in parts)]


def _values(material: Material, table: ValueTable, weeks: Sequence[float]) -> Table:
    columns = (Column("subject", share=1.2), *(Column(week(at), is_number=True) for at in weeks))
    rows = []
    for place, subject in enumerate(table.subjects[:MOST_SUBJECTS]):
        cells = [_value(material, table, place, at) for at in weeks]
        rows.append(Row((subject, *cells)))
    notes = ["Below each value: the numbers of the reads that it is made from."]
    if table.outcome.questionnaire_id:
        notes = ["A score comes from a questionnaire, not from a read."]
    if len(table.subjects) > MOST_SUBJECTS:
        notes.append(f"{counted(len(table.subjects) - MOST_SUBJECTS, 'further subject')} in the exported tables.")
    return Table(
        f"Values of every subject: {titled(table.outcome)}",
        columns,
        tuple(rows),
        tuple(notes),
        min(1.0, 0.2 + 0.14 * len(weeks)),
    )


def _value(material: Material, table: ValueTable, place: int, at: float) -> str:
    value = table.values[place, table.weeks.index(at)]
    reads = table.read_ids.get((table.subjects[place], at), ())
    written = number(float(value), table.outcome.digits)
    return f"{written}\n{', '.join(map(str, reads))}" if reads and written != NO_VALUE else written


def images(material: Material) -> list[Block]:
    """Every image with the read that stands for it."""
    study = material.study
    if not study.images:
        return []
    columns = (
        Column("image", share=2.5), Column("visit", share=1.15), Column("site", share=1.1), Column("date", share=1.25),
        Column("read", is_number=True, share=0.6), Column("reader", share=1.3), Column("state", share=1.15),
        Column("hairs", is_number=True, share=0.75), Column("units", is_number=True, share=0.7),
        Column("field", "cm²", is_number=True, share=0.8), Column("scale", "µm/px", is_number=True, share=0.8),
        Column("device", share=1.4),
    )  # fmt: skip
    rows: list[Row] = []
    known = sorted(study.images, key=lambda i: (study.visit_of(i).subject, study.images[i].site, when(study, i)))
    subject = None
    for image_id in known[:MOST_IMAGES]:
        if study.visit_of(image_id).subject != subject:
            subject = study.visit_of(image_id).subject
            rows.append(Row((f"Subject {subject}",), RowKind.GROUP))
        rows.append(_image_row(material, study.images[image_id]))
    notes = [
        "Read: the number of the read in use, as in every exported table. Hairs and units: those counted in the field."
    ]
    if len(known) > MOST_IMAGES:
        notes.append(f"{counted(len(known) - MOST_IMAGES, 'further image')} in the exported table images.csv.")
    blocks: list[Block] = [Heading("Appendix: images and reads")]
    blocks.append(Table("Images and the reads that were used", columns, tuple(rows), tuple(notes)))
    changed = [
        f"{material.names[i]}: {'; '.join(study.images[i].conversions)}" for i in known if study.images[i].conversions
    ]
    if changed:
        blocks.append(Paragraph(f"Changed when decoded: {'. '.join(changed[:20])}.", Tone.NOTE))
    return blocks


def _image_row(material: Material, image: ImageRecord) -> Row:
    visit, read = material.study.visits[image.visit_id], material.reads.get(image.id)
    scale = um_per_px(image)
    counts = (NO_VALUE,) * 6
    if read is not None:
        found = endpoints_of(material.study, read)
        counts = (
            str(read.id), read.reader, _state(read), number(found.hair_count, 0), number(found.fu_count, 0),
            number(found.field_cm2, 3),
        )  # fmt: skip
    return Row((
        material.names[image.id], visit.name, image.site or NO_VALUE, visit.date or NO_VALUE, *counts,
        NO_VALUE if scale is None else f"{scale:.3f}", image.device or NO_VALUE,
    ))  # fmt: skip


def _state(read: Read) -> str:
    """How far it has come, and of which kind it is where it is no usual one: `accepted, third read`."""
    kind = kind_of(read)
    return read.review.state.value if kind is ReadKind.READ else f"{read.review.state.value}, {kind.value}"
