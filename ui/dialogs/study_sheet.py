"""What dialogs share that change the study as they go: each change is an edit of its own, on disk at once."""

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from ui.dialogs.sheet import Sheet, paragraph, set_role
from ui.messages import Message, MessageKind
from ui.plain_text import plain_tip
from ui.theme import GRID_PX
from ui.workspace import Workspace
from workstation.model.patch import Patch
from workstation.model.study import Study

ROLES = {MessageKind.WARNING: "danger", MessageKind.ERROR: "danger"}
"""How a message looks here; others are muted."""


class StudySheet(Sheet):
    """A dialog about the open study. Nothing is to be accepted: it is left by Close, and Ctrl+Z works in it.

    Args:
        name: of the object, after `dialog.`.
        title: of the window.
        workspace: whose study.
        parent: the window it belongs to.
    """

    def __init__(self, name: str, title: str, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(name, title, parent)
        self.workspace = workspace
        self._name = name
        self.told = paragraph("", "muted")
        self.told.setObjectName(f"{name}.told")
        self.told.setMinimumHeight(3 * GRID_PX)
        workspace.told.connect(self._hear)
        workspace.document_changed.connect(self._follow)

    @property
    def study(self) -> Study:
        """The study as it is now."""
        study = self.workspace.study
        assert study is not None
        return study

    @property
    def can_edit(self) -> bool:
        """Whether anything can be changed."""
        return self.workspace.can_edit

    def refresh(self) -> None:
        """Show the study as it is now; called after each edit, also after one that was undone."""

    def commit(self, make: Callable[[Study], Patch]) -> bool:
        """Make a change of the study; whether anything was changed. What was refused is said at the foot."""
        self.told.setText("")
        return self.workspace.commit_study(make) is not None

    def say(self, text: str, role: str = "muted") -> None:
        """Say something at the foot."""
        self.told.setText(text)
        set_role(self.told, role)

    def add_foot(self) -> None:
        """Put what is said, and the buttons, below all else."""
        self.column.addWidget(self.told)
        self.add_buttons("", "Close")
        self._undo = self._repeater("Undo", QKeySequence.StandardKey.Undo, self.workspace.undo)
        self._redo = self._repeater("Redo", QKeySequence.StandardKey.Redo, self.workspace.redo)
        if not self.can_edit:
            self.say("The study is open for reading only.")
        self._show_undo()

    def _repeater(self, text: str, key: QKeySequence.StandardKey, does: Callable[[], object]) -> QPushButton:
        button = self.add_button(text, QDialogButtonBox.ButtonRole.ResetRole)
        button.setEnabled(False)
        button.clicked.connect(does)
        QShortcut(QKeySequence(key), self, does)
        return button

    def _show_undo(self) -> None:
        session = self.workspace.session
        for button, which in ((self._undo, "undo"), (self._redo, "redo")):
            text: str = "" if session is None else getattr(session.document, f"{which}_text")
            button.setEnabled(bool(text) and self.can_edit)
            button.setToolTip(plain_tip(f"{which.capitalize()} {text}") if text else "")

    def _hear(self, message: Message) -> None:
        self.say(message.text, ROLES.get(message.kind, "muted"))

    def _follow(self, _change: object) -> None:
        self.refresh()
        self._show_undo()
