"""The queue: which reads wait, the one that is chosen with its image, and what to do with it."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.background import Background
from ui.dialogs.sheet import paragraph
from ui.elided import ElidedLabel
from ui.panels.buttons import command_button
from ui.panels.fact_rows import FactRows, heading
from ui.panels.hints import key_of, tip_of
from ui.panels.refreshing import Refresher
from ui.pictures import PictureStore
from ui.plain_table import make_plain, set_widths
from ui.quality.queue_facts import facts_of, kind_sentence, summary, title_of, why_not
from ui.quality.queue_model import SHOWN, QueueModel, still_shown, why_text
from ui.quality.read_picture import ReadPictureView
from ui.quality.read_rows import ReadRows
from ui.quality.remarks import Purpose, RemarksPanel
from ui.theme import GRID_PX
from ui.workspace import Workspace
from workstation import edits
from workstation.document import ChangeSet
from workstation.entry import Action
from workstation.quality.rows import ReadRow

ROW_PX = 24
WIDTHS_PX = (130, 76, 120, 66, 54, 70, 56)
DETAIL_PX = 420
COMMANDS = (
    ("quality.accept", "accept", "Accept"),
    ("quality.return", "back", "Return"),
    ("quality.remark", "comment", "Remark"),
    ("quality.open", "images", "Look"),
)


class QueuePanel(QWidget):
    """See the module.

    Args:
        workspace: whose study.
        pictures: the small pictures.
        background: works the rows out.
        parent: the Qt parent.
    """

    opened = Signal(int, int)
    """An image is to be shown with a certain read of it: their ids."""

    def __init__(
        self, workspace: Workspace, pictures: PictureStore, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("quality.queue")
        self._workspace = workspace
        self._chosen: int | None = None
        self._place = 0
        self.reads = ReadRows(workspace, background, self)
        self.model = QueueModel(self)
        self.table = QTableView()
        make_plain(self.table, "quality.table", "Reads", ROW_PX)
        self.table.setModel(self.model)
        set_widths(self.table, WIDTHS_PX)
        self.shown = QComboBox()
        self.shown.setObjectName("quality.shown")
        self.shown.setAccessibleName("Which reads")
        self.shown.addItems([shown.text for shown in SHOWN])
        self.told = ElidedLabel()
        self.told.setProperty("role", "muted")
        self.nothing = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.nothing.setProperty("role", "muted")
        self.title = heading(name="quality.title")
        self.facts = FactRows()
        self.picture = ReadPictureView(pictures)
        self.remarks = RemarksPanel(workspace, "quality.remarks", writer_apart=True)
        self.buttons = {name: command_button(f"{name}.button", icon, text) for name, icon, text in COMMANDS}
        self.hint = paragraph("", "muted")
        self.kind, self.why = paragraph(""), paragraph("")
        self.why.setObjectName("quality.why")
        self._lay_out()
        self._connect()

    # --- what it is made of ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        head.addWidget(self.shown)
        head.addWidget(self.told, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.nothing)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(left)
        self._split.addWidget(self._detail())
        self._split.setStretchFactor(0, 1)
        self._split.setSizes([900, DETAIL_PX + 60])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GRID_PX, 0, 0)
        layout.addWidget(self._split)

    def _detail(self) -> QWidget:
        deeds = QHBoxLayout()
        deeds.setSpacing(GRID_PX // 2)
        for button in self.buttons.values():
            deeds.addWidget(button)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, GRID_PX, GRID_PX, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.kind)
        column.addWidget(self.facts)
        column.addWidget(self.why)
        column.addWidget(self.remarks)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(below)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.picture)
        parts.addWidget(scroll)
        parts.setSizes([340, 320])
        self.detail = QWidget()
        outer = QVBoxLayout(self.detail)
        outer.setContentsMargins(GRID_PX, 0, 0, 0)
        outer.setSpacing(GRID_PX)
        outer.addWidget(self.title)
        outer.addLayout(deeds)
        outer.addWidget(self.hint)
        outer.addWidget(parts, 1)
        outer.addWidget(self.remarks.writer)
        self.detail.setMinimumWidth(DETAIL_PX)
        return self.detail

    def _connect(self) -> None:
        workspace = self._workspace
        self._refresher = Refresher(self, self._refresh)
        for changed in (workspace.session_changed, workspace.document_changed, workspace.settings_changed):
            changed.connect(self._refresher.ask)
        workspace.session_changed.connect(self._forget)
        workspace.document_changed.connect(self._follow)
        self.reads.changed.connect(self._refresher.ask)
        self.shown.currentIndexChanged.connect(self._refresher.ask)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.table.activated.connect(lambda _index: self.open())
        self.picture.opened.connect(self.open)
        self.remarks.returned.connect(self._return_with)
        self.remarks.left.connect(self.table.setFocus)
        self.buttons["quality.accept"].clicked.connect(self.accept)
        self.buttons["quality.return"].clicked.connect(self.return_)
        self.buttons["quality.remark"].clicked.connect(self.remark)
        self.buttons["quality.open"].clicked.connect(self.open)

    # --- what it shows -----------------------------------------------------------------------------------------

    @property
    def row(self) -> ReadRow | None:
        """The read that is chosen."""
        at = self.model.row_of(self._chosen)
        return None if at is None else self.model.rows[at]

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    def _refresh(self) -> None:
        self.reads.ask()
        study, shown = self._workspace.study, SHOWN[self.shown.currentIndex()]
        rows = () if study is None else still_shown(self.reads.rows, study, shown)
        self.model.show_rows(rows)
        at = self.model.row_of(self._chosen)
        if rows and at is None:  # the one that was chosen is dealt with: the next one is in its place
            at = min(self._place, len(rows) - 1)
        if at is not None:
            self._chosen, self._place = rows[at].read.id, at
            if self.table.currentIndex().row() != at:
                self.table.setCurrentIndex(self.model.index(at, 0))
        self.nothing.setText(_why_none(self.reads) or shown.nothing)
        self._stack.setCurrentWidget(self.table if rows else self.nothing)
        self.told.setText("" if study is None else summary(study))
        self._show_row()

    def _show_row(self) -> None:
        row, study, session = self.row, self._workspace.study, self._workspace.session
        self.detail.setEnabled(row is not None)
        self.title.setText("" if row is None else title_of(row))
        self.picture.show_read(study, None if row is None else row.read)
        self.remarks.show_read(None if row is None else row.read.id)
        self.facts.show_rows([] if row is None or study is None else facts_of(row, study))
        self.why.setText("" if row is None else why_text(row))
        self.kind.setText("" if row is None or study is None else kind_sentence(row, study))
        for part in (self.why, self.kind):
            part.setVisible(bool(part.text()))
        user = "" if session is None else session.document.user
        self.hint.setText("" if row is None or study is None else why_not(row, study, user))
        self.hint.setVisible(bool(self.hint.text()))
        can_decide = not self.hint.text() and self._workspace.can_edit
        self.buttons["quality.accept"].setEnabled(can_decide and row is not None and row.factors is not None)
        self.buttons["quality.return"].setEnabled(can_decide)
        for command_id, _, text in COMMANDS:
            key = key_of(command_id, self._workspace.settings)
            self.buttons[command_id].setText(f"{text}  {key}".strip())
            self.buttons[command_id].setToolTip(tip_of(command_id, self._workspace.settings))

    def _choose(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self._chosen, self._place = self.model.rows[now.row()].read.id, now.row()
            self._show_row()

    def _follow(self, change: ChangeSet) -> None:
        """What was undone or done again is what the user looks at next."""
        if change.entry.action is not Action.DO and change.read_id is not None:
            self._chosen = change.read_id

    def _forget(self) -> None:
        self._chosen, self._place = None, 0
        self.shown.setCurrentIndex(0)

    # --- doings ------------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Accept the chosen read, and go to the next."""
        row, session = self.row, self._workspace.session
        if row is None or session is None:
            return
        user = session.document.user
        self._workspace.commit_study(lambda study: edits.accept_read(study.reads[row.read.id], user))

    def return_(self) -> None:
        """Ask what is to be looked at again, then return the chosen read."""
        if self.row is not None:
            self.remarks.begin(Purpose.RETURN)

    def remark(self) -> None:
        """Write a remark on the chosen read."""
        if self.row is not None:
            self.remarks.begin()

    def open(self) -> None:
        """Look at the chosen read in the images."""
        if self.row is not None:
            self.opened.emit(self.row.read.image_id, self.row.read.id)

    def next(self, step: int = 1) -> None:
        """Choose the next read; the first one after the last."""
        n = self.model.rowCount()
        if n:
            at = (self.table.currentIndex().row() + step) % n
            self.table.setCurrentIndex(self.model.index(at, 0))

    def _return_with(self, text: str) -> None:
        row, session = self.row, self._workspace.session
        if row is None or session is None:
            return
        user, read_id = session.document.user, row.read.id
        reason = text.strip() or "the open remarks"
        change = self._workspace.commit_study(
            lambda study: edits.return_read(study, study.reads[read_id], user, text), reason=reason
        )
        if change is not None:
            self.remarks.done()


def _why_none(reads: ReadRows) -> str:
    """Why no rows are there that might be; empty where all is known."""
    if reads.failed:
        return "The reads could not be looked through."
    return "Looking through the reads …" if reads.pending else ""
