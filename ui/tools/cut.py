"""Cutting a hair that is two: a click where one ends and the other begins."""

import numpy as np
from PySide6.QtGui import QPainter

from analysis.geometry import arc_length, cut, project
from ui.tools import preview
from ui.tools.gesture import Drag, Gesture
from ui.tools.gesture_tool import GestureTool
from ui.tools.tool import Pointer
from ui.tools.wording import length_text
from ui.view.viewport import Viewport
from workstation.edits import new_ids, split_hair
from workstation.entry import Selection
from workstation.model.hair import Hair

TICK = 9.0
"""Half the length of the mark across the hair, in the view."""


class CutClick(Drag):
    """A cut where the button goes up."""

    tool: "CutTool"
    hint = "Release: cut here · Esc: do not"

    def carries(self, pointer: Pointer) -> bool:
        """A click is all there is to it."""
        return False

    def commit(self) -> None:
        """See `Gesture`."""
        hair = self.tool.hair_at(self.at)
        if hair is None:
            return
        hair_id, at_px, scale = hair.id, self.at.position_px, self.tool.scale(self.image_id)
        self.tool.workspace.commit(
            self.image_id,
            lambda read: split_hair(read, hair_id, at_px, calibration=scale),
            select=lambda patch: Selection(patch.read_id, new_ids(patch) | {hair_id}),
        )
        self.tool.last_cut = self.at

    def update(self) -> None:
        """See `Gesture`."""
        self.tool.hovered(self.at)


class CutTool(GestureTool):
    """See the module."""

    name = "cut"

    _place: tuple[int, Hair, float] | None = None
    """Image, hair and arc position under the pointer."""

    last_cut: Pointer | None = None
    """Where the last edit was a cut: the second click of a double click cuts no more."""

    def idle_hint(self) -> str:
        """See `GestureTool`."""
        return "Click a hair where it should be two"

    def begin(self, pointer: Pointer) -> Gesture | None:
        """A hair within reach."""
        again = self.last_cut is not None and pointer.is_near(self.last_cut)
        if again or self.hair_at(pointer) is None or not self.may_edit():
            return None
        return CutClick(self, pointer)

    def hovered(self, pointer: Pointer) -> None:
        """See `GestureTool`."""
        hair = self.hair_at(pointer)
        self._place = None
        if hair is not None:
            self._place = pointer.image_id, hair, project(pointer.at_px, hair.vertices_px).arc_px

    def study_changed(self) -> None:
        """See `GestureTool`: after an undo, the same place may be cut again."""
        self.last_cut = None

    def unhovered(self) -> None:
        """See `GestureTool`."""
        self._place = None

    def paint_idle(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """The mark across the hair, the piece that would be new, and both lengths."""
        read = self.read(image_id)
        if self._place is None or self._place[0] != image_id or read is None:
            return
        _, hair, arc = self._place
        if read.hairs.get(hair.id) is not hair:
            return
        line, length, scale = hair.vertices_px, arc_length(hair.vertices_px), self.scale(image_id)
        if 0 < arc < length:
            preview.line(painter, viewport, cut(line, arc, length), dashed=True)
        before, after = cut(line, max(arc - 1.0, 0.0), min(arc + 1.0, length))[[0, -1]]
        along = (after - before) / max(float(np.hypot(*(after - before))), 1e-9)
        across = np.array([-along[1], along[0]]) * TICK / viewport.scale
        foot = project((before + after) / 2, line).point_px
        preview.line(painter, viewport, [foot - across, foot + across], core=2.0)
        texts = f"{length_text(arc, scale)} | {length_text(length - arc, scale)}"
        preview.label(painter, viewport, foot, texts)
