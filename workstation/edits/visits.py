"""Visits by hand: also those without an image, for questionnaires alone or because the image was missed."""

from dataclasses import replace

from workstation.edits.drafting import NothingToDo, clean_line
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.model.study import Study, Visit
from workstation.model.trial_validity import MAX_WEEK, is_day, is_week


def add_visit(study: Study, visit: Visit) -> Patch:
    """Add a subject's visit; `new_ids(patch, Kind.VISIT)` gives its number.

    Args:
        study: the study.
        visit: what is known of it; its id is not looked at.

    Raises:
        EditRefused: if the subject does not exist, has a visit of this name or week already, the name is empty, or a
            value is not plausible.
    """
    if visit.subject not in study.subjects:
        raise EditRefused(f"there is no subject {visit.subject!r}", remedy="Add the subject first.")
    added = _clean(replace(visit, id=max(study.visits, default=0) + 1))
    _refuse_double(study, added)
    return Patch("add visit", None, (Change(Kind.VISIT, added.id, None, added),))


def change_visit(study: Study, visit: Visit) -> Patch:
    """Change a visit's name, planned week or date. It stays with its subject, whose images and answers it holds.

    Raises:
        EditRefused: if there is no visit with that id, it would be another subject's, that subject has another visit
            of this name or week, or a value is not plausible.
        NothingToDo: if all is as it was.
    """
    before = _visit(study, visit.id)
    if visit.subject != before.subject:
        raise EditRefused(
            f"a visit stays with its subject, {before.subject!r}", remedy=f"Add a visit to {visit.subject!r} instead."
        )
    after = _clean(visit)
    if after == before:
        raise NothingToDo
    _refuse_double(study, after)
    return Patch("change visit", None, (Change(Kind.VISIT, before.id, before, after),))


def remove_visit(study: Study, visit_id: int) -> Patch:
    """Take a visit out.

    Raises:
        EditRefused: if there is no such visit, or one with images or answers.
    """
    visit = _visit(study, visit_id)
    name = f"{visit.name!r} of subject {visit.subject!r}"
    n_images = sum(image.visit_id == visit_id for image in study.images.values())
    if n_images:
        raise EditRefused(f"{name} has {n_images} image{'s' * (n_images > 1)}, and images are kept for ever")
    if any(response.visit_id == visit_id for response in study.responses.values()):
        raise EditRefused(f"{name} has answers to questionnaires", remedy="Remove the answers first.")
    return Patch("remove visit", None, (Change(Kind.VISIT, visit_id, visit, None),))


def _visit(study: Study, visit_id: int) -> Visit:
    if visit_id not in study.visits:
        raise EditRefused(f"there is no visit {visit_id}")
    return study.visits[visit_id]


def _clean(visit: Visit) -> Visit:
    name, day = clean_line(visit.name, "the visit's name"), clean_line(visit.date, "the date")
    if not name:
        raise EditRefused("a visit needs a name", remedy="Type one: week 12, say.")
    if not is_week(visit.week):
        raise EditRefused(
            f"{visit.week:g} is not a number of weeks since the baseline",
            remedy=f"Type a number from −{MAX_WEEK:g} to {MAX_WEEK:g}, or nothing.",
        )
    if not is_day(day):
        raise EditRefused(f"{day!r} is not a date", remedy="Write it as year-month-day, 2026-03-31.")
    week = None if visit.week is None else float(visit.week)
    return replace(visit, name=name, week=week, date=day)


def _refuse_double(study: Study, visit: Visit) -> None:
    """Two visits of one name or week are most often one that was entered twice."""
    before = study.visits.get(visit.id)
    others = [v for v in study.visits.values() if v.subject == visit.subject and v.id != visit.id]
    if any(other.name == visit.name for other in others):
        raise EditRefused(f"subject {visit.subject!r} has a visit {visit.name!r} already", remedy="Type another name.")
    if visit.week is None or (before is not None and before.week == visit.week):
        return  # what a manifest brought in may stay
    if same := [other for other in others if other.week == visit.week]:
        raise EditRefused(
            f"subject {visit.subject!r} has a visit of week {visit.week:g} already, {same[0].name!r}",
            remedy="Type another week, or none for a visit that was not planned.",
        )
