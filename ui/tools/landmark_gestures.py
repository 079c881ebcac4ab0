"""What the hand does with landmarks: puts a place down, drags one end of a landmark."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter

from ui.tools.gesture import Drag
from ui.tools.landmark_marks import Mark, Place, paint_mark, paint_residual
from ui.tools.places import inside
from ui.tools.tool import Pointer, Tool
from ui.view.viewport import Viewport

if TYPE_CHECKING:
    from ui.tools.landmarks import LandmarksTool


class PlaceDrag(Drag):
    """A place on its way: pressed, set right, released."""

    tool: "LandmarksTool"
    hint = "Release: the landmark is here · Esc: discard"

    def carries(self, pointer: Pointer) -> bool:
        """A click is enough."""
        return False

    def commit(self) -> None:
        """See `Gesture`."""
        x, y = inside(self.tool.record(self.image_id), self.at.at_px).tolist()
        self.tool.take_place(self.image_id, (x, y))

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        paint_mark(painter, viewport, self.at.at_px, "", held=True)


class MarkDrag(Drag):
    """One end of a landmark on its way."""

    tool: "LandmarksTool"
    hint = "Release or Enter: put it here · Del: take the landmark out · Esc: leave it where it was"

    def __init__(self, tool: Tool, start: Pointer, mark: Mark) -> None:
        super().__init__(tool, start)
        self.mark = mark

    def carries(self, pointer: Pointer) -> bool:
        """A mouse's mere click chooses the landmark; the keyboard's picks it up."""
        return pointer.by_key

    def remove(self) -> bool:
        """Del takes the landmark out."""
        self.tool.remove_landmark(self.mark)
        return True

    @property
    def to_px(self) -> Place:
        """Where the end would be."""
        x, y = inside(self.tool.record(self.image_id), self.mark.at_px + self.offset_px).tolist()
        return x, y

    def commit(self) -> None:
        """See `Gesture`."""
        if not self.clicked:
            self.tool.move_mark(self.mark, self.to_px)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        moved = replace(self.mark, at_px=self.to_px)
        paint_residual(painter, viewport, moved)
        paint_mark(painter, viewport, moved.at_px, str(moved.number), held=True)
