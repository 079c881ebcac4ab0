"""`trichodesk export`: tables and shapes for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.console import AsJson, output, print_json, progress_bar, say
from workstation.cli.studies import StudyPath, detect_command, open_to_read
from workstation.export.study_files import ExportFormat, export_study


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    study: StudyPath,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder to write into.", readable=False)],
    format: Annotated[ExportFormat, typer.Option(help="geojson: a file an image; csv: five tables.")],
    as_json: AsJson = False,
) -> None:
    """Write the reads in use as GeoJSON, which QuPath opens, or as CSV tables."""
    with open_to_read(study) as session, progress_bar("exporting") as report:
        written = export_study(session.study, out, format, report)
    if as_json:
        print_json([str(path) for path in written])
        return
    if not written:
        say(f"Nothing to write: no image has a detection yet. Next: {detect_command(study)}")
    for path in written:
        output.print(str(path), markup=False)
