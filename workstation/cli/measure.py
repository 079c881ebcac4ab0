"""`trichodesk measure`: the endpoints of every image."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from analysis.measures import ENDPOINTS
from workstation.cli.console import AsJson, print_json, print_table, say
from workstation.cli.studies import StudyPath, open_to_read
from workstation.endpoints import Cell, endpoint_rows
from workstation.export.tables import IMAGES, write_rows

MOST_COLUMNS = 6
MAIN = tuple(
    row
    for row in ENDPOINTS
    if row.name
    in (
        "hair_density_per_cm2",
        "fu_density_per_cm2",
        "hairs_per_fu",
        "mean_hair_width_um",
        "sum_hair_width_mm_per_cm2",
        "inter_follicular_distance_mm",
    )
)


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
    """Print the endpoints of each image, from the read in use: adjudicated, else accepted, else the latest."""
    with open_to_read(study) as session:
        rows = endpoint_rows(session.study, all_reads=all_reads)
    if as_json or format is TableFormat.JSON:
        print_json(rows)
    elif format is TableFormat.CSV:
        write_rows(sys.stdout, IMAGES, rows)
    else:
        print_endpoints(rows)


def print_endpoints(rows: list[dict[str, Cell]]) -> None:
    """A table for a person: an image a column with all endpoints, or where they are many, a line with the main ones."""
    if len(rows) > MOST_COLUMNS:
        header = ["image", "subject", "visit", "site", *(f"{row.name} {row.unit}".strip() for row in MAIN)]
        lines = [
            [_text(row["image"]), *(_text(row[name]) for name in ("subject", "visit", "site"))]
            + [_number(row[endpoint.name], endpoint.digits) for endpoint in MAIN]
            for row in rows
        ]
        print_table(header, lines, first_left=4)
        say("All endpoints: --format csv or json.")
        return
    header = ["endpoint", "unit", *(_text(row["image"]) for row in rows)]
    lines = [[name, "", *(_text(row[name]) for row in rows)] for name in ("subject", "visit", "site", "reader")]
    for endpoint in ENDPOINTS:
        lines.append([endpoint.name, endpoint.unit, *(_number(row[endpoint.name], endpoint.digits) for row in rows)])
    print_table(header, lines, first_left=2)


def _text(value: Cell) -> str:
    return "–" if value in (None, "") else str(value)


def _number(value: Cell, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", "−") if isinstance(value, (int, float)) else "–"
