"""Asks why a change is made: one line, what was said of late, and whether it holds for the next edits too."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from ui.dialogs.sheet import Sheet, paragraph
from ui.record.reasons import Answer
from ui.theme import GRID_PX

MAX_REASON = 500
OFFERED = 4


class ReasonDialog(Sheet):
    """The question. Digits choose a recent reason only by click: the line is being typed into.

    Args:
        what: why it is asked, as a clause.
        recent: what was said of late, the latest first.
        can_keep: whether the reason can hold for the next edits of the read.
        kept: the reason that is kept now, to be changed; empty where this is about one edit.
        parent: the window.
    """

    def __init__(
        self, what: str, recent: Sequence[str], *, can_keep: bool, kept: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__("reason", "Why this change?", parent)
        self.setMinimumWidth(56 * GRID_PX)
        self._line = QLineEdit(kept, maxLength=MAX_REASON, placeholderText="Seen again at full size, say")
        self._line.setObjectName("reason.text")
        self._line.selectAll()
        label = QLabel("&Reason")
        label.setBuddy(self._line)
        self.column.addWidget(paragraph(f"{what[:1].upper()}{what[1:]}. It stands in the record for ever.", "muted"))
        self.column.addWidget(label)
        self.column.addWidget(self._line)
        if recent:
            self.column.addLayout(self._recent(recent[:OFFERED]))
        self._keep = QCheckBox("&Keep for the next edits of this read")
        self._keep.setChecked(True)
        self._keep.setVisible(False)
        self._keep.setObjectName("reason.keep")
        if can_keep:
            self._keep.setVisible(True)
            self.column.addWidget(self._keep)
        self._go = self.add_buttons("Make the change" if not kept else "Keep")
        self._line.textChanged.connect(self._check)
        self._check()
        self._line.setFocus()

    @property
    def answer(self) -> Answer:
        """What was said."""
        return Answer(self._line.text().strip(), self._keep.isVisibleTo(self) and self._keep.isChecked())

    def _recent(self, recent: Sequence[str]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        for number, reason in enumerate(recent):
            button = QPushButton(_short(reason), flat=True)
            button.setObjectName(f"reason.recent.{number}")
            button.setProperty("role", "chip")
            button.setAccessibleName(f"Recent reason: {reason}")
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, said=reason: self._take(said))
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _take(self, reason: str) -> None:
        self._line.setText(reason)
        self._line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _check(self) -> None:
        self._go.setEnabled(bool(self._line.text().strip()))


def _short(text: str) -> str:
    return text.replace("&", "&&") if len(text) <= 32 else f"{text[:31]}…".replace("&", "&&")
