"""Whose row it is: the subject, and the visit by its name or its week."""

import math

from workstation.formulas import without_guard
from workstation.manifest.table import Line
from workstation.model.study import Study, Visit
from workstation.recording.faults import Faults
from workstation.weeks import week_of


class Places:
    """Finds the subjects and visits of a study as tables spell them.

    Args:
        study: the study.
        faults: told of what is not to be found.
    """

    def __init__(self, study: Study, faults: Faults) -> None:
        self._study = study
        self._faults = faults
        self._codes = {folded(code): code for code in study.subjects}
        self._visits: dict[str, list[Visit]] = {}
        for visit in study.visits.values():
            self._visits.setdefault(visit.subject, []).append(visit)

    def subject(self, line: Line) -> str | None:
        """The code of the subject in a row's column `subject`; None, a fault being noted, where there is none."""
        cell = without_guard(line.cells["subject"])
        if not cell:
            self._faults.add(line, "subject", "is empty")
            return None
        code = cell if cell in self._study.subjects else self._codes.get(folded(cell))
        if code is None:
            self._faults.add(line, "subject", "is not in the study")
        return code

    def visit(self, line: Line) -> Visit | None:
        """The visit in a row's columns `subject` and `visit`; None, a fault being noted, where there is none.

        It is known by its name, else by its week: `week 12`, `W12` or `12`.
        """
        code = self.subject(line)
        cell = without_guard(line.cells["visit"])
        if not cell:
            self._faults.add(line, "visit", "is empty")
        if code is None or not cell:
            return None
        visits = self._visits.get(code, [])
        named = [v for v in visits if v.name == cell] or [v for v in visits if folded(v.name) == folded(cell)]
        if not named and (week := _week(cell)) is not None:
            named = [v for v in visits if v.week == week]
        if len(named) == 1:
            return named[0]
        if named:
            self._faults.add(line, "visit", f"may be any of {', '.join(repr(v.name) for v in named)} of {code!r}")
        else:
            known = f"has {', '.join(repr(v.name) for v in visits)}" if visits else "has none yet"
            self._faults.add(line, "visit", f"is no visit of subject {code!r}, who {known}")
        return None


def folded(text: str) -> str:
    """A text as it is compared where capitals and blanks make no difference."""
    return " ".join(text.casefold().split())


def _week(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return week_of(cell)
    return number if math.isfinite(number) else None
