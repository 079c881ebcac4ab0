"""The line above the images while a read is shown as it was: when that was, earlier and later, the way back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from ui.elided import ElidedLabel
from ui.icons import IconLabel, set_icon
from ui.messages import MessageKind
from ui.theme import GRID_PX
from ui.tools.options import HEIGHT_PX
from ui.workspace import Workspace
from workstation.errors import UserFacingError
from workstation.record.as_it_was import last_row_at
from workstation.record.times import as_utc


class PastBar(QFrame):
    """See the module. It is about the active image, and hidden where that is shown as it is now.

    Args:
        workspace: what is shown.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("past_bar")
        self.setAccessibleName("A read as it was")
        self.setFixedHeight(HEIGHT_PX)
        self._workspace = workspace
        self._title = QLabel("As it was")
        self._title.setObjectName("past_bar.title")
        self._title.setProperty("role", "warn")
        self._text = ElidedLabel(parent=self)
        self._text.setObjectName("past_bar.text")
        self.on = QLineEdit(placeholderText="On: 2026-02-03 09:15", maxLength=32)
        self.on.setObjectName("past_bar.on")
        self.on.setAccessibleName("Show it as it was at this time (UTC)")
        self.on.setToolTip(
            "As it was at this time, in UTC: a day, 2026-02-03, or a time, 2026-02-03 09:15. Enter goes."
        )
        self.on.setFixedWidth(19 * GRID_PX)
        self.earlier = _button("past_bar.earlier", "previous", "The change before (Shift+Page Up)")
        self.later = _button("past_bar.later", "next", "The next change (Shift+Page Down)")
        self.back = QPushButton("&Today's read")
        self.back.setObjectName("past_bar.back")
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID_PX, 0, GRID_PX, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(IconLabel("clock", "warn"))
        row.addWidget(self._title)
        row.addWidget(self._text, 1)
        for part in (self.on, self.earlier, self.later, self.back):
            row.addWidget(part)
        self.earlier.clicked.connect(lambda: self.step(-1))
        self.later.clicked.connect(lambda: self.step(1))
        self.back.clicked.connect(self._go_back)
        self.on.returnPressed.connect(self._go_to_time)
        for changed in (workspace.shown_changed, workspace.active_changed, workspace.session_changed):
            changed.connect(self.follow)
        self.follow()

    @property
    def text(self) -> str:
        """All that it says."""
        return f"{self._title.text()} · {self._text.text()}"

    def follow(self) -> None:
        """Say what is shown of the active image."""
        active = self._workspace.active
        past = None if active is None else self._workspace.past.get(active)
        self.setVisible(past is not None)
        if past is None:
            self.on.clear()
            return
        self._text.setText(f"{past.moment} · {past.text}")
        self.earlier.setEnabled(past.index > 0)
        self.later.setEnabled(past.index < len(past.history) - 1)

    def step(self, by: int) -> None:
        """Show it so many changes later, or earlier where that is negative."""
        active = self._workspace.active
        if active is not None and (past := self._workspace.past.get(active)) is not None:
            self._workspace.show_past(active, past.at(past.index + by))

    def _go_back(self) -> None:
        if (active := self._workspace.active) is not None:
            self._workspace.show_past(active, None)

    def _go_to_time(self) -> None:
        session, active = self._workspace.session, self._workspace.active
        past = None if active is None else self._workspace.past.get(active)
        if session is None or active is None or past is None:
            return
        try:
            utc = as_utc(self.on.text())
        except UserFacingError as error:
            self._workspace.tell(f"{error.what[:1].upper()}{error.what[1:]}. {error.remedy}", MessageKind.WARNING)
            return
        index = past.history.index_after(last_row_at(session.trail, utc)) if utc else None
        if index is None:
            self._workspace.tell("There was no such read yet at that time.", MessageKind.WARNING)
        else:
            self._workspace.show_past(active, past.at(index))


def _button(name: str, icon: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    set_icon(button, icon)
    return button
