"""The overview as Qt sees it: a row for each subject, a column for each week."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from ui.overview.choices import ALL, Choice, chosen_rows
from ui.overview.wording import count_text, sentences, subject_line, timing_text
from ui.plain_text import plain_tip
from workstation.trial.overview import Cell, Column, Overview, Row

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
CELL = ROLE.UserRole
"""The `Cell`."""
FITS = ROLE.UserRole + 1
"""Whether the visit is of the kind that is looked for."""


class OverviewModel(QAbstractTableModel):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self._overview = Overview((), ())
        self._rows: list[Row] = []
        self._text = ""
        self._choice = ALL

    @property
    def overview(self) -> Overview:
        """All there is."""
        return self._overview

    @property
    def rows(self) -> Sequence[Row]:
        """The rows that are shown."""
        return self._rows

    @property
    def columns(self) -> Sequence[Column]:
        """The columns."""
        return self._overview.columns

    def show_overview(self, overview: Overview) -> None:
        """Show another state of the study; where rows and columns stay, what is selected does too."""
        if overview is self._overview:
            return
        rows = chosen_rows(overview.rows, self._text, self._choice)
        same = overview.columns == self._overview.columns and _codes(rows) == _codes(self._rows)
        if not same:
            self.beginResetModel()
        self._overview, self._rows = overview, rows
        if not same:
            self.endResetModel()
        elif rows and overview.columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(overview.columns) - 1))
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(rows) - 1)

    def set_filter(self, text: str, choice: Choice) -> None:
        """Show subjects that say these words and have a visit of this kind."""
        self.beginResetModel()
        self._text, self._choice = text, choice
        self._rows = chosen_rows(self._overview.rows, text, choice)
        self.endResetModel()

    def cell(self, index: Index) -> Cell:
        """What is shown at a place."""
        return self._rows[index.row()].cells[index.column()]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """One row a subject."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One column a week."""
        return 0 if parent.isValid() else len(self._overview.columns)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """A visit: the value itself for whoever paints it, words for whoever reads it."""
        row, column = self._rows[index.row()], self._overview.columns[index.column()]
        cell = row.cells[index.column()]
        match role:
            case ROLE.DisplayRole:
                return " ".join(filter(None, (timing_text(cell), count_text(cell))))
            case ROLE.ToolTipRole:
                return plain_tip("\n".join(sentences(row.subject, column, cell)))
            case ROLE.AccessibleTextRole:
                return ". ".join(sentences(row.subject, column, cell))
        if role == CELL:
            return cell
        return self._choice.fits(cell) if role == FITS else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> object:
        """Weeks above, subjects at the left."""
        if orientation is Qt.Orientation.Horizontal:
            return self._of_column(self._overview.columns[section], role)
        subject = self._rows[section].subject
        if role == ROLE.DisplayRole:
            return subject.id
        if role in (ROLE.ToolTipRole, ROLE.AccessibleTextRole):
            told = "\n".join(filter(None, (subject.id, subject_line(subject), "Double-click to change")))
            return plain_tip(told) if role == ROLE.ToolTipRole else told
        return None

    def _of_column(self, column: Column, role: int) -> object:
        if role == ROLE.DisplayRole:
            return column.title if column.plan is not None or column.week is None else f"{column.title} (not planned)"
        if role == ROLE.ToolTipRole:
            if column.plan is None:
                return "Not among the planned weeks"
            if column.week == 0:
                return "The visit that all others are compared with"
            early, late = column.plan.early_days, column.plan.late_days
            return f"Planned; on time from {early} days before to {late} days after its day"
        return None


def _codes(rows: Sequence[Row]) -> list[str]:
    return [row.subject.id for row in rows]
