"""`trichodesk reading`: what a study asks of its reads, printed or set."""

from typing import Annotated

import typer

from workstation.cli.console import AsJson, output, print_json
from workstation.cli.studies import Reason, StudyPath, open_to_change, open_to_read
from workstation.edits.drafting import NothingToDo
from workstation.edits.reading import set_reading_rules
from workstation.model.reading import ReasonFor


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(reading)


def reading(
    study: StudyPath,
    adjudicate_above: Annotated[
        float | None,
        typer.Option(metavar="PERCENT", help="Two readers' counts that differ by more need a third read."),
    ] = None,
    reasons: Annotated[ReasonFor | None, typer.Option(help="Which changes must say why.", case_sensitive=False)] = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Print the reading rules; with options, set them first."""
    if adjudicate_above is None and reasons is None:
        with open_to_read(study) as session:
            rules = session.study.reading
    else:
        with open_to_change(study) as session:
            before = session.study.reading
            limit = before.adjudicate_above_percent if adjudicate_above is None else adjudicate_above
            try:
                patch = set_reading_rules(session.study, limit, before.reasons if reasons is None else reasons)
            except NothingToDo:
                pass
            else:
                session.document.apply(patch, reason=reason)
                session.save()
            rules = session.study.reading
    if as_json:
        limit = rules.adjudicate_above_percent
        print_json({"adjudicate_above_percent": limit, "reasons": rules.reasons.value})
        return
    output.print(f"a third read where counts differ by more than: {rules.adjudicate_above_percent:g} %", markup=False)
    output.print(f"a reason is asked for: {rules.reasons.value}", markup=False)
