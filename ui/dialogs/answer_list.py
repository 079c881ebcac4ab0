"""Who has answered a questionnaire: every visit of every subject, with how many answers there are."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from ui.icons import icon
from ui.plain_text import plain_tip
from ui.theme import GRID_PX
from workstation.model.study import Study, Visit
from workstation.model.trial import Questionnaire
from workstation.trial.overview import as_counted

WIDTH_PX = 32 * GRID_PX
ROW_PX = 3 * GRID_PX


@dataclass(frozen=True, slots=True)
class Place:
    """One visit in the list."""

    visit: Visit
    n_answered: int
    n_items: int

    @property
    def text(self) -> str:
        """`S01, week 12   7 of 10`."""
        many = f"{self.n_answered} of {self.n_items}" if self.n_answered else "–"
        return f"{self.visit.subject}, {self.visit.name}   {many}"


def places(study: Study, questionnaire: Questionnaire | None) -> list[Place]:
    """All visits by subject and time."""
    items = () if questionnaire is None else questionnaire.items
    n_answered = {
        response.visit_id: len(response.answers)
        for response in study.responses.values()
        if questionnaire is not None and response.questionnaire_id == questionnaire.id
    }
    visits = sorted(
        study.visits.values(),
        key=lambda v: (as_counted(v.subject), math.inf if v.week is None else v.week, v.date, v.id),
    )
    return [Place(visit, n_answered.get(visit.id, 0), len(items)) for visit in visits]


class AnswerList(QListWidget):
    """See the module."""

    chosen = Signal()
    """Another visit is the current one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("answers.list")
        self.setAccessibleName("Visits")
        self.setFixedWidth(WIDTH_PX)
        self.setAlternatingRowColors(True)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(16, 16))
        self._places: list[Place] = []
        self.currentRowChanged.connect(lambda _row: self.chosen.emit())

    @property
    def visit(self) -> Visit | None:
        """The current visit."""
        row = self.currentRow()
        return self._places[row].visit if 0 <= row < len(self._places) else None

    def show_places(self, found: list[Place]) -> None:
        """Show how far the visits are; the current one stays."""
        before, self._places, current = self._places, found, self.visit
        with QSignalBlocker(self):
            if [p.visit.id for p in before] != [p.visit.id for p in found]:
                self.clear()
                for _ in found:
                    item = QListWidgetItem()
                    item.setSizeHint(QSize(0, ROW_PX))
                    self.addItem(item)
                self.go_to(None if current is None else current.id)
            for row, place in enumerate(found):
                item = self.item(row)
                if item.text() != place.text:
                    item.setText(place.text)
                    item.setToolTip(plain_tip(place.text))
                    item.setIcon(_sign(place))

    def go_to(self, visit_id: int | None, subject: str = "") -> None:
        """Make a visit the current one: this one, else the subject's first, else the first of all."""
        rows = [row for row, place in enumerate(self._places) if place.visit.id == visit_id]
        rows += [row for row, place in enumerate(self._places) if place.visit.subject == subject]
        if self._places:
            self.setCurrentRow(rows[0] if rows else 0)
            self.scrollToItem(self.currentItem())

    def next_subject(self) -> bool:
        """Go to the next subject's visit of the same week; whether there is one."""
        current = self.visit
        if current is None:
            return False
        for row in range(self.currentRow() + 1, len(self._places)):
            visit = self._places[row].visit
            if visit.subject != current.subject and (visit.week, visit.name if visit.week is None else "") == (
                current.week,
                current.name if current.week is None else "",
            ):
                self.setCurrentRow(row)
                return True
        return False


def _sign(place: Place) -> QIcon:
    if not place.n_answered:
        return icon("minus", "disabled")
    return icon("tick", "ok") if place.n_answered == place.n_items else icon("more", "warn")
