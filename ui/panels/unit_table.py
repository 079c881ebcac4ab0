"""All units of the active image as a table that shares the workspace's selection."""

from PySide6.QtWidgets import QWidget

from ui.panels.object_table import ObjectTable
from ui.panels.unit_values import NO_UNITS, unit_chosen, unit_columns, unit_values
from ui.workspace import Workspace
from workstation.entry import Selection


class UnitTable(ObjectTable):
    """See the module.

    Args:
        workspace: whose active image is listed.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        nothing = "There is no unit in this image yet."
        super().__init__(workspace, "unit", "Filter units by number or comment", nothing, parent)

    def _show(self) -> None:
        study, read = self._workspace.study, self._workspace.active_read
        if study is None or read is None:
            self.model.show_values(unit_columns(has_scale=True), NO_UNITS)
        else:
            scale = study.images[read.image_id].calibration
            self.model.show_values(unit_columns(scale is not None), unit_values(read, scale))

    def _set_filter(self) -> None:
        text = self.text.text()
        self.model.set_filter(lambda values: unit_chosen(values, text))

    def _selected(self) -> frozenset[int]:
        return self._workspace.selection.unit_ids

    def _selection(self, read_id: int, ids: frozenset[int]) -> Selection:
        return Selection(read_id, frozenset(), ids)
