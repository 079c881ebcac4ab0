"""Measuring: a distance, or with Shift a circle through points on its rim. Enter makes it the image's scale."""

from dataclasses import dataclass
from threading import Thread

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter

from analysis.calibration import Calibration, fitted_circle
from analysis.detection import FloatArray
from ui.tools import preview
from ui.tools.gesture import Clicks, Drag, Gesture
from ui.tools.gesture_tool import GestureTool
from ui.tools.tool import Pointer
from ui.tools.wording import length_text
from ui.view.viewport import Viewport
from workstation.edits.outlines import circle


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A length that was measured."""

    image_id: int
    length_px: float
    outline_px: FloatArray
    """(2, 2) the line's ends, or (K, 2) around the circle."""
    is_circle: bool = False

    def text(self, scale: Calibration | None) -> str:
        """The length in words."""
        sign = "⌀ " if self.is_circle else ""
        in_px = f"{self.length_px:.1f} px"
        return f"{sign}{in_px}" if scale is None else f"{sign}{length_text(self.length_px, scale)} · {in_px}"

    def paint(self, painter: QPainter, viewport: Viewport, scale: Calibration | None) -> None:
        """Draw the line or the circle with its length."""
        preview.line(painter, viewport, self.outline_px, closed=self.is_circle)
        if not self.is_circle:
            for end in self.outline_px:
                preview.handle(painter, viewport, end)
        preview.label(painter, viewport, self.outline_px[-1], self.text(scale))


class LineDrag(Drag):
    """A distance."""

    tool: "MeasureTool"
    hint = "Release or click at the other end · Esc: discard"

    @property
    def measured(self) -> Measured:
        """The distance so far."""
        return Measured(
            self.image_id, float(np.hypot(*self.offset_px)), np.array([self.start.at_px, self.at.at_px])
        )  # fmt: skip

    def commit(self) -> None:
        """See `Gesture`; nothing of the study changes."""
        if not self.at.is_near(self.start):
            self.tool.keep(self.measured)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        self.measured.paint(painter, viewport, self.tool.scale(self.image_id))


class RimClicks(Clicks):
    """Points on the rim of something round."""

    tool: "MeasureTool"
    least = 3
    hint = "Click more points all around the rim · Enter or double click: that is all · Esc: discard"

    def __init__(self, tool: "MeasureTool", start: Pointer) -> None:
        super().__init__(tool, start)
        self._measured: Measured | None = None
        self._why_not = ""
        # what fits the circle takes half a second to load: have it there when the third point is
        Thread(target=__import__, args=("scipy.optimize",), name="warm up").start()

    def update(self) -> None:
        """See `Gesture`."""
        self._fit(self.drawn_px)

    def commit(self) -> None:
        """See `Gesture`."""
        self._fit(np.array(self.places))
        if self._measured is not None:
            self.tool.keep(self._measured)
        else:
            self.tool.workspace.tell(f"No circle: {self._why_not}.")

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        for place in self.places:
            preview.handle(painter, viewport, place)
        if self._measured is not None:
            self._measured.paint(painter, viewport, self.tool.scale(self.image_id))
        else:
            preview.label(painter, viewport, self.at.position_px, self._why_not)

    def _fit(self, points_px: FloatArray) -> None:
        self._measured, self._why_not = None, ""
        if len(points_px) < self.least:
            return
        try:
            centre_px, radius_px = fitted_circle(points_px)
        except ValueError as error:
            self._why_not = str(error)
            return
        self._measured = Measured(self.image_id, 2 * radius_px, circle(centre_px, radius_px), is_circle=True)


class MeasureTool(GestureTool):
    """See the module."""

    name = "measure"

    scale_asked = Signal(int, float)
    """What was measured is to become an image's scale: the image, and the length in px."""

    _measured: Measured | None = None

    @property
    def hint(self) -> str:
        """See `Tool`; measuring is possible in any study."""
        return self.idle_hint() if self.gesture is None else self.gesture.hint

    def idle_hint(self) -> str:
        """See `GestureTool`."""
        if self._measured is not None and self.workspace.can_edit:
            return "Enter: make this length the image's scale · drag: measure another · Esc: done"
        return "Drag along a distance · Shift+click: points on the rim of a circle"

    @property
    def measured(self) -> Measured | None:
        """What was measured last."""
        return self._measured

    def keep(self, measured: Measured | None) -> None:
        """Show what was measured until the next, or nothing any more."""
        self._measured = measured
        self.hint_changed.emit()
        self._changed()

    def begin(self, pointer: Pointer) -> Gesture | None:
        """A distance, with Shift a circle; Enter on the end of what was just measured asks for the scale."""
        if pointer.by_key and self._measured is not None and not self._measured.is_circle:
            end = self._measured.outline_px[-1]
            if np.hypot(*(pointer.at_px - end)) <= 0.5 * pointer.reach_px:
                self._ask()
                return None
        return RimClicks(self, pointer) if pointer.shift else LineDrag(self, pointer)

    def finish(self) -> bool:
        """End what is begun, else make what was measured the scale."""
        return super().finish() or self._ask()

    def cancel(self) -> bool:
        """Discard what is begun, else what was measured."""
        if super().cancel():
            return True
        had = self._measured is not None
        if had:
            self.keep(None)
        return had

    def depends_on_read(self, gesture: Gesture) -> bool:
        """Places in the image stay what they are."""
        return False

    def paint_idle(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """What was measured last."""
        if self._measured is not None and self._measured.image_id == image_id and not self.busy:
            self._measured.paint(painter, viewport, self.scale(image_id))

    def _ask(self) -> bool:
        if self._measured is None or not self.workspace.can_edit:
            return False
        self.scale_asked.emit(self._measured.image_id, self._measured.length_px)
        return True
