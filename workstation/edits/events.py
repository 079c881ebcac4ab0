"""Adverse events: recorded, corrected, taken out again."""

from collections.abc import Iterable
from dataclasses import replace

from workstation.edits.drafting import NothingToDo, clean_line, clean_text
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.model.study import Study
from workstation.model.trial import AdverseEvent
from workstation.model.trial_validity import is_day


def add_event(study: Study, event: AdverseEvent) -> Patch:
    """Record an adverse event; `new_ids(patch, Kind.EVENT)` gives its number.

    Args:
        study: the study.
        event: what happened; its id is not looked at.

    Raises:
        EditRefused: if the subject does not exist, the term is empty, a date is none, or it ends before it starts.
    """
    return add_events(study, [event])


def add_events(study: Study, events: Iterable[AdverseEvent]) -> Patch:
    """Record adverse events, all in one edit.

    Raises:
        EditRefused: as `add_event`.
        NothingToDo: if there are none.
    """
    first = max(study.events, default=0) + 1
    added = [_clean(study, replace(event, id=id_)) for id_, event in enumerate(events, start=first)]
    if not added:
        raise NothingToDo
    name = "add adverse event" if len(added) == 1 else "add adverse events"
    return Patch(name, None, tuple(Change(Kind.EVENT, event.id, None, event) for event in added))


def change_event(study: Study, event: AdverseEvent) -> Patch:
    """Correct an adverse event.

    Raises:
        EditRefused: if there is none with that id, and as `add_event`.
        NothingToDo: if all is as it was.
    """
    before = _event(study, event.id)
    after = _clean(study, event)
    if after == before:
        raise NothingToDo
    return Patch("change adverse event", None, (Change(Kind.EVENT, event.id, before, after),))


def remove_event(study: Study, event_id: int) -> Patch:
    """Take an adverse event out; what it was stays in the audit trail.

    Raises:
        EditRefused: if there is none with that id.
    """
    return Patch("remove adverse event", None, (Change(Kind.EVENT, event_id, _event(study, event_id), None),))


def _event(study: Study, event_id: int) -> AdverseEvent:
    if event_id not in study.events:
        raise EditRefused(f"there is no adverse event {event_id}")
    return study.events[event_id]


def _clean(study: Study, event: AdverseEvent) -> AdverseEvent:
    if event.subject not in study.subjects:
        raise EditRefused(f"there is no subject {event.subject!r}", remedy="Add the subject first.")
    clean = replace(
        event,
        term=clean_line(event.term, "the term"),
        start_date=clean_line(event.start_date, "the start date"),
        end_date=clean_line(event.end_date, "the end date"),
        comment=clean_text(event.comment),
    )
    if not clean.term:
        raise EditRefused("an adverse event needs a term", remedy="Type what happened: itching of the scalp, say.")
    for day in (clean.start_date, clean.end_date):
        if not is_day(day):
            raise EditRefused(f"{day!r} is not a date", remedy="Write it as year-month-day, 2026-03-31.")
    if clean.start_date and clean.end_date and clean.end_date < clean.start_date:
        raise EditRefused(
            f"the event ends on {clean.end_date}, before it starts on {clean.start_date}", remedy="Mend one of the two."
        )
    return clean
