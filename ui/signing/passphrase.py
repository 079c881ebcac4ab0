"""Fields for passphrases, and work that waits for one: half a second, off the main thread."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from ui.background import Background, Task
from ui.dialogs.sheet import paragraph, set_role
from ui.messages import Message
from ui.theme import GRID_PX
from workstation.errors import UserFacingError
from workstation.signing.sealing import check_passphrase

R = TypeVar("R")
FIELD_PX = 40 * GRID_PX
BAR_PX = GRID_PX // 2


class PassphraseField(QWidget):
    """A line for one passphrase, unseen as it is typed.

    Args:
        name: of the object.
        label: what it is; an `&` marks its key.
    """

    changed = Signal()
    entered = Signal()
    """Enter was pressed in it."""

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self.line = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.line.setObjectName(name)
        self.line.setMinimumWidth(FIELD_PX)
        self.line.setAccessibleName(label.replace("&", ""))
        title = QLabel(label)
        title.setBuddy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        column.addWidget(title)
        column.addWidget(self.line)
        self.line.textChanged.connect(lambda _: self.changed.emit())
        self.line.returnPressed.connect(self.entered)
        self.setFocusProxy(self.line)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.line.text()

    def show_text(self, shown: bool) -> None:
        """Let the letters be seen, or not."""
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def clear(self) -> None:
        """Forget what was typed."""
        self.line.clear()


class NewPassphrase(QWidget):
    """Two lines for a new passphrase, and what is wrong with it so far.

    Args:
        name: of the object.
    """

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.first = PassphraseField(f"{name}.new", "&New passphrase")
        self.again = PassphraseField(f"{name}.again", "Type it &again")
        self._show = QCheckBox("&Show what is typed")
        self._show.setObjectName(f"{name}.show")
        self._fault = paragraph("", "muted")
        self._fault.setObjectName(f"{name}.fault")
        self._fault.setMinimumHeight(3 * GRID_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        for part in (self.first, self.again, self._show, self._fault):
            column.addWidget(part)
        for field in (self.first, self.again):
            field.changed.connect(self._tell)
            self._show.toggled.connect(field.show_text)
        self.setFocusProxy(self.first)
        self._tell()

    @property
    def text(self) -> str:
        """The passphrase; empty as long as it is none."""
        return "" if self._what_is_missing() else self.first.text

    def clear(self) -> None:
        """Forget what was typed."""
        for field in (self.first, self.again):
            field.clear()

    def _what_is_missing(self) -> str:
        try:
            check_passphrase(self.first.text)
        except UserFacingError as error:
            return f"{error.remedy}" if not self.first.text else f"{error}"[:1].upper() + f"{error}"[1:]
        return "" if self.first.text == self.again.text else "Type it a second time, the very same."

    def _tell(self) -> None:
        self._fault.setText(self._what_is_missing())
        self.changed.emit()


class Waiting(QProgressBar):
    """Work on a thread, shown as a thin bar.

    Args:
        background: does the work.
        busy: told when it begins and when it ends.
    """

    def __init__(self, background: Background, busy: Callable[[bool], None]) -> None:
        super().__init__(textVisible=False)
        self.setRange(0, 0)
        self.setFixedHeight(BAR_PX)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()
        self._background, self._busy = background, busy
        self._task: Task[object] | None = None

    @property
    def going_on(self) -> bool:
        """Whether anything is under way."""
        return self._task is not None

    def do(self, what: str, work: Callable[[], R], done: Callable[[R], None], failed: Callable[[str], None]) -> None:
        """Do it.

        Args:
            what: for people who do not see the bar.
            work: on a thread.
            done: told of the result.
            failed: told why not, in words for the user.
        """

        def finish(result: object) -> None:
            self._end()
            done(result)  # type: ignore[arg-type]  # what `work` gave

        def fail(error: Exception) -> None:
            self._end()
            if not isinstance(error, UserFacingError):
                raise error
            failed(Message.of_error(error).text)

        self.setAccessibleName(what)
        self.show()
        self._busy(True)
        self._task = self._background.submit(work, finish, fail, name=what)

    def drop(self) -> None:
        """Nobody waits for it any more."""
        if self._task is not None:
            self._task.drop()
            self._task = None

    def _end(self) -> None:
        self._task = None
        self.hide()
        self._busy(False)


def say(label: QLabel, text: str, role: str = "muted") -> None:
    """Say something in a line of a dialog."""
    label.setText(text)
    set_role(label, role)
