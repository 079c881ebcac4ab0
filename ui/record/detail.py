"""All that one row of the record says: from, to, why, by which version, its hashes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.agreement.tables import Head, Line, Lines
from ui.dialogs.sheet import paragraph
from ui.icons import set_icon
from ui.plain_table import copy_rows, make_plain
from ui.theme import GRID_PX
from workstation.record.csv_file import differences_of
from workstation.record.rows import Record, RecordRow

ROW_PX = 24
MOST = 500
"""So many differences are listed; the CSV's row tells how many more there are."""
HEADS = (Head("What", "", False), Head("From", "", False), Head("To", "", False))
MINIMUM_PX = 300
WIDEST_PX = 150


class Detail(QWidget):
    """See the module."""

    show_asked = Signal()
    """The read is to be shown as it was after this row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("record.detail")
        self.setAccessibleName("The change that is chosen")
        self.setMinimumWidth(MINIMUM_PX)
        self.title = paragraph("", "heading")
        self.facts = QLabel()
        self.facts.setObjectName("record.facts")
        self.about = paragraph("", "muted")
        self.why = paragraph("")
        self.why.setObjectName("record.why")
        self.differences = Lines(self)
        self.table = QTableView()
        self.table.setModel(self.differences)
        make_plain(self.table, "record.differences", "What was changed, from what to what", ROW_PX)
        self.hash, self.previous = HashLine("record.sha256"), HashLine("record.previous")
        self.show_then = QPushButton("&Show the read as it was then")
        self.show_then.setObjectName("record.show_then")
        self.show_then.clicked.connect(self.show_asked)
        self._lay_out()
        shortcut = QShortcut(QKeySequence.StandardKey.Copy, self.table)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(lambda: copy_rows(self.differences, range(self.differences.rowCount())))
        self.show_row(None, None)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, 0, 0, 0)
        column.setSpacing(GRID_PX)
        for part in (self.title, self.about, self.why):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        form = QFormLayout()
        form.setVerticalSpacing(GRID_PX // 2)
        form.addRow("This row", self.hash)
        form.addRow("Row before", self.previous)
        column.addLayout(form)
        column.addWidget(self.show_then)

    def show_row(self, record: Record | None, found: RecordRow | None) -> None:
        """Show another row, or none."""
        there = record is not None and found is not None
        for part in (self.why, self.table, self.hash, self.previous, self.show_then):
            part.setVisible(there)
        if record is None or found is None:
            self.title.setText("No row is chosen.")
            self.about.setText("")
            return
        row = found.row
        self.title.setText(found.what)
        when = row.utc.replace("T", " ").removesuffix("Z")
        of = found.image + (f" · read {row.read_id} of {found.reader}" if row.read_id is not None else "")
        lines = (f"{row.user}, {when} UTC", of, f"row {found.place} · version {row.software_version}")
        self.about.setText("\n".join(line for line in lines if line))
        said = [f"Why: {row.reason}" if row.reason else "No reason was given."]
        said += ["The read had been submitted before."] * found.after_submission
        self.why.setText("\n".join(said))
        told = differences_of(record, found)
        shown = [Line((d.what, d.before or "–", d.after or "–"), tip=str(d)) for d in told[:MOST]]
        self.differences.show_lines(HEADS, shown)
        self.table.resizeColumnsToContents()
        for column in range(len(HEADS) - 1):  # what does not fit stands in the tip
            self.table.setColumnWidth(column, min(self.table.columnWidth(column), WIDEST_PX))
        self.table.horizontalHeader().setStretchLastSection(True)
        self.hash.show_text(row.sha256)
        self.previous.show_text(row.previous)
        can = row.read_id is not None and not found.package_id
        self.show_then.setEnabled(can)
        self.show_then.setToolTip("" if can else "This change is of no read of the study itself.")


class HashLine(QWidget):
    """A hash of which the beginning is seen and all is copied."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._text = ""
        self._label = QLabel()
        self._label.setObjectName(name)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        copy = QToolButton()
        copy.setObjectName(f"{name}.copy")
        copy.setAccessibleName("Copy the hash")
        copy.setToolTip("Copy the hash")
        set_icon(copy, "copy", "muted")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX // 2)
        row.addWidget(self._label, 1)
        row.addWidget(copy)

    def show_text(self, text: str) -> None:
        """Show another hash."""
        self._text = text
        self._label.setText(text)
        self._label.setToolTip(text)
