"""Accept and reject, side by side, the present verdict pressed in."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui import corrections
from ui.icons import set_icon
from ui.panels.hints import key_of, tip_of
from ui.panels.row import choice_button
from ui.workspace import Workspace
from workstation.model.hair import Status
from workstation.settings import Settings

GIVE_VERDICT: Mapping[Status, Callable[[Workspace], object]] = {
    Status.ACCEPTED: corrections.accept,
    Status.REJECTED: corrections.reject,
    Status.UNREVIEWED: corrections.unreview,
}
"""Gives the selected hairs a verdict."""
COMMANDS = {Status.ACCEPTED: "hairs.accept", Status.REJECTED: "hairs.reject"}


class VerdictButtons(QWidget):
    """Two buttons; pressing the one that is pressed in takes the verdict back.

    Args:
        give: called with the verdict.
        settings: gives the keys at the time of asking.
        name: the widget's object name.
    """

    def __init__(self, give: Callable[[Status], object], settings: Callable[[], Settings], name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._settings = settings
        self._give = give
        self._status: Status | None = None
        self._buttons = {status: choice_button(f"{name}.{COMMANDS[status]}") for status in COMMANDS}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for status, button in self._buttons.items():
            set_icon(button, COMMANDS[status].removeprefix("hairs."))
            button.clicked.connect(lambda _checked, wanted=status: self._pressed(wanted))
            layout.addWidget(button)
        self.show_status(None)

    def button(self, status: Status) -> QPushButton:
        """The button of a verdict."""
        return self._buttons[status]

    def show_status(self, status: Status | None) -> None:
        """Press in the button of the present verdict; None where there is none or several."""
        self._status = status
        settings = self._settings()
        for of, button in self._buttons.items():
            given = of is status
            button.setChecked(given)
            word = ("Accepted" if of is Status.ACCEPTED else "Rejected") if given else COMMANDS[of][6:].capitalize()
            key = key_of(COMMANDS[of], settings)
            button.setText(f"{word}  {key}" if key and not given else word)
            button.setAccessibleName(word)
            button.setToolTip("Press again to take the verdict back." if given else tip_of(COMMANDS[of], settings))

    def _pressed(self, wanted: Status) -> None:
        taken_back = wanted is self._status
        self.show_status(self._status)  # what is true until the study says otherwise
        self._give(Status.UNREVIEWED if taken_back else wanted)
