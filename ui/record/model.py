"""The rows of the record as a table: a cell is worked out when it is looked at, so that 100,000 rows open at once."""

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui import theme
from ui.plain_text import plain_tip
from workstation.record.csv_file import changes_text
from workstation.record.rows import Record, RecordRow, about

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
TITLES = ("When (UTC)", "Who", "What", "Of", "Image", "From → to", "Why", "Row")
WIDTHS_PX = (165, 70, 140, 100, 110, 230, 130)
WHEN, WHO, WHAT, OF, IMAGE, CHANGED, WHY, ROW = range(len(TITLES))
REMEMBERED = 2000
"""So many rows' differences are kept: more than a screen shows."""
SHOWN_DIFFERENCES = 4
AFTER = "after submission"


class RecordModel(QAbstractTableModel):
    """See the module.

    Args:
        parent: the Qt parent.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._record: Record | None = None
        self._places: Sequence[int] = ()
        self._changes: OrderedDict[int, str] = OrderedDict()

    def show_rows(self, record: Record | None, places: Sequence[int]) -> None:
        """Show other rows.

        Args:
            record: the record.
            places: which of its rows, in the order in which they are shown.
        """
        self.beginResetModel()
        if record is not self._record:
            self._changes.clear()
        self._record, self._places = record, places
        self.endResetModel()

    def found(self, row: int) -> RecordRow | None:
        """What a line shows; None where there is no such line."""
        if self._record is None or not 0 <= row < len(self._places):
            return None
        return self._record.rows[self._places[row]]

    def line_of(self, place: int) -> int | None:
        """The line that shows a row of the record; None where none does."""
        try:
            return self._places.index(place)
        except ValueError:
            return None

    def place(self, row: int) -> int | None:
        """Which row of the record a line shows."""
        return self._places[row] if 0 <= row < len(self._places) else None

    def rowCount(self, parent: Index | None = None) -> int:
        """Rows."""
        return 0 if parent is not None and parent.isValid() else len(self._places)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns."""
        return 0 if parent is not None and parent.isValid() else len(TITLES)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """A cell."""
        found = self.found(index.row())
        if found is None:
            return None
        match role:
            case ROLE.DisplayRole:
                return self._text(found, index)
            case ROLE.ToolTipRole:
                return plain_tip(self._text(found, index))
            case ROLE.AccessibleTextRole:
                return f"{TITLES[index.column()]}: {self._text(found, index)}"
            case ROLE.ForegroundRole if index.column() == WHY and found.after_submission:
                return theme.current().colour("warn")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> object:
        """Titles."""
        if orientation is Qt.Orientation.Vertical or not 0 <= section < len(TITLES):
            return None
        return TITLES[section] if role == ROLE.DisplayRole else None

    def _text(self, found: RecordRow, index: Index) -> str:
        row = found.row
        match index.column():
            case 0:
                return row.utc.replace("T", " ").removesuffix("Z")[:19]
            case 1:
                return row.user
            case 2:
                return found.what
            case 3:
                return about(found)
            case 4:
                return found.image
            case 5:
                return self._changed(self._places[index.row()], found)
            case 6:
                marks = [row.reason, AFTER] if found.after_submission else [row.reason]
                return " · ".join(mark for mark in marks if mark)
        return found.place

    def _changed(self, place: int, found: RecordRow) -> str:
        if place not in self._changes and self._record is not None:
            self._changes[place] = changes_text(self._record, found, SHOWN_DIFFERENCES)
            if len(self._changes) > REMEMBERED:
                self._changes.popitem(last=False)
        return self._changes[place]
