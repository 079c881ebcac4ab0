"""What each third read settled, and how, as a table."""

from collections.abc import Iterator

from workstation.endpoints import Cell, read_columns
from workstation.export.table import Source, integer, text
from workstation.model.read import Read
from workstation.model.settlement import Settlement

SETTLEMENTS = (
    text("image", "name of the image, the same in every table and file"),
    integer("read_id", "the third read"),
    text("reader", "who settled it"),
    text("read_state", "how far the third read has come"),
    integer("settlement", "number of the settlement in the third read"),
    text("about", "hair, unit or field"),
    text("choice", "agreed, first, second, both, neither or edited (settled by hand)"),
    integer("first_read_id", "the first of the two reads that are settled"),
    text("first_reader", "who made it"),
    text("first_ids", "hairs or units of that read, with blanks between; empty where it has none"),
    integer("second_read_id", "the second of the two reads"),
    text("second_reader", "who made it"),
    text("second_ids", "hairs or units of that read"),
    text("result_ids", "hairs or units of the third read that came of it; some may have been deleted there since"),
)


def settlement_rows(source: Source) -> Iterator[dict[str, Cell]]:
    """One row a settlement of each third read in use, in the order of settling; what both agree on, too."""
    for read in source.reads:
        if read.adjudicates is not None:
            yield from _rows(source, read, read.adjudicates)


def n_settlements(source: Source) -> int:
    """How many rows there are."""
    return sum(len(read.settlements) for read in source.reads)


def _rows(source: Source, read: Read, settled: tuple[int, int]) -> Iterator[dict[str, Cell]]:
    first, second = (source.study.reads[i] for i in settled)
    for settlement in sorted(read.settlements.values(), key=lambda s: s.id):
        yield {
            **read_columns(read, source.names[read.image_id]),
            "settlement": settlement.id,
            "about": settlement.about.value,
            "choice": settlement.choice.value,
            "first_read_id": first.id,
            "first_reader": first.reader,
            "second_read_id": second.id,
            "second_reader": second.reader,
            **_ids(settlement),
        }


def _ids(settlement: Settlement) -> dict[str, Cell]:
    names = ("first_ids", "second_ids", "result_ids")
    return {name: " ".join(map(str, getattr(settlement, name))) for name in names}
