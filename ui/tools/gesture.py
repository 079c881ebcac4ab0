"""Gestures: what is between the first press and the commit.

A `Drag` is press–drag–release or click–move–click; `Clicks` are any number of clicks, ended by Enter, a double click or
a click on the last place. A gesture changes nothing until it is over; then its tool has it committed.
"""

import numpy as np
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from ui.tools.tool import Pointer, Tool
from ui.view.viewport import Viewport

MEASURING = "measuring …"
"""Stands beside what waits for its image to be prepared."""


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
        self.waits = False
        """It is over, and to be committed when it is ready."""

    @property
    def image_id(self) -> int:
        """The image it is in."""
        return self.start.image_id

    @property
    def ready(self) -> bool:
        """Whether it can be committed once it is over; until then it waits for its image to be prepared."""
        return True

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
