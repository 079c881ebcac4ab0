"""`trichodesk report`: a trial, or one subject, as a PDF or HTML file."""

from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.console import AsJson, output, print_json, progress_bar
from workstation.cli.studies import StudyPath, open_to_read
from workstation.trial.results import Basis


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)


def report(
    study: StudyPath,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="FILE.pdf or FILE.html.", readable=False, dir_okay=True)
    ],
    subject: Annotated[
        str, typer.Option(metavar="CODE", help="One page in plain words about this subject alone.")
    ] = "",
    figures: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Also write every figure there, as SVG and PNG.", readable=False),
    ] = None,
    field: Annotated[
        Basis, typer.Option(help="Compare endpoints on each visit's own field, or on what it shares with the baseline.")
    ] = Basis.OWN,
    as_json: AsJson = False,
) -> None:
    """Write the report of the trial: subjects, methods, results, pictures, quality, and what is missing."""
    # all that a report is made with takes a second to load, which no other command should wait for
    from workstation.report.making import make_report

    with open_to_read(study) as session, progress_bar("report") as progress:
        written = make_report(session, out, subject=subject, figures=figures, basis=field, progress=progress)
    if as_json:
        print_json([str(path) for path in written])
        return
    for path in written:
        output.print(str(path), markup=False)
