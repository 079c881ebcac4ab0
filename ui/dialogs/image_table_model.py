"""The table of images to import as Qt sees it: what is typed, what was seen of the files, what is wrong."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap

from ui import theme
from ui.dialogs.image_looks import Look, scale_text
from ui.dialogs.image_rows import COLUMNS, Cell, ImageRow, with_facts
from ui.plain_text import plain_tip
from workstation.importing.dicom_facts import Facts
from workstation.model.study import Study
from workstation.weeks import week_of

Index = QModelIndex | QPersistentModelIndex
HEADINGS = ("Image", "Subject", "Visit", "Site", "Date", "Week", "µm/px", "Camera")
TIPS = {
    "subject": "The code used in the trial",
    "visit": "baseline, week 12 …",
    "site": "The treatment area: vertex, say",
    "date": "Year-month-day: 2026-03-31",
    "week": "Since the baseline; taken from the visit's name if empty",
    "um_per_px": "Micrometres per pixel; taken from the camera or the file if empty",
    "device": "Known cameras give the scale",
}


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
                return plain_tip(self._tip(index.row(), row, column) or "") or None
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

    def take_facts(self, path: Path, facts: Facts, study: Study | None) -> None:
        """Fill in what a file's content tells, where nobody typed."""
        told = [with_facts(row, facts, study) if row.path == path else row for row in self.rows]
        if told != self.rows:
            self.rows = told
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


def column_of(index: Index) -> str:
    """The name of a cell's column; empty for the image itself."""
    return COLUMNS[index.column() - 1] if index.column() > 0 else ""
