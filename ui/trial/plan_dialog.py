"""What is fixed before results are looked at: planned weeks, the primary endpoint, the control."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.form import FIELD_PX, Form
from ui.dialogs.sheet import Sheet, paragraph
from ui.theme import GRID_PX
from workstation.model.study import Study
from workstation.model.trial import PlannedVisit, TrialPlan
from workstation.model.trial_validity import MAX_WEEK, MAX_WINDOW_DAYS
from workstation.trial import wording
from workstation.trial.known_results import known_results
from workstation.trial.outcomes import outcomes
from workstation.trial.schedule import planned_visits

MAX_TITLE = 200
DECIMALS = 3
"""A day is 0.143 weeks."""
WEEKS_PX = 24 * GRID_PX
WIDE_PX = 34 * GRID_PX
SHEET_PX = 86 * GRID_PX
TITLES = ["Week", "Days early", "Days late"]
NO_CONTROL = "None"
UNBOUNDED_PX = 16_777_215
"""Qt's largest width: a field as wide as its cell."""


class PlanDialog(Sheet):
    """Asks for the plan. Nothing is kept before it is accepted.

    Args:
        study: as it is.
        read_only: whether the plan is only looked at.
        parent: the window it belongs to.
    """

    def __init__(self, study: Study, *, read_only: bool = False, parent: QWidget | None = None) -> None:
        super().__init__("plan", "Trial plan", parent)
        self.setMinimumWidth(SHEET_PX)
        self._study, self._read_only = study, read_only
        plan = study.plan
        self._title = QLineEdit(plan.title, maxLength=MAX_TITLE)
        self._title.setObjectName("plan.title")
        self._title.setFixedWidth(WIDE_PX)
        self._outcome = QComboBox()
        self._outcome.setObjectName("plan.outcome")
        self._outcome.setFixedWidth(WIDE_PX)
        for outcome in outcomes(study):
            self._outcome.addItem(wording.titled(outcome), outcome.name)
            self._outcome.setItemData(self._outcome.count() - 1, outcome.description, Qt.ItemDataRole.ToolTipRole)
        self._outcome.setCurrentIndex(self._outcome.findData(plan.primary_endpoint))
        self._week = WeekField(0.1, plan.primary_week)
        self._week.setPrefix("week ")
        self._week.setObjectName("plan.week")
        self._week.setFixedWidth(FIELD_PX)
        self._arm = _control("plan.arm", (s.arm for s in study.subjects.values()), plan.control_arm)
        self._site = _control("plan.site", (i.site for i in study.images.values()), plan.control_site)
        self.weeks = WeeksTable(_to_begin_with(study))
        form = Form("plan.form")
        form.add_row("&Title", self._title, "Stands on the report.")
        form.add_heading("Primary result")
        form.add_row("&Endpoint", self._outcome, "The one that the trial is judged by.")
        form.add_row("At &visit", self._week, "All other endpoints of this week are adjusted for their number.")
        form.add_heading("Control")
        form.add_row("Control &arm", self._arm, "Every other arm's change is compared with this one's.")
        form.add_row("Control &site", self._site, "Or: other sites of the same subjects are compared with this one.")
        form.add_heading("Planned visits")
        self.column.addWidget(form)
        self.column.addWidget(self.weeks, 1)
        self._fault = paragraph("", "danger")
        self._fault.setObjectName("plan.fault")
        self._notice = paragraph("", "warn")
        self._notice.setObjectName("plan.notice")
        self.column.addWidget(self._fault)
        self.column.addWidget(self._notice)
        self._keep = self.add_buttons("" if read_only else "Keep", "Close" if read_only else "Cancel")
        if read_only:
            form.setEnabled(False)
            self.weeks.forbid_changes()
        for changed in (
            self._outcome.currentIndexChanged,
            self._week.valueChanged,
            self._arm.currentIndexChanged,
            self._site.currentIndexChanged,
            self.weeks.changed,
        ):
            changed.connect(self._check)
        self._check()

    @property
    def plan(self) -> TrialPlan:
        """What was filled in; when the primary result was named stands as it was."""
        return replace(
            self._study.plan,
            title=self._title.text().strip(),
            visits=self.weeks.visits,
            primary_endpoint=self._outcome.currentData() or self._study.plan.primary_endpoint,
            primary_week=self._week.week,
            control_arm=self._arm.currentData(),
            control_site=self._site.currentData(),
        )

    def _check(self, *_: object) -> None:
        before, now = self._study.plan, self.plan
        weeks = [visit.week for visit in now.visits]
        fault = ""
        if len(set(weeks)) < len(weeks):
            twice = next(week for week in weeks if weeks.count(week) > 1)
            fault = f"{wording.week(twice).capitalize()} is planned twice."
        elif weeks and now.primary_week not in weeks:
            fault = f"The primary visit, {wording.week(now.primary_week)}, is not among the planned ones."
        elif now.control_arm and now.control_site:
            fault = "A trial has either a control arm or a control site."
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))
        primary = now.primary_endpoint, now.primary_week
        is_named = not before.named_utc or primary != (before.primary_endpoint, before.primary_week)
        self._notice.setText(
            "Keep names the primary result, and there are results already: the report will say that it was named after "
            "them."
            if is_named and not self._read_only and any(known_results(self._study))
            else ""
        )
        self._notice.setVisible(bool(self._notice.text()))
        if not self._read_only:
            self._keep.setEnabled(not fault)


