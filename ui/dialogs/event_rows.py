"""Adverse events as a table."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ui import theme
from ui.plain_text import plain_tip
from workstation.model.study import Study
from workstation.model.trial import AdverseEvent
from workstation.trial.overview import as_counted

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
HEADINGS = ("Subject", "Event", "Severity", "Relation", "Serious", "From", "To", "Comment")
SERIOUS = 4


class EventRows(QAbstractTableModel):
    """The events by subject and start."""

    def __init__(self) -> None:
        super().__init__()
        self.events: tuple[AdverseEvent, ...] = ()

    def show_events(self, study: Study) -> None:
        """Show those of a study; where they are the same ones, what is selected stays."""
        events = tuple(sorted(study.events.values(), key=lambda e: (as_counted(e.subject), e.start_date, e.id)))
        same = [event.id for event in events] == [event.id for event in self.events]
        if not same:
            self.beginResetModel()
        self.events = events
        if not same:
            self.endResetModel()
        elif events:
            self.dataChanged.emit(self.index(0, 0), self.index(len(events) - 1, len(HEADINGS) - 1))

    def row_of(self, event_id: int) -> int:
        """Where an event stands; −1 where it does not."""
        return next((row for row, event in enumerate(self.events) if event.id == event_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """One row an event."""
        return 0 if parent.isValid() else len(self.events)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """What is known of an event."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> object:
        """Headings."""
        if role == ROLE.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """A cell."""
        event = self.events[index.row()]
        texts = (
            event.subject, event.term, str(event.severity), str(event.relation), "serious" if event.serious else "no",
            event.start_date, event.end_date, " ".join(event.comment.split()),
        )  # fmt: skip
        match role:
            case ROLE.DisplayRole:
                return texts[index.column()]
            case ROLE.ToolTipRole:
                return plain_tip(texts[index.column()]) or None
            case ROLE.ForegroundRole:
                return _danger() if event.serious and index.column() == SERIOUS else None
        return None


def _danger() -> QColor:
    return theme.current().colour("danger")
