"""The table in which images to import are described: typed, filled down, pasted from a spreadsheet."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QKeyCombination, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCompleter,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.dialogs.image_rows import COLUMNS, Cell
from ui.dialogs.image_table_model import HEADINGS, ImageTableModel, Index, column_of

WIDTHS_PX = (248, 96, 104, 112, 104, 64, 128, 128)
THUMBNAIL = QSize(48, 48)
ROW_PX = 56


class FaultDelegate(QStyledItemDelegate):
    """Edits with suggestions, and frames faulty cells: their text is red, and so that colour is not all, marked."""

    def __init__(self, suggest: Callable[[str], list[str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._suggest = suggest

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Mark a cell that cannot be; an empty one says so."""
        super().initStyleOption(option, index)
        if index.data(Qt.ItemDataRole.AccessibleDescriptionRole):
            option.text = f"⚠ {option.text or 'missing'}"

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line that completes what was typed before."""
        line = QLineEdit(parent)
        line.setFrame(False)
        column = column_of(index)
        line.setAccessibleName(HEADINGS[index.column()])
        words = self._suggest(column)
        if words:
            completer = QCompleter(words, line)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            line.setCompleter(completer)
            QTimer.singleShot(0, completer, completer.complete)  # the choices are seen before anything is typed
        return line


class ImageTable(QTableView):
    """The table. What is typed goes into all selected cells of the column."""

    def __init__(self, model: ImageTableModel, suggest: Callable[[str], list[str]]) -> None:
        super().__init__()
        self._rows = model
        self.setObjectName("images.table")
        self.setAccessibleName("Images")
        self.setModel(model)
        self.setItemDelegate(FaultDelegate(suggest, self))
        self.setIconSize(THUMBNAIL)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)  # Tab leaves the table; within an edit it goes to the next cell
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for column, width in enumerate(WIDTHS_PX):
            header.resizeSection(column, width)
        header.setStretchLastSection(True)

    def commitData(self, editor: QWidget) -> None:
        """Put what was typed into all selected cells of the column."""
        index = self.currentIndex()
        others = [i for i in self.selectedIndexes() if i.column() == index.column()]
        super().commitData(editor)
        if len(others) > 1 and index in others:
            self._put(others, str(index.data(Qt.ItemDataRole.EditRole)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, paste, fill down and clear cells; leave out images."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste(QGuiApplication.clipboard().text())
        elif event.keyCombination() == QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_D):
            self.fill_down()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._put(self.selectedIndexes(), "")
        else:
            super().keyPressEvent(event)

    def fill_down(self) -> None:
        """The first selected cell of each column into those below it; of one cell alone, the one above into it."""
        cells: dict[Cell, str] = {}
        by_column: dict[str, list[int]] = {}
        for index in self.selectedIndexes():
            if column := column_of(index):
                by_column.setdefault(column, []).append(index.row())
        for column, rows in by_column.items():
            source = min(rows) if len(rows) > 1 else max(min(rows) - 1, 0)
            text = self._rows.rows[source].value(column)
            cells |= {(row, column): text for row in rows}
        if cells:
            self._rows.set_cells(cells)

    def remove_selected(self) -> None:
        """Leave the selected images out."""
        rows = sorted({index.row() for index in self.selectedIndexes()})
        if rows:
            self._rows.remove_rows(rows)

    def copy(self) -> None:
        """Put the selected cells on the clipboard, as a spreadsheet does."""
        cells = {(i.row(), i.column()): str(i.data(Qt.ItemDataRole.EditRole)) for i in self.selectedIndexes()}
        rows, columns = sorted({row for row, _ in cells}), sorted({column for _, column in cells})
        lines = ["\t".join(cells.get((row, column), "") for column in columns) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def paste(self, text: str) -> None:
        """Put a block of cells, as a spreadsheet copies it, from the first selected cell on."""
        chosen = self.selectedIndexes() or [self.currentIndex()]
        top, left = min(i.row() for i in chosen), max(min(i.column() for i in chosen), 1)
        block = [line.split("\t") for line in text.rstrip("\n").splitlines()]
        if len(block) == 1 and len(block[0]) == 1:
            self._put(chosen, block[0][0])
            return
        cells = {
            (top + down, COLUMNS[left - 1 + right]): cell
            for down, line in enumerate(block)
            for right, cell in enumerate(line)
            if top + down < len(self._rows.rows) and left - 1 + right < len(COLUMNS)
        }
        if cells and top >= 0:
            self._rows.set_cells(cells)

    def _put(self, where: Sequence[Index], text: str) -> None:
        cells = {(index.row(), column): text for index in where if (column := column_of(index))}
        if cells:
            self._rows.set_cells(cells)
