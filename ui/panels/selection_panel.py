"""What is selected: a hair, several, a unit; where nothing is, the active image."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.panels.editing import CommentEdit
from ui.panels.fact_rows import muted
from ui.panels.hairs_page import HairsPage
from ui.panels.image_page import ImagePage
from ui.panels.refreshing import Refresher
from ui.panels.unit_history import UnitHistoryPanel
from ui.panels.unit_page import UnitPage
from ui.workspace import Workspace


class SelectionPanel(QWidget):
    """See the module.

    Args:
        workspace: whose selection is shown, and through which it is corrected.
        history: what became of a selected unit at other visits, shown below; None: nothing.
        parent: the Qt parent.
    """

    left = Signal()
    """Enter or Esc ended the typing of a value or a comment: the keyboard may go back to the image."""

    def __init__(
        self, workspace: Workspace, history: UnitHistoryPanel | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("selection_panel")
        self._workspace = workspace
        self._refresher = Refresher(self, self._refresh)
        ask = self._refresher.ask
        self.hairs_page = HairsPage(workspace, ask)
        self.unit_page = UnitPage(workspace, ask)
        self.image_page = ImagePage(workspace, ask)
        self._empty = muted("No image is shown.", "selection_empty")
        self._pages: tuple[QWidget, ...] = (self._empty, self.hairs_page, self.unit_page, self.image_page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 8)
        for page in self._pages:  # no stacked widget: it would be as high as its highest page
            layout.addWidget(page)
        if history is not None:
            layout.addWidget(history)
        self._show(self._empty)
        comments = (self.hairs_page.comment, self.unit_page.comment, self.image_page.comment)
        for edit in (self.hairs_page.width_edit, *comments):
            edit.left.connect(self.left)
        for page in (self.hairs_page, self.unit_page, self.image_page):
            workspace.session_changed.connect(page.forget)
        for changed in (
            workspace.session_changed,
            workspace.shown_changed,
            workspace.active_changed,
            workspace.selection_changed,
            workspace.document_changed,
            workspace.settings_changed,
        ):
            changed.connect(ask)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    def focus_comment(self) -> None:
        """Put the keyboard into the comment of what is selected."""
        self.refresh_now()
        page = next(page for page in self._pages if not page.isHidden())
        comment = getattr(page, "comment", None)
        if isinstance(comment, CommentEdit):
            comment.setFocus()
            comment.selectAll()

    def focus_width(self) -> None:
        """Put the keyboard into the width of the selected hairs, if there are any."""
        self.refresh_now()
        if not self.hairs_page.isHidden():
            self.hairs_page.width_edit.setFocus()
            self.hairs_page.width_edit.selectAll()

    def _refresh(self) -> None:
        workspace, study = self._workspace, self._workspace.study
        image_id = workspace.selected_image or workspace.active
        if study is None or image_id is None:
            self._show(self._empty)
            return
        image, selection = study.images[image_id], workspace.selection
        if selection.read_id is None:
            self.image_page.show_image(study, image, workspace.read(image_id))
            self._show(self.image_page)
            return
        read = study.reads[selection.read_id]
        if selection.hair_ids:
            hairs = [read.hairs[i] for i in sorted(workspace.selected_hairs())]
            self.hairs_page.show_hairs(study, image, read, hairs)
            self._show(self.hairs_page)
        else:
            self.unit_page.show_units(study, image, read, selection.unit_ids)
            self._show(self.unit_page)

    def _show(self, shown: QWidget) -> None:
        for page in self._pages:
            page.setVisible(page is shown)
