"""Progress over tables of very different lengths."""

from collections.abc import Iterable, Iterator, Sequence

from analysis.progress import Report
from workstation.export.table import Row, Source, Table

EVERY = 1000
"""Rows between two reports."""


def watched(source: Source, tables: Sequence[Table], report: Report) -> Iterator[tuple[Table, Iterable[Row]]]:
    """Each table with its rows, which tell the report how far all of them together are; it may stop them."""
    expected = [table.n_rows(source) + EVERY for table in tables]  # the shortest takes some time too
    total, done = sum(expected), 0
    for table, n_rows in zip(tables, expected, strict=True):
        report(table.name, done / total)
        yield table, _rows(table, source, report, done / total, n_rows / total)
        done += n_rows


def _rows(table: Table, source: Source, report: Report, start: float, share: float) -> Iterator[Row]:
    expected = table.n_rows(source) + EVERY
    for number, row in enumerate(table.rows_of(source), start=1):
        if number % EVERY == 0:
            report(table.name, start + share * min(number / expected, 1.0))
        yield row
