"""What third reads settled: which two reads, what of theirs was taken, and what the adjudicator changed."""

from workstation.adjudication.differences import compare_reads
from workstation.adjudication.provenance import changed_hairs
from workstation.adjudication.third_read import made_by_choice
from workstation.model.read import Read
from workstation.model.settlement import Choice
from workstation.model.study import Study
from workstation.report.document import Block, Column, Row, Table
from workstation.report.material import Material
from workstation.trial.wording import number


def third_reads(material: Material) -> list[Block]:
    """A table of the third reads in use; nothing where there is none."""
    thirds = [read for read in material.reads.values() if read.adjudicates is not None]
    if not thirds:
        return []
    columns = (
        Column("image", share=2.0),
        Column("readers", share=2.0),
        Column("settled by", share=1.4),
        Column("F1", "%", is_number=True, share=0.7),
        *(Column(choice.value, is_number=True, share=0.8) for choice in Choice),
        Column("changed", is_number=True, share=0.8),
    )
    rows = tuple(_row(material, read) for read in thirds)
    notes = (
        "Of the reads in use. F1: of the hairs of one of the two readers against the other's. Agreed to edited: hairs, "
        "groups of units and fields by what was taken into the third read. Changed: hairs that the adjudicator altered "
        "after that. The table of settlements has each of them.",
    )
    return [Table("Third reads", columns, rows, notes)]


def _row(material: Material, read: Read) -> Row:
    study: Study = material.study
    first, second = (study.reads[i] for i in read.adjudicates or ())
    f1 = compare_reads(study, first, second).f1
    counts = made_by_choice(read)
    return Row(
        (
            material.names[read.image_id],
            f"{first.reader}, {second.reader}",
            read.reader,
            number(100 * f1, 1),
            *(str(counts[choice]) for choice in Choice),
            str(len(changed_hairs(study, read))),
        )
    )
