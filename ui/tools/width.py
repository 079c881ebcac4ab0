"""Gauging a hair's width: a drag across the shaft, from edge to edge."""

from dataclasses import replace

import numpy as np
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from analysis.geometry import arc_length, points_along, project
from ui.tools import preview
from ui.tools.gesture import Drag, Gesture
from ui.tools.gesture_tool import GestureTool
from ui.tools.tool import Pointer
from ui.tools.wording import width_text
from ui.view.viewport import Viewport
from workstation.edits import reset_width, set_width
from workstation.model.hair import Hair

LEAST_PX = 0.5
"""A narrower drag is none."""
BESIDE = 2.5
"""A drag may begin so many times as far beside a shaft as things are hit elsewhere: hands start before the edge."""
TICK = 5.0
"""Half the length of the marks at both ends, in the view."""


def gauged(line_px: FloatArray, start_px: FloatArray, end_px: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """How far it is across a line (V, 2) from a place (2,) to another: the part of the way that is normal to it.

    Returns:
        The width in px, then the foot on the line and the unit normal there, (2,) each.
    """
    foot = project((start_px + end_px) / 2, line_px)
    around = np.clip([foot.arc_px - 1.0, foot.arc_px + 1.0], 0.0, arc_length(line_px))
    before, after = points_along(line_px, around)
    along = (after - before) / float(np.hypot(*(after - before)))
    normal = np.array([-along[1], along[0]])
    return abs(float((end_px - start_px) @ normal)), foot.point_px, normal


class WidthDrag(Drag):
    """From one edge of a shaft to the other."""

    tool: "WidthTool"
    hint = "Drag to the other edge · Esc: leave the width as it was"

    def __init__(self, tool: "WidthTool", start: Pointer, hair: Hair) -> None:
        super().__init__(tool, start)
        self.hair = hair

    @property
    def width_px(self) -> float:
        """The width so far."""
        return gauged(self.hair.vertices_px, self.start.at_px, self.at.at_px)[0]

    def commit(self) -> None:
        """See `Gesture`; a second click on the first edge leaves the width as it was."""
        hair_id, width_px = self.hair.id, self.width_px
        if width_px >= LEAST_PX and not self.at.is_near(self.start):
            self.tool.workspace.commit(self.image_id, lambda read: set_width(read, [hair_id], width_px))

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        line, scale = self.hair.vertices_px, self.tool.scale(self.image_id)
        width_px, foot, normal = gauged(line, self.start.at_px, self.at.at_px)
        preview.hairlines(painter, viewport, line, np.full(len(line), width_px))
        ends = [foot - normal * width_px / 2, foot + normal * width_px / 2]
        along = np.array([normal[1], -normal[0]]) * TICK / viewport.scale
        for piece in (ends, *([end - along, end + along] for end in ends)):
            preview.line(painter, viewport, piece)
        before = width_text(self.hair.width_px, scale)
        text = width_text(max(width_px, 0.01), scale)
        preview.label(painter, viewport, self.at.position_px, f"{text} (was {before})" if before else text)


class WidthTool(GestureTool):
    """See the module. The selected hair goes before others that are as near."""

    name = "width"

    _under: tuple[int, Hair] | None = None

    def idle_hint(self) -> str:
        """See `GestureTool`."""
        return "Drag across a shaft, from edge to edge · double click: back to the measured width"

    def begin(self, pointer: Pointer) -> Gesture | None:
        """A shaft near by."""
        hair = self._shaft_at(pointer)
        if hair is None or not self.may_edit():
            return None
        self.select_hairs(pointer.image_id, hair.id)
        return WidthDrag(self, pointer, hair)

    def double_click(self, pointer: Pointer) -> None:
        """Back to the measured width."""
        hair = self._shaft_at(pointer)
        if hair is not None and self.may_edit():
            self.cancel()
            hair_id = hair.id
            self.workspace.commit(pointer.image_id, lambda read: reset_width(read, [hair_id]))

    def hovered(self, pointer: Pointer) -> None:
        """See `GestureTool`."""
        hair = self._shaft_at(pointer)
        self._under = None if hair is None else (pointer.image_id, hair)

    def unhovered(self) -> None:
        """See `GestureTool`."""
        self._under = None

    def paint_idle(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """The shaft that would be gauged, with its width."""
        read = self.read(image_id)
        if self._under is None or self._under[0] != image_id or read is None or self.busy:
            return
        hair = self._under[1]
        if read.hairs.get(hair.id) is hair and np.isfinite(hair.width_px):
            line = hair.vertices_px
            preview.hairlines(painter, viewport, line, np.full(len(line), hair.width_px))

    def _shaft_at(self, pointer: Pointer) -> Hair | None:
        """The selected hair where the pointer is at its edge, else the nearest one that could be meant."""
        chosen = self.single_hair(pointer.image_id)
        if chosen is not None:
            reach_px = BESIDE * pointer.reach_px + np.nan_to_num(chosen.width_px) / 2
            if project(pointer.at_px, chosen.vertices_px).distance_px <= reach_px:
                return chosen
        return self.hair_at(replace(pointer, reach_px=BESIDE * pointer.reach_px))
