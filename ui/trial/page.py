"""The statistics as a page of the window: the primary result, all outcomes at a week, and the subjects behind one."""

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.sheet import paragraph
from ui.icons import set_icon
from ui.panels.refreshing import Refresher
from ui.plain_table import copy_rows, make_plain
from ui.theme import GRID_PX
from ui.trial.analyses import Analyses
from ui.trial.charts import ChangeChart, SubjectLines
from ui.trial.headline import Headline
from ui.trial.result_rows import columns_of, methods_of, rows_of
from ui.trial.tables import ResultsModel, SubjectsModel, subject_rows
from ui.workspace import Workspace
from workstation.trial import wording
from workstation.trial.outcomes import outcomes
from workstation.trial.results import Analysis, Basis, VisitResult
from workstation.trial.rows import reasons_of

AFTER_EDIT_MS = 300
"""A page of statistics need not follow every stroke."""
ROW_PX = 24
BASES = ((Basis.OWN, "Each visit's own field"), (Basis.COMMON, "What both visits show"))


class StatisticsPage(QWidget):
    """See the module.

    Args:
        workspace: whose study.
        analyses: works the statistics out.
        parent: the Qt parent.
    """

    opened = Signal(object)
    """The user wants to see images side by side: a tuple of ids, the last one to be acted on."""
    plan_asked = Signal()
    report_asked = Signal()
    export_asked = Signal()

    def __init__(self, workspace: Workspace, analyses: Analyses, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statistics")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._workspace, self._analyses = workspace, analyses
        self._outcome, self._group = "", ""
        self.headline = Headline()
        self.week = _combo("statistics.week", "Week")
        self.basis = _combo("statistics.basis", "Fields that endpoints are compared on")
        for basis, text in BASES:
            self.basis.addItem(text, basis)
        self.results, self.subjects = ResultsModel(self), SubjectsModel(self)
        self.table = _table("statistics.results", "Results", self.results)
        self.values = _table("statistics.subjects", "Values of the subjects", self.subjects)
        self.lines, self.changes = SubjectLines(), ChangeChart()
        self.note = paragraph("", "muted")
        self.note.setObjectName("statistics.note")
        self._lay_out()
        self._connect()
        self._refresher = Refresher(self, self._refresh, AFTER_EDIT_MS)
        for changed in (analyses.changed, workspace.session_changed):
            changed.connect(self._refresher.ask)
        workspace.session_changed.connect(self._forget)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    # --- what it is made of ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(GRID_PX)
        for text, combo in (("&Week", self.week), ("Fie&lds", self.basis)):
            label = QLabel(text)
            label.setBuddy(combo)
            bar.addWidget(label)
            bar.addWidget(combo)
            bar.addSpacing(GRID_PX)
        bar.addStretch(1)
        for text, icon, asked in (
            ("Trial plan…", "plan", self.plan_asked),
            ("Report…", "report", self.report_asked),
            ("Export…", "export", self.export_asked),
        ):
            button = QPushButton(text)
            button.setObjectName(f"statistics.{icon}")
            set_icon(button, icon)
            button.clicked.connect(asked)
            bar.addWidget(button)
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.table, 1)
        column.addWidget(self.note)
        below = QSplitter(Qt.Orientation.Horizontal)
        for part in (self.lines, self.changes, self.values):
            below.addWidget(part)
        below.setChildrenCollapsible(False)
        below.setSizes([400, 320, 360])
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(above)
        split.addWidget(below)
        split.setChildrenCollapsible(False)
        split.setSizes([320, 280])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        layout.setSpacing(GRID_PX)
        layout.addLayout(bar)
        layout.addWidget(self.headline)
        layout.addWidget(split, 1)
        self.values.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.values.horizontalHeader().setStretchLastSection(True)

    def _connect(self) -> None:
        self.week.activated.connect(self._choose_week)
        self.basis.activated.connect(lambda _index: self._analyses.set_basis(self.basis.currentData()))
        self.table.selectionModel().currentRowChanged.connect(self._choose_result)
        self.values.selectionModel().currentRowChanged.connect(self._choose_subject)
        self.values.activated.connect(self._open)
        self.lines.subject_chosen.connect(self._point_at)
        for view in (self.table, self.values):
            shortcut = QShortcut(QKeySequence.StandardKey.Copy, view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda view=view: copy_table(view))

    # --- what it shows -----------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        self._analyses.ask()
        analysis, of, study = self._analyses.latest, self._analyses.study, self._workspace.study
        primary = None
        if analysis is not None and of is not None:
            primary = next((o for o in outcomes(of) if o.name == analysis.plan.primary_endpoint), None)
        failed, pending = self._analyses.failed, self._analyses.pending
        state = "could not be worked out" if failed else "being worked out anew" if pending and analysis else ""
        self.headline.show_analysis(analysis, primary, state=state)
        with QSignalBlocker(self.basis):
            self.basis.setCurrentIndex(self.basis.findData(self._analyses.basis))
        self.basis.setEnabled(study is not None and bool(study.pairs))
        self.basis.setToolTip("" if self.basis.isEnabled() else "The visits are not registered yet.")
        self._offer_weeks(analysis)
        self._show_week()

    def _forget(self) -> None:
        """Another study: its primary outcome and week come first, whatever was looked at in the last one."""
        self._outcome = self._group = ""
        self.week.clear()
        self.values.setCurrentIndex(QModelIndex())

    def _offer_weeks(self, analysis: Analysis | None) -> None:
        """The later weeks; the one chosen stays, at first it is the primary one."""
        weeks = [] if analysis is None else sorted({result.week for result in analysis.results})
        if weeks == [self.week.itemData(i) for i in range(self.week.count())]:
            return
        kept = self.week.currentData()
        wanted = analysis.plan.primary_week if kept is None and analysis is not None else kept
        with QSignalBlocker(self.week):
            self.week.clear()
            for week in weeks:
                self.week.addItem(wording.week(week).capitalize(), week)
            self.week.setCurrentIndex(self.week.findData(wanted) if wanted in weeks else len(weeks) - 1)
        self.week.setEnabled(len(weeks) > 1)

    def _choose_week(self, _index: int) -> None:
        self._show_week()

    def _show_week(self) -> None:
        analysis = self._analyses.latest
        rows = () if analysis is None or self.week.currentData() is None else rows_of(analysis, self.week.currentData())
        first = not self.results.rows
        with QSignalBlocker(self.table.selectionModel()):
            self.results.show_rows(() if analysis is None else columns_of(analysis, rows), rows)
            at = next((i for i, r in enumerate(rows) if (r.outcome.name, r.group) == (self._outcome, self._group)), 0)
            self.table.setCurrentIndex(self.results.index(at, 0) if rows else QModelIndex())
        if first and rows:
            self.table.resizeColumnsToContents()
        self._show_result()

    def _choose_result(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show_result()

    def _result(self) -> VisitResult | None:
        at = self.table.currentIndex()
        return self.results.rows[at.row()] if at.isValid() else None

    def _show_result(self) -> None:
        result, analysis, study = self._result(), self._analyses.latest, self._analyses.study
        if result is None or analysis is None or study is None:
            self.lines.show_table(None, ())
            self.changes.show_results((), ())
            self.subjects.show_rows((), 1, "Visit")
            self.note.setText("")
            return
        self._outcome, self._group = result.outcome.name, result.group
        table = next(t for t in analysis.tables if t.outcome.name == result.outcome.name)
        of_arm = {arm: [s for s in table.subjects if study.subjects[s].arm == arm] for arm in analysis.groups}
        self.lines.show_table(table, list(of_arm.items()))
        of_outcome = [r for r in analysis.results if r.outcome.name == result.outcome.name]
        self.changes.show_results(of_outcome, analysis.groups)
        chosen = self._chosen_subject()
        rows = subject_rows(table, of_arm[result.group], result.week)
        with QSignalBlocker(self.values.selectionModel()):
            self.subjects.show_rows(rows, result.outcome.digits, wording.week(result.week).capitalize())
        self._point_at(chosen)
        self.note.setText(" ".join((methods_of(result), *reasons_of(result))))

    # --- one subject -------------------------------------------------------------------------------------------

    def _chosen_subject(self) -> str:
        at = self.values.currentIndex()
        rows = self.subjects.rows
        return rows[at.row()].subject if at.isValid() and at.row() < len(rows) else ""

    def _point_at(self, subject: str) -> None:
        """Choose a subject in the table; its line stands out."""
        row = self.subjects.row_of(subject)
        if row is not None:
            self.values.setCurrentIndex(self.subjects.index(row, 0))
        self.lines.choose(subject if row is not None else "")

    def _choose_subject(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self.lines.choose(self._chosen_subject())

    def _open(self, index: QModelIndex) -> None:
        """Show the images that a subject's values come from: the first one of each visit."""
        study = self._workspace.study
        if study is None:
            return
        of_visit: dict[int, int] = {}
        for read_id in self.subjects.rows[index.row()].read_ids:
            if read_id in study.reads:  # the values may be of a moment ago, and an edit undone since
                image = study.images[study.reads[read_id].image_id]
                of_visit.setdefault(image.visit_id, image.id)
        if of_visit:
            self.opened.emit(tuple(of_visit.values()))


def copy_table(view: QTableView) -> None:
    """Put a whole table on the clipboard, for a spreadsheet."""
    copy_rows(view.model(), range(view.model().rowCount()))


def _combo(name: str, title: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(title)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return combo


def _table(name: str, title: str, model: ResultsModel | SubjectsModel) -> QTableView:
    view = QTableView()
    make_plain(view, name, title, ROW_PX)
    view.setModel(model)
    return view
