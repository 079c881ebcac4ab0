"""A table whose selected rows are the workspace's selection, both ways."""

from collections.abc import Collection

import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.panels.rows_model import RowsModel

ROW_PX = 22
HEADER_SAMPLE = 40
"""Rows that the columns' first widths are taken from."""
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
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._model = model
        self._mirroring = False
        self._fitted = False
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(HEADER_SAMPLE)
        header.setStretchLastSection(True)
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
        # Qt compares every old range with every new one to tell of the difference: a quarter of a second for thousands.
        self.selectionModel().blockSignals(True)
        try:
            self.selectionModel().select(self._ranges(rows), Flag.ClearAndSelect)
            if len(rows):
                first = self._model.index(int(rows[0]), 0)
                self.selectionModel().setCurrentIndex(first, Flag.NoUpdate)
                self.scrollTo(first)
        finally:
            self.selectionModel().blockSignals(False)
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
        columns = range(self._model.columnCount())
        titles = [str(self._model.headerData(c, Qt.Orientation.Horizontal)) for c in columns]
        lines = [titles, *([str(self._model.index(int(r), c).data()) for c in columns] for r in self.selected_rows())]
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines) + "\n")

    def _ranges(self, rows: np.ndarray) -> QItemSelection:
        """Rows as few ranges."""
        ranges = QItemSelection()
        last = self._model.columnCount() - 1
        for span in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1):
            if len(span):
                top, bottom = (self._model.index(int(span[end]), column) for end, column in ((0, 0), (-1, last)))
                ranges.append(QItemSelectionRange(top, bottom))
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
            self.resizeColumnToContents(column)
            self.setColumnWidth(column, min(self.columnWidth(column), MAX_WIDTH_PX))
