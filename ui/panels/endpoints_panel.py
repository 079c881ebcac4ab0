"""The endpoints of the images shown and their change, live on every edit."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QFont, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QPushButton, QTableView, QVBoxLayout, QWidget

from analysis.matching.change import NoChange
from ui import theme
from ui.matching.changes import Changes
from ui.panels.endpoint_table import LABELS, N_MAIN, ROWS, EndpointSource, EndpointTable, tip, unit_shown
from ui.panels.figures import SPACE
from ui.panels.refreshing import Refresher
from ui.plain_text import plain_tip
from ui.workspace import Workspace
from workstation.areas import by_time
from workstation.pairing import PairIds

MARKED_MS = 1500
"""So long a value that an edit changed stays marked."""
ROW_PX = 24
STACKED_ROW_PX = 34
LABEL_MIN_PX = 76
UNIT_GAP_PX = 6
TITLE_MAX_PX = (64, 52, 40)
"""Of a column that figures alone would make narrower: the most that lets all columns be seen, else the first."""
CELL_PADDING_PX = 2
CELL_FRAME_PX = 8
"""What the style puts around a cell's text."""
TITLE_FRAME_PX = 4
"""What it puts around a title."""
FLAT = f"""
QTableView, QHeaderView {{ background: transparent; border: none; }}
QTableView::item {{ padding: 0 {CELL_PADDING_PX}px; }}
QHeaderView::section:horizontal {{ padding: 4px {CELL_PADDING_PX}px; border-right: none; }}
"""
"""Part of the panel rather than a box in it; the colours stay the theme's."""

Index = QModelIndex | QPersistentModelIndex


class EndpointsModel(QAbstractTableModel):
    """A table of endpoints; rows are `ROWS`, columns the images and the change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = EndpointTable()
        self.marked: frozenset[tuple[int, int]] = frozenset()

    def show_table(self, table: EndpointTable, *, mark: bool) -> None:
        """Take another table; with `mark` what differs from the one before is marked."""
        marked = table.changed_since(self.table) if mark else frozenset()
        same_shape = len(table.columns) == len(self.table.columns)
        if not same_shape:
            self.beginResetModel()
        self.table, self.marked = table, marked
        if not same_shape:
            self.endResetModel()
        elif table.columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(ROWS) - 1, len(table.columns) - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(table.columns) - 1)

    def unmark(self) -> None:
        """Show all values alike."""
        if self.marked:
            self.marked = frozenset()
            self.dataChanged.emit(self.index(0, 0), self.index(len(ROWS) - 1, len(self.table.columns) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """One row an endpoint."""
        return 0 if parent is not None and parent.isValid() else len(ROWS)

    def columnCount(self, parent: Index | None = None) -> int:
        """One column an image, and the change."""
        return 0 if parent is not None and parent.isValid() else len(self.table.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell."""
        row, column = index.row(), self.table.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(tip(row, column))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row_label(row)}, {column.title}: {column.text(row)}"
        if (row, index.column()) in self.marked:
            if role == Qt.ItemDataRole.BackgroundRole:
                return QBrush(theme.current().colour("selected"))
            if role == Qt.ItemDataRole.FontRole:
                font = QFont()
                font.setBold(True)
                return font
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Titles of images, and labels of endpoints with their units."""
        if orientation is Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole:
                return row_label(section)
            return tip(section) if role == Qt.ItemDataRole.ToolTipRole else None
        column = self.table.columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(f"{column.title}: {column.about}")
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def row_label(row: int) -> str:
    """An endpoint's label with its unit."""
    return f"{LABELS[ROWS[row].name]}{SPACE}{unit_shown(row)}".strip()


