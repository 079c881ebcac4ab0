"""Answers to questionnaires from a CSV table, wide or long.

Wide: `subject`, `visit`, `questionnaire` and a column for each item, a row for each filled-in questionnaire. Long:
`subject`, `visit`, `questionnaire`, `item`, `value`, a row for each answer. Where the study has one questionnaire, its
column may be left out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workstation.counting import counted
from workstation.edits.questionnaires import GivenAnswers
from workstation.errors import UserFacingError
from workstation.formulas import without_guard
from workstation.manifest.table import Line, Table, read_table
from workstation.model.patch import Change, Patch
from workstation.model.study import Study, Visit
from workstation.model.trial import Item, Questionnaire, Response
from workstation.model.trial_validity import TABLE_COLUMNS, column_name
from workstation.recording.faults import Faults
from workstation.recording.places import Places

WHAT = "table of answers"
_MISSING = frozenset({"nan", "na", "n/a", "null", "none", "-", "–", "."})
"""What programs and people write where there is no answer. It might also be a slip: it is not passed over."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{0,9})?")
"""As people and programs write one; Python would take 1_0 for ten, too."""
_NOWHERE = Visit(0, "", "")


@dataclass(frozen=True, slots=True)
class AnswersFound:
    """A table of answers without faults."""

    given: tuple[GivenAnswers, ...]
    """One for each filled-in questionnaire, for `edits.enter_answers`."""
    warnings: tuple[str, ...]
    """What may not have been meant."""


@dataclass(slots=True)
class _Filled:
    """A filled-in questionnaire as it comes together."""

    visit: Visit
    questionnaire: Questionnaire
    first_line: int
    answers: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    """Where each item was answered."""


def read_answers(path: Path, study: Study) -> AnswersFound:
    """Read what subjects answered.

    Args:
        path: the CSV file; separators and encodings as for a manifest.
        study: whose subjects, visits and questionnaires they are.

    Raises:
        UserFacingError: if the file cannot be read as a table, or the study has no questionnaire.
        TableError: if cells do not make sense: unknown subjects, visits, questionnaires or items, answers that are not
            on the scale, the same answer twice. All of it is said at once.
    """
    if not study.questionnaires:
        raise UserFacingError(
            "the study has no questionnaire, so there is nothing that was answered",
            file=path,
            remedy="Add the questionnaire first.",
        )
    table = read_table(path, ("subject", "visit"), WHAT)
    faults = Faults(path, WHAT)
    faults.add_surplus(table)
    if {"item", "value"} <= set(table.columns):
        filled = _Reading(study, table, faults).long()
    else:
        filled = _Reading(study, table, faults).wide()
    faults.refuse()
    if not table.lines:
        raise UserFacingError("the table has no answers", file=path, remedy="Add a line for each filled-in form.")
    empty = [f"line {one.first_line} answers nothing and was passed over" for one in filled if not one.answers]
    given = (GivenAnswers(one.visit.id, one.questionnaire.id, one.answers) for one in filled if one.answers)
    return AnswersFound(tuple(given), (*table.warnings, *empty))


