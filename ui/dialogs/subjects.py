"""Subjects and their visits by hand: each change is an edit of its own, on disk at once."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.sheet import paragraph
from ui.dialogs.study_sheet import StudySheet
from ui.dialogs.subject_form import SubjectForm
from ui.dialogs.visit_rows import N_TYPED, VisitRows, next_visit
from ui.overview.wording import subject_line
from ui.plain_table import make_plain, set_widths
from ui.plain_text import plain_tip
from ui.theme import GRID_PX
from ui.workspace import Workspace
from workstation.edits import add_subject, add_visit, change_subject, change_visit, remove_subject, remove_visit
from workstation.model.study import Subject, Visit
from workstation.trial.overview import as_counted

SIZE_PX = (960, 600)
LIST_PX = 34 * GRID_PX
ROW_PX = 3 * GRID_PX
WIDTHS_PX = (144, 112, 120, 136, 64)
CODE = Qt.ItemDataRole.UserRole


class SubjectsDialog(StudySheet):
    """See the module.

    Args:
        workspace: whose study.
        code: the subject to begin with; the first one if empty.
        visit_id: the visit to begin with.
        parent: the window it belongs to.
    """

    def __init__(
        self, workspace: Workspace, code: str = "", visit_id: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("subjects", "Subjects and visits", workspace, parent)
        self.list = QListWidget()
        self.list.setObjectName("subjects.list")
        self.list.setAccessibleName("Subjects")
        self.list.setAlternatingRowColors(True)
        self._heading = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._heading.setProperty("role", "heading")
        self.form = SubjectForm()
        self.visits = VisitRows(self._change_visit, lambda text: self.say(text, "danger"))
        self.table = self._made_table()
        self._buttons: dict[str, QPushButton] = {}
        self._code = code
        row = QHBoxLayout()
        row.setSpacing(3 * GRID_PX)
        row.addLayout(self._left())
        row.addLayout(self._right(), 1)
        self.column.addLayout(row, 1)
        self.add_foot()
        self.resize(*SIZE_PX)
        self.list.currentItemChanged.connect(self._take_subject)
        self.form.changed.connect(lambda subject: self.commit(lambda study: change_subject(study, subject)))
        self.form.refused.connect(lambda text: self.say(text, "danger"))
        self.refresh()
        self._begin(code, visit_id)

    def refresh(self) -> None:
        """See `StudySheet`."""
        study = self.study
        codes = sorted(study.subjects, key=as_counted)
        with QSignalBlocker(self.list):
            self.list.clear()
            for each in codes:
                line = subject_line(study.subjects[each])
                item = QListWidgetItem(f"{each}   {line}" if line else each)
                item.setToolTip(plain_tip(item.text()))
                item.setData(CODE, each)
                item.setSizeHint(QSize(0, ROW_PX))
                self.list.addItem(item)
            if self._code not in study.subjects:
                self._code = codes[0] if codes else ""
            if self._code:
                self.list.setCurrentRow(codes.index(self._code))
        self._show_subject()

    # --- what it is made of ------------------------------------------------------------------------------------

    def _left(self) -> QVBoxLayout:
        self.code = QLineEdit(placeholderText="Code of a new subject")
        self.code.setObjectName("subjects.code")
        self.code.setAccessibleName("Code of a new subject")
        self.code.setEnabled(self.can_edit)
        self.code.returnPressed.connect(self._add_subject)
        add = self._button("add_subject", "&Add", self._add_subject)
        self.code.textChanged.connect(lambda text: add.setEnabled(bool(text.strip())))
        add.setEnabled(False)
        new = QHBoxLayout()
        new.setSpacing(GRID_PX)
        new.addWidget(self.code, 1)
        new.addWidget(add)
        column = QVBoxLayout()
        column.setSpacing(GRID_PX)
        self.list.setFixedWidth(LIST_PX)
        column.addWidget(self.list, 1)
        column.addLayout(new)
        remove = self._button("remove_subject", "Remove s&ubject", self._remove_subject)
        column.addWidget(remove, 0, Qt.AlignmentFlag.AlignLeft)
        return column

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(GRID_PX)
        column.addWidget(self._heading)
        column.addWidget(self.form)
        visits = QLabel("&Visits")
        visits.setBuddy(self.table)
        visits.setProperty("role", "heading")
        column.addSpacing(GRID_PX)
        column.addWidget(visits)
        column.addWidget(self.table, 1)
        tools = QHBoxLayout()
        tools.setSpacing(GRID_PX)
        tools.addWidget(self._button("add_visit", "Add v&isit", self._add_visit))
        tools.addWidget(self._button("remove_visit", "Remove visi&t", self._remove_visit))
        tools.addWidget(paragraph("Type into a cell to change it.", "muted"), 1)
        column.addLayout(tools)
        return column

    def _button(self, name: str, text: str, does: object) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"subjects.{name}")
        button.setAutoDefault(False)
        button.clicked.connect(does)
        self._buttons[name] = button
        return button

    def _made_table(self) -> QTableView:
        table = QTableView()
        make_plain(table, "subjects.visits", "Visits", 4 * GRID_PX)
        table.setModel(self.visits)
        set_widths(table, WIDTHS_PX)
        table.setShowGrid(True)  # a cell can be typed into
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        table.selectionModel().currentChanged.connect(lambda *_: self._show_possible())
        return table

    # --- following ---------------------------------------------------------------------------------------------

    def _begin(self, code: str, visit_id: int | None) -> None:
        if not self.study.subjects:
            self.code.setFocus()
            return
        rows = [row for row, visit in enumerate(self.visits.visits) if visit.id == visit_id]
        if rows:
            self.table.setCurrentIndex(self.visits.index(rows[0], N_TYPED - 1))
            self.table.setFocus()
        elif code:
            self.form.sex.setFocus()
        else:
            self.list.setFocus()

    def _take_subject(self, item: QListWidgetItem | None) -> None:
        self._code = "" if item is None else item.data(CODE)
        self._show_subject()

    def _show_subject(self) -> None:
        study = self.study
        subject = study.subjects.get(self._code)
        arms = sorted({each.arm for each in study.subjects.values() if each.arm})
        self._heading.setText("No subject yet: type a code below the list." if subject is None else subject.id)
        self.form.show_subject(subject, arms, editable=self.can_edit)
        current = self.table.currentIndex()
        self.visits.show_subject(study, self._code, editable=self.can_edit)
        if self.visits.visits and not self.table.currentIndex().isValid():
            row = min(max(current.row(), 0), len(self.visits.visits) - 1)
            self.table.setCurrentIndex(self.visits.index(row, max(current.column(), 0)))
        self._show_possible()

    def _show_possible(self) -> None:
        has_subject = bool(self._code) and self.can_edit
        for name in ("remove_subject", "add_visit"):
            self._buttons[name].setEnabled(has_subject)
        self._buttons["remove_visit"].setEnabled(has_subject and self.table.currentIndex().isValid())
        self.table.setEnabled(bool(self._code))

    # --- doings ------------------------------------------------------------------------------------------------

    def _add_subject(self) -> None:
        subject = Subject(" ".join(self.code.text().split()))
        before, self._code = self._code, subject.id
        if not self.commit(lambda study: add_subject(study, subject)):
            self._code = before
            return
        self.code.clear()
        self.form.sex.setFocus()

    def _remove_subject(self) -> None:
        row, code = self.list.currentRow(), self._code
        if self.commit(lambda study: remove_subject(study, code)) and self.list.count():
            self.list.setCurrentRow(min(row, self.list.count() - 1))

    def _add_visit(self) -> None:
        visit = next_visit(self.study, self._code)
        if not self.commit(lambda study: add_visit(study, visit)):
            return
        row = next(i for i, each in enumerate(self.visits.visits) if each.name == visit.name)
        self.table.setFocus()
        self.table.setCurrentIndex(self.visits.index(row, N_TYPED - 1))

    def _remove_visit(self) -> None:
        visit = self.visits.visits[self.table.currentIndex().row()]
        self.commit(lambda study: remove_visit(study, visit.id))

    def _change_visit(self, visit: Visit) -> bool:
        return self.commit(lambda study: change_visit(study, visit))
