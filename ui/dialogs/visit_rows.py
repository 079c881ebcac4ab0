"""The visits of one subject as a table: name, planned week and day can be typed; whether that was on time is told."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ui import theme
from ui.panels.figures import counted, typed_number
from workstation.model.study import Study, Visit
from workstation.trial.schedule import Attendance, Status, attendance, planned_visits, visits_by_subject
from workstation.weeks import week_of

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
HEADINGS = ("Visit", "Planned week", "Day", "Against the plan", "Images")
TIPS = (
    "baseline, week 12 …",
    "Since the baseline, which is week 0; nothing for a visit that was not planned",
    "Year-month-day: 2026-03-31",
    "By the day of the baseline and the windows of the trial plan",
    "Taken at this visit",
)
N_TYPED = 3
"""The first columns can be typed into."""


class VisitRows(QAbstractTableModel):
    """See the module.

    Args:
        change: makes a changed visit part of the study; whether it was.
        refuse: is told of what cannot be typed, as a sentence.
    """

    def __init__(self, change: Callable[[Visit], bool], refuse: Callable[[str], object]) -> None:
        super().__init__()
        self._change, self._refuse = change, refuse
        self._editable = False
        self.visits: tuple[Visit, ...] = ()
        self._attended: dict[int, Attendance] = {}
        self._images: dict[int, int] = {}

    def show_subject(self, study: Study, subject: str, *, editable: bool) -> None:
        """Show the visits of a subject, earliest first."""
        visits = visits_by_subject(study).get(subject, ())
        same = [v.id for v in visits] == [v.id for v in self.visits]
        if not same:
            self.beginResetModel()
        self._editable, self.visits = editable, visits
        self._attended = {
            each.visit_id: each for each in attendance(study) if each.subject == subject and each.visit_id is not None
        }
        mine = {visit.id for visit in visits}
        self._images = dict.fromkeys(mine, 0)
        for image in study.images.values():
            if image.visit_id in mine:
                self._images[image.visit_id] += 1
        if not same:
            self.endResetModel()
        elif visits:
            self.dataChanged.emit(self.index(0, 0), self.index(len(visits) - 1, len(HEADINGS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """One row a visit."""
        return 0 if parent.isValid() else len(self.visits)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """What is known of a visit."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> object:
        """Headings, and what they mean."""
        if orientation is Qt.Orientation.Vertical:
            return None
        return {ROLE.DisplayRole: HEADINGS[section], ROLE.ToolTipRole: TIPS[section]}.get(ROLE(role))

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What follows from the rest cannot be typed."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        typed = self._editable and index.column() < N_TYPED
        return flags | Qt.ItemFlag.ItemIsEditable if typed else flags

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """A cell."""
        visit = self.visits[index.row()]
        attended = self._attended.get(visit.id)
        match role:
            case ROLE.DisplayRole | ROLE.EditRole:
                week = "" if visit.week is None else f"{visit.week:g}"
                n_images = str(self._images.get(visit.id, 0))
                return (visit.name, week, visit.date, timing_text(attended), n_images)[index.column()]
            case ROLE.ForegroundRole:
                return self._colour(index.column(), attended)
            case ROLE.ToolTipRole:
                return TIPS[index.column()]
        return None

    def setData(self, index: Index, value: object, role: int = ROLE.EditRole) -> bool:
        """Type into a cell: an edit of the study."""
        visit, text = self.visits[index.row()], " ".join(str(value).split())
        if role != ROLE.EditRole or text == self.data(index, ROLE.EditRole):
            return False
        match index.column():
            case 0:
                changed = replace(visit, name=text)
            case 1:
                week = typed_number(text.casefold().removeprefix("week"))
                if text and week is None:
                    self._refuse(f"“{text}” is not a week: type a number of weeks since the baseline, or nothing.")
                    return False
                changed = replace(visit, week=week)
            case _:
                changed = replace(visit, date=text)
        return self._change(changed)

    def _colour(self, column: int, attended: Attendance | None) -> QColor | None:
        if column != HEADINGS.index("Against the plan"):
            return None
        amiss = attended is not None and attended.status in (Status.EARLY, Status.LATE, Status.UNDATED)
        return theme.current().colour("warn" if amiss else "muted")


def timing_text(attended: Attendance | None) -> str:
    """`on time`, `5 days late`, `not planned`."""
    if attended is None:
        return "not planned"
    if attended.status is Status.UNDATED:
        return "no day known"
    if attended.status is Status.ON_TIME:
        return "on time" if attended.week else "the baseline"
    return f"{counted(abs(attended.days_off or 0), 'day')} {attended.status}"


def next_visit(study: Study, subject: str) -> Visit:
    """The visit that is likely to be added: of the first planned week that the subject lacks; else one more."""
    mine = [visit for visit in study.visits.values() if visit.subject == subject]
    weeks = {visit.week for visit in mine}
    lacking = [plan.week for plan in planned_visits(study) if plan.week not in weeks] or ([] if mine else [0.0])
    names = {visit.name for visit in mine}
    if lacking:
        name = "baseline" if lacking[0] == 0 else f"week {lacking[0]:g}"
        if name not in names:
            return Visit(0, subject, name, lacking[0])
    numbered = (f"visit {n}" for n in range(len(mine) + 1, len(mine) + 1000))
    name = next(name for name in numbered if name not in names)
    return Visit(0, subject, name, week_of(name))
