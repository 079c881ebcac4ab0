"""People: who takes part in the study, what they may do, by which keys they are known."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
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

from ui.dialogs.study_sheet import StudySheet
from ui.messages import Message
from ui.plain_table import make_plain, set_widths
from ui.plain_text import plain_tip
from ui.preferences import change
from ui.signing.key_questions import EnrolDialog, WithdrawDialog
from ui.signing.people_rows import PeopleRows
from ui.theme import GRID_PX
from ui.workspace import Workspace
from workstation.edits.people import add_person, enrol_key, remove_person, set_roles, withdraw_key
from workstation.errors import UserFacingError
from workstation.model.people import Person, Role
from workstation.signing.people import note_on_owners, standing_of
from workstation.signing.public_keys import SUFFIX, fingerprint, read_offer

SIZE_PX = (760, 600)
WIDTHS_PX = (184, 248)
KEYS_PX = 9 * GRID_PX
LEAST_PX = 16 * GRID_PX
KEY = Qt.ItemDataRole.UserRole
EMPTY = "Nobody is listed: everybody may do everything. Once somebody is, all others are assessors."
ABOUT = {
    Role.OWNER: "Lists the people, enrols keys, sets the reading rules",
    Role.ASSESSOR: "Reads images",
    Role.QA_REVIEWER: "Accepts and returns the reads of others",
    Role.ADJUDICATOR: "Settles where two reads differ",
}


class PeopleDialog(StudySheet):
    """See the module.

    Args:
        workspace: whose study.
        parent: the window it belongs to.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("people", "People", workspace, parent)
        self.rows = PeopleRows()
        self.table = QTableView()
        make_plain(self.table, "people.table", "People", 3 * GRID_PX)
        self.table.setModel(self.rows)
        self.table.setMinimumHeight(LEAST_PX)
        set_widths(self.table, WIDTHS_PX)
        self._note = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._note.setObjectName("people.note")
        self._note.setProperty("role", "muted")
        self._buttons: dict[str, QPushButton] = {}
        self.column.addLayout(self._head())
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self._note)
        self._form = self._made_form()
        self.column.addWidget(self._form)
        self.add_foot()
        self.resize(*SIZE_PX)
        self._name = ""
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._take_row())
        self.refresh()
        self.name.setFocus()

    def refresh(self) -> None:
        """See `StudySheet`."""
        with QSignalBlocker(self.table.selectionModel()):
            self.rows.show_people(self.study)
            row = max(0, self.rows.row_of(self._name))
            if self.rows.people:
                self.table.selectRow(row)
        self._note.setText(note_on_owners(self.study) if self.rows.people else EMPTY)
        self._note.setVisible(bool(self._note.text()))
        self._take_row()

    @property
    def person(self) -> Person | None:
        """Who is chosen."""
        row = self.table.currentIndex().row()
        return self.rows.people[row] if 0 <= row < len(self.rows.people) else None

    # --- what it is made of ------------------------------------------------------------------------------------

    def _head(self) -> QHBoxLayout:
        self.name = QLineEdit(placeholderText="Name, as in the settings of their program")
        self.name.setObjectName("people.name")
        self.name.setAccessibleName("Name of somebody to list")
        self.name.returnPressed.connect(self._add)
        self.name.textChanged.connect(lambda _: self._show_possible())
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self.name, 1)
        row.addWidget(self._button("add", "&Add", self._add))
        row.addWidget(self._button("enrol", "&Enrol a key…", self._enrol))
        self._buttons["enrol"].setToolTip("From the file with the public key that a reader exported")
        return row

    def _made_form(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        self._title = QLabel()
        self._title.setProperty("role", "heading")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(self._title)
        roles = QHBoxLayout()
        roles.setSpacing(2 * GRID_PX)
        self.roles: dict[Role, QCheckBox] = {}
        for role in Role:
            box = QCheckBox(f"{role.value[:1].upper()}{role.value[1:]}")
            box.setObjectName(f"people.{role.name.lower()}")
            box.setToolTip(ABOUT[role])
            box.clicked.connect(lambda: self._set_roles())
            self.roles[role] = box
            roles.addWidget(box)
        roles.addStretch(1)
        column.addLayout(roles)
        self.keys = QListWidget()
        self.keys.setObjectName("people.keys")
        self.keys.setAccessibleName("Keys")
        self.keys.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.keys.setFixedHeight(KEYS_PX)
        self.keys.currentItemChanged.connect(lambda *_: self._show_possible())
        column.addWidget(self.keys)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self._button("withdraw", "&Withdraw key…", self._withdraw))
        row.addWidget(self._button("remove", "&Remove from the list", self._remove))
        row.addStretch(1)
        column.addLayout(row)
        return form

    def _button(self, name: str, text: str, does: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"people.{name}.button")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: does())
        self._buttons[name] = button
        return button

    # --- what is done ------------------------------------------------------------------------------------------

    def _add(self) -> None:
        """List somebody: the first one as owner, for else nobody could forbid anything, later ones as assessors."""
        name = self.name.text().strip()
        roles = (Role.ASSESSOR,) if self.study.people else (Role.OWNER,)
        before, self._name = self._name, name
        if name and self.commit(lambda study: add_person(study, name, roles)):
            self.name.clear()
        else:
            self._name = before

    def _set_roles(self) -> None:
        person = self.person
        if person is None:
            return
        chosen = [role for role, box in self.roles.items() if box.isChecked()]
        if not self.commit(lambda study: set_roles(study, person.name, chosen)):
            self._take_row()

    def _enrol(self) -> None:
        folder = self.workspace.settings.last_folder or Path.home()
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Enrol a reader's public key", str(folder), f"Public keys (*{SUFFIX});;All files (*)"
        )
        if not chosen:
            return
        path = Path(chosen)
        change(self.workspace, lambda settings: settings.changed(last_folder=path.absolute().parent))
        try:
            offered = read_offer(path)
        except UserFacingError as error:
            self.say(Message.of_error(error).text, "danger")
            return
        asked = EnrolDialog(offered, listed=offered.name in self.study.people, parent=self)
        if asked.exec() == QDialog.DialogCode.Accepted:
            before, self._name = self._name, offered.name
            if not self.commit(lambda study: enrol_key(study, offered.name, offered.public_key)):
                self._name = before

    def _withdraw(self) -> None:
        person, item = self.person, self.keys.currentItem()
        if person is None or item is None:
            return
        public_key: str = item.data(KEY)
        dialog = WithdrawDialog(person.name, public_key, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            since = dialog.since_utc
            self.commit(lambda study: withdraw_key(study, person.name, public_key, since_utc=since))

    def _remove(self) -> None:
        person = self.person
        if person is not None:
            self.commit(lambda study: remove_person(study, person.name))

    # --- what is seen ------------------------------------------------------------------------------------------

    def _take_row(self) -> None:
        person = self.person
        self._form.setEnabled(person is not None and self.can_edit)
        self._name = "" if person is None else person.name
        self._title.setText("" if person is None else person.name)
        for role, box in self.roles.items():
            with QSignalBlocker(box):
                box.setChecked(person is not None and role in person.roles)
        self.keys.clear()
        for key in () if person is None else person.keys:
            item = QListWidgetItem(f"{fingerprint(key.key)}   {standing_of(key)}")
            item.setData(KEY, key.key)
            item.setToolTip(plain_tip(key.key))
            self.keys.addItem(item)
        self.keys.setCurrentRow(self.keys.count() - 1)
        self._show_possible()

    def _show_possible(self) -> None:
        person, item = self.person, self.keys.currentItem()
        self._buttons["add"].setEnabled(self.can_edit and bool(self.name.text().strip()))
        self._buttons["enrol"].setEnabled(self.can_edit)
        good = person is not None and item is not None and item.data(KEY) in _good_keys(person)
        self._buttons["withdraw"].setEnabled(self.can_edit and good)
        self._buttons["remove"].setEnabled(self.can_edit and person is not None and not person.keys)


def _good_keys(person: Person) -> set[str]:
    return {key.key for key in person.keys if not key.withdrawn_utc}
