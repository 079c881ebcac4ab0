"""What a trial fixes beforehand, and the moment at which its primary endpoint was named."""

import math
from dataclasses import replace
from itertools import pairwise

from analysis.measures import ENDPOINTS
from workstation.clock import utc_seconds
from workstation.edits.drafting import NothingToDo, clean_line
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.model.study import Study
from workstation.model.trial import PlannedVisit, TrialPlan
from workstation.model.trial_validity import MAX_WEEK, MAX_WINDOW_DAYS, is_week


def set_plan(study: Study, plan: TrialPlan, *, named: bool = False, now_utc: str | None = None) -> Patch:
    """Set the trial's plan. Visits are put in the order of their weeks.

    Args:
        study: the study.
        plan: the new plan. Its `named_utc` is not looked at: it is the moment of this edit where the primary endpoint
            or week is another one, else what it was.
        named: the user names the primary endpoint and week with this edit, be they those that stood there by default.
        now_utc: the moment; now if None.

    Raises:
        EditRefused: if a week or window is not plausible, two visits are of one week, the primary endpoint does not
            exist, or both a control arm and a control site are named.
        NothingToDo: if all is as it was.
    """
    before = study.plan
    primary = plan.primary_endpoint.strip()
    _refuse_primary(study, primary, plan.primary_week)
    after = replace(
        plan,
        title=clean_line(plan.title, "the title"),
        visits=_visits(plan.visits),
        primary_endpoint=primary,
        primary_week=float(plan.primary_week),
        control_arm=clean_line(plan.control_arm, "the control arm"),
        control_site=clean_line(plan.control_site, "the control site"),
        named_utc=before.named_utc,
    )
    if after.control_arm and after.control_site:
        raise EditRefused("a trial has either a control arm or a control site", remedy="Take one of the two away.")
    changed = (after.primary_endpoint, after.primary_week) != (before.primary_endpoint, before.primary_week)
    if changed or (named and not before.named_utc):
        after = replace(after, named_utc=now_utc or utc_seconds())
    if after == before:
        raise NothingToDo
    return Patch("set plan", None, (Change(Kind.PLAN, 0, before, after),))


def primary_choices(study: Study) -> tuple[str, ...]:
    """What may be the primary endpoint: the endpoints that can be compared, and the scores of the questionnaires."""
    endpoints = (endpoint.name for endpoint in ENDPOINTS if endpoint.comparable)
    return (*endpoints, *(questionnaire.outcome for questionnaire in study.questionnaires.values()))


def _refuse_primary(study: Study, primary: str, week: float) -> None:
    if primary not in primary_choices(study):
        raise EditRefused(
            f"{primary!r} is no endpoint that can be compared between visits",
            remedy=f"It is one of {', '.join(primary_choices(study))}.",
        )
    if not 0 < week <= MAX_WEEK:
        raise EditRefused(
            f"{week:g} is not a week after the baseline",
            remedy=f"The primary week is above 0 and at most {MAX_WEEK:g}.",
        )


def _visits(visits: tuple[PlannedVisit, ...]) -> tuple[PlannedVisit, ...]:
    for visit in visits:
        if not is_week(visit.week):
            raise EditRefused(
                f"{visit.week:g} is not a number of weeks since the baseline",
                remedy=f"A week is from −{MAX_WEEK:g} to {MAX_WEEK:g}.",
            )
        for days in (visit.early_days, visit.late_days):
            if not 0 <= days <= MAX_WINDOW_DAYS or not math.isclose(days, int(days)):
                raise EditRefused(
                    f"{days:g} is not a number of days that a visit of week {visit.week:g} may be early or late",
                    remedy=f"A window is from 0 to {MAX_WINDOW_DAYS} whole days.",
                )
    found = sorted(
        (PlannedVisit(float(v.week), int(v.early_days), int(v.late_days)) for v in visits), key=lambda v: v.week
    )
    for earlier, later in pairwise(found):
        if earlier.week == later.week:
            raise EditRefused(f"week {later.week:g} is planned twice", remedy="Take one of the two away.")
    return tuple(found)
