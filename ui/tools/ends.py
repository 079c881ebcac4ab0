"""Dragging an end of a hair: outwards it follows the shaft farther, inwards it cuts off."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from analysis.geometry import SAME_PX, arc_length, cut, project
from ui.tools import preview
from ui.tools.following import FollowingTool
from ui.tools.gesture import MEASURING, Drag, Gesture
from ui.tools.option import Option
from ui.tools.places import end_of, inside, nearest_point
from ui.tools.tool import Pointer
from ui.tools.wording import length_text
from ui.view.viewport import Viewport
from workstation.edits import End, extend_hair, trim_hair
from workstation.edits.drafting import find_hair
from workstation.errors import EditRefused
from workstation.model.hair import Hair
from workstation.model.patch import Patch
from workstation.model.read import Read

if TYPE_CHECKING:  # what it stands on takes a while to import
    from analysis.evidence import Guide


def is_beyond(line_px: FloatArray, end: End, to_px: FloatArray) -> bool:
    """Whether a place (2,) lies beyond an end of a line (N, 2) rather than beside it."""
    arc = project(to_px, line_px).arc_px
    return bool(arc >= arc_length(line_px) - SAME_PX if end is End.TIP else arc <= SAME_PX)


def end_moved(read: Read, hair_id: int, end: End, to_px: FloatArray, evidence: "Guide | None") -> Patch:
    """An end of a hair put elsewhere: trimmed where the place is beside the hair, else extended to it.

    Args:
        read: the read.
        hair_id: the hair.
        end: which end.
        to_px: (2,) where to.
        evidence: what an extension follows; None: a straight one.

    Raises:
        EditRefused: as `trim_hair` and `extend_hair`.
        NothingToDo: if the end is there already.
    """
    line = find_hair(read, hair_id).vertices_px
    if not is_beyond(line, end, to_px):
        return trim_hair(read, hair_id, end, project(to_px, line).arc_px)
    if evidence is None:
        return extend_hair(read, hair_id, end, [to_px])
    from workstation.edits.drawn import draw_extension  # loaded with the evidence, off the main thread

    return draw_extension(read, evidence, hair_id, end, [to_px])


class EndDrag(Drag):
    """An end on its way."""

    tool: "EndsTool"
    hint = "Outwards extends along the shaft, inwards trims · Alt: straight · Esc: leave it as it was"

    def __init__(self, tool: "EndsTool", start: Pointer, hair: Hair, end: End) -> None:
        super().__init__(tool, start)
        self.hair = hair
        self.end = end
        self._after: Hair | None = hair
        self._why_not = ""

    @property
    def to_px(self) -> FloatArray:
        """(2,) where the end would be."""
        end_px = self.hair.tip_px if self.end is End.TIP else self.hair.root_px
        return inside(self.tool.record(self.image_id), end_px + self.offset_px)

    @property
    def ready(self) -> bool:
        """See `Gesture`: an extension follows the shaft with the image prepared; a trim needs nothing of it."""
        return self._trims or self.tool.can_measure(self)

    @property
    def _trims(self) -> bool:
        return not is_beyond(self.hair.vertices_px, self.end, self.to_px)

    def update(self) -> None:
        """See `Gesture`."""
        read = self.tool.read(self.image_id)
        self._after, self._why_not = None, ""
        if read is None or self.hair.id not in read.hairs:
            return
        try:
            after = end_moved(read, self.hair.id, self.end, self.to_px, self.tool.guide(self)).changes[0].after
            self._after = after if isinstance(after, Hair) else None
        except EditRefused as error:
            self._why_not = error.what

    def commit(self) -> None:
        """See `Gesture`."""
        hair_id, end, to_px, evidence = self.hair.id, self.end, self.to_px, self.tool.guide(self)
        self.tool.workspace.commit(self.image_id, lambda read: end_moved(read, hair_id, end, to_px, evidence))

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        scale = self.tool.scale(self.image_id)
        if self._after is None:
            preview.label(painter, viewport, self.at.position_px, self._why_not)
            return
        line = self._after.vertices_px
        for piece in self._cut_off(arc_length(line)):
            preview.line(painter, viewport, piece, preview.GONE, dashed=True)
        preview.line(painter, viewport, line)
        preview.hairlines(painter, viewport, line, self._after.vertex_width_px)
        preview.handle(painter, viewport, line[-1 if self.end is End.TIP else 0], held=True)
        if self.waits:
            preview.label(painter, viewport, self.at.position_px, MEASURING)
            return
        before, after = arc_length(self.hair.vertices_px), arc_length(line)
        sign = "+" if after >= before else "−"
        change = f"{sign}{length_text(abs(after - before), scale)}"
        preview.label(painter, viewport, self.at.position_px, f"{length_text(after, scale)} ({change})")

    def _cut_off(self, length_px: float) -> Sequence[FloatArray]:
        line = self.hair.vertices_px
        before = arc_length(line)
        if before - length_px < 0.5:
            return []
        return [cut(line, length_px, before) if self.end is End.TIP else cut(line, 0.0, before - length_px)]


class EndsTool(FollowingTool):
    """See the module. Ends of the selected hair go before those of others."""

    name = "ends"

    _hovered: tuple[int, FloatArray] | None = None
    """Image and end under the pointer."""
    _ends: tuple[Read, list[Hair], FloatArray] | None = None

    def idle_hint(self) -> str:
        """See `GestureTool`."""
        return "Drag the root or tip of a hair: outwards extends, inwards trims"

    def options(self) -> tuple[Option, ...]:
        """See `Tool`."""
        return (self.snapping_option(),)

    def begin(self, pointer: Pointer) -> Gesture | None:
        """An end within reach."""
        found = self._end_at(pointer)
        if found is None:
            other = self.hair_at(pointer)
            self.select_hairs(pointer.image_id, *(() if other is None else (other.id,)))
            return None
        if not self.may_edit():
            return None
        self.select_hairs(pointer.image_id, found[0].id)
        return EndDrag(self, pointer, *found)

    def hovered(self, pointer: Pointer) -> None:
        """See `GestureTool`."""
        found = self._end_at(pointer)
        self._hovered = None
        if found is not None:
            hair, end = found
            self._hovered = pointer.image_id, hair.tip_px if end is End.TIP else hair.root_px

    def unhovered(self) -> None:
        """See `GestureTool`."""
        self._hovered = None

    def paint_idle(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """Handles at the ends of the selected hair, and the end under the pointer."""
        if self.busy:
            return
        hair = self.single_hair(image_id)
        if hair is not None:
            preview.handle(painter, viewport, hair.root_px)
            preview.handle(painter, viewport, hair.tip_px)
        if self._hovered is not None and self._hovered[0] == image_id:
            preview.handle(painter, viewport, self._hovered[1], held=True)

    def _end_at(self, pointer: Pointer) -> tuple[Hair, End] | None:
        chosen = self.single_hair(pointer.image_id)
        end = None if chosen is None else end_of(chosen, pointer.at_px, pointer.reach_px)
        if chosen is not None and end is not None:
            return chosen, end
        read = self.read(pointer.image_id)
        if read is None:
            return None
        if self._ends is None or self._ends[0] is not read:
            hairs = list(read.hairs.values())
            ends = np.array([end for h in hairs for end in (h.vertices_px[0], h.vertices_px[-1])])
            self._ends = read, hairs, ends.reshape(-1, 2)
        which = nearest_point(self._ends[2], pointer.at_px, pointer.reach_px)
        return None if which is None else (self._ends[1][which // 2], (End.ROOT, End.TIP)[which % 2])
