"""Selecting: click, frame, with Shift and Ctrl; the ends and vertices of a single selected hair can be dragged."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from ui.tools import preview
from ui.tools.gesture import Drag, Gesture
from ui.tools.gesture_tool import GestureTool
from ui.tools.places import inside, nearest_point
from ui.tools.tool import Pointer, Tool
from ui.tools.vertices import VertexDrag
from ui.tools.wording import count_text
from ui.view.viewport import Viewport
from workstation import edits
from workstation.edits.outlines import rectangle
from workstation.entry import Selection
from workstation.model.read import Read

MANY = 300
"""Of more hairs in a frame the roots alone are marked, so that the frame follows the hand."""


def with_more(
    present: Selection, read: Read, hair_ids: frozenset[int], unit_ids: frozenset[int], pointer: Pointer
) -> Selection:
    """The selection after more was caught: Shift adds to it, Ctrl adds or takes away, else it is replaced."""
    if present.read_id != read.id or not (pointer.shift or pointer.ctrl):
        return Selection(read.id, hair_ids, unit_ids)
    if pointer.ctrl:
        return Selection(read.id, present.hair_ids ^ hair_ids, present.unit_ids ^ unit_ids)
    return Selection(read.id, present.hair_ids | hair_ids, present.unit_ids | unit_ids)


def select_at(tool: Tool, pointer: Pointer) -> None:
    """Select the hair at a place, else the unit; where neither is, nothing, unless Shift or Ctrl is held."""
    read, hits = tool.read(pointer.image_id), tool.hits(pointer.image_id)
    if read is None or hits is None:
        tool.workspace.select(Selection())
        return
    hair_id = hits.hair_at(pointer.position_px, pointer.reach_px)
    unit_id = hits.unit_at(pointer.position_px, pointer.reach_px) if hair_id is None else None
    if hair_id is None and unit_id is None and (pointer.shift or pointer.ctrl):
        return
    hairs = frozenset() if hair_id is None else frozenset({hair_id})
    units = frozenset() if unit_id is None else frozenset({unit_id})
    tool.workspace.set_active(pointer.image_id)
    tool.workspace.select(with_more(tool.workspace.selection, read, hairs, units, pointer))


class FrameDrag(Drag):
    """A frame that catches the hairs in it; a mere click selects what is there."""

    hint = "Release or Enter: select what is in the frame · Shift adds, Ctrl adds or takes away · Esc: discard"
    caught: frozenset[int] = frozenset()

    def carries(self, pointer: Pointer) -> bool:
        """The keyboard opens a frame with Shift+Enter on a place without hair."""
        return pointer.by_key and pointer.shift and self.tool.hair_at(pointer) is None

    def update(self) -> None:
        """See `Gesture`."""
        hits = self.tool.hits(self.image_id)
        if hits is None:
            self.caught = frozenset()
        elif self.at.turn:
            self.caught = hits.hairs_in_polygon(self.outline_px)
        else:
            self.caught = hits.hairs_in_rect((*self.start.position_px, *self.at.position_px))

    @property
    def outline_px(self) -> FloatArray:
        """(4, 2) the frame's corners in the image: upright as it is seen, also where the image is turned."""
        # one pixel of the view for each of the image: the turn alone counts here
        view = Viewport(1.0, turn=self.at.turn)
        return view.to_image(rectangle(*view.to_view([self.start.position_px, self.at.position_px]).tolist()))

    def commit(self) -> None:
        """See `Gesture`."""
        if self.clicked:
            select_at(self.tool, self.at)
            return
        self.update()
        read = self.tool.read(self.image_id)
        if read is not None:
            self.tool.workspace.set_active(self.image_id)
            present = self.tool.workspace.selection
            self.tool.workspace.select(with_more(present, read, self.caught, frozenset(), self.at))

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        if self.at.is_near(self.start):
            return
        read = self.tool.read(self.image_id)
        if read is not None:
            hairs = [read.hairs[i] for i in self.caught if i in read.hairs]
            if len(hairs) > MANY:
                preview.dots(painter, viewport, [hair.vertices_px[0] for hair in hairs])
            else:
                preview.lines(painter, viewport, [hair.vertices_px for hair in hairs])
        preview.line(painter, viewport, self.outline_px, closed=True, dashed=True)
        preview.label(painter, viewport, self.at.position_px, count_text(len(self.caught), "hair"))


