"""Adverse events: a table of them, and a form in which one is entered or corrected."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTableView, QWidget

from ui.background import Background
from ui.dialogs.event_form import EventForm
from ui.dialogs.event_rows import EventRows
from ui.dialogs.study_sheet import StudySheet
from ui.dialogs.table_import import import_table
from ui.panels.figures import counted
from ui.plain_table import make_plain, set_widths
from ui.theme import GRID_PX
from ui.workspace import Workspace
from workstation.edits import add_event, add_events, change_event, remove_event
from workstation.model.trial import AdverseEvent, Relation, Severity
from workstation.recording import EventsFound, read_events
from workstation.trial.overview import as_counted

SIZE_PX = (960, 640)
WIDTHS_PX = (80, 232, 88, 104, 72, 96, 96)
EMPTY = "No adverse event was recorded."


class EventsDialog(StudySheet):
    """See the module.

    Args:
        workspace: whose study.
        background: reads tables.
        code: the subject that a new event is of, to begin with.
        parent: the window it belongs to.
    """

    def __init__(
        self, workspace: Workspace, background: Background, code: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__("events", "Adverse events", workspace, parent)
        self._background = background
        self.rows = EventRows()
        self.table = self._made_table()
        self.form = EventForm()
        self._title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._title.setProperty("role", "heading")
        self._told_none = QLabel(EMPTY)
        self._told_none.setProperty("role", "muted")
        self.column.addLayout(self._head())
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self._title)
        self.column.addWidget(self.form)
        self.column.addLayout(self._tools())
        self.add_foot()
        self.resize(*SIZE_PX)
        self.form.edited.connect(self._show_possible)
        self.form.finished.connect(self._keep)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._take_row())
        self._leaves = False
        self._event = AdverseEvent(0, code, "", Severity.MILD, Relation.POSSIBLE)
        self.refresh()
        self._begin_new(code)

    def refresh(self) -> None:
        """See `StudySheet`."""
        self.form.offer_subjects(sorted(self.study.subjects, key=as_counted))
        with QSignalBlocker(self.table.selectionModel()):
            self.rows.show_events(self.study)
        self._told_none.setVisible(not self.rows.events)
        known = self.study.events.get(self._event.id)
        if known is not None and known == self._event:  # what is being typed stays
            self._select_row(self.rows.row_of(known.id))
        elif known is not None:
            self._show(known)
        elif self._event.id:  # it was taken out
            self._begin_new(self._event.subject)
        self._show_possible()

    # --- what it is made of ------------------------------------------------------------------------------------

    def _head(self) -> QHBoxLayout:
        self._import = QPushButton("&Import…")
        self._import.setObjectName("events.import")
        self._import.setToolTip("From a table with the columns subject, term, severity, relation, serious, start, end")
        self._import.clicked.connect(self._import_events)
        self._new = QPushButton("&New event")
        self._new.setObjectName("events.new")
        self._new.clicked.connect(self._ask_for_new)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self._told_none)
        row.addStretch(1)
        for button in (self._new, self._import):
            button.setAutoDefault(False)
            row.addWidget(button)
        return row

    def _tools(self) -> QHBoxLayout:
        self._keep_button = QPushButton("&Add event")
        self._keep_button.setObjectName("events.keep")
        self._keep_button.clicked.connect(self._keep)
        self._remove = QPushButton("&Remove event")
        self._remove.setObjectName("events.remove")
        self._remove.clicked.connect(self._take_out)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        for button in (self._keep_button, self._remove):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _made_table(self) -> QTableView:
        table = QTableView()
        make_plain(table, "events.table", "Adverse events", 3 * GRID_PX)
        table.setModel(self.rows)
        set_widths(table, WIDTHS_PX)
        return table

    # --- following ---------------------------------------------------------------------------------------------

    def done(self, result: int) -> None:
        """Keep what was typed; where that cannot be, say why, and leave at the second time."""
        if not self._leaves and not self._keep_typed():
            self._leaves = True
            return
        super().done(result)

    def _take_row(self) -> None:
        row = self.table.currentIndex().row()
        if not 0 <= row < len(self.rows.events) or self.rows.events[row].id == self._event.id:
            return
        wanted = self.rows.events[row]
        if self._keep_typed():
            self._show(wanted)
        else:
            self._select_row(self.rows.row_of(self._event.id))

    def _keep_typed(self) -> bool:
        """Whether nothing that was typed is left to be kept, which it is now if it can be."""
        return not self._keep_button.isEnabled() or self._keep()

    def _show(self, event: AdverseEvent) -> None:
        self._event = event
        with QSignalBlocker(self.form):
            self.form.show_event(event)
        self._select_row(self.rows.row_of(event.id))
        self._show_possible()

    def _select_row(self, row: int) -> None:
        """Mark a row without taking it up; none if it is −1."""
        with QSignalBlocker(self.table.selectionModel()):
            self.table.clearSelection()
            self.table.setCurrentIndex(self.rows.index(row, 0))
        self.table.viewport().update()

    def _show_possible(self) -> None:
        self._leaves = False
        old = self._event.id != 0
        changed = self.form.event_now() != self._event if self.study.subjects else False
        possible = self.can_edit and bool(self.study.subjects)
        self._title.setText("Correct the event" if old else "Enter an event")
        self._keep_button.setText("&Keep changes" if old else "&Add event")
        self._keep_button.setEnabled(possible and changed and bool(self.form.term.text().strip()))
        self._remove.setEnabled(possible and old)
        self._new.setEnabled(possible and old)
        self._import.setEnabled(possible)
        self.form.setEnabled(possible)

    # --- doings ------------------------------------------------------------------------------------------------

    def _ask_for_new(self) -> None:
        if self._keep_typed():
            self._begin_new(self.form.subject.currentText())

    def _begin_new(self, code: str) -> None:
        codes = [self.form.subject.itemText(i) for i in range(self.form.subject.count())]
        subject = code if code in codes else (codes or [""])[0]
        self._show(AdverseEvent(0, subject, "", Severity.MILD, Relation.POSSIBLE))
        self.form.term.setFocus()

    def _keep(self) -> bool:
        """Make an edit of what was typed; whether it is one now."""
        if not self._keep_button.isEnabled():
            return False
        wanted = self.form.event_now()
        if wanted.id:
            return self.commit(lambda study: change_event(study, wanted))
        added = self.commit(lambda study: add_event(study, wanted))
        if added:
            self._begin_new(wanted.subject)
        return added

    def _take_out(self) -> None:
        event_id = self._event.id
        self.commit(lambda study: remove_event(study, event_id))

    def _import_events(self) -> None:
        import_table(self, self._background, "Import adverse events", read_events, self._take_events)

    def _take_events(self, found: EventsFound) -> None:
        known = f" {counted(found.n_known, 'event')} in the study already." if found.n_known else ""
        if not found.events:
            self.say(f"There is nothing new in the table.{known}")
        elif self.commit(lambda study: add_events(study, found.events)):
            warnings = "".join(f" {warning}." for warning in found.warnings)
            self.say(f"{counted(len(found.events), 'event')} taken over.{known}{warnings}")
