"""A table as CSV: UTF-8, one header line, a point as decimal mark, LF line ends, an empty cell for what is not known.

Text that a spreadsheet would take for a formula gets an apostrophe before it; see `workstation.formulas`.
"""

import csv
import math
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from workstation.endpoints import Cell
from workstation.export.table import Row
from workstation.formulas import guarded
from workstation.storage.atomic import replacing

DECIMALS = 6
"""Of every number that is no whole one."""


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row], exact: Collection[str] = ()) -> None:
    """Write a table, at once or not at all.

    Args:
        path: the file.
        columns: the header, in order; a row may lack some.
        rows: column name to value.
        exact: columns whose numbers keep all their digits.

    Raises:
        UserFacingError: if it cannot be written.
        ValueError: if a row has a column that the header lacks.
    """
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        write_rows(file, columns, rows, exact)


def write_rows(stream: TextIO, columns: Sequence[str], rows: Iterable[Row], exact: Collection[str] = ()) -> None:
    """Write a table to an open stream, which should not translate line ends; see `write_csv`."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(map(as_text, columns))
    known = frozenset(columns)
    for row in rows:
        if not row.keys() <= known:
            raise ValueError(f"columns that the header lacks: {', '.join(sorted(row.keys() - known))}")
        if exact:
            row = {name: _all_digits(cell) if name in exact else cell for name, cell in row.items()}
        writer.writerow([as_text(row.get(name)) for name in columns])


def as_text(cell: Cell) -> str:
    """A cell as it stands in the file."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return _harmless(cell)
    if isinstance(cell, float):
        return "" if math.isnan(cell) else str(round(cell, DECIMALS) + 0.0)  # + 0.0: no minus before nought
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell)


def lines_of(text: str) -> str:
    """Text whose lines end in LF: a lone CR would not be quoted, and end the row."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


@lru_cache(maxsize=4096)  # a column of text repeats few texts many times
def _harmless(text: str) -> str:
    return guarded(lines_of(text))


def _all_digits(cell: Cell) -> Cell:
    return cell if not isinstance(cell, float) or math.isnan(cell) else repr(cell)
