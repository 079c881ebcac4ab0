"""The two tables of the statistics: results of a week, and the values of single subjects behind one of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from ui.plain_text import plain_tip
from ui.trial.result_rows import Column
from workstation.trial import wording
from workstation.trial.results import ValueTable, VisitResult
from workstation.trial.schedule import BASELINE

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
PRIMARY_MARK = "★"


class ResultsModel(QAbstractTableModel):
    """A row for each outcome (and arm) at a week."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._rows: tuple[VisitResult, ...] = ()

    @property
    def rows(self) -> tuple[VisitResult, ...]:
        """What is shown."""
        return self._rows

    def show_rows(self, columns: tuple[Column, ...], rows: tuple[VisitResult, ...]) -> None:
        """Show other results."""
        self.beginResetModel()
        self._columns, self._rows = columns, rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Results."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """A cell."""
        column, result = self._columns[index.column()], self._rows[index.row()]
        first = index.column() == 0
        match role:
            case ROLE.DisplayRole:
                text = column.text(result)
                return f"{PRIMARY_MARK} {text}" if first and result.is_primary else text
            case ROLE.TextAlignmentRole:
                return RIGHT if column.is_number else LEFT
            case ROLE.ToolTipRole:
                return plain_tip(self._tip(column, result, first) or "") or None
            case ROLE.AccessibleTextRole:
                text = column.text(result)
                return f"{column.title}: {text}" + (", primary" if first and result.is_primary else "")
            case ROLE.FontRole if result.is_primary:
                font = QFont()
                font.setBold(True)
                return font
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> object:
        """Titles."""
        if orientation is Qt.Orientation.Vertical or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        match role:
            case ROLE.DisplayRole:
                return column.title
            case ROLE.ToolTipRole:
                return column.tip
            case ROLE.TextAlignmentRole:
                return RIGHT if column.is_number else LEFT
        return None

    @staticmethod
    def _tip(column: Column, result: VisitResult, first: bool) -> str | None:
        if first:
            return result.outcome.description
        if column.text(result) == wording.NO_VALUE:
            return "\n".join(dict.fromkeys(column.reasons(result))) or None
        return None


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """One subject's values of an outcome."""

    subject: str
    before: float
    after: float
    read_ids: tuple[int, ...]
    """What both values come from, the baseline's first."""


def subject_rows(table: ValueTable, subjects: Sequence[str], week: float) -> tuple[SubjectRow, ...]:
    """The values of some subjects at the baseline and a week, in the order of the table; those without any left out."""
    wanted, before, after = set(subjects), table.at(BASELINE), table.at(week)
    return tuple(
        SubjectRow(
            subject,
            float(before[i]),
            float(after[i]),
            (*table.read_ids.get((subject, BASELINE), ()), *table.read_ids.get((subject, week), ())),
        )
        for i, subject in enumerate(table.subjects)
        if subject in wanted and not (math.isnan(before[i]) and math.isnan(after[i]))
    )


class SubjectsModel(QAbstractTableModel):
    """A row for each subject: baseline, visit, change, and the reads that they come from."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[SubjectRow, ...] = ()
        self._digits = 1
        self._visit = "Visit"

    @property
    def rows(self) -> tuple[SubjectRow, ...]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: tuple[SubjectRow, ...], digits: int, visit: str) -> None:
        """Show other values."""
        self.beginResetModel()
        self._rows, self._digits, self._visit = rows, digits, visit
        self.endResetModel()

    def row_of(self, subject: str) -> int | None:
        """Where a subject stands."""
        return next((i for i, row in enumerate(self._rows) if row.subject == subject), None)

    def rowCount(self, parent: Index | None = None) -> int:
        """Subjects."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns."""
        return 0 if parent is not None and parent.isValid() else 5

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """A cell."""
        row, column = self._rows[index.row()], index.column()
        match role:
            case ROLE.DisplayRole:
                return self._texts(row)[column]
            case ROLE.TextAlignmentRole:
                return RIGHT if 1 <= column <= 3 else LEFT
            case ROLE.ToolTipRole:
                return "Double-click or Enter shows the images" if row.read_ids else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> object:
        """Titles."""
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == ROLE.DisplayRole:
            return ("Subject", "Baseline", self._visit, "Change", "Reads")[section]
        if role == ROLE.TextAlignmentRole:
            return RIGHT if 1 <= section <= 3 else LEFT
        return None

    def _texts(self, row: SubjectRow) -> tuple[str, ...]:
        return (
            row.subject,
            wording.number(row.before, self._digits),
            wording.number(row.after, self._digits),
            wording.signed(row.after - row.before, self._digits),
            ", ".join(map(str, row.read_ids)) or wording.NO_VALUE,
        )
