"""Small parts that several panels put together."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from ui.icons import set_icon


def beside(*widgets: QWidget | None) -> QWidget:
    """Widgets in a row; None takes the room that is left."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget)
    return row


def icon_button(icon: str, name: str, tip: str) -> QToolButton:
    """A button that is a sign alone; its tip's first line is its accessible name."""
    button = QToolButton()
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAccessibleName(tip.splitlines()[0])
    set_icon(button, icon)
    return button


def choice_button(name: str) -> QPushButton:
    """A button that can be pressed in; it takes its share of the width."""
    button = QPushButton()
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard with the image
    button.setObjectName(name)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return button


class WheelGuard(QObject):
    """Lets the wheel scroll the column over a box or a slider, unless that has the keyboard.

    Args:
        widget: the box or slider.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass the wheel on to whatever the widget lies in."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)
