"""Who came when: the visits of subjects against the planned weeks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workstation.model.study import Study, Visit
from workstation.model.trial import PlannedVisit

BASELINE = 0.0
"""The week of the baseline."""


class Status(StrEnum):
    """How a subject kept to a planned visit."""

    ON_TIME = "on time"
    EARLY = "early"
    LATE = "late"
    MISSED = "missed"
    """No visit of that week. One that is still to come is not told apart."""
    UNDATED = "undated"
    """There was a visit; its day, or that of the baseline, is not known."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """One subject and one planned week."""

    subject: str
    week: float
    status: Status
    visit_id: int | None
    """The first one of that week; None where it was missed."""
    date: str
    """ISO 8601, or empty."""
    days_off: int | None
    """Days after the planned day; before it: below 0. None where that is not known."""


def planned_visits(study: Study) -> tuple[PlannedVisit, ...]:
    """The plan's visits by week; without a plan the weeks that the study's visits stand for, with the usual window."""
    if study.plan.visits:
        return tuple(sorted(study.plan.visits, key=lambda visit: visit.week))
    weeks = {BASELINE, *weeks_of_visits(study).values()} if study.visits else set()
    return tuple(PlannedVisit(week) for week in sorted(weeks))


def weeks_of_visits(study: Study) -> Mapping[int, float]:
    """The week that each visit stands for, by its id; a visit that stands for none is not there.

    That is the week it names. A subject's earliest visit stands for the baseline if it names no week, or if no visit of
    the whole study names week 0.
    """
    return study.derived(_weeks_of_visits, "visits")


def _weeks_of_visits(study: Study) -> Mapping[int, float]:
    found = {visit.id: visit.week for visit in study.visits.values() if visit.week is not None}
    names_baseline = BASELINE in found.values()
    for visits in visits_by_subject(study).values():
        first = visits[0]
        if any(visit.week == BASELINE for visit in visits):
            continue
        if first.week is None or not names_baseline:
            found[first.id] = BASELINE
    return found


def visits_by_subject(study: Study) -> Mapping[str, tuple[Visit, ...]]:
    """The visits of each subject who has any, by code, earliest first."""
    return study.derived(_visits_by_subject, "visits")


def _visits_by_subject(study: Study) -> Mapping[str, tuple[Visit, ...]]:
    found: defaultdict[str, list[Visit]] = defaultdict(list)
    for visit in study.visits.values():
        found[visit.subject].append(visit)
    return {subject: _earliest_first(found[subject]) for subject in sorted(found)}


def day_of(visit: Visit) -> date | None:
    """The day of a visit; None where it is not known, or no day."""
    try:
        return date.fromisoformat(visit.date)
    except ValueError:
        return None


def attendance(study: Study) -> tuple[Attendance, ...]:
    """How every subject of the study kept to every planned visit; by subject and week."""
    return study.derived(_attendance, "subjects", "visits", "plan")


def _attendance(study: Study) -> tuple[Attendance, ...]:
    planned, weeks, by_subject = planned_visits(study), weeks_of_visits(study), visits_by_subject(study)
    return tuple(
        each for subject in sorted(study.subjects) for each in _of(subject, by_subject.get(subject, ()), weeks, planned)
    )


def _of(
    subject: str, visits: Iterable[Visit], weeks: Mapping[int, float], planned: Iterable[PlannedVisit]
) -> Iterable[Attendance]:
    at: dict[float, Visit] = {}
    for visit in visits:
        if visit.id in weeks:
            at.setdefault(weeks[visit.id], visit)
    start = at.get(BASELINE)
    for plan in planned:
        if (came := at.get(plan.week)) is None:
            yield Attendance(subject, plan.week, Status.MISSED, None, "", None)
            continue
        off = _days_off(start, came, plan.week)
        yield Attendance(subject, plan.week, _status(off, plan), came.id, came.date, off)


def _days_off(start: Visit | None, visit: Visit, week: float) -> int | None:
    then, now = None if start is None else day_of(start), day_of(visit)
    return None if then is None or now is None else (now - then).days - round(7 * week)


def _status(days_off: int | None, plan: PlannedVisit) -> Status:
    if days_off is None:
        return Status.UNDATED
    if days_off < -plan.early_days:
        return Status.EARLY
    return Status.LATE if days_off > plan.late_days else Status.ON_TIME


def _earliest_first(visits: Iterable[Visit]) -> tuple[Visit, ...]:
    """By day where every day is known; else by week, one of no known week first."""
    visits = tuple(visits)
    if all(day_of(visit) for visit in visits):
        return tuple(sorted(visits, key=lambda v: (v.date, v.week or 0.0, v.id)))
    return tuple(sorted(visits, key=lambda v: (v.week is not None, v.week or 0.0, v.date, v.id)))
