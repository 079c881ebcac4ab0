"""A study as CSV: UTF-8, one header line, a point as decimal mark, LF line ends, an empty cell for what is not known.

Text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, *CSV injection*).
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

import numpy as np

from analysis.geometry import arc_length
from analysis.measures import ENDPOINTS
from workstation.endpoints import (
    IMAGE_COLUMNS,
    Cell,
    counted_hairs,
    endpoint_rows,
    hair_class,
    known,
    read_columns,
    um_per_px,
    units_of,
)
from workstation.image_names import image_names
from workstation.model.hair import Hair
from workstation.model.read import Read
from workstation.model.study import Study, WidthCutoffs
from workstation.storage.atomic import replacing

DECIMALS = 6
"""Of every number that is no whole one."""
Row = Mapping[str, Cell]

READ_COLUMNS = ("image", "read_id", "reader", "read_state")
IMAGES = (*(name for name, _, _ in IMAGE_COLUMNS), *(row.name for row in ENDPOINTS))
HAIRS = (
    *READ_COLUMNS, "id", "fu", "class", "width_um", "width_px", "width_is_set", "length_um", "length_px",
    "confidence", "origin", "status", "root_visible", "counted",
    "root_x_px", "root_y_px", "tip_x_px", "tip_y_px", "comment",
)  # fmt: skip
UNITS = (*READ_COLUMNS, "id", "hairs", "counted", "x_px", "y_px", "comment")


def image_table(study: Study, *, all_reads: bool = False) -> list[dict[str, Cell]]:
    """One row an image with all its endpoints."""
    return endpoint_rows(study, all_reads=all_reads)


def hair_table(study: Study, *, all_reads: bool = False) -> list[dict[str, Cell]]:
    """One row a hair of the reads in use, or of all reads; rejected hairs too."""
    rows: list[dict[str, Cell]] = []
    for read, name in _reads(study, all_reads):
        first, scale, counted = read_columns(read, name), um_per_px(study.images[read.image_id]), counted_hairs(read)
        for hair in sorted(read.hairs.values(), key=lambda h: h.id):
            rows.append({**first, **_hair_cells(hair, scale, study.cutoffs), "counted": counted[hair.id]})
    return rows


def unit_table(study: Study, *, all_reads: bool = False) -> list[dict[str, Cell]]:
    """One row a follicular unit of the reads in use, or of all reads.

    Its place is the mean of the roots of its hairs that count; without one it has none, and 0 hairs.
    """
    rows: list[dict[str, Cell]] = []
    for read, name in _reads(study, all_reads):
        first = read_columns(read, name)
        units, inside = units_of(read)
        columns = (units.unit, units.n_hairs, inside, *units.centre_px.T)
        found = {unit: rest for unit, *rest in zip(*(np.asarray(c).tolist() for c in columns), strict=True)}
        for unit in sorted(read.units.values(), key=lambda u: u.id):
            n_hairs, counted, x_px, y_px = found.get(unit.id, (0, False, None, None))
            cells = {"hairs": n_hairs, "counted": counted, "x_px": x_px, "y_px": y_px, "comment": unit.comment}
            rows.append({**first, "id": unit.id, **cells})
    return rows


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a table, at once or not at all.

    Args:
        path: the file.
        columns: the header, in order; a row may lack some.
        rows: column name to value.

    Raises:
        UserFacingError: if it cannot be written.
        ValueError: if a row has a column that the header lacks.
    """
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        write_rows(file, columns, rows)


def write_rows(stream: TextIO, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a table to an open stream, which should not translate line ends; see `write_csv`."""
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: as_text(cell) for name, cell in row.items()} for row in rows)


def as_text(cell: Cell) -> str:
    """A cell as it stands in the file."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float():
            return str(round(cell, DECIMALS) + 0.0)  # + 0.0: no minus before nought
        case int():
            return str(cell)
        case _:
            return _harmless(cell)


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula. A plain number, such as a code −1, is none.

    Lines in it end in LF: a lone CR would not be quoted, and end the row.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\n")):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def _reads(study: Study, all_reads: bool) -> list[tuple[Read, str]]:
    names = image_names(study)
    if all_reads:
        return [(read, names[i]) for i in sorted(study.images) for read in study.reads_of(i)]
    return [(read, names[i]) for i in sorted(study.images) if (read := study.read_in_use(i))]


def _hair_cells(hair: Hair, um_per_px: float | None, cutoffs: WidthCutoffs) -> dict[str, Cell]:
    scale = float("nan") if um_per_px is None else um_per_px
    length_px = arc_length(hair.vertices_px)
    return {
        "id": hair.id,
        "fu": hair.unit_id,
        "class": hair_class(hair.width_px * scale, cutoffs),
        "width_um": known(hair.width_px * scale),
        "width_px": known(hair.width_px),
        "width_is_set": hair.width_is_set,
        "length_um": known(length_px * scale),
        "length_px": length_px,
        "confidence": hair.confidence,
        "origin": hair.origin.value,
        "status": hair.status.value,
        "root_visible": hair.root_visible,
        "root_x_px": float(hair.root_px[0]),
        "root_y_px": float(hair.root_px[1]),
        "tip_x_px": float(hair.tip_px[0]),
        "tip_y_px": float(hair.tip_px[1]),
        "comment": hair.comment,
    }
