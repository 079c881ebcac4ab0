"""`trichodesk plan`: what a trial fixes beforehand, printed or set."""

from dataclasses import replace
from typing import Annotated

import typer

from workstation.cli.console import AsJson, output, print_json, say
from workstation.cli.studies import Reason, StudyPath, open_to_change, open_to_read
from workstation.clock import local_time
from workstation.counting import counted
from workstation.edits.drafting import NothingToDo
from workstation.edits.plan import set_plan
from workstation.errors import UserFacingError
from workstation.model.study import Study
from workstation.model.trial import PlannedVisit, TrialPlan
from workstation.storage.codec import plain
from workstation.trial.known_results import known_results
from workstation.trial.outcomes import outcomes
from workstation.trial.warnings import plan_warnings

NONE = "none"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(plan)


def plan(
    study: StudyPath,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="The trial's title.")] = None,
    visit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WEEK[:EARLY:LATE]",
            help="A planned week, and how many days early and late are on time; all of them anew. "
            f"`{NONE}`: those that the visits name.",
        ),
    ] = None,
    primary: Annotated[
        str | None, typer.Option(metavar="ENDPOINT", help="The primary endpoint, or questionnaire_NAME.")
    ] = None,
    week: Annotated[float | None, typer.Option(metavar="W", help="The week at which it is tested.")] = None,
    control_arm: Annotated[
        str | None, typer.Option(metavar="A", help="The arm that the others are compared with; '' for none.")
    ] = None,
    control_site: Annotated[
        str | None, typer.Option(metavar="S", help="The site that the others are compared with; '' for none.")
    ] = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Print what the trial fixes beforehand; with options, set that first."""
    given = (title, visit, primary, week, control_arm, control_site)
    if all(option is None for option in given):
        with open_to_read(study) as session:
            found = session.study
    else:
        with open_to_change(study) as session:
            before = session.study
            wanted = _changed(before.plan, title, visit, primary, week, control_arm, control_site)
            try:
                patch = set_plan(before, wanted, named=primary is not None or week is not None)
            except NothingToDo:
                pass
            else:
                session.document.apply(patch, reason=reason)
                session.save()
            found = session.study
        if found.plan.named_utc != before.plan.named_utc:
            _warn_of_results(found)
    if as_json:
        print_json(plain(found.plan))
    else:
        _print(found)
    for warning in plan_warnings(found):
        say(f"note: {warning}")


def _changed(
    before: TrialPlan,
    title: str | None,
    visit: list[str] | None,
    primary: str | None,
    week: float | None,
    control_arm: str | None,
    control_site: str | None,
) -> TrialPlan:
    """The plan with what was given; a control of the one kind takes the place of one of the other."""
    arm, site = before.control_arm, before.control_site
    if control_arm is not None:
        arm, site = control_arm, "" if control_arm and control_site is None else site
    if control_site is not None:
        arm, site = "" if control_site and control_arm is None else arm, control_site
    return replace(
        before,
        title=before.title if title is None else title,
        visits=before.visits if visit is None else _visits(visit),
        primary_endpoint=before.primary_endpoint if primary is None else primary,
        primary_week=before.primary_week if week is None else week,
        control_arm=arm,
        control_site=site,
    )


def _visits(given: list[str]) -> tuple[PlannedVisit, ...]:
    return () if given == [NONE] else tuple(map(_visit, given))


def _visit(text: str) -> PlannedVisit:
    parts = text.split(":")
    try:
        if len(parts) not in (1, 3):
            raise ValueError
        return PlannedVisit(float(parts[0]), *map(int, parts[1:]))
    except ValueError as error:
        raise UserFacingError(
            f"{text!r} is not a planned visit",
            remedy="Write the week alone, 12, or with the days that it may be early and late, 12:3:7.",
        ) from error


def _warn_of_results(study: Study) -> None:
    """Say that the primary endpoint was named when there was something to choose from already."""
    n_images, n_forms = known_results(study)
    kinds = [counted(n, what) for n, what in ((n_images, "measured image"), (n_forms, "filled-in questionnaire")) if n]
    if kinds:
        say(
            f"note: the primary endpoint is named now, and there are results already: {' and '.join(kinds)} of visits "
            "after the baseline. Say so where you report it."
        )


def _print(study: Study) -> None:
    plan = study.plan
    outcome = {one.name: one for one in outcomes(study)}.get(plan.primary_endpoint)
    about = "" if outcome is None else f" ({outcome.label})"
    named = local_time(plan.named_utc) if plan.named_utc else "not yet, these are the defaults"
    lines = [
        ("title", plan.title or "–"),
        ("planned weeks", ", ".join(map(_shown, plan.visits)) or "those that the visits name"),
        ("primary endpoint", f"{plan.primary_endpoint}{about}"),
        ("primary week", f"{plan.primary_week:g}"),
        ("named", named),
        ("control", _control(plan)),
    ]
    for name, value in lines:
        output.print(f"{name}: {value}", markup=False)


def _shown(visit: PlannedVisit) -> str:
    return f"{visit.week:g} (−{visit.early_days}/+{visit.late_days} days)"


def _control(plan: TrialPlan) -> str:
    if plan.control_arm:
        return f"arm {plan.control_arm}"
    return f"site {plan.control_site}" if plan.control_site else "none"
