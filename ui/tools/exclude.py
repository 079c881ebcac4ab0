"""Leaving regions out of the field: painted with a brush or drawn as an outline, each with its cause."""

from enum import StrEnum

import numpy as np
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from ui.tools import preview
from ui.tools.field import FieldPreview
from ui.tools.gesture import Drag, Gesture, OutlineClicks
from ui.tools.gesture_tool import GestureTool
from ui.tools.option import Amount, Choice, Item, Option, Toggle
from ui.tools.tool import Pointer
from ui.tools.wording import length_text
from ui.view.viewport import Viewport
from workstation.edits import (
    add_exclusion,
    erase_exclusion,
    paint_exclusion,
    remove_exclusions,
    set_exclusion_cause,
)
from workstation.model.field import Exclusion, ExclusionCause
from workstation.model.patch import Patch
from workstation.model.read import Read

LEAST_RADIUS_PX, MOST_RADIUS_PX = 1.0, 500.0
SPACING = 0.1
"""Places of a stroke that are nearer to each other than this share of the radius add nothing."""


class Means(StrEnum):
    """What regions are drawn with."""

    BRUSH = "brush"
    OUTLINE = "outline"


class Stroke(Drag):
    """A stroke of the brush; a mere click is a dab, or chooses the excluded region that is there."""

    tool: "ExcludeTool"

    def __init__(self, tool: "ExcludeTool", start: Pointer) -> None:
        super().__init__(tool, start)
        self.radius_px = tool.radius_px
        self.erases = tool.erases or start.alt
        self.places = [start.position_px]

    @property
    def hint(self) -> str:  # type: ignore[override]
        """What to do next."""
        return f"Release or Enter: {'count this again' if self.erases else 'leave this out'} · Esc: discard"

    def carries(self, pointer: Pointer) -> bool:
        """The keyboard's first Enter puts the brush down."""
        return pointer.by_key

    def moved(self, pointer: Pointer) -> None:
        """See `Gesture`: every move counts."""
        super().moved(pointer)
        if np.hypot(*(pointer.at_px - self.places[-1])) >= SPACING * self.radius_px:
            self.places.append(pointer.position_px)

    @property
    def stroke_px(self) -> FloatArray:
        """(K, 2) where the brush went."""
        places = self.places if self.places[-1] == self.at.position_px else [*self.places, self.at.position_px]
        return np.array(places[:1] if self._is_dab else places)

    @property
    def _is_dab(self) -> bool:
        """The brush never left the place where it was put down."""
        apart = np.hypot(*(np.array(self.places) - self.start.at_px).T)
        return bool((apart <= 0.5 * self.start.reach_px).all()) and self.at.is_near(self.start)

    def commit(self) -> None:
        """See `Gesture`."""
        hits = self.tool.hits(self.image_id)
        there = None if hits is None or self.erases else hits.exclusion_at(self.start.position_px)
        if self._is_dab and there is not None:
            self.tool.choose(self.image_id, there)
            return
        image, stroke, radius_px = self.tool.record(self.image_id), self.stroke_px, self.radius_px
        edit = erase_exclusion if self.erases else paint_exclusion
        self.tool.workspace.commit(self.image_id, lambda read: edit(read, image, stroke, radius_px))

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        colour = preview.LIGHT if self.erases else preview.EXCLUDED_COLOUR
        preview.stroke(painter, viewport, self.stroke_px, self.radius_px, colour)


class ExclusionClicks(OutlineClicks):
    """An excluded region's corners."""

    tool: "ExcludeTool"

    def __init__(self, tool: "ExcludeTool", start: Pointer) -> None:
        super().__init__(tool, start)
        self._preview = FieldPreview(tool, start.image_id)

    def _make(self, read: Read, outline: FloatArray) -> Patch:
        return add_exclusion(read, self.tool.record(self.image_id), outline, self.tool.cause)

    def update(self) -> None:
        """See `Gesture`."""
        outline = self.drawn_px
        if len(outline) >= self.least:
            self._preview.update(lambda read: self._make(read, outline))

    def commit(self) -> None:
        """See `Gesture`."""
        outline = self.outline_px
        self.tool.workspace.commit(self.image_id, lambda read: self._make(read, outline))

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        if len(self.drawn_px) >= self.least:
            preview.region(painter, viewport, [self.drawn_px], preview.EXCLUDED_COLOUR, hatched=True)
            self._preview.paint_label(painter, viewport, self.at.at_px)
        else:
            preview.line(painter, viewport, self.drawn_px, preview.EXCLUDED_COLOUR)
        for place in self.places:
            preview.handle(painter, viewport, place)


