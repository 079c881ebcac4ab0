"""The details of a message, for whoever asks or reports it."""

from PySide6.QtWidgets import QWidget

from ui.dialogs.about import open_own_folder
from ui.dialogs.report_text import TextReport
from ui.messages import Message


class ErrorDialog(TextReport):
    """A message and its details.

    Args:
        message: the message.
        parent: the window it belongs to.
    """

    def __init__(self, message: Message, parent: QWidget | None = None) -> None:
        super().__init__("error", "Details", message.text, message.details or message.text, parent)
        self.add_action("Open &log folder").clicked.connect(open_own_folder)
