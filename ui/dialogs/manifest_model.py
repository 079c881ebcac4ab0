"""A manifest as Qt sees it: each cell as it stands in the file, with what is wrong with it."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui import theme
from ui.icons import icon
from ui.plain_text import plain_tip
from workstation.manifest import Fault, Inspection, Oddity

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
MARK = ROLE.UserRole
"""`danger` or `warn` where something is amiss, else empty."""


class ManifestModel(QAbstractTableModel):
    """The lines of the file, with the columns that it has."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[tuple[int, dict[str, str]]] = ()
        self._columns: tuple[str, ...] = ()
        self._faults: dict[tuple[int, str], list[str]] = {}
        self._oddities: dict[tuple[int, str], list[str]] = {}

    def show_inspection(self, found: Inspection | None) -> None:
        """Show what is in the file now; nothing where it is no table."""
        self.beginResetModel()
        lines = () if found is None else found.table.lines
        self._lines = [(line.number, line.cells) for line in lines]
        self._columns = () if found is None else found.table.columns
        self._faults, self._oddities = {}, {}
        for fault in () if found is None else found.faults:
            self._faults.setdefault((fault.line, fault.column), []).append(fault.text)
        for oddity in () if found is None else found.oddities:
            for line in oddity.lines:
                self._oddities.setdefault((line, oddity.column), []).append(oddity.text)
        self.endResetModel()

    def place_of(self, said: Fault | Oddity) -> Index:
        """Where something is amiss; not valid where that is the whole file."""
        line = said.line if isinstance(said, Fault) else said.lines[0]
        rows = [row for row, (number, _) in enumerate(self._lines) if number == line]
        column = self._columns.index(said.column) if said.column in self._columns else 0
        return self.index(rows[0], column) if rows else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """One row a line that is not blank."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """The columns of the file."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> object:
        """The columns' names, and the lines' numbers as an editor shows them."""
        if role != ROLE.DisplayRole:
            return None
        return self._columns[section] if orientation is Qt.Orientation.Horizontal else self._lines[section][0]

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """A cell, and what is said of it."""
        line, cells = self._lines[index.row()]
        column = self._columns[index.column()]
        faults = self._faults.get((line, column), [])
        if index.column() == 0:
            faults = faults + self._faults.get((line, ""), [])
        oddities = self._oddities.get((line, column), [])
        match role:
            case ROLE.DisplayRole:
                return cells[column]
            case ROLE.ToolTipRole | ROLE.AccessibleDescriptionRole:
                told = "\n".join(f"{text[:1].upper()}{text[1:]}." for text in (*faults, *oddities))
                return (plain_tip(told) if role == ROLE.ToolTipRole else told) or None
            case ROLE.DecorationRole:
                return self._sign(column, cells[column], bool(faults))
            case ROLE.ForegroundRole:
                return _colour(faults, oddities)
        if role == MARK:
            return "danger" if faults else "warn" if oddities else ""
        return None

    def _sign(self, column: str, cell: str, faulty: bool) -> QIcon | None:
        """Whether an image was found."""
        if column != "image" or not cell:
            return None
        return icon("missing", "danger") if faulty else icon("tick", "ok")


class MarkingDelegate(QStyledItemDelegate):
    """Frames cells with something amiss: faults all round, the rest by a line below; an empty cell says so."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """An empty cell that is wrong says so."""
        super().initStyleOption(option, index)
        if not option.text and index.data(MARK) == "danger":
            option.text = "empty"

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """See Qt."""
        super().paint(painter, option, index)
        mark = index.data(MARK)
        if not mark:
            return
        box = QRectF(option.rect).adjusted(1, 1, -2, -2)
        painter.save()
        try:
            painter.setPen(QPen(theme.current().colour(mark), 2))
            if mark == "danger":
                painter.drawRect(box)
            else:
                painter.drawLine(box.bottomLeft(), box.bottomRight())
        finally:
            painter.restore()


def _colour(faults: Sequence[str], oddities: Sequence[str]) -> QColor | None:
    role = "danger" if faults else "warn" if oddities else ""
    return theme.current().colour(role) if role else None
