"""A study as an Excel workbook: a sheet a table, and before them what the workbook is and what each column means.

Written row by row, so that memory does not grow with the tables. Text is always text: none becomes a formula.
"""

import contextlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.progress import Report
from workstation.endpoints import Cell
from workstation.export.catalogue import COLUMNS, column_rows
from workstation.export.csv_file import DECIMALS, lines_of
from workstation.export.progress import watched
from workstation.export.state import ExportState
from workstation.export.table import Column, Kind, Row, Source, Table, text
from workstation.formulas import seems_formula

if TYPE_CHECKING:
    from openpyxl import Workbook

Sheet = Any
"""openpyxl's write-only sheet, of which its stubs know little."""
MAX_ROWS = 1_048_576
"""Of a sheet of Excel 2007 and later, the header included."""
MAX_TEXT = 32_767
"""Characters in a cell."""
_LOOKED_AT = 200
"""Rows by which the width of a column is chosen."""
_WIDTHS = (6, 48)
_FIRST_DAY = date(1900, 3, 1)
"""Excel takes 1900 for a leap year: days before this one are kept as text."""
_SMALL = "[<0.0001]0.0E+00;0.0000"
_ABOUT = (text("what", ""), text("value", ""))
_NO_PLAIN_TEXT = ("=", "#")
"""What openpyxl takes for a formula or for an error such as #N/A."""


def write_xlsx(path: Path, source: Source, tables: Sequence[Table], state: ExportState | None, report: Report) -> None:
    """Write a workbook.

    Args:
        path: the file; nothing is put in its place before it is whole if the caller sees to that.
        source: the study.
        tables: a sheet each; one of more rows than a sheet can have goes on in the next: `Hairs`, `Hairs 2`.
        state: which state of the study it is, for the sheet About; None where that is not known.
        report: told of the progress.

    Raises:
        OSError: if it cannot be written.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.creator = "trichodesk" if state is None else state.software
    book.properties.title = (state.title or state.study) if state else ""
    try:
        _add(book, "About", _ABOUT, _about(source, state, tables), header=False)
        _add(book, "Columns", COLUMNS, column_rows(tuple(tables), sheets=True))
        for table, rows in watched(source, tables, report):
            _add(book, table.sheet, table.columns, rows)
        report("putting the workbook together", 1.0)
        book.save(path)
    except BaseException:
        _discard(book)
        raise


def _discard(book: "Workbook") -> None:
    """Remove the temporary files of sheets, which openpyxl would leave until the program ends."""
    for sheet in book.worksheets:
        half: Sheet = sheet
        with contextlib.suppress(Exception):
            half.close()
        with contextlib.suppress(Exception):
            half._writer.cleanup()


def _about(source: Source, state: ExportState | None, tables: Sequence[Table]) -> Iterator[Row]:
    if state is not None:
        told: tuple[Row, ...] = (
            {"what": "study", "value": state.title or state.study},
            {"what": "study file", "value": f"{state.study}.h5"},
            {"what": "study id", "value": state.study_id},
            {"what": "revision", "value": state.revision},
            {"what": "state (hash of the last edit)", "value": state.audit_sha256},
            {"what": "content (hash of the study file)", "value": state.content_sha256 or "not saved when exported"},
            {"what": "software", "value": state.software},
            {"what": "format of the study file", "value": state.format_version},
            {"what": "exported (UTC)", "value": state.utc},
        )
        yield from told
    plan = source.study.plan
    yield {"what": "primary endpoint", "value": plan.primary_endpoint}
    yield {"what": "primary week", "value": plan.primary_week}
    yield {"what": "named (UTC)", "value": plan.named_utc or "not named: the default"}
    yield from ({"what": "to be minded", "value": warning} for warning in source.analysis.warnings)
    yield {"what": "sheet", "value": "what is in it"}
    yield {"what": "Columns", "value": "What each column of each sheet means."}
    yield from ({"what": table.sheet, "value": table.description} for table in tables)


def _add(book: "Workbook", title: str, columns: Sequence[Column], rows: Iterable[Row], *, header: bool = True) -> None:
    """A table as a sheet, or as several where one is too short."""
    left = iter(rows)
    for number in count(1):
        sheet = book.create_sheet(title if number == 1 else f"{title} {number}")
        _fill(sheet, columns, islice(left, MAX_ROWS - header), header=header)
        following = next(left, None)
        if following is None:
            return
        left = chain([following], left)


def _fill(sheet: Sheet, columns: Sequence[Column], rows: Iterator[Row], *, header: bool) -> None:
    first = list(islice(rows, _LOOKED_AT))
    _set_up(sheet, columns, first, header=header)
    if header:
        sheet.append([_bold(sheet, column.header) for column in columns])
    converters = [(column.name, _converter(sheet, column)) for column in columns]
    n_rows = int(header)
    for row in chain(first, rows):
        sheet.append([convert(row.get(name)) for name, convert in converters])
        n_rows += 1
    if header:
        sheet.auto_filter.ref = f"A1:{_letter(len(columns))}{n_rows}"


def _set_up(sheet: Sheet, columns: Sequence[Column], first: Sequence[Row], *, header: bool) -> None:
    """All that stands before the rows in the file."""
    if header:
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    least, most = _WIDTHS
    for number, column in enumerate(columns, start=1):
        shown = [len(_shown(row.get(column.name), column)) for row in first]
        longest_word = max(map(len, column.header.split(" "))) if header else 0
        width = max(longest_word + 3, *shown, 0) + 1  # of the header's longest word with the filter's button
        sheet.column_dimensions[_letter(number)].width = min(max(width, least), most)


def _shown(cell: Cell, column: Column) -> str:
    """About what a person sees in a cell."""
    if isinstance(cell, float):
        return f"{cell:.{DECIMALS if column.digits is None else column.digits}f}".rstrip("0")
    return "" if cell is None else str(cell)


def _bold(sheet: Sheet, value: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = WriteOnlyCell(sheet, value)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", start_color="E3E9EF")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _converter(sheet: Sheet, column: Column) -> Callable[[Cell], Any]:
    """What makes a column's values into what `append` takes; one cell serves for all, as rows are written at once."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    formatted, guarded = WriteOnlyCell(sheet), WriteOnlyCell(sheet)
    formatted.number_format = _number_format(column)
    guarded.quotePrefix = True  # without it a text like =1+1 would become a formula when somebody edits the cell
    is_plain = formatted.number_format == "General"

    def of_text(value: str) -> Any:
        value = lines_of(ILLEGAL_CHARACTERS_RE.sub("", value))[:MAX_TEXT]
        if column.kind is Kind.DAY and (found := _day(value)) is not None:
            formatted.value = found
            formatted.number_format = "yyyy-mm-dd"
            return formatted
        if not value.startswith(_NO_PLAIN_TEXT) and not seems_formula(value):
            return value or None
        guarded.value = value
        guarded.data_type = "s"
        return guarded

    def convert(value: Cell) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return of_text(value)
        if isinstance(value, float):
            if not math.isfinite(value):
                return None
            value = value if column.kind is Kind.SMALL else round(value, DECIMALS)
        if is_plain:
            return value
        formatted.value = value
        return formatted

    return convert


def _number_format(column: Column) -> str:
    if column.kind is Kind.SMALL:
        return _SMALL
    if column.kind is not Kind.NUMBER or column.digits is None:
        return "General"
    return "0." + "0" * column.digits if column.digits else "0"


def _day(value: str) -> date | None:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if found >= _FIRST_DAY else None


def _letter(number: int) -> str:
    from openpyxl.utils import get_column_letter

    letter: str = get_column_letter(number)
    return letter