class _Reading:
    def __init__(self, study: Study, table: Table, faults: Faults) -> None:
        self._study = study
        self._table = table
        self._faults = faults
        self._places = Places(study, faults)
        self._codes = {code.casefold(): one for code, one in study.questionnaires.items()}
        self._filled: dict[tuple[int, str], _Filled] = {}
        self._items = {
            code: {column_name(item.id): item for item in one.items} for code, one in study.questionnaires.items()
        }
        self._words = {code: _words(one.scale) for code, one in study.questionnaires.items()}

    def long(self) -> list[_Filled]:
        """One row an answer."""
        if strange := [name for name in self._table.columns if name not in TABLE_COLUMNS]:
            self._fault_of_header(strange, "is not a column of a long table of answers")
        for line in self._table.lines:
            found = self._of_line(line)
            name = without_guard(line.cells["item"])
            if found is None:
                continue
            item = self._items[found.questionnaire.id].get(column_name(name))
            if item is None:
                self._faults.add(line, "item", _no_item(name, found.questionnaire))
            else:
                self._answer(line, "value", item, found)
        return list(self._filled.values())

    def wide(self) -> list[_Filled]:
        """One row a filled-in questionnaire."""
        items = [name for name in self._table.columns if name not in TABLE_COLUMNS]
        asked = {name for own in self._items.values() for name in own}
        if strange := [name for name in items if name not in asked]:
            self._fault_of_header(strange, "is no item of a questionnaire of the study")
        if not items and self._table.lines:
            said = "the table has neither a column for each item nor the columns item and value"
            self._faults.add(self._table.lines[0], "", said)
        for line in self._table.lines:
            found = self._of_line(line, once=True)
            if found is None:
                continue
            own = self._items[found.questionnaire.id]
            for name in items:
                if name in own:
                    self._answer(line, name, own[name], found)
                elif line.cells[name] and name in asked:
                    self._faults.add(line, name, f"answers no item of {found.questionnaire.id!r}")
        return list(self._filled.values())

    def _fault_of_header(self, names: list[str], said: str) -> None:
        for name in names:
            self._faults.add(Line(self._table.header_line, {}), name, said)

    def _of_line(self, line: Line, *, once: bool = False) -> _Filled | None:
        """The filled-in questionnaire that a row is about; of a faulty row one that is looked at and not kept."""
        visit, questionnaire = self._places.visit(line), self._questionnaire(line)
        if questionnaire is None:
            return None
        if visit is None:
            return _Filled(_NOWHERE, questionnaire, line.number)
        place = visit.id, questionnaire.id
        known = self._filled.get(place)
        if known is not None and once:
            said = f"{questionnaire.id!r} at {visit.name!r} of {visit.subject!r} is already in line {known.first_line}"
            self._faults.add(line, "", said)
            return _Filled(visit, questionnaire, line.number)
        return self._filled.setdefault(place, _Filled(visit, questionnaire, line.number))

    def _questionnaire(self, line: Line) -> Questionnaire | None:
        known = self._study.questionnaires
        if "questionnaire" not in line.cells:
            if len(known) == 1:
                return next(iter(known.values()))
            self._faults.add(line, "", f"the column questionnaire is missing, and the study has {', '.join(known)}")
            return None
        cell = without_guard(line.cells["questionnaire"])
        found = known.get(cell) or self._codes.get(cell.casefold())
        if found is None:
            said = f"is not in the study, which has {', '.join(known)}" if cell else "is empty"
            self._faults.add(line, "questionnaire", said)
        return found

    def _answer(self, line: Line, column: str, item: Item, found: _Filled) -> None:
        cell = without_guard(line.cells[column])
        if not cell:
            return
        if item.id in found.answers:
            self._faults.add(line, column, f"answers {item.id!r} again, after line {found.lines[item.id]}")
            return
        word = self._words[found.questionnaire.id].get(cell.casefold())
        value = _on_scale(cell, found.questionnaire) if word is None else word
        if isinstance(value, str):
            self._faults.add(line, column, value)
            return
        found.answers[item.id] = value
        found.lines[item.id] = line.number


def _no_item(name: str, questionnaire: Questionnaire) -> str:
    if not name:
        return "is empty"
    shown = [item.id for item in questionnaire.items]
    return f"is no item of {questionnaire.id!r}, which has {', '.join(shown[:12])}{', …' if len(shown) > 12 else ''}"


def _on_scale(cell: str, questionnaire: Questionnaire) -> int | str:
    """The answer as its number; or what is wrong with it."""
    scale = questionnaire.scale
    if cell.casefold() in _MISSING:
        return "is no answer: leave the cell empty where none was given"
    number = float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None
    for value, _ in scale:
        if value == number:
            return value
    return f"is not on the scale of {questionnaire.id!r}, which goes from {scale[0][0]} to {scale[-1][0]}"


def _words(scale: tuple[tuple[int, str], ...]) -> Mapping[str, int]:
    """The answers by their words; words that stand for two answers, or look like a number, are left out."""
    words = [label.casefold() for _, label in scale]
    return {
        word: value
        for (value, _), word in zip(scale, words, strict=True)
        if words.count(word) == 1 and any(letter.isalpha() for letter in word)
    }


def lost_answers(patch: Patch) -> tuple[str, ...]:
    """What is to be said where entering answers takes others out: a form is replaced as a whole. At most a sentence."""
    n = sum(_loses_answers(change) for change in patch.changes)
    said = "a form is replaced as a whole; answers that the table lacks were taken out of "
    return (said + counted(n, "form"),) if n else ()


def _loses_answers(change: Change) -> bool:
    if not isinstance(change.before, Response):
        return False
    after = change.after.answers if isinstance(change.after, Response) else {}
    return not change.before.answers.keys() <= after.keys()
