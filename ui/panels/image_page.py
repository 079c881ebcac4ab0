"""The active image, where nothing is selected: where it comes from, how it was detected, its comment."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.panels.editing import CommentEdit
from ui.panels.fact_rows import FactRows, heading
from ui.panels.facts import detection_rows, image_rows
from ui.panels.titles import file_name, image_titles
from ui.signing.signature_rows import signature_facts, signatures_on
from ui.workspace import Workspace
from workstation import edits
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study


class ImagePage(QWidget):
    """See the module.

    Args:
        workspace: corrections go through it.
        changed: called after a correction was tried.
    """

    def __init__(self, workspace: Workspace, changed: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("image_page")
        self._workspace = workspace
        self._changed = changed
        self._image_id = 0
        self._title = heading(name="image_title")
        self.rows = FactRows()
        self._detection_title = heading("Detection")
        self.detection = FactRows()
        self.comment = CommentEdit(self._set_comment)
        self.comment.setObjectName("image_comment")
        self.comment.setAccessibleName("Comment on the image")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self._title, self.rows, self._detection_title, self.detection, self.comment):
            layout.addWidget(widget)

    def show_image(self, study: Study, image: ImageRecord, read: Read | None) -> None:
        """Show an image with the read that is shown of it."""
        if image.id != self._image_id:
            self._leave()
        self._image_id = image.id
        self._title.setText(image_titles(study, [image.id]).get(image.id, file_name(image)))
        signed = signature_facts(signatures_on(self._workspace, read))
        self.rows.show_rows((*image_rows(study, image, read), *signed))
        how = detection_rows(study, read)
        self.detection.show_rows(how)
        for widget in (self._detection_title, self.detection):
            widget.setVisible(bool(how))
        self.comment.setEnabled(self._workspace.can_edit)
        self.comment.show_text("" if read is None else read.review.comment, "Comment on the image")

    def _set_comment(self, text: str) -> None:
        self._workspace.commit(self._image_id, lambda read: edits.comment_image(read, text))
        self._changed()

    def forget(self) -> None:
        """Drop what was typed: it was about another study."""
        self._image_id = 0
        self.comment.restore()

    def _leave(self) -> None:
        """Keep what was typed about another image before this one is shown."""
        study = self._workspace.study
        if study is not None and self._image_id in study.images:
            self.comment.take()
        self.comment.restore()
