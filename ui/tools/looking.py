"""What the hand holds where two visits lie one over the other: there things are selected, and nothing is corrected."""

from PySide6.QtCore import Qt, Signal

from ui.keys import BY_ID, keys_of
from ui.pixels import PixelStore
from ui.tools.select import select_at
from ui.tools.tool import Pointer, Tool
from ui.workspace import SELECT_TOOL, Workspace

WAY_BACK = "view.side_by_side"


class LookingTool(Tool):
    """Selects; says where to correct when another tool is in hand."""

    cursor = Qt.CursorShape.ArrowCursor
    stepped = Signal(bool)
    """`[` and `]`: less or more of what can be set."""

    def press(self, pointer: Pointer) -> None:
        """Select what is there."""
        if self.workspace.tool == SELECT_TOOL:
            select_at(self, pointer)
            return
        command = BY_ID[WAY_BACK]
        key = next(iter(keys_of(command, self.workspace.settings.keys)), "")
        way = f"{command.text.lower()} ({key})" if key else command.text.lower()
        name = BY_ID[f"tool.{self.workspace.tool}"].text
        self.workspace.tell(f"Go back to {way} to use “{name}”: here you can look and select.")

    def double_click(self, pointer: Pointer) -> None:
        """Select all hairs of the unit."""
        hits, read = self.hits(pointer.image_id), self.read(pointer.image_id)
        hair = self.hair_at(pointer)
        if self.workspace.tool != SELECT_TOOL or hits is None or read is None:
            return
        unit_id = hits.unit_at(pointer.position_px, pointer.reach_px) if hair is None else hair.unit_id
        if unit_id is not None:
            self.select_hairs(pointer.image_id, *(each.id for each in read.hairs_of(unit_id)))

    def resize(self, factor: float) -> None:
        """See `stepped`."""
        self.stepped.emit(factor > 1)


class LookingHost:
    """Holds that one tool.

    Args:
        workspace: in which is selected.
        pixels: see `Tool`.
    """

    def __init__(self, workspace: Workspace, pixels: PixelStore) -> None:
        self._tool = LookingTool(workspace, pixels)

    @property
    def current(self) -> LookingTool:
        """The tool."""
        return self._tool

    def cancel(self) -> bool:
        """There is never anything begun."""
        return False
