"""How one read lies on one drawing: what every painter of the overlay is told."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtGui import QPainter

from ui.view.boxes import Box
from ui.view.geometry import ReadGeometry
from ui.view.hair_shapes import level_of
from ui.view.layers import Layers
from ui.view.viewport import Viewport

REACH_PENS = 34.0
"""No mark or number reaches farther from what it belongs to."""
FULL_FROM_PENS = 3.0
"""Narrower hairs are drawn as mere lines."""
FULL_UP_TO_HAIRS = 500
"""More hairs than this in one view are drawn as mere lines: marks would hide each other, and take long."""
UNKNOWN_WIDTH_PX = 8.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Made by `sheet_of`."""

    viewport: Viewport
    """In device pixels of the drawing."""
    pen_px: float
    """A thin line in device pixels: the screen's device pixel ratio."""
    layers: Layers
    expected_hairs: float
    """How many hairs are in sight, roughly."""
    full: bool
    """Whether hairs are drawn with casing, width and marks, or as mere lines."""
    unit_room_pens: float
    """How far apart the units are, roughly."""
    font: str
    """The family of the numbers."""
    image_size: tuple[int, int]
    """Width and height in image pixels; what is around the image stays as it is."""

    @property
    def level(self) -> int:
        """The level of detail of lines."""
        return level_of(self.viewport.scale)

    def around(self, box: Box, pens: float = REACH_PENS) -> Box:
        """A box in the image, wider by so much on the drawing."""
        reach = pens * self.pen_px / self.viewport.scale
        return box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach

    @contextmanager
    def in_image(self, painter: QPainter) -> Iterator[None]:
        """Paint in image pixels meanwhile."""
        painter.save()
        try:
            self.viewport.place(painter)
            yield
        finally:
            painter.restore()


def sheet_of(
    geometry: ReadGeometry,
    viewport: Viewport,
    pen_px: float,
    layers: Layers,
    font: str = "",
    image_size: tuple[int, int] = (0, 0),
) -> Sheet:
    """The sheet for a read, with as much detail as the scale leaves room for.

    The detail depends on the scale and the size of the drawing alone, not on where it is: panning changes nothing.
    """
    scale = viewport.scale
    usual_px = UNKNOWN_WIDTH_PX if math.isnan(geometry.usual_width_px) else geometry.usual_width_px
    seen_px2 = viewport.size[0] * viewport.size[1] / scale**2
    expected = min(len(geometry.hairs), geometry.hairs_per_px2 * seen_px2)
    full = usual_px * scale >= FULL_FROM_PENS * pen_px and expected <= FULL_UP_TO_HAIRS
    room = geometry.unit_spacing_px * scale / pen_px
    return Sheet(viewport, pen_px, layers, expected, full, room, font, image_size)
