"""Subjects and visits as a manifest's rows tell of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType

from workstation.errors import UserFacingError
from workstation.manifest import ManifestRow
from workstation.model.study import Study, Subject, Visit
from workstation.weeks import week_of


def with_subjects_and_visits(study: Study, rows: Sequence[ManifestRow]) -> Study:
    """The study with the subjects and visits that the rows add; blanks of those it has are filled in.

    New visits are numbered by subject, and within a subject by week or date if every one of them has it, else in the
    rows' order, so that the baseline comes first.

    Raises:
        UserFacingError: if a row contradicts what the study holds.
    """
    subjects = dict(study.subjects)
    visits = {(v.subject, v.name): v for v in study.visits.values()}
    added: dict[str, list[Visit]] = {}
    for row in rows:
        subjects[row.subject] = _merged_subject(subjects.get(row.subject), row)
        key = row.subject, row.visit
        if key not in visits:
            added.setdefault(row.subject, [])
            visits[key] = Visit(id=0, subject=row.subject, name=row.visit)
        visits[key] = _merged_visit(visits[key], row)
    for (subject, _), visit in visits.items():
        if visit.id == 0:
            added[subject].append(visit)
    numbered = {v.id: v for v in visits.values() if v.id}
    for found in added.values():
        for visit in _in_order(found):
            visit_id = max(numbered, default=0) + 1
            numbered[visit_id] = replace(visit, id=visit_id)
    return replace(study, subjects=MappingProxyType(subjects), visits=MappingProxyType(numbered))


def _in_order(visits: Iterable[Visit]) -> list[Visit]:
    found = list(visits)
    if all(v.week is not None for v in found):
        return sorted(found, key=lambda v: v.week or 0.0)
    return sorted(found, key=lambda v: v.date) if all(v.date for v in found) else found


def _merged_subject(known: Subject | None, row: ManifestRow) -> Subject:
    if known is None:
        return Subject(row.subject, row.sex, row.age, row.grade, row.arm)
    if known.sex and row.sex and known.sex != row.sex:
        raise _contradiction(f"subject {row.subject!r}", "sex", row.sex, known.sex)
    if known.arm and row.arm and known.arm != row.arm:
        raise _contradiction(f"subject {row.subject!r}", "arm", row.arm, known.arm)
    return replace(
        known,
        sex=known.sex or row.sex,
        age=row.age if known.age is None else known.age,
        grade=known.grade or row.grade,
        arm=known.arm or row.arm,
    )


def _merged_visit(known: Visit, row: ManifestRow) -> Visit:
    whose = f"visit {row.visit!r} of subject {row.subject!r}"
    if known.date and row.date and known.date != row.date:
        raise _contradiction(whose, "date", row.date, known.date)
    week = row.week
    if week is None:
        week = known.week if known.week is not None else week_of(row.visit)
    elif known.week is not None and known.id and known.week != week:
        raise _contradiction(whose, "week", f"{week:g}", f"{known.week:g}")
    return replace(known, date=known.date or row.date, week=week)


def _contradiction(whose: str, what: str, new: str, old: str) -> UserFacingError:
    return UserFacingError(
        f"{whose} would have the {what} {new!r}, but the study has {old!r}", remedy="Mend one of the two."
    )