class SelectTool(GestureTool):
    """See the module."""

    name = "select"
    cursor = Qt.CursorShape.ArrowCursor

    _handle: tuple[int, int] | None = None
    """Hair and vertex under the pointer."""

    @property
    def hint(self) -> str:
        """See `Tool`; selecting is possible in any study."""
        return self.idle_hint() if self.gesture is None else self.gesture.hint

    def idle_hint(self) -> str:
        """See `GestureTool`."""
        n = len(self.workspace.selected_hairs())
        if n == 0 or not self.workspace.can_edit:
            return "Click a hair or drag a frame · Shift adds, Ctrl adds or takes away"
        if n == 1:
            return "Drag a handle to reshape the hair · arrows: nudge it · 1–9: put it into a nearby unit"
        return f"{n} hairs · arrows: nudge them · 1–9: put them into a nearby unit"

    def begin(self, pointer: Pointer) -> Gesture | None:
        """A handle of the single selected hair, else a frame."""
        hair = self.single_hair(pointer.image_id)
        if hair is not None and self.workspace.can_edit and not (pointer.shift or pointer.ctrl):
            index = nearest_point(hair.vertices_px, pointer.at_px, pointer.reach_px)
            if index is not None:
                return VertexDrag(self, pointer, hair, index)
        return FrameDrag(self, pointer)

    def hovered(self, pointer: Pointer) -> None:
        """See `GestureTool`."""
        self._handle = None
        hair = self.single_hair(pointer.image_id)
        if hair is not None and self.workspace.can_edit:
            index = nearest_point(hair.vertices_px, pointer.at_px, pointer.reach_px)
            self._handle = None if index is None else (hair.id, index)

    def clicked(self, pointer: Pointer) -> None:
        """On a handle: it may have been meant for another hair that lies there."""
        select_at(self, pointer)

    def double_click(self, pointer: Pointer) -> None:
        """All hairs of the unit, of which one was clicked."""
        read, hits = self.read(pointer.image_id), self.hits(pointer.image_id)
        if read is None or hits is None:
            return
        hair_id = hits.hair_at(pointer.position_px, pointer.reach_px)
        unit_id = (
            hits.unit_at(pointer.position_px, pointer.reach_px) if hair_id is None else read.hairs[hair_id].unit_id
        )
        if unit_id is not None:
            self.cancel()
            self.select_hairs(pointer.image_id, *(hair.id for hair in read.hairs_of(unit_id)))

    def nudge(self, dx_px: float, dy_px: float) -> bool:
        """Move the selected hairs of the active image, as far as they stay in it."""
        image_id, hair_ids = self.workspace.selected_image, self.workspace.selected_hairs()
        if image_id != self.workspace.active:
            return False
        read = None if image_id is None else self.read(image_id)
        if self.busy or image_id is None or read is None or not hair_ids or not self.may_edit():
            return False
        image = self.record(image_id)
        moved = np.vstack([read.hairs[i].vertices_px for i in hair_ids]) + np.array([dx_px, dy_px])
        if (inside(image, moved) != moved).any():
            self.workspace.tell("The hairs are at the edge of the image.")
            return True
        self.workspace.commit(image_id, lambda own: edits.move_hairs(own, hair_ids, (dx_px, dy_px)), quiet=True)
        return True

    def unhovered(self) -> None:
        """See `GestureTool`."""
        self._handle = None

    def paint_idle(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """The handle under the pointer, lifted."""
        hair = self.single_hair(image_id)
        if self._handle is None or hair is None or self.busy or self._handle[0] != hair.id:
            return
        if self._handle[1] < len(hair.vertices_px):
            preview.handle(painter, viewport, hair.vertices_px[self._handle[1]], held=True)
