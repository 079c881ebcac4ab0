"""One remark with its answers, and what can be done with it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.theme import GRID_PX
from workstation.clock import local_time
from workstation.model.reading import Remark


@dataclass(frozen=True, slots=True)
class ThreadLooks:
    """What is shown."""

    first: Remark
    answers: tuple[Remark, ...]
    user: str
    may_mark: bool
    """Whether the user says when it is dealt with."""
    can_edit: bool


class RemarkThread(QFrame):
    """See the module.

    Args:
        looks: what is shown.
        parent: the Qt parent.
    """

    answer_asked = Signal(int)
    marked = Signal(int, bool)
    """Dealt with, or not after all."""
    taken_back = Signal(int)
    hair_asked = Signal(int)

    def __init__(self, looks: ThreadLooks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        first = looks.first
        self.setObjectName(f"remark.{first.id}")
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        column.addLayout(self._head(first))
        column.addWidget(_text(first.text, muted=bool(first.done_by)))
        for answer in looks.answers:
            column.addLayout(self._answer(answer, looks))
        if first.done_by:
            column.addWidget(_text(f"✓ Done: {first.done_by}, {local_time(first.done_utc)}", muted=True))
        if looks.can_edit:
            column.addLayout(self._deeds(looks))

    def _head(self, remark: Remark) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        who = QLabel(remark.author, textFormat=Qt.TextFormat.PlainText)
        who.setProperty("role", "heading")
        when = QLabel(local_time(remark.created_utc))
        when.setProperty("role", "muted")
        head.addWidget(who)
        head.addWidget(when)
        head.addStretch(1)
        if remark.hair_id is not None:
            hair_id = remark.hair_id
            chip = _chip(f"Hair {hair_id}", f"remark.{remark.id}.hair", lambda: self.hair_asked.emit(hair_id))
            chip.setToolTip("Selects it in the image")
            head.addWidget(chip)
        return head

    def _answer(self, answer: Remark, looks: ThreadLooks) -> QVBoxLayout:
        inner = QVBoxLayout()
        inner.setContentsMargins(2 * GRID_PX, 0, 0, 0)
        inner.setSpacing(2)
        inner.addLayout(self._head(answer))
        inner.addWidget(_text(answer.text))
        if looks.can_edit and answer.author == looks.user and not any(a.answers == answer.id for a in looks.answers):
            back = _chip("Take back", f"remark.{answer.id}.back", lambda: self.taken_back.emit(answer.id))
            inner.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        return inner

    def _deeds(self, looks: ThreadLooks) -> QHBoxLayout:
        first, row = looks.first, QHBoxLayout()
        row.setSpacing(GRID_PX // 2)
        if not first.done_by:
            row.addWidget(_chip("Answer", f"remark.{first.id}.answer", lambda: self.answer_asked.emit(first.id)))
        if looks.may_mark:
            word = "Open again" if first.done_by else "Done"
            done = not first.done_by
            row.addWidget(_chip(word, f"remark.{first.id}.done", lambda: self.marked.emit(first.id, done)))
        if first.author == looks.user and not looks.answers and not first.done_by:
            row.addWidget(_chip("Take back", f"remark.{first.id}.back", lambda: self.taken_back.emit(first.id)))
        row.addStretch(1)
        return row


def _text(text: str, *, muted: bool = False) -> QLabel:
    label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if muted:
        label.setProperty("role", "muted")
    return label


def _chip(text: str, name: str, do: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("role", "chip")
    button.clicked.connect(lambda _checked: do())
    return button
