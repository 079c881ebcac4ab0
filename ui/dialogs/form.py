"""Rows of a form: a label with its key, a field, and a line that says what it means."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from ui.dialogs.sheet import paragraph
from ui.theme import GRID_PX

FIELD_PX = 20 * GRID_PX


class Form(QWidget):
    """A page of settings.

    Args:
        name: of the object.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 2 * GRID_PX, 0, 0)
        self._column.setSpacing(GRID_PX)
        self._rows: QGridLayout | None = None

    def add_heading(self, text: str) -> None:
        """Begin a group."""
        if self._column.count():
            self._column.addSpacing(GRID_PX)
        label = QLabel(text)
        label.setProperty("role", "heading")
        self._column.addWidget(label)
        self._rows = None

    def add_row(self, label: str, field: QWidget, note: str = "") -> None:
        """A field.

        Args:
            label: what it is; an `&` marks its key.
            field: where it is filled in.
            note: what it means, beside it.
        """
        if self._rows is None:
            self._rows = QGridLayout()
            self._rows.setHorizontalSpacing(2 * GRID_PX)
            self._rows.setVerticalSpacing(GRID_PX)
            self._rows.setColumnMinimumWidth(0, FIELD_PX)
            self._rows.setColumnStretch(2, 1)
            self._column.addLayout(self._rows)
        title = QLabel(label)
        title.setBuddy(field)
        field.setAccessibleName(label.replace("&", ""))
        field.setAccessibleDescription(note)
        at = self._rows.rowCount()
        self._rows.addWidget(title, at, 0)
        self._rows.addWidget(field, at, 1)
        self._rows.addWidget(paragraph(note, "muted"), at, 2)

    def add_note(self, text: str, role: str = "muted") -> QLabel:
        """A sentence on its own."""
        label = paragraph(text, role)
        self._column.addWidget(label)
        return label

    def add_field(self, field: QWidget) -> None:
        """A field that names itself, or several as one."""
        self._column.addWidget(field, 0, Qt.AlignmentFlag.AlignLeft)

    def add_end(self) -> None:
        """No more rows."""
        self._column.addStretch(1)


def decimal_field(
    name: str, lowest: float, highest: float, value: float, unit: str, decimals: int = 1
) -> QDoubleSpinBox:
    """A number with its unit."""
    field = QDoubleSpinBox(decimals=decimals, suffix=f" {unit}" if unit else "")
    field.setObjectName(name)
    field.setRange(lowest, highest)
    field.setValue(value)
    field.setFixedWidth(FIELD_PX)
    return field


def whole_field(name: str, lowest: int, highest: int, value: int, unit: str = "") -> QSpinBox:
    """A whole number with its unit."""
    field = QSpinBox(suffix=f" {unit}" if unit else "")
    field.setObjectName(name)
    field.setRange(lowest, highest)
    field.setValue(value)
    field.setFixedWidth(FIELD_PX)
    return field