class ExcludeTool(GestureTool):
    """See the module."""

    name = "exclude"

    means = Means.BRUSH
    radius_px = 24.0
    erases = False
    """Whether the brush takes exclusions away; with Alt it does in any case."""
    cause = ExclusionCause.OTHER
    """Of the next outline."""
    _chosen: tuple[int, int] | None = None
    """Image and exclusion that was clicked."""

    def idle_hint(self) -> str:
        """See `GestureTool`."""
        if self.means is Means.OUTLINE:
            return "Click the corners of what should not count · click an excluded region to choose it"
        active = self.workspace.active
        size = length_text(2 * self.radius_px, None if active is None else self.scale(active))
        return f"Paint what should not count · Alt erases · [ ]: size, {size} · click a region to choose it"

    def options(self) -> tuple[Option, ...]:
        """See `Tool`."""
        means = (Item(Means.BRUSH.value, "Brush", "brush"), Item(Means.OUTLINE.value, "Outline", "field_polygon"))
        causes = tuple(Item(cause.value, cause.value.capitalize()) for cause in ExclusionCause)
        chosen = self.chosen
        always: tuple[Option, ...] = (
            Choice("means", "", "The tool's key again changes it", self.means.value, means, self._set_means),
        )
        if self.means is Means.BRUSH:
            tip = "Count again what is painted over; so does Alt"
            always += (Toggle("erases", "Erase", tip, self.erases, self._set_erases), self._diameter())
        if chosen is not None or self.means is Means.OUTLINE:
            present = self.cause if chosen is None else chosen.cause
            tip = "Why the chosen region is left out" if chosen is not None else "Why the next region is left out"
            always += (Choice("cause", "Cause", tip, present.value, causes, self._set_cause),)
        return always

    @property
    def chosen(self) -> Exclusion | None:
        """The exclusion that was clicked, if it is still there."""
        read = None if self._chosen is None else self.read(self._chosen[0])
        if read is None or self._chosen is None:
            return None
        return next((e for e in read.field.exclusions if e.id == self._chosen[1]), None)

    def choose(self, image_id: int, exclusion_id: int | None) -> None:
        """Take an exclusion for Del and for its cause to act on, or none."""
        self._chosen = None if exclusion_id is None else (image_id, exclusion_id)
        self.hint_changed.emit()
        self._changed()

    def again(self) -> None:
        """From the brush to outlines, and back."""
        self._set_means(Means.OUTLINE if self.means is Means.BRUSH else Means.BRUSH)

    def begin(self, pointer: Pointer) -> Gesture | None:
        """A stroke or an outline; a click on an excluded region chooses it."""
        hits = self.hits(pointer.image_id)
        there = None if hits is None else hits.exclusion_at(pointer.position_px)
        self.choose(pointer.image_id, None)
        if not self.may_edit():
            return None
        if self.means is Means.BRUSH:
            return Stroke(self, pointer)
        if there is not None:
            self.choose(pointer.image_id, there)
            return None
        return ExclusionClicks(self, pointer)

    def depends_on_read(self, gesture: Gesture) -> bool:
        """Places in the image stay what they are."""
        return False

    def remove(self) -> bool:
        """Count the chosen region again; a begun one is discarded."""
        if super().remove():
            return True
        chosen = self.chosen
        if chosen is None or self._chosen is None or not self.may_edit():
            return False
        image_id, exclusion_id = self._chosen[0], chosen.id
        self.choose(image_id, None)
        self.workspace.commit(image_id, lambda read: remove_exclusions(read, [exclusion_id]))
        return True

    def cancel(self) -> bool:
        """Discard what is begun, else let go of the chosen region."""
        if super().cancel():
            return True
        had = self.chosen is not None
        self._chosen = None
        if had:
            self.hint_changed.emit()
            self._changed()
        return had

    def resize(self, factor: float) -> None:
        """See `Tool`."""
        self._set_radius(self.radius_px * factor)

    def paint_idle(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """The brush under the pointer, and the chosen region."""
        chosen = self.chosen
        if chosen is not None and self._chosen is not None and self._chosen[0] == image_id:
            preview.region(painter, viewport, [chosen.polygon_px], preview.LIGHT)
        over = self._over
        if over is not None and over.image_id == image_id and self.means is Means.BRUSH:
            preview.ring(painter, viewport, over.position_px, self.radius_px * viewport.scale)

    def _diameter(self) -> Amount:
        low, high = 2 * LEAST_RADIUS_PX, 2 * MOST_RADIUS_PX
        return Amount(
            "diameter",
            "Size",
            "[ and ] change it",
            2 * self.radius_px,
            low,
            high,
            "px",
            lambda d: self._set_radius(d / 2),
        )

    def _set_means(self, means: str) -> None:
        super().cancel()
        self.means = Means(means)
        self._options_changed()

    def _set_erases(self, on: bool) -> None:
        self.erases = on
        self._options_changed()

    def _set_radius(self, radius_px: float) -> None:
        self.radius_px = min(max(radius_px, LEAST_RADIUS_PX), MOST_RADIUS_PX)
        self._options_changed()

    def _set_cause(self, cause: str) -> None:
        chosen = self.chosen
        if chosen is None or self._chosen is None:
            self.cause = ExclusionCause(cause)
        elif self.may_edit():
            exclusion_id = chosen.id
            self.workspace.commit(
                self._chosen[0], lambda read: set_exclusion_cause(read, exclusion_id, ExclusionCause(cause))
            )
        self._options_changed()

    def _options_changed(self) -> None:
        self.hint_changed.emit()
        self._changed()
