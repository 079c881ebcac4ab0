"""Drawing a hair that was missed: click its root, then its tip; the line follows the shaft between the clicks."""

from contextlib import suppress

import numpy as np
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from ui.tools import preview
from ui.tools.following import FollowingTool
from ui.tools.gesture import MEASURING, Clicks, Gesture
from ui.tools.option import Option, Toggle
from ui.tools.places import centre_of, inside
from ui.tools.tool import Pointer
from ui.tools.wording import count_text, width_text
from ui.view.viewport import Viewport
from workstation.edits import UnitChoice, add_hair, new_ids
from workstation.edits.grouping import Centres
from workstation.entry import Selection
from workstation.errors import EditRefused
from workstation.model.hair import median_width_px
from workstation.model.patch import Patch
from workstation.model.read import Read

PREPARING_NOTE = "the image is being prepared: line and width follow"


class HairClicks(Clicks):
    """A hair from its root to its tip."""

    tool: "DrawTool"
    hint = "Click the tip · Shift+click: a point between · Ctrl: new unit · Alt: straight · Esc: discard"

    def __init__(self, tool: "DrawTool", start: Pointer) -> None:
        super().__init__(tool, start)
        self._new_unit = start.ctrl
        self._line_px = np.array([start.position_px, start.position_px])
        self._widths_px = np.full(2, np.nan)
        self._unit: tuple[str, FloatArray | None] = "", None

    def enough(self, pointer: Pointer) -> bool:
        """The second click is the tip, unless it is held down for a point between."""
        return not pointer.shift

    def finish(self) -> bool:
        """The tip is where the preview ends."""
        return len(self.drawn_px) >= self.least

    @property
    def new_unit(self) -> bool:
        """Whether the hair is to make a unit of its own."""
        return self._new_unit or self.at.ctrl or self.tool.new_unit

    @property
    def clicks_px(self) -> FloatArray:
        """(K, 2) root, points between and tip, all in the image."""
        image = self.tool.record(self.image_id)
        return np.array([inside(image, place) for place in self.drawn_px])

    @property
    def ready(self) -> bool:
        """See `Gesture`: a line that follows the shaft is drawn and measured with the image prepared."""
        return self.tool.can_measure(self)

    def update(self) -> None:
        """See `Gesture`."""
        clicks, evidence = self.clicks_px, self.tool.guide(self)
        self._line_px, self._widths_px = clicks, np.full(len(clicks), np.nan)
        if evidence is not None:
            from workstation.edits.drawn import drawn_line  # loaded with the evidence, off the main thread

            with suppress(EditRefused):  # too short yet
                self._line_px, self._widths_px = drawn_line(evidence, clicks)
        self._unit = self._unit_of(self._line_px[0])

    def commit(self) -> None:
        """See `Gesture`."""
        clicks, evidence, scale = self.clicks_px, self.tool.guide(self), self.tool.scale(self.image_id)
        unit = UnitChoice.NEW if self.new_unit else UnitChoice.NEAREST

        def make(read: Read) -> Patch:
            if evidence is None:
                return add_hair(read, clicks, unit=unit, calibration=scale)
            from workstation.edits.drawn import draw_hair

            return draw_hair(read, evidence, clicks, unit=unit, calibration=scale)

        self.tool.workspace.commit(self.image_id, make, select=lambda patch: Selection(patch.read_id, new_ids(patch)))

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        line = self._line_px
        text, centre = self._unit
        if centre is not None:
            preview.line(painter, viewport, [line[0], centre], preview.UNIT_COLOUR, dashed=True)
        straight = self.tool.guide(self) is None
        preview.line(painter, viewport, line, dashed=straight)
        preview.hairlines(painter, viewport, line, self._widths_px)
        preview.ring(painter, viewport, line[0])
        for place in self.places[1:]:
            preview.handle(painter, viewport, place)
        if self.waits:
            preview.label(painter, viewport, self.at.position_px, MEASURING)
            return
        width = width_text(median_width_px(self._widths_px), self.tool.scale(self.image_id))
        note = "" if self.ready else PREPARING_NOTE
        preview.label(painter, viewport, self.at.position_px, " · ".join(t for t in (width, text) if t), note)

    def _unit_of(self, root_px: FloatArray) -> tuple[str, FloatArray | None]:
        """The unit that the hair would be of, in words, and its centre (2,) where there is one already."""
        read, scale = self.tool.read(self.image_id), self.tool.scale(self.image_id)
        unit_id = None if read is None or self.new_unit else Centres(read.columns, scale).nearest(root_px)
        if read is None or unit_id is None:
            return "new unit", None
        hairs = read.hairs_of(unit_id)
        n = sum(hair.counts for hair in hairs)
        return f"unit {unit_id}, then {count_text(n + 1, 'hair')}", centre_of(hairs)


class DrawTool(FollowingTool):
    """See the module."""

    name = "draw"

    new_unit = False
    """Whether each hair makes a unit of its own."""

    def idle_hint(self) -> str:
        """See `GestureTool`."""
        return "Click the root of a hair that was missed"

    def options(self) -> tuple[Option, ...]:
        """See `Tool`."""
        return (
            self.snapping_option(),
            Toggle(
                "new_unit", "New unit", "Each hair makes a unit of its own; so does Ctrl", self.new_unit, self._set_new
            ),
        )

    def begin(self, pointer: Pointer) -> Gesture | None:
        """A root anywhere in the image."""
        return HairClicks(self, pointer) if self.may_edit() else None

    def depends_on_read(self, gesture: Gesture) -> bool:
        """Places in the image stay what they are."""
        return False

    def _set_new(self, on: bool) -> None:
        self.new_unit = on
        self._options_changed()
