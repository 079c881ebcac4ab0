"""The page with the record: the whole trail as a table that can be filtered, each row in detail, the head hash."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.background import Background
from ui.dialogs.sheet import paragraph
from ui.messages import Message, MessageKind
from ui.panels.refreshing import Refresher
from ui.plain_table import copy_rows, make_plain, set_widths
from ui.record.detail import Detail, HashLine
from ui.record.filters import Filters
from ui.record.model import WIDTHS_PX, RecordModel
from ui.record.records import Records
from ui.theme import GRID_PX
from ui.workspace import Workspace
from workstation.counting import counted
from workstation.errors import UserFacingError
from workstation.record.csv_file import write_audit_csv
from workstation.record.filtering import matching
from workstation.record.rows import Record

AFTER_EDIT_MS = 300
ROW_PX = 24
CSV_FILES = "Tables (*.csv)"
MOST_COPIED = 5000


class RecordPage(QWidget):
    """See the module.

    Args:
        workspace: whose study.
        background: puts the record together.
        parent: the Qt parent.
    """

    read_asked = Signal(int, int)
    """A read is to be shown as it was: its id, and after which row of the study's trail."""

    def __init__(self, workspace: Workspace, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("record_page")
        self.setAccessibleName("Record of the study")
        self._workspace, self._background = workspace, background
        self.records = Records(workspace, background, self)
        self._shown: Record | None = None
        self.filters = Filters()
        self.model = RecordModel(self)
        self.table = QTableView()
        self.table.setModel(self.model)
        make_plain(self.table, "record.table", "Changes, the latest first", ROW_PX)
        set_widths(self.table, WIDTHS_PX)
        self.detail = Detail()
        self.count = QLabel()
        self.count.setObjectName("record.count")
        self.head = HashLine("record.head")
        self.export = QPushButton("Export as &CSV…")
        self.export.setObjectName("record.export")
        self.empty = paragraph("", "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._refresher = Refresher(self, self._refresh, AFTER_EDIT_MS)
        for changed in (self.records.changed, workspace.session_changed):
            changed.connect(self._refresher.ask)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    # --- what it is made of ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.table)
        split.addWidget(self.detail)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setSizes([900, 380])
        foot = QHBoxLayout()
        foot.setSpacing(GRID_PX)
        head = QLabel("Head hash")
        head.setToolTip("Hash of the last row. Noted elsewhere, it shows later that no row was changed or cut off.")
        head.setProperty("role", "muted")
        for part, stretch in ((self.count, 0), (head, 0), (self.head, 1), (self.export, 0)):
            foot.addWidget(part, stretch)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.filters)
        column.addWidget(split, 1)
        column.addLayout(foot)
        self._stack.addWidget(whole)
        self._stack.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.filters.changed.connect(self._filter)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.table.activated.connect(self._activate)
        self.detail.show_asked.connect(self._show_then)
        self.export.clicked.connect(self._ask_export)
        copy = QShortcut(QKeySequence.StandardKey.Copy, self.table)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(lambda: copy_rows(self.model, range(min(self.model.rowCount(), MOST_COPIED))))
        find = QShortcut(QKeySequence("/"), self.table)
        find.setContext(Qt.ShortcutContext.WidgetShortcut)
        find.activated.connect(self.filters.search.setFocus)

    # --- what it shows -----------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        self.records.ask()
        record = self.records.latest
        self.empty.setText(self._why_empty(record))
        self._stack.setCurrentIndex(1 if record is None else 0)
        if record is not self._shown:
            self.show_record(record)

    def show_record(self, record: Record | None) -> None:
        """Show another record; what is looked for stays."""
        self._shown = record
        self._stack.setCurrentIndex(1 if record is None else 0)
        self.filters.show_record(record)
        self.head.show_text("" if record is None else record.head_sha256)
        self._filter()

    def _why_empty(self, record: Record | None) -> str:
        if record is not None:
            return ""
        if self._workspace.study is None:
            return "No study is open."
        return "The record could not be read." if self.records.failed else "The record is being put together…"

    def _filter(self) -> None:
        record = self._shown
        chosen = self.model.place(self.table.currentIndex().row())
        places = [] if record is None else matching(record, self.filters.wanted)
        places.reverse()  # the latest first
        self.model.show_rows(record, places)
        n = 0 if record is None else len(record.rows)
        self.count.setText(counted(n, "row") if len(places) == n else f"{counted(len(places), 'row')} of {n}")
        line = None if chosen is None else self.model.line_of(chosen)
        if self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(line or 0, 0))
        else:
            self.detail.show_row(None, None)

    def _choose(self, now: QModelIndex, _before: QModelIndex) -> None:
        self.detail.show_row(self._shown, self.model.found(now.row()))

    def _activate(self, index: QModelIndex) -> None:
        self.table.setCurrentIndex(index)
        if self.detail.show_then.isEnabled():
            self._show_then()

    def _show_then(self) -> None:
        found = self.model.found(self.table.currentIndex().row())
        if found is not None and found.row.read_id is not None and not found.package_id:
            self.read_asked.emit(found.row.read_id, found.row.seq)

    # --- as a file ---------------------------------------------------------------------------------------------

    def _ask_export(self) -> None:
        session = self._workspace.session
        if session is None:
            return
        start = session.path.with_name(f"{session.path.stem}-record.csv")
        chosen, _ = QFileDialog.getSaveFileName(self, "Export the record", str(start), CSV_FILES)
        if chosen:
            path = Path(chosen)
            self.write(path if path.suffix else path.with_suffix(".csv"))

    def write(self, path: Path) -> None:
        """Write the rows that are shown into a file, oldest first, off the main thread."""
        record = self._shown
        if record is None:
            return
        places = matching(record, self.filters.wanted)

        def done(_: None) -> None:
            self._workspace.tell(f"{counted(len(places), 'row')} written to {path.name}.", MessageKind.DONE)

        def failed(error: Exception) -> None:
            if not isinstance(error, UserFacingError):
                raise error
            self._workspace.told.emit(Message.of_error(error))

        work = lambda: write_audit_csv(path, record, places)  # noqa: E731
        self._background.submit(work, done, failed, name="writing the record")
