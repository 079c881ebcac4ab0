"""`trichodesk record`: subjects, visits, questionnaires, answers and adverse events from tables into a study."""

from pathlib import Path
from typing import Annotated, Any

import typer

from workstation.cli.console import AsJson, output, print_json, say
from workstation.cli.studies import Reason, StudyPath, open_to_change
from workstation.questionnaires.bundled import NAMES, named_questionnaire
from workstation.recording.together import read_together


def _table(what: str) -> Any:
    """An option that names CSV files."""
    return typer.Option(metavar="FILE.csv", help=what, readable=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(record)


def record(
    study: StudyPath,
    questionnaire: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME|FILE.toml", help=f"A questionnaire: {', '.join(NAMES)}, or a definition file."),
    ] = None,
    answers: Annotated[list[Path] | None, _table("What subjects answered, wide or long.")] = None,
    events: Annotated[list[Path] | None, _table("Adverse events: subject, term, severity, relation and more.")] = None,
    subjects: Annotated[list[Path] | None, _table("Subjects: subject, sex, age, grade, arm.")] = None,
    visits: Annotated[list[Path] | None, _table("Visits, also without images: subject, visit, week, date.")] = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Take tables over into a study: all of them or, if anything in one is wrong, nothing.

    Each option can be given several times. docs/questionnaires.md shows the tables.
    """
    chosen = [named_questionnaire(name) for name in questionnaire or ()]
    if not (chosen or answers or events or subjects or visits):
        raise typer.BadParameter("give at least one of --questionnaire, --answers, --events, --subjects, --visits")
    with open_to_change(study) as session:
        found = read_together(
            session.study,
            subjects=subjects or (),
            visits=visits or (),
            questionnaires=chosen,
            answers=answers or (),
            events=events or (),
        )
        for patch in found.patches:
            session.document.apply(patch, reason=reason)
        if found.patches:
            session.save()
    if as_json:
        print_json({"done": found.said, "warnings": found.warnings})
        return
    for sentence in found.said:
        output.print(sentence, markup=False)
    for warning in found.warnings:
        say(f"note: {warning}")
