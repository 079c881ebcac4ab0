"""Subjects by hand: added, described, and taken out again while nothing rests on them."""

from dataclasses import replace

from workstation.edits.drafting import NothingToDo, clean_line
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.model.study import Study, Subject
from workstation.model.study_validity import MAX_AGE


def add_subject(study: Study, subject: Subject) -> Patch:
    """Add a participant.

    Raises:
        EditRefused: if the code is empty or taken, or a value is not plausible.
    """
    clean = _clean(subject)
    if not clean.id:
        raise EditRefused("a subject needs a code", remedy="Type the code that the trial uses.")
    taken = {code.casefold(): code for code in study.subjects}
    if (known := taken.get(clean.id.casefold())) is not None:
        raise EditRefused(f"there is a subject {known!r} already", remedy="Type another code.")
    return Patch("add subject", None, (Change(Kind.SUBJECT, 0, None, clean),))


def change_subject(study: Study, subject: Subject) -> Patch:
    """Change what is known of a participant: sex, age, grade, arm. The code stays: it says whose the visits are.

    Raises:
        EditRefused: if there is no subject with that code, or a value is not plausible.
        NothingToDo: if all is as it was.
    """
    before = _subject(study, subject.id)
    after = replace(_clean(subject), id=before.id)
    if after == before:
        raise NothingToDo
    return Patch("change subject", None, (Change(Kind.SUBJECT, 0, before, after),))


def remove_subject(study: Study, code: str) -> Patch:
    """Take a participant out.

    Raises:
        EditRefused: if there is no such subject, or one with visits or adverse events.
    """
    subject = _subject(study, code)
    n_visits = sum(visit.subject == code for visit in study.visits.values())
    if n_visits:
        raise EditRefused(
            f"subject {code!r} has {n_visits} visit{'s' * (n_visits > 1)}", remedy="Remove the visits first."
        )
    n_events = sum(event.subject == code for event in study.events.values())
    if n_events:
        raise EditRefused(
            f"subject {code!r} has {n_events} adverse event{'s' * (n_events > 1)}",
            remedy="Remove the adverse events first.",
        )
    return Patch("remove subject", None, (Change(Kind.SUBJECT, 0, subject, None),))


def _subject(study: Study, code: str) -> Subject:
    if code not in study.subjects:
        raise EditRefused(f"there is no subject {code!r}")
    return study.subjects[code]


def _clean(subject: Subject) -> Subject:
    age = None if subject.age is None else float(subject.age)
    if age is not None and not 0 <= age <= MAX_AGE:
        raise EditRefused(f"{age:g} is not an age in years", remedy=f"Type a number from 0 to {MAX_AGE}, or nothing.")
    return Subject(
        clean_line(subject.id, "the code"),
        clean_line(subject.sex, "the sex"),
        age,
        clean_line(subject.grade, "the grade"),
        clean_line(subject.arm, "the arm"),
    )
