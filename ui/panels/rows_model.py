"""A Qt model over columns: sorted and filtered by numpy, told of changes row by row where it can be."""

from collections.abc import Callable, Collection

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QItemSelectionRange, QModelIndex, QObject, QPersistentModelIndex, Qt

from analysis.detection import BoolArray, IntArray
from ui.panels.columns import ID, ColumnSpec, Values, sorted_rows
from ui.panels.figures import DASH
from ui.plain_text import plain_tip

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def everything(values: Values) -> BoolArray:
    """A filter that keeps all rows."""
    return np.ones(len(values[ID]), dtype=np.bool_)


class RowsModel(QAbstractTableModel):
    """See the module. `modelReset` is sent where the order of the rows changes, else `dataChanged`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._specs: tuple[ColumnSpec, ...] = ()
        self._values: Values = {ID: np.empty(0, dtype=np.int64)}
        self._order: IntArray = np.empty(0, dtype=np.int64)
        self._chosen: Callable[[Values], BoolArray] = everything
        self._sorted_by = ID
        self._descending = False

    @property
    def ids(self) -> IntArray:
        """The ids of the rows as they are shown, (R,)."""
        found: IntArray = self._values[ID][self._order]
        return found

    @property
    def n_all(self) -> int:
        """How many rows there are with those that are filtered out."""
        return len(self._values[ID])

    def show_values(
        self, specs: tuple[ColumnSpec, ...], values: Values, changed: Collection[int] | None = None
    ) -> None:
        """Show other values.

        Args:
            specs: the columns.
            values: what stands in them.
            changed: the ids of the rows that differ; any may if None.
        """
        titles = [spec.title for spec in specs]
        if titles != [spec.title for spec in self._specs]:
            self.beginResetModel()
            self._specs, self._values = specs, values
            self._order = self._ordered()
            self.endResetModel()
            return
        self._take(values, changed)

    def set_filter(self, chosen: Callable[[Values], BoolArray]) -> None:
        """Show the rows that `chosen` gives for the columns, (N,)."""
        self._chosen = chosen
        self._take(self._values, ())

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        if 0 <= column < len(self._specs):
            self._sorted_by = self._specs[column].sort_key or self._specs[column].name
            self._descending = order is Qt.SortOrder.DescendingOrder
            self._take(self._values, ())

    def rows_of(self, ids: Collection[int]) -> IntArray:
        """The rows, rising, in which ids are shown."""
        wanted = np.fromiter(ids, dtype=np.int64, count=len(ids))
        return np.flatnonzero(np.isin(self.ids, wanted))

    def rows_between(self, first: int, last: int) -> QItemSelectionRange:
        """Whole rows from the first to the last, for selecting."""
        return QItemSelectionRange(self.createIndex(first, 0), self.createIndex(last, len(self._specs) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """Rows that are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._order)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns."""
        return 0 if parent is not None and parent.isValid() else len(self._specs)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """A cell."""
        spec = self._specs[index.column()]
        if role == ROLE.TextAlignmentRole:
            return RIGHT if spec.is_number else LEFT
        if role not in (ROLE.DisplayRole, ROLE.DecorationRole, ROLE.ToolTipRole):
            return None
        value = self._values[spec.name][self._order[index.row()]]
        if role == ROLE.DecorationRole:
            return None if spec.icon is None else spec.icon(value)
        text = spec.text(value)
        if role == ROLE.ToolTipRole:
            return plain_tip(text) if not spec.is_number and text not in ("", DASH) else None
        return text

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> object:
        """Titles."""
        if orientation is Qt.Orientation.Vertical or not 0 <= section < len(self._specs):
            return None
        spec = self._specs[section]
        match role:
            case ROLE.DisplayRole:
                return spec.title
            case ROLE.ToolTipRole:
                return spec.tip or None
            case ROLE.TextAlignmentRole:
                return RIGHT if spec.is_number else LEFT
        return None

    def _take(self, values: Values, changed: Collection[int] | None) -> None:
        before, self._values = self.ids, values
        order = self._ordered()
        if np.array_equal(before, values[ID][order]):
            self._order = order
            rows = np.arange(len(order)) if changed is None else self.rows_of(changed)
            if len(rows):
                last = len(self._specs) - 1
                self.dataChanged.emit(self.index(int(rows[0]), 0), self.index(int(rows[-1]), last))
            return
        self.beginResetModel()
        self._order = order
        self.endResetModel()

    def _ordered(self) -> IntArray:
        return sorted_rows(self._values[self._sorted_by], self._chosen(self._values), descending=self._descending)