class WeekField(QDoubleSpinBox):
    """A week, a whole number as a rule.

    Args:
        lowest: the earliest week.
        value: to begin with.
    """

    def __init__(self, lowest: float, value: float) -> None:
        super().__init__(decimals=DECIMALS, minimum=lowest, maximum=MAX_WEEK, value=value)
        self._given, self._shown = value, self.value()

    @property
    def week(self) -> float:
        """The week; where another was not chosen, the one that was there, with all its digits."""
        return self._given if self.value() == self._shown else self.value()

    def textFromValue(self, value: float) -> str:
        """`12`, `1.5`, `4.286`."""
        return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")


class WeeksTable(QWidget):
    """The planned weeks and how many days before and after still count as on time.

    Args:
        visits: to begin with.
    """

    changed = Signal()

    def __init__(self, visits: tuple[PlannedVisit, ...]) -> None:
        super().__init__()
        self.setObjectName("plan.weeks")
        self._fields: dict[QWidget, tuple[WeekField, QSpinBox, QSpinBox]] = {}
        self.table = QTableWidget(0, len(TITLES))
        self.table.setObjectName("plan.weeks.table")
        self.table.setAccessibleName("Planned visits")
        self.table.setHorizontalHeaderLabels(TITLES)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(4 * GRID_PX)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setMinimumHeight(WEEKS_PX)
        for visit in visits:
            self._add(visit)
        add, remove = QPushButton("&Add week"), QPushButton("&Remove")
        add.setObjectName("plan.weeks.add")
        remove.setObjectName("plan.weeks.remove")
        self._buttons = (add, remove)
        for button in self._buttons:
            button.setAutoDefault(False)
        add.clicked.connect(self._add_next)
        remove.clicked.connect(self._remove)
        buttons = QVBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addWidget(add)
        buttons.addWidget(remove)
        buttons.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.table, 1)
        row.addLayout(buttons)

    @property
    def visits(self) -> tuple[PlannedVisit, ...]:
        """What is planned, by week."""
        rows = (self._fields[self.table.cellWidget(row, 0)] for row in range(self.table.rowCount()))
        found = (PlannedVisit(week.week, early.value(), late.value()) for week, early, late in rows)
        return tuple(sorted(found, key=lambda visit: visit.week))

    def forbid_changes(self) -> None:
        """Let nothing be changed any more; the table still scrolls."""
        for part in (*(field for row in self._fields.values() for field in row), *self._buttons):
            part.setEnabled(False)

    def _add(self, visit: PlannedVisit) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        week = WeekField(-MAX_WEEK, visit.week)
        early, late = (QSpinBox(maximum=MAX_WINDOW_DAYS, value=days) for days in (visit.early_days, visit.late_days))
        self._fields[week] = (week, early, late)
        week.valueChanged.connect(self._tell)
        early.valueChanged.connect(self._tell)
        late.valueChanged.connect(self._tell)
        for column, (field, title) in enumerate(zip((week, early, late), TITLES, strict=True)):
            field.setAccessibleName(title)
            field.setMaximumWidth(UNBOUNDED_PX)
            self.table.setCellWidget(row, column, field)

    def _tell(self, _value: object) -> None:
        self.changed.emit()

    def _add_next(self) -> None:
        """A week after the last one."""
        last = max((visit.week for visit in self.visits), default=-1.0)
        window = self.visits[-1] if self.visits else PlannedVisit(0)
        self._add(replace(window, week=last + 1))
        self.table.setCurrentCell(self.table.rowCount() - 1, 0)
        self.changed.emit()

    def _remove(self) -> None:
        row = self.table.currentRow()
        if row >= 0:
            self._fields.pop(self.table.cellWidget(row, 0))
            self.table.removeRow(row)
            self.changed.emit()


def _control(name: str, values: Iterable[str], chosen: str) -> QComboBox:
    """The control's name among those of the study; one that is not there any more stays until another is chosen."""
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setFixedWidth(FIELD_PX)
    combo.addItem(NO_CONTROL, "")
    for value in sorted({value for value in (*values, chosen) if value}):
        combo.addItem(value, value)
    combo.setCurrentIndex(combo.findData(chosen))
    return combo


def _to_begin_with(study: Study) -> tuple[PlannedVisit, ...]:
    """The planned visits; without a plan those that were held, and the primary one that may be still to come."""
    visits = planned_visits(study)
    if study.plan.visits or any(visit.week == study.plan.primary_week for visit in visits):
        return visits
    return (*visits, PlannedVisit(study.plan.primary_week))
