"""Joining two pieces of one hair: click one, then the other."""

from PySide6.QtGui import QPainter

from ui.tools import preview
from ui.tools.gesture import Gesture
from ui.tools.gesture_tool import GestureTool
from ui.tools.tool import Pointer
from ui.view.viewport import Viewport
from workstation.edits import join_hairs
from workstation.entry import Selection
from workstation.errors import EditRefused
from workstation.model.hair import Hair


class JoinClicks(Gesture):
    """One piece, and the way to the other.

    Args:
        tool: the tool.
        start: where the first piece was clicked.
        first: the piece that stays.
        picked: it was chosen before, so that the next click is on the other piece.
    """

    tool: "JoinTool"
    hint = "Click the other piece · Esc: discard"

    def __init__(self, tool: "JoinTool", start: Pointer, first: Hair, *, picked: bool = False) -> None:
        super().__init__(tool, start)
        self.first = first
        self._picked = picked
        self._second: Hair | None = None
        self._joined: Hair | None = None
        self._why_not = ""

    def release(self, pointer: Pointer) -> bool:
        """A click on the first piece picks it; one on another piece, or a drag to it, joins."""
        self.at, self._picked = pointer, True
        self._second = self._other_at(pointer)
        return self._second is not None

    def update(self) -> None:
        """See `Gesture`."""
        read, scale = self.tool.read(self.image_id), self.tool.scale(self.image_id)
        self._second, self._joined, self._why_not = self._other_at(self.at), None, ""
        if self._second is None or read is None:
            return
        try:
            patch = join_hairs(read, self.first.id, self._second.id, calibration=scale)
            joined = (c.after for c in patch.changes if c.id == self.first.id)
            self._joined = next((hair for hair in joined if isinstance(hair, Hair)), None)
        except EditRefused as error:
            self._why_not = error.what

    def commit(self) -> None:
        """See `Gesture`."""
        if self._second is None:
            return
        first_id, second_id, scale = self.first.id, self._second.id, self.tool.scale(self.image_id)
        self.tool.workspace.commit(
            self.image_id,
            lambda read: join_hairs(read, first_id, second_id, calibration=scale),
            select=lambda patch: Selection(patch.read_id, frozenset({first_id})),
        )

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        preview.line(painter, viewport, self.first.vertices_px, core=2.2)
        if self._joined is not None:
            preview.line(painter, viewport, self._joined.vertices_px, core=2.2)
            preview.ring(painter, viewport, self._joined.root_px)
            preview.label(painter, viewport, self.at.position_px, "one hair")
        elif self._second is not None:
            preview.line(painter, viewport, self._second.vertices_px, preview.GONE, dashed=True)
            preview.label(painter, viewport, self.at.position_px, "not joined: " + self._why_not)

    def _other_at(self, pointer: Pointer) -> Hair | None:
        hair = self.tool.hair_at(pointer)
        return None if hair is None or hair.id == self.first.id else hair


class JoinTool(GestureTool):
    """See the module. A hair that is selected when the tool is taken is the first piece."""

    name = "join"

    _under: tuple[int, Hair] | None = None

    def idle_hint(self) -> str:
        """See `GestureTool`."""
        return "Click one piece of a hair, then the other"

    def activate(self) -> None:
        """See `Tool`."""
        image_id = self.workspace.selected_image
        hair = None if image_id is None else self.single_hair(image_id)
        if hair is not None and image_id is not None and self.workspace.can_edit:
            x, y = hair.tip_px.tolist()
            self._gesture = JoinClicks(self, Pointer(image_id, (x, y), 0.0), hair, picked=True)

    def begin(self, pointer: Pointer) -> Gesture | None:
        """A hair within reach."""
        hair = self.hair_at(pointer)
        if hair is None or not self.may_edit():
            return None
        self.select_hairs(pointer.image_id, hair.id)
        return JoinClicks(self, pointer, hair)

    def hovered(self, pointer: Pointer) -> None:
        """See `GestureTool`."""
        hair = self.hair_at(pointer)
        self._under = None if hair is None else (pointer.image_id, hair)

    def unhovered(self) -> None:
        """See `GestureTool`."""
        self._under = None

    def paint_idle(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """The piece that a click would take."""
        read = self.read(image_id)
        if self._under is None or self._under[0] != image_id or read is None or self.busy:
            return
        if read.hairs.get(self._under[1].id) is self._under[1]:
            preview.line(painter, viewport, self._under[1].vertices_px)
