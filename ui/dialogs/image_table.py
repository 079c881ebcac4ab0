"""The table in which images to import are described: typed, filled down, pasted from a spreadsheet."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QKeyCombination,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QKeyEvent, QKeySequence, QPixmap
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

from ui import theme
from ui.dialogs.image_looks import Look, scale_text
from ui.dialogs.image_rows import COLUMNS, Cell, ImageRow
from workstation.importing.visits import week_of

Index = QModelIndex | QPersistentModelIndex
HEADINGS = ("Image", "Subject", "Visit", "Site", "Date", "Week", "µm/px", "Camera")
WIDTHS_PX = (248, 96, 104, 112, 104, 64, 128, 128)
TIPS = {
    "subject": "The code used in the trial",
    "visit": "baseline, week 12 …",
    "site": "The treatment area: vertex, say",
    "date": "Year-month-day: 2026-03-31",
    "week": "Since the baseline; taken from the visit's name if empty",
    "um_per_px": "Micrometres per pixel; taken from the camera or the file if empty",
    "device": "Known cameras give the scale",
}
THUMBNAIL = QSize(48, 48)
ROW_PX = 56


class ImageTableModel(QAbstractTableModel):
    """The rows, with what was seen of the images and what is wrong with the cells."""

    edited = Signal()

    def __init__(self, rows: Sequence[ImageRow]) -> None:
        super().__init__()
        self.rows = list(rows)
        self.faults: dict[Cell, str] = {}
        self._looks: dict[Path, Look] = {}
        self._icons: dict[Path, QIcon] = {}

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """One row an image."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """The image and what is told of it."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Headings; rows are numbered from one, as faults name them."""
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section] if orientation is Qt.Orientation.Horizontal else section + 1
        if role == Qt.ItemDataRole.ToolTipRole and orientation is Qt.Orientation.Horizontal and section:
            return TIPS[COLUMNS[section - 1]]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """All but the image can be typed."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() > 0 else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What is typed; in its place, muted, what would be taken if nothing is."""
        row = self.rows[index.row()]
        column = column_of(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.path.name if not column else row.value(column) or self._implied(row, column)
            case Qt.ItemDataRole.EditRole:
                return row.value(column) if column else row.path.name
            case Qt.ItemDataRole.DecorationRole:
                return None if column else self._icons.get(row.path)
            case Qt.ItemDataRole.ForegroundRole:
                return self._colour(index.row(), row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(index.row(), row, column)
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._fault(index.row(), row, column)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Type into one cell."""
        column = column_of(index)
        if role != Qt.ItemDataRole.EditRole or not column:
            return False
        self.set_cells({(index.row(), column): str(value)})
        return True

    def set_cells(self, cells: dict[Cell, str]) -> None:
        """Type into several cells at once."""
        for (at, column), text in cells.items():
            self.rows[at] = self.rows[at].with_value(column, text)
        self.edited.emit()
        self._all_changed()

    def add_rows(self, rows: Sequence[ImageRow]) -> None:
        """More images, below the others; those that are there already are passed over."""
        known = {row.path for row in self.rows}
        self.beginResetModel()
        self.rows += [row for row in rows if row.path not in known]
        self.endResetModel()
        self.edited.emit()

    def remove_rows(self, at: Sequence[int]) -> None:
        """Leave images out."""
        self.beginResetModel()
        self.rows = [row for i, row in enumerate(self.rows) if i not in set(at)]
        self.endResetModel()
        self.edited.emit()

    def show_faults(self, faults: dict[Cell, str]) -> None:
        """Mark cells that cannot be."""
        self.faults = faults
        self._all_changed()

    def show_look(self, path: Path, look: Look) -> None:
        """Show what was seen of an image."""
        self._looks[path] = look
        if look.thumbnail is not None:
            height, width, _ = look.thumbnail.shape
            image = QImage(look.thumbnail.data, width, height, 3 * width, QImage.Format.Format_RGB888)
            self._icons[path] = QIcon(QPixmap.fromImage(image))
        at = next((i for i, row in enumerate(self.rows) if row.path == path), None)
        if at is not None:
            self.dataChanged.emit(self.index(at, 0), self.index(at, len(HEADINGS) - 1))

    def look(self, path: Path) -> Look | None:
        """What was seen of an image; None as long as nobody looked."""
        return self._looks.get(path)

    def implied_scale(self, row: ImageRow) -> str:
        """Where an image's scale comes from if none is typed; `none` where it has none."""
        return scale_text(row.um_per_px, row.device, self.look(row.path))

    def _all_changed(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(HEADINGS) - 1))

    def _implied(self, row: ImageRow, column: str) -> str:
        if column == "week":
            week = week_of(row.visit)
            return "" if week is None else f"{week:g}"
        return self.implied_scale(row) if column == "um_per_px" else ""

    def _fault(self, at: int, row: ImageRow, column: str) -> str:
        if column:
            return self.faults.get((at, column), "")
        look = self.look(row.path)
        return self.faults.get((at, "image"), "") or ("" if look is None else look.problem)

    def _colour(self, at: int, row: ImageRow, column: str) -> QColor | None:
        if self._fault(at, row, column):
            return theme.current().colour("danger")
        return theme.current().colour("muted") if column and not row.value(column) else None

    def _tip(self, at: int, row: ImageRow, column: str) -> str:
        look = self.look(row.path)
        told = [self._fault(at, row, column)]
        if not column:
            told.append(str(row.path))
            if look is not None and look.width_px:
                told.append(f"{look.width_px} × {look.height_px} px")
                told += look.conversions
        return "\n".join(text for text in told if text)


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


def column_of(index: Index) -> str:
    """The name of a cell's column; empty for the image itself."""
    return COLUMNS[index.column() - 1] if index.column() > 0 else ""