class EndpointsPanel(QWidget):
    """See the module.

    Args:
        workspace: whose shown images are measured.
        changes: says where no change is given, since too little of the skin is seen at both visits.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, changes: Changes | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("endpoints_panel")
        self._workspace, self._changes = workspace, changes
        self._source = EndpointSource()
        self.model = EndpointsModel(self)
        self.view = _EndpointsView(self.model)
        self._empty = QLabel("The endpoints of the images shown stand here.", wordWrap=True)
        self._empty.setProperty("role", "muted")
        self._reads = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._reads.setProperty("role", "muted")
        self._reads.setObjectName("endpoints_reads")
        self._notes = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._notes.setProperty("role", "warn")
        self._notes.setObjectName("endpoints_notes")
        self._more = QPushButton(flat=True)
        self._more.setObjectName("endpoints_more")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._unfold)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.setSpacing(4)
        for widget in (self._empty, self.view, self._more, self._reads, self._notes):
            layout.addWidget(widget)
        self.view.copy_asked.connect(self.copy)
        self._marking = QTimer(self, singleShot=True, interval=MARKED_MS)
        self._marking.timeout.connect(self.model.unmark)
        self._edited = False
        self._withheld = ""
        self._refresher = Refresher(self, self._refresh)
        for changed in (workspace.session_changed, workspace.shown_changed):
            changed.connect(self._refresher.ask)
        workspace.document_changed.connect(self._on_edit)
        if changes is not None:
            changes.changed.connect(self._follow_change)
        self._unfold(False)

    def refresh_now(self) -> None:
        """Measure at once what is due."""
        self._refresher.now()

    def copy(self) -> None:
        """Copy the selected rows, else all that are seen, as tab-separated text."""
        selected = sorted({index.row() for index in self.view.selectedIndexes()})
        seen = [row for row in range(len(ROWS)) if not self.view.isRowHidden(row)]
        QGuiApplication.clipboard().setText(self.model.table.as_tsv(selected or seen))

    def _on_edit(self, change: object) -> None:
        self._edited = True
        self._refresher.ask(change)

    def _refresh(self) -> None:
        study, shown = self._workspace.study, self._workspace.shown
        reads = [(image_id, self._workspace.read(image_id)) for image_id in shown]
        self._withheld = self._why_withheld()
        table = EndpointTable() if study is None or not shown else self._source.table(study, reads, self._withheld)
        self.model.show_table(table, mark=self._edited)
        self._edited = False
        if self.model.marked:
            self._marking.start()
        has_any = bool(table.columns)
        for widget in (self.view, self._more, self._reads):
            widget.setVisible(has_any)
        self._empty.setVisible(not has_any)
        self._reads.setText("\n".join(f"{c.title}: {c.about}" for c in table.columns))
        self._notes.setText("\n".join(table.notes))
        self._notes.setVisible(bool(table.notes))
        self.view.fit()

    def _follow_change(self) -> None:
        """Only whether a change is given depends on how the visits were registered, not the figures."""
        if self._why_withheld() != self._withheld:
            self._refresher.ask()

    def _why_withheld(self) -> str:
        """Why no change is given between the first and the last of the images shown; empty where one is."""
        study, shown = self._workspace.study, self._workspace.shown
        if study is None or self._changes is None or len(shown) < 2:
            return ""
        order = by_time(study, shown)
        found = self._changes.change(PairIds(order[0], order[-1]))
        return found.counts.reason if found is not None and isinstance(found.counts, NoChange) else ""

    def _unfold(self, all_rows: bool) -> None:
        self._more.setText("Show the main endpoints only" if all_rows else f"Show all {len(ROWS)} endpoints")
        for row in range(N_MAIN, len(ROWS)):
            self.view.setRowHidden(row, not all_rows)
        self.view.fit()


class _EndpointsView(QTableView):
    """As high as its rows: the column of panels scrolls, not the table."""

    copy_asked = Signal()

    def __init__(self, model: EndpointsModel) -> None:
        super().__init__()
        self.setObjectName("endpoints_table")
        self.setAccessibleName("Endpoints")
        self._model = model
        self.setModel(model)
        self._labels = _Labels(row_parts)
        self.setVerticalHeader(self._labels)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setStyleSheet(FLAT)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)

    def fit(self) -> None:
        """Take the height of the rows that are seen."""
        self._share_width()
        rows = sum(self.rowHeight(row) for row in range(len(ROWS)) if not self.isRowHidden(row))
        bar = self.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        self.setFixedHeight(rows + self.horizontalHeader().sizeHint().height() + below + 2 * self.frameWidth())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies rows, not the one cell that Qt would copy."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Labels yield to the figures."""
        super().resizeEvent(event)
        self.fit()

    def _share_width(self) -> None:
        """Figures are never shortened: units go below their labels first, titles yield, then the figures scroll."""
        header, columns = self.horizontalHeader(), self._model.table.columns
        if not columns:
            return
        shares = [[self._needed_px(place, most) for place in range(len(columns))] for most in TITLE_MAX_PX]
        needed = next((px for px in shares if sum(px) + LABEL_MIN_PX <= self.width()), shares[0])
        seen = [row for row in range(len(ROWS)) if not self.isRowHidden(row)]
        natural_px, room_px = self._labels.natural_px(seen), self.width() - sum(needed)
        self._labels.setFixedWidth(max(LABEL_MIN_PX, min(natural_px, room_px)))
        for row in seen:
            self._labels.resizeSection(row, ROW_PX if self._labels.fits(row) else STACKED_ROW_PX)
        spare = max(0, self.width() - self._labels.width() - sum(needed)) // len(columns)
        for place, width in enumerate(needed):
            header.resizeSection(place, width + spare)

    def _needed_px(self, place: int, title_max_px: int) -> int:
        """Wide enough for every figure in a column, and for its title unless that is long."""
        column, metrics = self._model.table.columns[place], self.fontMetrics()
        seen = [metrics.horizontalAdvance(column.text(r)) for r in range(len(ROWS)) if not self.isRowHidden(r)]
        title = min(metrics.horizontalAdvance(column.title), title_max_px)
        return max(title + TITLE_FRAME_PX, max(seen) + CELL_FRAME_PX) + 2 * CELL_PADDING_PX


