"""The overview of a study as a page of the window."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.pictures import PictureStore
from ui.workspace import Workspace


class OverviewPage(QWidget):
    """See the module.

    Args:
        workspace: whose study.
        pictures: the thumbnails.
        parent: the Qt parent.
    """

    opened = Signal(object)
    """The user wants to see images side by side: a tuple of ids, the last one to be acted on."""

    def __init__(self, workspace: Workspace, pictures: PictureStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overview")
        self._workspace, self._pictures = workspace, pictures
