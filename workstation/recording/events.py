"""Adverse events from a CSV table: `subject`, `term`, `severity`, `relation`, and if present `serious`, `start`, `end`
and `comment`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from workstation.edits.drafting import MAX_LINE
from workstation.errors import UserFacingError
from workstation.formulas import without_guard
from workstation.manifest.table import Line, read_table
from workstation.model.study import Study
from workstation.model.trial import AdverseEvent, Relation, Severity
from workstation.model.trial_validity import is_day
from workstation.recording.faults import Faults
from workstation.recording.places import Places

WHAT = "table of adverse events"
REQUIRED = ("subject", "term", "severity", "relation")
OTHERS = ("serious", "start", "end", "comment")
_YES_NO = {
    "yes": True, "y": True, "true": True, "1": True, "x": True,
    "no": False, "n": False, "false": False, "0": False, "": False,
}  # fmt: skip
_Judgement = TypeVar("_Judgement", Severity, Relation)


@dataclass(frozen=True, slots=True)
class EventsFound:
    """A table of adverse events without faults."""

    events: tuple[AdverseEvent, ...]
    """Those that the study does not have yet, for `edits.add_events`; their ids mean nothing."""
    n_known: int
    """How many more it lists that are in the study, all the same in every column."""
    warnings: tuple[str, ...]


def read_events(path: Path, study: Study) -> EventsFound:
    """Read adverse events.

    Args:
        path: the CSV file; separators and encodings as for a manifest.
        study: whose subjects they are of.

    Raises:
        UserFacingError: if the file cannot be read as a table.
        TableError: if cells do not make sense: unknown subjects, severities or relations, dates that are none, an event
            that is there twice or is in the study with other values. All of it is said at once.
    """
    table = read_table(path, REQUIRED, WHAT)
    faults = Faults(path, WHAT)
    faults.add_surplus(table)
    for name in table.columns:
        if name not in (*REQUIRED, *OTHERS):
            faults.add(
                Line(table.header_line, {}),
                name,
                f"is not a column of this table, which has {', '.join((*REQUIRED, *OTHERS))}",
            )
    places = Places(study, faults)
    listed = [(line, event) for line in table.lines if (event := _event(line, places, faults)) is not None]
    new, n_known = _new(listed, study, faults)
    faults.refuse()
    if not table.lines:
        raise UserFacingError("the table has no adverse events", file=path, remedy="Add a line for each.")
    return EventsFound(tuple(new), n_known, table.warnings)


def _event(line: Line, places: Places, faults: Faults) -> AdverseEvent | None:
    """The event of a row; None, faults being noted, where it makes none."""
    cells = {name: without_guard(line.cells.get(name, "")) for name in (*REQUIRED, *OTHERS)}
    subject = places.subject(line)
    severity, relation = _judged(line, "severity", Severity, faults), _judged(line, "relation", Relation, faults)
    serious = _YES_NO.get(cells["serious"].casefold())
    if serious is None:
        faults.add(line, "serious", "is neither yes nor no")
    good_texts = _has_good_texts(line, cells, faults)
    good_days = _has_good_days(line, cells, faults)
    if subject is None or severity is None or relation is None or serious is None or not (good_texts and good_days):
        return None
    comment = cells["comment"].replace("\r\n", "\n").replace("\r", "\n")
    return AdverseEvent(0, subject, cells["term"], severity, relation, serious, cells["start"], cells["end"], comment)


def _judged(line: Line, column: str, judgement: type[_Judgement], faults: Faults) -> _Judgement | None:
    cell = " ".join(line.cells[column].casefold().replace("_", " ").split())
    found = next((one for one in judgement if one.value == cell), None)
    if found is None:
        known = _one_of(judgement)
        faults.add(line, column, f"is none of {known}" if cell else f"is empty: it must be one of {known}")
    return found


def _one_of(judgement: type[StrEnum]) -> str:
    return ", ".join(one.value for one in judgement)


def _has_good_texts(line: Line, cells: Mapping[str, str], faults: Faults) -> bool:
    if not cells["term"]:
        faults.add(line, "term", "is empty")
    elif len(cells["term"]) > MAX_LINE:
        faults.add(line, "term", f"is longer than {MAX_LINE} characters")
    elif not cells["term"].isprintable():
        faults.add(line, "term", "holds a line break or another character that cannot be printed")
    else:
        return True
    return False


def _has_good_days(line: Line, cells: Mapping[str, str], faults: Faults) -> bool:
    wrong = [column for column in ("start", "end") if not is_day(cells[column])]
    for column in wrong:
        faults.add(line, column, "is not a date: write it as year-month-day, 2026-03-31")
    if not wrong and cells["start"] and cells["end"] and cells["end"] < cells["start"]:
        faults.add(line, "end", f"is before the start, {cells['start']}")
        return False
    return not wrong


def _new(listed: list[tuple[Line, AdverseEvent]], study: Study, faults: Faults) -> tuple[list[AdverseEvent], int]:
    """The events that are not in the study yet, and the number of those that are."""
    known = {replace(event, id=0) for event in study.events.values()}
    dated = {_occurrence(event) for event in known if event.start_date}
    seen: dict[AdverseEvent, int] = {}
    new: list[AdverseEvent] = []
    n_known = 0
    for line, event in listed:
        if (earlier := seen.setdefault(event, line.number)) != line.number:
            faults.add(line, "", f"the same event is already in line {earlier}")
        elif event in known:
            n_known += 1
        elif _occurrence(event) in dated:
            said = f"of {event.subject!r} from {event.start_date} is in the study with other values: correct it there"
            faults.add(line, "term", said)
        else:
            new.append(event)
    return new, n_known


def _occurrence(event: AdverseEvent) -> tuple[str, str, str]:
    return event.subject, event.term.casefold(), event.start_date
