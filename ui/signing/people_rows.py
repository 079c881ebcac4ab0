"""The people of a study as a table."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from ui.plain_text import plain_tip
from workstation.model.people import Person
from workstation.model.study import Study

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
HEADINGS = ("Name", "Roles", "Keys")


class PeopleRows(QAbstractTableModel):
    """People by their names."""

    def __init__(self) -> None:
        super().__init__()
        self.people: tuple[Person, ...] = ()

    def show_people(self, study: Study) -> None:
        """Show those of a study."""
        self.beginResetModel()
        self.people = tuple(sorted(study.people.values(), key=lambda person: person.name.casefold()))
        self.endResetModel()

    def row_of(self, name: str) -> int:
        """Where somebody stands; −1 where they do not."""
        return next((row for row, person in enumerate(self.people) if person.name == name), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """One row a person."""
        return 0 if parent.isValid() else len(self.people)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """What is known of a person."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> object:
        """Headings."""
        if role == ROLE.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """A cell."""
        if role not in (ROLE.DisplayRole, ROLE.ToolTipRole):
            return None
        person = self.people[index.row()]
        roles = ", ".join(role.value for role in person.roles) or "none"
        text = (person.name, roles, _keys(person))[index.column()]
        return plain_tip(text) if role == ROLE.ToolTipRole else text


def _keys(person: Person) -> str:
    good = sum(not key.withdrawn_utc for key in person.keys)
    gone = len(person.keys) - good
    parts = [f"{good} enrolled"] * bool(good) + [f"{gone} withdrawn"] * bool(gone)
    return ", ".join(parts) or "none"
