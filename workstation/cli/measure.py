"""`trichodesk measure`: the endpoints of every image."""

import sys
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

import typer
from rich.table import Table

from analysis.measures import ENDPOINTS
from workstation.cli.console import AsJson, fits, print_json, print_table, say, table_of
from workstation.cli.studies import StudyPath, open_to_read
from workstation.endpoints import Cell, endpoint_rows
from workstation.export.csv_file import write_rows
from workstation.export.image_tables import IMAGES
from workstation.importing.studies import UNNAMED_SUBJECT
from workstation.model.study import Study
from workstation.quality.kinds import kind_of

MAIN = {
    "hair_density_per_cm2": "hairs\n/cm²",
    "fu_density_per_cm2": "units\n/cm²",
    "hairs_per_fu": "hairs\n/unit",
    "mean_hair_width_um": "width\nµm",
    "sum_hair_width_mm_per_cm2": "Σ width\nmm/cm²",
    "inter_follicular_distance_mm": "distance\nmm",
}
"""What is shown of many images, and under which heading."""


class TableFormat(StrEnum):
    """How the endpoints are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(measure)


def measure(
    study: StudyPath,
    format: Annotated[TableFormat, typer.Option(help="How to print them.")] = TableFormat.TABLE,
    all_reads: Annotated[bool, typer.Option("--all-reads", help="Every read, not only the one in use.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the endpoints of each image, from the read in use: the third one, else the accepted, else the latest."""
    with open_to_read(study) as session:
        rows = endpoint_rows(session.study, all_reads=all_reads)
        kinds = kinds_of_reads(session.study) if all_reads else {}
    if as_json or format is TableFormat.JSON:
        print_json(rows)
    elif format is TableFormat.CSV:
        write_rows(sys.stdout, [column.name for column in IMAGES], rows)
    else:
        print_endpoints(rows, kinds)


def kinds_of_reads(study: Study) -> dict[int, str]:
    """What kind of read each one is, by its id, in a word or two."""
    return {i: kind_of(read).value if read.editable else read.review.state.value for i, read in study.reads.items()}


def print_endpoints(rows: list[dict[str, Cell]], kinds: Mapping[int, str] = MappingProxyType({})) -> None:
    """A table for a person: an image a column with all endpoints, or where they are many, a line with the main ones.

    Args:
        rows: from `endpoint_rows`.
        kinds: of the reads, by their ids, where the rows are of all reads: each row then says which read it is of.
    """
    told = [{**row, "read": row["read_id"], "kind": kinds.get(int(row["read_id"] or 0))} for row in rows]
    of_read = ("read", "reader", "kind") if kinds else ()
    table = _all_endpoints(told, of_read or ("reader",))
    if fits(table):
        print_table(table)
    else:
        print_table(_main_endpoints(told, of_read))
        say("All endpoints: --format csv or json.")


def _all_endpoints(rows: list[dict[str, Cell]], of_read: tuple[str, ...]) -> Table:
    header = ["endpoint", "unit", *(_text(row["image"]) for row in rows)]
    lines = [[name, "", *(_text(row[name]) for row in rows)] for name in ("subject", "visit", "site", *of_read)]
    for endpoint in ENDPOINTS:
        lines.append([endpoint.name, endpoint.unit, *(_number(row[endpoint.name], endpoint.digits) for row in rows)])
    return table_of(header, lines, first_left=2)


def _main_endpoints(rows: list[dict[str, Cell]], of_read: tuple[str, ...]) -> Table:
    endpoints = [endpoint for endpoint in ENDPOINTS if endpoint.name in MAIN]
    known = [name for name in ("subject", "visit", "site") if len({row[name] for row in rows}) > 1]
    if all(row["subject"] == UNNAMED_SUBJECT for row in rows):
        known = []  # sites are then named as the images
    known += of_read
    header = ["image", *known, *(MAIN[endpoint.name] for endpoint in endpoints)]
    lines = [
        [_text(row[name]) for name in ("image", *known)]
        + [_number(row[endpoint.name], endpoint.digits) for endpoint in endpoints]
        for row in rows
    ]
    return table_of(header, lines, first_left=1 + len(known))


def _text(value: Cell) -> str:
    return "–" if value in (None, "") else str(value)


def _number(value: Cell, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", "−") if isinstance(value, (int, float)) else "–"
