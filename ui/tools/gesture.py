"""Gestures: what is between the first press and the commit, and tools that consist of them.

A `Drag` is press–drag–release or click–move–click; `Clicks` are any number of clicks, ended by Enter, a double click or
a click on the last place. A gesture changes nothing until it is over; then its tool has it committed.
"""

import numpy as np
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from ui.pixels import PixelStore
from ui.tools.tool import Pointer, Tool
from ui.view.viewport import Viewport
from ui.workspace import Workspace


class Gesture:
    """Something begun.

    Args:
        tool: whose gesture it is.
        start: where it began.
    """

    hint = ""
    """What to do next."""

    def __init__(self, tool: Tool, start: Pointer) -> None:
        self.tool = tool
        self.start = start
        self.at = start
        """Where the pointer is now."""

    @property
    def image_id(self) -> int:
        """The image it is in."""
        return self.start.image_id

    def moved(self, pointer: Pointer) -> None:
        """The pointer is here now; called for each move."""
        self.at = pointer

    def update(self) -> None:
        """Work out the preview for where the pointer is; called once for all moves between two frames."""

    def release(self, pointer: Pointer) -> bool:
        """The button went up; whether the gesture is over and to be committed."""
        raise NotImplementedError

    def finish(self) -> bool:
        """Enter or the right button: whether the gesture can end here, to be committed."""
        return False

    def remove(self) -> bool:
        """Del was pressed meanwhile; whether it meant the gesture, which is then over and not committed."""
        return False

    def commit(self) -> None:
        """Make it real."""

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw what would be."""


class Drag(Gesture):
    """Press–drag–release, or click–move–click: from `start` to `at`."""

    def __init__(self, tool: Tool, start: Pointer) -> None:
        super().__init__(tool, start)
        self.clicked = False
        """It ended where it began, as a mere click."""
        self._carried = False

    def carries(self, pointer: Pointer) -> bool:
        """Whether after a mere click the thing is carried to the next one; else the click is all there is."""
        return True

    def release(self, pointer: Pointer) -> bool:
        """See `Gesture`."""
        self.at = pointer
        if self._carried or not pointer.is_near(self.start):
            return True
        if self.carries(pointer):
            self._carried = True
            return False
        self.clicked = True
        return True

    def finish(self) -> bool:
        """See `Gesture`."""
        return self._carried

    @property
    def offset_px(self) -> FloatArray:
        """(2,) how far the pointer went."""
        return self.at.at_px - self.start.at_px


class Clicks(Gesture):
    """Places set by clicks."""

    least = 2
    """How many places there must be."""

    def __init__(self, tool: Tool, start: Pointer) -> None:
        super().__init__(tool, start)
        self.places: list[tuple[float, float]] = []

    def enough(self, pointer: Pointer) -> bool:
        """Whether the place that was just set is the last one."""
        return False

    def release(self, pointer: Pointer) -> bool:
        """See `Gesture`."""
        self.at = pointer
        if not self.places:
            self.places.append(self.start.position_px)
            if pointer.is_near(self.start):
                return False
        if self._again(pointer):
            return len(self.places) >= self.least
        self.places.append(pointer.position_px)
        return self.enough(pointer)

    def finish(self) -> bool:
        """See `Gesture`."""
        return len(self.places) >= self.least

    @property
    def drawn_px(self) -> FloatArray:
        """(K, 2) the places and where the pointer is."""
        places = [*self.places, self.at.position_px]
        if len(places) > 1 and self._again(self.at):
            places.pop()
        return np.array(places, dtype=np.float64)

    def _again(self, pointer: Pointer) -> bool:
        """Whether the pointer is on the last place."""
        return bool(self.places) and _is_at(pointer, self.places[-1])


class OutlineClicks(Clicks):
    """The corners of an outline; a click on the first one closes it as well."""

    least = 3
    hint = "Click the next corner · Enter, double click or the first corner: close it · Esc: discard"

    def release(self, pointer: Pointer) -> bool:
        """See `Gesture`."""
        if len(self.places) >= self.least and _is_at(pointer, self.places[0]):
            self.at = pointer
            return True
        return super().release(pointer)

    @property
    def outline_px(self) -> FloatArray:
        """(K, 2) the corners set so far."""
        return np.array(self.places, dtype=np.float64).reshape(-1, 2)


def _is_at(pointer: Pointer, place_px: tuple[float, float]) -> bool:
    """Whether the hand meant a place that was set before."""
    apart_px = float(np.hypot(*(pointer.at_px - place_px)))
    return apart_px <= 0.5 * pointer.reach_px


class GestureTool(Tool):
    """A tool that does one gesture after another.

    Args:
        workspace: what is edited.
        pixels: images and snapping evidence.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, pixels: PixelStore, parent: QObject | None = None) -> None:
        super().__init__(workspace, pixels, parent)
        self._gesture: Gesture | None = None
        self._over: Pointer | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._update)
        workspace.document_changed.connect(self._heard)
        workspace.cursor_changed.connect(self._left)

    def begin(self, pointer: Pointer) -> Gesture | None:
        """The gesture that begins here; None where there is nothing to take hold of."""
        raise NotImplementedError

    def hovered(self, pointer: Pointer) -> None:
        """The pointer is here and nothing is begun: note what would be taken hold of."""

    def unhovered(self) -> None:
        """The pointer is over no image any more: forget what was under it."""

    def paint_idle(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """Draw what would be taken hold of, and what the tool shows all the time."""

    def idle_hint(self) -> str:
        """What to do first."""
        return ""

    @property
    def gesture(self) -> Gesture | None:
        """What is begun."""
        return self._gesture

    @property
    def hint(self) -> str:
        """See `Tool`."""
        return self.told_why_not(self.idle_hint() if self._gesture is None else self._gesture.hint)

    @property
    def busy(self) -> bool:
        """See `Tool`."""
        return self._gesture is not None

    def press(self, pointer: Pointer) -> None:
        """See `Tool`."""
        if self._gesture is None:
            self._gesture = self.begin(pointer)
            self.hint_changed.emit()
        elif pointer.image_id == self._gesture.image_id:
            self._gesture.moved(pointer)
        self._changed()

    def move(self, pointer: Pointer) -> None:
        """See `Tool`."""
        self._over = pointer
        if self._gesture is not None and pointer.image_id == self._gesture.image_id:
            self._gesture.moved(pointer)
        self._changed()

    def release(self, pointer: Pointer) -> None:
        """See `Tool`."""
        gesture = self._gesture
        if gesture is None or pointer.image_id != gesture.image_id:
            return
        if gesture.release(pointer):
            self._end(commit=True)
        else:
            self.hint_changed.emit()
            self._changed()

    def finish(self) -> bool:
        """See `Tool`."""
        if self._gesture is None or not self._gesture.finish():
            return False
        self._end(commit=True)
        return True

    def remove(self) -> bool:
        """See `Tool`."""
        if self._gesture is None:
            return False
        if self._gesture.remove():
            self._end(commit=False)
        return True

    def cancel(self) -> bool:
        """See `Tool`."""
        if self._gesture is None:
            return False
        self._end(commit=False)
        return True

    def deactivate(self) -> None:
        """See `Tool`."""
        super().deactivate()
        self._over = None
        self.unhovered()

    def paint(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """See `Tool`."""
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paint_idle(painter, viewport, image_id)
            if self._gesture is not None and self._gesture.image_id == image_id:
                self._gesture.paint(painter, viewport)
        finally:
            painter.restore()

    def _end(self, *, commit: bool) -> None:
        gesture, self._gesture = self._gesture, None
        if commit and gesture is not None:
            gesture.commit()
        self.hint_changed.emit()
        self._changed()

    def _changed(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _update(self) -> None:
        """Once for all moves that arrived together."""
        if self._gesture is not None:
            self._gesture.update()
        elif self._over is not None and self._over.image_id in self.workspace.shown:
            self.hovered(self._over)
        self.preview_changed.emit()

    def _heard(self, change: object) -> None:
        """The study is another: a gesture on what was there before cannot go on."""
        if self._gesture is not None and self.depends_on_read(self._gesture):
            self.cancel()
        elif self.workspace.tool == self.name:
            self._changed()

    def _left(self) -> None:
        if self._over is not None and self.workspace.cursor is None:
            self._over = None
            self.unhovered()
            self._changed()

    def depends_on_read(self, gesture: Gesture) -> bool:
        """Whether an edit elsewhere takes the ground from under a gesture."""
        return True