def row_parts(row: int) -> tuple[str, str]:
    """An endpoint's label and its unit."""
    return LABELS[ROWS[row].name], unit_shown(row)


class _Labels(QHeaderView):
    """Labels at the left with muted units; they stay where they are while figures scroll."""

    def __init__(self, parts: Callable[[int], tuple[str, str]]) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._parts = parts
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def natural_px(self, rows: Sequence[int]) -> int:
        """Wide enough for the labels of rows with their units beside them."""
        return max(self.fontMetrics().horizontalAdvance("  ".join(self._parts(row))) for row in rows) + 10

    def fits(self, row: int) -> bool:
        """Whether a row's unit has room beside its label; else it stands below."""
        label, unit = self._parts(row)
        beside_px = UNIT_GAP_PX + self.fontMetrics().horizontalAdvance(unit) if unit else 0
        return self.fontMetrics().horizontalAdvance(label) + beside_px <= self.maximumWidth()

    def sizeHint(self) -> QSize:
        """As wide as it was set."""
        return QSize(self.maximumWidth(), super().sizeHint().height())

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Draw a label and its unit, beside or below it; the unit is never shortened."""
        label, unit = self._parts(logicalIndex)
        colours, metrics, stacked = theme.current(), self.fontMetrics(), not self.fits(logicalIndex)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.save()
        try:
            painter.setPen(colours.colour("text"))
            if stacked and not unit:
                painter.drawText(rect, left | Qt.TextFlag.TextWordWrap, label)
                return
            upper = rect.adjusted(0, 0, 0, -rect.height() // 2) if stacked else rect
            shown = metrics.elidedText(label, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(upper, left, shown)
            painter.setPen(colours.colour("muted"))
            beside = rect.adjusted(metrics.horizontalAdvance(shown) + UNIT_GAP_PX, 0, 0, 0)
            painter.drawText(rect.adjusted(0, rect.height() // 2, 0, 0) if stacked else beside, left, unit)
        finally:
            painter.restore()
