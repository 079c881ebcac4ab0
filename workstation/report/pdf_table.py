"""A table of a report as it flows over pages: its head is repeated, no row is torn, no number is broken."""

from functools import lru_cache
from html import escape
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, LongTable, Paragraph

from workstation.report.document import Column, Row, RowKind, Table, printable
from workstation.report.pdf_style import BOLD, INK, LINE, STRONG, TABLE_SIZES, TEXT_WIDTH, TINT, cell_style

PADDING = 2.6
MOST_FOR_WORD = 0.24
"""A single word of text, such as the name of a file, gets no more of the page; it is then broken."""
LEAST_SHARE = 0.6
"""So much of its share a column of text keeps."""
UNIT_SIZE = 0.86
"""Of a column's unit, next to its title."""


def laid_out(table: Table) -> Flowable:
    """The table without its caption and notes."""
    size, widths = fitted(table)
    cells: list[list[Any]] = [
        [_head(column, size) for column in table.columns],
        *(_row(row, table.columns, size) for row in table.rows),
    ]
    return LongTable(cells, colWidths=widths, repeatRows=1, style=_rules(table.rows), hAlign="LEFT")


def marked_up(text: str) -> str:
    """Text as reportlab takes it; line breaks and leading spaces are kept."""
    lines = escape(printable(text), quote=False).split("\n")
    inset = len(lines[0]) - len(lines[0].lstrip(" "))
    return "\u00a0" * 2 * inset + "<br/>".join(line.strip(" ") for line in lines)


def fitted(table: Table) -> tuple[float, list[float]]:
    """The size of the type and the width of each column, in points.

    The largest type in which no line of a number need be broken; where there is none, in which no word of one need be.
    """
    for lines in (True, False):
        for size in TABLE_SIZES:
            needed = [_needed(table, place, size, whole_lines=lines) for place in range(len(table.columns))]
            if sum(needed) <= TEXT_WIDTH * table.width:
                return size, _shared(table, needed)
    return TABLE_SIZES[-1], _shared(table, [0.0 for _ in table.columns])


def _needed(table: Table, place: int, size: float, *, whole_lines: bool) -> float:
    """The least width of a column in points."""
    column = table.columns[place]
    head = [_width(word, size) for word in column.title.split()]
    head += [_width(word, UNIT_SIZE * size) for word in column.unit.split()]
    cells = [row.cells[place] for row in table.rows if row.kind is not RowKind.GROUP]
    parts = {
        part for cell in cells for part in (cell.split("\n") if whole_lines and column.is_number else cell.split())
    }
    body = max((_width(part.strip(), size) for part in parts), default=0.0)
    if not column.is_number:
        share = column.share / sum(each.share for each in table.columns)
        body = max(min(body, MOST_FOR_WORD * TEXT_WIDTH), LEAST_SHARE * share * TEXT_WIDTH * table.width)
    return max(*head, body, 0.0) + 2 * PADDING + 0.5 if head else body + 2 * PADDING + 0.5


def _shared(table: Table, needed: list[float]) -> list[float]:
    """The width of the table, to each column what it needs and otherwise by its share."""
    width, shares = TEXT_WIDTH * table.width, [column.share for column in table.columns]
    fixed: dict[int, float] = {}
    while True:
        rest, total = width - sum(fixed.values()), sum(s for place, s in enumerate(shares) if place not in fixed)
        widths = [fixed.get(place, rest * share / total if total else 0.0) for place, share in enumerate(shares)]
        short = [place for place, each in enumerate(widths) if place not in fixed and each < needed[place]]
        if not short:
            return widths
        fixed |= {place: needed[place] for place in short}


@lru_cache(maxsize=8192)
def _width(word: str, size: float) -> float:
    return float(stringWidth(word, BOLD, size))


@lru_cache(maxsize=64)
def _cell_style(size: float, is_number: bool, is_bold: bool, quiet: bool = False) -> ParagraphStyle:
    return cell_style(size, is_number=is_number, is_bold=is_bold, quiet=quiet)


def _head(column: Column, size: float) -> list[Paragraph]:
    title = [Paragraph(marked_up(column.title), _cell_style(size, column.is_number, is_bold=True))]
    if column.unit:
        title.append(
            Paragraph(marked_up(column.unit), _cell_style(UNIT_SIZE * size, column.is_number, False, quiet=True))
        )
    return title


def _row(row: Row, columns: tuple[Column, ...], size: float) -> list[Paragraph | str]:
    if row.kind is RowKind.GROUP:
        title = Paragraph(marked_up(row.cells[0]), _cell_style(size, is_number=False, is_bold=True))
        return [title, *("" for _ in columns[1:])]
    bold = row.kind is RowKind.STRONG
    return [
        Paragraph(marked_up(cell), _cell_style(size, column.is_number, bold))
        for cell, column in zip(row.cells, columns, strict=True)
    ]


def _rules(rows: tuple[Row, ...]) -> Any:
    rules: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), 1.8),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
        ("LINEABOVE", (0, 0), (-1, 0), 0.9, INK),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, LINE),
        ("LINEBELOW", (0, "splitlast"), (-1, "splitlast"), 0.9, INK),
        ("LINEBELOW", (0, -1), (-1, -1), 0.9, INK),
    ]
    for place, row in enumerate(rows, start=1):
        if row.kind is RowKind.STRONG:
            rules.append(("BACKGROUND", (0, place), (-1, place), STRONG))
        elif row.kind is RowKind.GROUP:
            rules += [
                ("SPAN", (0, place), (-1, place)),
                ("BACKGROUND", (0, place), (-1, place), TINT),
                ("NOSPLIT", (0, place), (-1, min(place + 1, len(rows)))),
            ]
    return rules
