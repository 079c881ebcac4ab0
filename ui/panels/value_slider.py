"""A slider for a number, with what it says beside it; a double click puts it back."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from ui.panels.row import WheelGuard

TEXT_PX = 46
PAGES = 10


@dataclass(frozen=True, slots=True)
class Scale:
    """How the positions of a slider, whole numbers, stand for values."""

    low: int
    high: int
    to_value: Callable[[int], float]
    to_position: Callable[[float], int]
    text: Callable[[float], str]


class ValueSlider(QWidget):
    """See the module.

    Args:
        scale: of its values.
        usual: the value that a double click puts back.
        name: object name.
        title: accessible name.
    """

    moved = Signal(float)
    """The user set another value."""

    def __init__(self, scale: Scale, usual: float, name: str, title: str) -> None:
        super().__init__()
        self._scale = scale
        self._usual = usual
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(name)
        self.slider.setAccessibleName(title)
        self.slider.setRange(scale.low, scale.high)
        self.slider.setPageStep(max(1, (scale.high - scale.low) // PAGES))
        self.slider.setToolTip(f"{title}. A double click puts it back.")
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.valueChanged.connect(self._moved)
        self.slider.installEventFilter(self)
        WheelGuard(self.slider)
        self._text = QLabel()
        self._text.setFixedWidth(TEXT_PX)
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self._text)
        self.show_value(usual)

    def show_value(self, value: float) -> None:
        """Show a value without telling."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._scale.to_position(value))
        self._text.setText(self._scale.text(value))

    def text(self) -> str:
        """The value as it is written."""
        return self._text.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Put the usual value back."""
        if watched is self.slider and event.type() == QEvent.Type.MouseButtonDblClick:
            self.slider.setValue(self._scale.to_position(self._usual))
            return True
        return super().eventFilter(watched, event)

    def _moved(self, position: int) -> None:
        value = self._scale.to_value(position)
        self._text.setText(self._scale.text(value))
        self.moved.emit(value)
