"""Subjects and visits from CSV tables: new ones are added, and what is filled in replaces what was there."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from workstation.edits.drafting import NothingToDo
from workstation.edits.subjects import add_subject, change_subject
from workstation.edits.visits import add_visit, change_visit
from workstation.errors import EditRefused
from workstation.formulas import without_guard
from workstation.manifest.row import Age, Day, Name, Sex, Text, Week
from workstation.manifest.table import Line, Table, read_table
from workstation.model.patch import Change, Patch, apply
from workstation.model.study import Study, Subject, Visit
from workstation.recording.faults import Faults
from workstation.recording.places import Places, folded
from workstation.weeks import week_of


class _SubjectRow(BaseModel):
    model_config = ConfigDict(frozen=True)

    subject: Name
    sex: Sex = ""
    age: Age = None
    grade: Text = ""
    arm: Text = ""


class _VisitRow(BaseModel):
    model_config = ConfigDict(frozen=True)

    subject: Name
    visit: Name
    week: Week = None
    date: Day = ""


_Row = TypeVar("_Row", _SubjectRow, _VisitRow)
_Value = TypeVar("_Value", Subject, Visit)
_COUNTS = frozenset({"visits", "images", "questionnaires", "adverse_events"})
"""Columns of exported tables that say what follows from the rest; passed over."""


def read_subjects(path: Path, study: Study) -> tuple[Patch, ...]:
    """Subjects from the columns `subject` and, if present, `sex`, `age`, `grade`, `arm`.

    Args:
        path: the CSV file; separators and encodings as for a manifest.
        study: that they are added to.

    Returns:
        At most two edits, to be applied one after the other: those that are added, those that are changed.

    Raises:
        UserFacingError: if the file cannot be read as a table.
        TableError: if cells do not make sense, or a subject is there twice. All of it is said at once.
    """
    what = "table of subjects"
    table = read_table(path, ("subject",), what)
    reading = _Reading(study, table, Faults(path, what))
    codes = {code.casefold(): code for code in study.subjects}
    for line, row in reading.rows(_SubjectRow):
        if reading.is_twice(line, row.subject.casefold()):
            continue
        code = row.subject if row.subject in study.subjects else codes.get(row.subject.casefold())
        if code is None:
            reading.add(line, add_subject, Subject(row.subject, row.sex, row.age, row.grade, row.arm))
            continue
        known = study.subjects[code]
        changed = replace(
            known,
            sex=row.sex or known.sex,
            age=known.age if row.age is None else row.age,
            grade=row.grade or known.grade,
            arm=row.arm or known.arm,
        )
        reading.change(line, change_subject, changed)
    return reading.patches("subjects")


def read_visits(path: Path, study: Study) -> tuple[Patch, ...]:
    """Visits from the columns `subject`, `visit` and, if present, `week`, `date`.

    Without a week in its row a new visit is of the week that its name tells: 12 of `week 12`.

    Args:
        path: the CSV file; separators and encodings as for a manifest.
        study: whose subjects they are of.

    Returns:
        At most two edits, to be applied one after the other: those that are added, those that are changed.

    Raises:
        UserFacingError: if the file cannot be read as a table.
        TableError: if cells do not make sense, or a visit is there twice. All of it is said at once.
    """
    what = "table of visits"
    table, faults = read_table(path, ("subject", "visit"), what), Faults(path, what)
    reading, places = _Reading(study, table, faults), Places(study, faults)
    known = {(visit.subject, folded(visit.name)): visit for visit in study.visits.values()}
    for line, row in reading.rows(_VisitRow):
        subject = places.subject(line)
        if subject is None or reading.is_twice(line, f"{subject}\n{folded(row.visit)}"):
            continue
        visit = known.get((subject, folded(row.visit)))
        if visit is None:
            week = week_of(row.visit) if row.week is None else row.week
            reading.add(line, add_visit, Visit(0, subject, row.visit, week, row.date))
        else:
            week = visit.week if row.week is None else row.week
            reading.change(line, change_visit, replace(visit, week=week, date=row.date or visit.date))
    return reading.patches("visits")


class _Reading:
    """The edits that the rows of a table make, tried one after the other on a study that stays as it is."""

    def __init__(self, study: Study, table: Table, faults: Faults) -> None:
        self._study = study
        self._table = table
        self._faults = faults
        self._first_lines: dict[str, int] = {}
        self._added: list[Change] = []
        self._changed: list[Change] = []
        self._by_subject: dict[str, Study] = {}
        self._last_visit = max(study.visits, default=0)
        faults.add_surplus(table)

    def rows(self, model: type[_Row]) -> Iterator[tuple[Line, _Row]]:
        """The rows whose cells make sense; faults of others, and of the header, are noted."""
        for name in self._table.columns:
            if name not in model.model_fields and name not in _COUNTS:
                known = ", ".join(model.model_fields)
                self._faults.add(
                    Line(self._table.header_line, {}), name, f"is not a column of this table, which has {known}"
                )
        for line in self._table.lines:
            cells = {name: without_guard(cell) for name, cell in line.cells.items() if name in model.model_fields}
            try:
                row = model.model_validate(cells, context={"decimal_comma": self._table.separator != ","})
            except ValidationError as error:
                for fault in error.errors():
                    said = str(fault.get("ctx", {}).get("error", fault["msg"]))
                    self._faults.add(line, str(fault["loc"][0]), said)
                continue
            yield line, row

    def is_twice(self, line: Line, key: str) -> bool:
        """Whether a row is about what an earlier one was about; that is noted."""
        earlier = self._first_lines.setdefault(key, line.number)
        if earlier != line.number:
            self._faults.add(line, "", f"the same one is already in line {earlier}")
        return earlier != line.number

    def add(self, line: Line, edit: Callable[[Study, _Value], Patch], value: _Value) -> None:
        """Try to add a subject or a visit."""
        self._added += self._tried(line, edit, value)

    def change(self, line: Line, edit: Callable[[Study, _Value], Patch], value: _Value) -> None:
        """Try to change one."""
        self._changed += self._tried(line, edit, value)

    def _tried(self, line: Line, edit: Callable[[Study, _Value], Patch], value: _Value) -> tuple[Change, ...]:
        part = self._part_of(value)
        try:
            patch = edit(part, value)
        except NothingToDo:
            return ()
        except EditRefused as error:
            self._faults.add(line, "", error.what)
            return ()
        patch = replace(patch, changes=tuple(map(self._numbered, patch.changes)))
        part = apply(part, patch)
        if isinstance(value, Visit):
            self._by_subject[value.subject] = part
        else:
            self._study = part
        return patch.changes

    def _part_of(self, value: Subject | Visit) -> Study:
        """What an edit has to look at: of thousands of visits those of the one subject."""
        if isinstance(value, Subject):
            return self._study
        if not self._by_subject:
            visits: dict[str, dict[int, Visit]] = {code: {} for code in self._study.subjects}
            for visit in self._study.visits.values():
                visits[visit.subject][visit.id] = visit
            self._by_subject = {
                code: replace(self._study, visits=MappingProxyType(own)) for code, own in visits.items()
            }
        return self._by_subject[value.subject]

    def _numbered(self, change: Change) -> Change:
        """A change with the number that a new visit has among those of all subjects."""
        if change.before is not None or not isinstance(change.after, Visit):
            return change
        self._last_visit += 1
        return replace(change, id=self._last_visit, after=replace(change.after, id=self._last_visit))

    def patches(self, what: str) -> tuple[Patch, ...]:
        """The edits, none of them empty.

        Raises:
            TableError: if there was any fault.
        """
        self._faults.refuse()
        named = ((f"add {what}", self._added), (f"change {what}", self._changed))
        return tuple(Patch(name, None, tuple(changes)) for name, changes in named if changes)
