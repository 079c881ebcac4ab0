"""One question with its answers: a click or a digit gives one, arrows go to the next."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout

from ui.plain_text import plain_tip
from ui.theme import GRID_PX
from workstation.model.trial import Item

FEW = 7
"""Answers that have room for their words beside each other."""


class Question(QFrame):
    """See the module. It has the keyboard as a whole, so that Tab goes from question to question.

    Args:
        place: from 1.
        item: the question.
        scale: the answers: number and label.
    """

    answered = Signal(object)
    """The number of an answer; None where it is taken back."""
    moved = Signal(int)
    """The keyboard goes so many questions on."""

    def __init__(self, place: int, item: Item, scale: Sequence[tuple[int, str]]) -> None:
        super().__init__()
        self.setObjectName(f"question.{item.id}")
        self.setProperty("role", "question")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.item = item
        self._scale = tuple(scale)
        self._text = f"{place}.  {item.text}"
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        label = QLabel(self._text, wordWrap=True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(label)
        column.addLayout(self._answers())
        if item.reverse:
            self.setToolTip("Worded the other way round: the score counts the opposite answer.")
        self.show_answer(None)

    def show_answer(self, value: int | None) -> None:
        """Show what was answered; None where nothing was."""
        self._value = value
        with QSignalBlocker(self._group):
            self._group.setExclusive(False)  # none may be marked
            for button in self._group.buttons():
                button.setChecked(self._group.id(button) == self._id(value))
            self._group.setExclusive(True)
        words = dict(self._scale).get(value, "") if value is not None else ""
        given = "not answered" if value is None else f"answer {value} {words}"
        self.setAccessibleName(f"{self._text}  {given}")

    @property
    def value(self) -> int | None:
        """What is shown as answered."""
        return self._value

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit answers and goes on; arrows change the answer or go on; Del takes it back."""
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        numbers = [number for number, _ in self._scale]
        if plain and event.text().isdecimal() and int(event.text()) in numbers:
            self.answered.emit(int(event.text()))
            self.moved.emit(1)
        elif plain and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(numbers, -1 if key == Qt.Key.Key_Left else 1)
        elif plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif plain and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.answered.emit(None)
        elif plain and event.text().isdecimal():
            event.accept()  # no answer: nothing else should take it for one
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the answers is about this question too."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def _answers(self) -> QHBoxLayout:
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(3 * GRID_PX, 0, 0, 0)
        row.setSpacing(2 * GRID_PX)
        wordy = len(self._scale) <= FEW
        for place, (number, label) in enumerate(self._scale):
            text = f"{number}  {label}".strip() if wordy else str(number)
            button = QRadioButton(text.replace("&", "&&"))
            button.setToolTip(plain_tip(label))
            button.setAccessibleName(f"{number} {label}".strip())
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._group.addButton(button, place)
            row.addWidget(button)
        row.addStretch(1)
        self._group.idClicked.connect(self._take)
        return row

    def _take(self, place: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.answered.emit(self._scale[place][0])

    def _step(self, numbers: Sequence[int], step: int) -> None:
        place = self._id(self._value)
        place = (0 if step > 0 else len(numbers) - 1) if place < 0 else place + step
        if 0 <= place < len(numbers):
            self.answered.emit(numbers[place])

    def _id(self, value: int | None) -> int:
        return next((place for place, (number, _) in enumerate(self._scale) if number == value), -1)
