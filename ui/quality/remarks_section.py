"""The remarks on the read that is shown, beside the images: there where there are any."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.panels.refreshing import Refresher
from ui.quality.remarks import RemarksPanel
from ui.workspace import Workspace
from workstation.edits.remarks import remarks_on


class RemarksSection(QWidget):
    """See the module.

    Args:
        workspace: whose active image it is.
        parent: the Qt parent.
    """

    wanted_changed = Signal(bool)
    """There is something to read, or nothing any more."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("remarks")
        self._workspace = workspace
        self.panel = RemarksPanel(workspace, "remarks.panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)
        self._refresher = Refresher(self, self._refresh)
        for changed in (
            workspace.session_changed,
            workspace.active_changed,
            workspace.selection_changed,
            workspace.document_changed,
        ):
            changed.connect(self._follow)

    @property
    def wanted(self) -> bool:
        """Whether the read that is shown has remarks, or is looked at in place of the user's own."""
        workspace, read = self._workspace, self._workspace.active_read
        if workspace.study is None or read is None:
            return False
        return bool(remarks_on(workspace.study, read.id)) or read.image_id in workspace.asked_reads

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    def _follow(self, *_: object) -> None:
        self.wanted_changed.emit(self.wanted)
        self._refresher.ask()

    def _refresh(self) -> None:
        read = self._workspace.active_read
        self.panel.show_read(None if read is None else read.id)
