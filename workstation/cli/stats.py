"""`trichodesk stats`: what changed in a trial, and whether it is more than chance."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.console import AsJson, output, print_json, say
from workstation.cli.measure import TableFormat
from workstation.cli.stats_table import print_analysis
from workstation.cli.studies import StudyPath, detect_command, open_to_read
from workstation.counting import counted
from workstation.errors import UserFacingError
from workstation.export.csv_file import write_rows
from workstation.export.described import columns_of
from workstation.export.table import Kind
from workstation.model.study import Study
from workstation.trial.analysing import analyse
from workstation.trial.missing import Missing, missing_data
from workstation.trial.power import Power, effect_of, power_for
from workstation.trial.results import Analysis, Basis
from workstation.trial.rows import (
    RESULT_COLUMNS,
    analysis_rows,
    attendance_rows,
    missing_rows,
    trial_rows,
    yes_rows,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(stats)


def stats(
    study: StudyPath,
    format: Annotated[TableFormat, typer.Option(help="How to print them.")] = TableFormat.TABLE,
    all_weeks: Annotated[bool, typer.Option("--all-weeks", help="Every week, not only the primary one.")] = False,
    field: Annotated[
        Basis, typer.Option(help="Compare endpoints on each visit's own field, or on what it shares with the baseline.")
    ] = Basis.OWN,
    power: Annotated[
        str,
        typer.Option(metavar="EFFECT", help="How many subjects a change of the primary endpoint takes: 7.4, or 10%."),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Print the trial's table: per endpoint and visit the change from the baseline, its interval and tests.

    The primary endpoint and week are those of the plan (trichodesk plan); the other endpoints of that week are
    adjusted after Holm.
    """
    with open_to_read(study) as session:
        of = session.study
        analysis = analyse(of, field)
        gaps = missing_data(of, field, analysis.tables)
    _check(study, analysis)
    planned = _power(analysis, power)
    if as_json or format is TableFormat.JSON:
        print_json(_whole(of, analysis, gaps, planned))
        return
    if format is TableFormat.CSV:
        columns = columns_of(RESULT_COLUMNS)
        small = [column.name for column in columns if column.kind is Kind.SMALL]
        write_rows(sys.stdout, [column.name for column in columns], analysis_rows(analysis), exact=small)
    else:
        print_analysis(analysis, all_weeks=all_weeks)
    if planned is not None:
        (say if format is TableFormat.CSV else output.print)(planned.sentence)
    _tell(analysis, gaps)


def _power(analysis: Analysis, effect: str) -> Power | None:
    return power_for(analysis, effect_of(effect, analysis)) if effect else None


def _whole(study: Study, analysis: Analysis, gaps: Sequence[Missing], planned: Power | None) -> dict[str, object]:
    """Everything, for a program."""
    return {
        "plan": asdict(analysis.plan),
        "field": analysis.basis.value,
        "arms": analysis.groups,
        "weeks": analysis.weeks,
        "results": analysis_rows(analysis),
        "yes_counts": yes_rows(analysis),
        "values": trial_rows(study, analysis),
        "attendance": attendance_rows(study),
        "missing": missing_rows(gaps),
        "warnings": analysis.warnings,
        "power": None if planned is None else asdict(planned),
    }


def _tell(analysis: Analysis, gaps: Sequence[Missing]) -> None:
    for warning in analysis.warnings:
        say(f"note: {warning}")
    if gaps:
        say(f"{counted(len(gaps), 'value')} missing, and why: --format json.")


def _check(path: Path, analysis: Analysis) -> None:
    """Refuse a study that has no change to tell of."""
    if not analysis.tables:
        raise UserFacingError("nothing in this study was read yet", file=path, remedy=f"First: {detect_command(path)}")
    if not analysis.results:
        raise UserFacingError(
            "no visit after the baseline has a value, so there is no change to tell of",
            file=path,
            remedy="Add later visits and give each its week; the values of each image: trichodesk measure.",
        )
