"""Buttons beside the image that do what a key does too, and how they stand."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from ui.icons import set_icon


def command_button(name: str, icon: str, text: str) -> QPushButton:
    """A button with an icon; a click on it leaves the keyboard with the image.

    Args:
        name: object name.
        icon: see `ui.icons`.
        text: what it says, also to a screen reader.
    """
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    set_icon(button, icon)
    return button


def widget_grid(widgets: Sequence[QWidget], columns: int) -> QGridLayout:
    """Widgets in rows of so many, all columns of one width."""
    grid = QGridLayout()
    grid.setSpacing(4)
    for place, widget in enumerate(widgets):
        grid.addWidget(widget, place // columns, place % columns)
    for column in range(columns):
        grid.setColumnStretch(column, 1)
    return grid
