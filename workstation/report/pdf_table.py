"""A table of a report as it flows over pages: its head is repeated, no row is torn, no number is broken."""

from functools import lru_cache
from html import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, LongTable, Paragraph

from workstation.report.document import Column, Row, RowKind, Table, printable
from workstation.report.pdf_style import BOLD, INK, LINE, STRONG, TABLE_SIZES, TEXT_WIDTH, TINT, cell_style

PADDING = 2.6
UNIT_SIZE = 0.86
"""Of a column's unit, next to its title."""


def laid_out(table: Table) -> Flowable:
    """The table without its caption and notes."""
    total = sum(column.share for column in table.columns)
    widths = [TEXT_WIDTH * table.width * column.share / total for column in table.columns]
    size = _size(table, widths)
    cells = [[_head(column, size) for column in table.columns], *(_row(row, table.columns, size) for row in table.rows)]
    return LongTable(cells, colWidths=widths, repeatRows=1, style=_rules(table.rows), hAlign="LEFT")


def marked_up(text: str) -> str:
    """Text as reportlab takes it; line breaks and leading spaces are kept."""
    lines = escape(printable(text), quote=False).split("\n")
    inset = len(lines[0]) - len(lines[0].lstrip(" "))
    return "\u00a0" * 2 * inset + "<br/>".join(line.strip(" ") for line in lines)


def _size(table: Table, widths: list[float]) -> float:
    """The largest size in which each word of every number, and of every column's head, fits its column."""
    words: list[set[tuple[str, float]]] = []
    for place, column in enumerate(table.columns):
        words.append(
            {(word, 1.0) for word in column.title.split()} | {(word, UNIT_SIZE) for word in column.unit.split()}
        )
        if column.is_number:
            cells = (row.cells[place] for row in table.rows if row.kind is not RowKind.GROUP)
            words[-1] |= {(word, 1.0) for cell in cells for word in cell.split()}
    return next((size for size in TABLE_SIZES if all(
        _width(word, size * share) <= width - 2 * PADDING
        for found, width in zip(words, widths, strict=True) for word, share in found
    )), TABLE_SIZES[-1])  # fmt: skip


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


def _rules(rows: tuple[Row, ...]) -> list[tuple[object, ...]]:
    rules: list[tuple[object, ...]] = [
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
