"""Asks who is reading: the name that corrections are kept under."""

from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from ui.dialogs.sheet import Sheet, paragraph
from ui.theme import GRID_PX

MAX_NAME = 200
WHY = (
    "Corrections are kept under your name, apart from other readers' ones. It stands in the study and its tables; "
    "without it they are kept under the name of your account."
)


class ReaderNameDialog(Sheet):
    """The question.

    Args:
        name: the name so far.
        parent: the window it belongs to.
    """

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__("reader_name", "Who is reading?", parent)
        self._line = QLineEdit(name, maxLength=MAX_NAME, placeholderText="Name or initials")
        self._line.setObjectName("reader_name.name")
        self._line.setMinimumWidth(40 * GRID_PX)
        label = QLabel("Your &name")
        label.setBuddy(self._line)
        self.column.addWidget(paragraph(WHY, "muted"))
        self.column.addWidget(label)
        self.column.addWidget(self._line)
        self._keep = self.add_buttons("Keep", "Not now")
        self._line.textChanged.connect(self._check)
        self._check()
        self._line.setFocus()

    @property
    def name(self) -> str:
        """The name as it is typed, without surrounding blanks."""
        return self._line.text().strip()

    def _check(self) -> None:
        self._keep.setEnabled(bool(self.name))
