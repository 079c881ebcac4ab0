"""`trichodesk report`: a trial, or one subject, as a PDF or HTML file."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.progress import part_of
from workstation.cli.console import AsJson, output, print_json, progress_bar
from workstation.cli.studies import StudyPath, open_to_read
from workstation.trial.results import Basis

ANALYSIS_SHARE, BUILDING_SHARE = 0.3, 0.4
"""Of the time that a report takes; the rest is writing."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)


def report(
    study: StudyPath,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="FILE.pdf or FILE.html.", readable=False, dir_okay=True)
    ],
    subject: Annotated[
        str | None, typer.Option(metavar="CODE", help="One page in plain words about this subject alone.")
    ] = None,
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
    from workstation.report.building import build_report
    from workstation.report.subject_page import build_subject_report
    from workstation.report.writing import check_ending, write_figures, write_report
    from workstation.trial.analysing import analyse

    check_ending(out)
    with open_to_read(study) as session, progress_bar("report") as progress:
        progress("statistics", 0.0)
        analysis = analyse(session.study, field)
        building = part_of(progress, ANALYSIS_SHARE, BUILDING_SHARE)
        if subject is None:
            made = build_report(session, analysis, building)
        else:
            made = build_subject_report(session, analysis, subject, building)
        progress("writing", ANALYSIS_SHARE + BUILDING_SHARE)
        write_report(out, made)
        written = [out]
        if figures is not None:
            written += write_figures(figures, made)
    if as_json:
        print_json([str(path) for path in written])
        return
    for path in written:
        output.print(str(path), markup=False)
