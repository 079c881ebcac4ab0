"""A table whose selected rows are the workspace's selection, both ways."""

from collections.abc import Collection

import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from ui.panels.rows_model import RowsModel
from ui.plain_table import copy_rows, make_plain

ROW_PX = 22
ROWS_FITTED = 40
"""Rows that the columns' first widths are taken from."""
PADDING_PX = 18
ICON_PX = 28
ARROW_PX = 8
ROWS_SEEN = 10
MAX_WIDTH_PX = 220

Flag = QItemSelectionModel.SelectionFlag


class RowsView(QTableView):
    """See the module.

    Args:
        model: the rows.
        name: object name.
        title: accessible name.
        parent: the Qt parent.
    """

    ids_chosen = Signal(object)
    """The user selected other rows: a frozenset of ids."""
    opened = Signal()
    """A row was double-clicked, or Enter pressed: what is selected should be brought into view."""

    def __init__(self, model: RowsModel, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_plain(self, name, title, ROW_PX)
        self._model = model
        self._mirroring = False
        self._fitted = False
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.horizontalHeader().setStretchLastSection(True)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.setMinimumHeight(ROW_PX * ROWS_SEEN)
        self.selectionModel().selectionChanged.connect(self._tell)
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        model.modelReset.connect(self._fit_columns)

    def mirror(self, ids: Collection[int]) -> None:
        """Select the rows of these ids without telling, and show the first of them; those filtered out are left."""
        rows = self._model.rows_of(ids)
        if np.array_equal(rows, self.selected_rows()):
            return
        self._mirroring = True
        # To tell of the difference, Qt would compare every old range with every new one: 0.3 s for thousands.
        selected = self.selectionModel()
        selected.blockSignals(True)
        try:
            selected.reset()
            selected.select(self._ranges(rows), Flag.Select)
            if len(rows):
                first = self._model.index(int(rows[0]), 0)
                selected.setCurrentIndex(first, Flag.NoUpdate)
                self.scrollTo(first)
        finally:
            selected.blockSignals(False)
            self._mirroring = False
        self.viewport().update()

    def selected_rows(self) -> np.ndarray:
        """The selected rows, rising, (S,)."""
        spans = [np.arange(r.top(), r.bottom() + 1) for r in self.selectionModel().selection().toList()]
        return np.unique(np.concatenate(spans)) if spans else np.empty(0, dtype=np.int64)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter brings what is selected into view; Ctrl+C copies the selected rows."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put the selected rows on the clipboard as they are shown, with titles and tabs."""
        copy_rows(self._model, self.selected_rows().tolist())

    def _ranges(self, rows: np.ndarray) -> QItemSelection:
        """Rows as few ranges."""
        ranges = QItemSelection()
        for span in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1):
            if len(span):
                ranges.append(self._model.rows_between(int(span[0]), int(span[-1])))
        return ranges

    def _tell(self) -> None:
        if not self._mirroring:
            self.ids_chosen.emit(frozenset(self._model.ids[self.selected_rows()].tolist()))

    def _fit_columns(self) -> None:
        """Give columns the width of their first rows, once there are any; from then on they are the user's."""
        if self._fitted or not self._model.rowCount():
            return
        self._fitted = True
        for column in range(self._model.columnCount()):
            self.setColumnWidth(column, min(self._needed_px(column), MAX_WIDTH_PX))

    def _needed_px(self, column: int) -> int:
        """Wide enough for a column's title with the sorting arrow, and for its first rows."""
        metrics, model = self.fontMetrics(), self._model
        title = str(model.headerData(column, Qt.Orientation.Horizontal))
        cells = [model.index(row, column) for row in range(min(model.rowCount(), ROWS_FITTED))]
        has_icon = any(cell.data(Qt.ItemDataRole.DecorationRole) is not None for cell in cells)
        widest = max(metrics.horizontalAdvance(str(cell.data())) for cell in cells) + (ICON_PX if has_icon else 0)
        heads = [metrics.horizontalAdvance(line) + ARROW_PX for line in title.splitlines()]
        return max(widest, *heads) + PADDING_PX
