"""The selected unit, or units: what is known of it, its hairs, its comment."""

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.panels.doubtful import show_selected
from ui.panels.editing import CommentEdit
from ui.panels.fact_rows import FactRows, heading, muted
from ui.panels.facts import hairs_facts, unit_rows
from ui.panels.figures import counted
from ui.panels.hints import tip_of
from ui.panels.row import beside, icon_button
from ui.workspace import Workspace
from workstation import edits
from workstation.entry import Selection
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study

HAIRS_LISTED = 60


class UnitPage(QWidget):
    """See the module.

    Args:
        workspace: corrections go through it.
        changed: called after a correction was tried.
    """

    def __init__(self, workspace: Workspace, changed: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("unit_page")
        self._workspace = workspace
        self._changed = changed
        self._image_id = 0
        self._read_id = 0
        self._unit_id: int | None = None
        self._title = heading(name="unit_title")
        reveal = icon_button("zoom_selection", "unit_reveal", tip_of("view.to_selection", workspace.settings))
        reveal.clicked.connect(lambda: show_selected(workspace))
        self.rows = FactRows()
        self.hairs = QLabel(wordWrap=True)
        self.hairs.setObjectName("unit_hairs")
        self.hairs.setAccessibleName("Hairs of the unit")
        self.hairs.linkActivated.connect(self._select_hair)
        self._hint = muted("Ctrl+J makes them one unit.")
        self.comment = CommentEdit(self._set_comment)
        self.comment.setObjectName("unit_comment")
        self.comment.setAccessibleName("Comment on the unit")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (beside(self._title, None, reveal), self.rows, self.hairs, self._hint, self.comment):
            layout.addWidget(widget)

    def show_units(self, study: Study, image: ImageRecord, read: Read, unit_ids: frozenset[int]) -> None:
        """Show one unit or more of a read."""
        one = next(iter(unit_ids)) if len(unit_ids) == 1 else None
        if (image.id, one) != (self._image_id, self._unit_id):
            self._leave()
        self._image_id, self._read_id, self._unit_id = image.id, read.id, one
        hairs = [hair for hair in read.hairs.values() if hair.unit_id in unit_ids]
        for widget in (self.hairs, self.comment):
            widget.setVisible(one is not None)
        self._hint.setVisible(one is None)
        self.comment.setEnabled(self._workspace.can_edit)
        if one is None:
            facts = hairs_facts(study, image, hairs)
            self._title.setText(f"{counted(len(unit_ids), 'unit')}, {counted(len(hairs), 'hair')}")
            self.rows.show_rows((("Mean width", facts.width), ("Mean length", facts.length), *facts.rows[1:]))
            return
        self._title.setText(f"Unit {one}")
        self.rows.show_rows(unit_rows(study, read, one))
        links = [f'<a href="{hair.id}">{hair.id}</a>' for hair in read.hairs_of(one)]
        more = f" and {len(links) - HAIRS_LISTED} more" if len(links) > HAIRS_LISTED else ""
        self.hairs.setText(f"Hair {', '.join(links[:HAIRS_LISTED])}{more}")
        self.comment.show_text(read.units[one].comment)

    def _select_hair(self, link: str) -> None:
        self._workspace.select(Selection(self._read_id, frozenset({int(link)})))
        show_selected(self._workspace)

    def _set_comment(self, text: str) -> None:
        unit_id = self._unit_id
        if unit_id is not None:
            self._workspace.commit(self._image_id, lambda read: edits.comment_unit(read, unit_id, text))
            self._changed()

    def forget(self) -> None:
        """Drop what was typed: it was about another study."""
        self._image_id, self._unit_id = 0, None
        self.comment.restore()

    def _leave(self) -> None:
        """Keep what was typed about another unit before this one is shown."""
        read = self._workspace.read(self._image_id) if self._image_id else None
        if read is not None and self._unit_id in read.units:
            self.comment.take()
        self.comment.restore()
