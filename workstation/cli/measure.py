"""`trichodesk measure`: the endpoints of every image."""

import sys
from enum import StrEnum
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
    if as_json or format is TableFormat.JSON:
        print_json(rows)
    elif format is TableFormat.CSV:
        write_rows(sys.stdout, [column.name for column in IMAGES], rows)
    else:
        print_endpoints(rows)


def print_endpoints(rows: list[dict[str, Cell]]) -> None:
    """A table for a person: an image a column with all endpoints, or where they are many, a line with the main ones."""
    table = _all_endpoints(rows)
    if fits(table):
        print_table(table)
    else:
        print_table(_main_endpoints(rows))
        say("All endpoints: --format csv or json.")


def _all_endpoints(rows: list[dict[str, Cell]]) -> Table:
    header = ["endpoint", "unit", *(_text(row["image"]) for row in rows)]
    lines = [[name, "", *(_text(row[name]) for row in rows)] for name in ("subject", "visit", "site", "reader")]
    for endpoint in ENDPOINTS:
        lines.append([endpoint.name, endpoint.unit, *(_number(row[endpoint.name], endpoint.digits) for row in rows)])
    return table_of(header, lines, first_left=2)


def _main_endpoints(rows: list[dict[str, Cell]]) -> Table:
    endpoints = [endpoint for endpoint in ENDPOINTS if endpoint.name in MAIN]
    known = [name for name in ("subject", "visit", "site") if len({row[name] for row in rows}) > 1]
    if all(row["subject"] == UNNAMED_SUBJECT for row in rows):
        known = []  # sites are then named as the images
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
