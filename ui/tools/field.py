"""The measured field: a rectangle, a circle or a polygon, its area shown while it is drawn; corners can be dragged."""

from collections.abc import Callable

import numpy as np
import shapely
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from analysis.geometry import project
from ui.tools import preview
from ui.tools.gesture import Drag, Gesture, OutlineClicks
from ui.tools.gesture_tool import GestureTool
from ui.tools.option import Choice, Item, Option
from ui.tools.places import blank_read, inside, nearest_point
from ui.tools.tool import Pointer, Tool
from ui.tools.wording import area_text
from ui.view.viewport import Viewport
from workstation.edits import (
    NothingToDo,
    set_field_circle,
    set_field_polygon,
    set_field_rectangle,
)
from workstation.edits.outlines import CIRCLE_VERTICES
from workstation.errors import EditRefused
from workstation.model.field import Field, FieldShape
from workstation.model.patch import Patch
from workstation.model.read import Read

SHAPES = (FieldShape.RECTANGLE, FieldShape.CIRCLE, FieldShape.POLYGON)
MANY_CORNERS = 40
"""An outline of more corners shows the one under the pointer alone."""


class FieldPreview:
    """The field that an edit would make, and its area."""

    def __init__(self, tool: Tool, image_id: int) -> None:
        self._tool = tool
        self._image_id = image_id
        self._field: Field | None = None
        self._why_not = ""

    def update(self, make: Callable[[Read], Patch]) -> None:
        """Try the edit on the read as it is."""
        self._field, self._why_not = None, ""
        read = self._tool.read(self._image_id) or blank_read(self._tool.record(self._image_id))
        try:
            after = make(read).changes[-1].after
            self._field = after if isinstance(after, Field) else None
        except NothingToDo:
            self._field = read.field
        except EditRefused as error:
            self._why_not = error.what

    def paint(self, painter: QPainter, viewport: Viewport, at_px: FloatArray) -> None:
        """The outline and its label."""
        if self._field is not None:
            preview.region(painter, viewport, [self._field.polygon_px], preview.FIELD_COLOUR)
        self.paint_label(painter, viewport, at_px)

    def paint_label(self, painter: QPainter, viewport: Viewport, at_px: FloatArray) -> None:
        """Beside the pointer the field's area, or why there is none."""
        if self._field is not None:
            text = area_text(float(shapely.area(self._field.region())), self._tool.scale(self._image_id))
            preview.label(painter, viewport, at_px, f"field {text}")
        else:
            preview.label(painter, viewport, at_px, self._why_not)


class FieldDrag(Drag):
    """A field that one drag makes or changes.

    Args:
        tool: the tool.
        start: where it began.
        make: the edit, from the read and where the pointer is (2,).
    """

    hint = "Release or click: this is the field · Esc: leave it as it was"

    def __init__(self, tool: Tool, start: Pointer, make: Callable[[Read, FloatArray], Patch]) -> None:
        super().__init__(tool, start)
        self._make = make
        self._preview = FieldPreview(tool, start.image_id)

    @property
    def _to_px(self) -> FloatArray:
        return inside(self.tool.record(self.image_id), self.at.at_px)

    def update(self) -> None:
        """See `Gesture`."""
        to_px = self._to_px
        self._preview.update(lambda read: self._make(read, to_px))

    def commit(self) -> None:
        """See `Gesture`; a second click on the first place leaves the field as it was."""
        if not self.at.is_near(self.start):
            to_px = self._to_px
            self.tool.workspace.commit(self.image_id, lambda read: self._make(read, to_px))

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        self._preview.paint(painter, viewport, self.at.at_px)


class FieldClicks(OutlineClicks):
    """A field's corners."""

    def __init__(self, tool: Tool, start: Pointer) -> None:
        super().__init__(tool, start)
        self._preview = FieldPreview(tool, start.image_id)

    def update(self) -> None:
        """See `Gesture`."""
        image, outline = self.tool.record(self.image_id), self.drawn_px
        if len(outline) >= self.least:
            self._preview.update(lambda read: set_field_polygon(read, image, outline))

    def commit(self) -> None:
        """See `Gesture`."""
        image, outline = self.tool.record(self.image_id), self.outline_px
        self.tool.workspace.commit(self.image_id, lambda read: set_field_polygon(read, image, outline))

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        preview.line(painter, viewport, self.drawn_px, preview.FIELD_COLOUR)
        if len(self.drawn_px) >= self.least:
            self._preview.paint(painter, viewport, self.at.at_px)
        for place in self.places:
            preview.handle(painter, viewport, place)


class FieldTool(GestureTool):
    """See the module."""

    name = "field"

    shape = FieldShape.RECTANGLE
    """What the next field will be."""
    _corner: tuple[int, int] | None = None
    """Image and corner of the present field under the pointer."""
    _edge: tuple[int, FloatArray] | None = None
    """Image and place on the present outline where a corner would be put in."""

    def idle_hint(self) -> str:
        """See `GestureTool`."""
        first = {
            FieldShape.RECTANGLE: "Drag from corner to corner",
            FieldShape.CIRCLE: "Drag from the centre outwards",
            FieldShape.POLYGON: "Click the corners",
        }[self.shape]
        return f"{first} · or drag a corner of the present field · the tool's key again: another shape"

    def options(self) -> tuple[Option, ...]:
        """See `Tool`."""
        items = tuple(Item(shape.value, shape.value.capitalize(), f"field_{shape.value}") for shape in SHAPES)
        tip = "Shape of the field; the tool's key again takes the next"
        return (Choice("field_shape", "", tip, self.shape.value, items, self._set_shape),)

    def again(self) -> None:
        """The next shape."""
        self._set_shape(SHAPES[(SHAPES.index(self.shape) + 1) % len(SHAPES)].value)

    def begin(self, pointer: Pointer) -> Gesture | None:
        """A corner or the edge of the present field, else a new one."""
        if not self.may_edit():
            return None
        image = self.record(pointer.image_id)
        drag = self._present_field(pointer)
        if drag is not None:
            return drag
        place = inside(image, pointer.at_px)
        match self.shape:
            case FieldShape.RECTANGLE:
                return FieldDrag(self, pointer, lambda read, to: set_field_rectangle(read, image, place, to))
            case FieldShape.CIRCLE:
                return self._circle(pointer, place)
            case _:
                return FieldClicks(self, pointer)

    def hovered(self, pointer: Pointer) -> None:
        """See `GestureTool`."""
        self._corner = self._edge = None
        read = self.read(pointer.image_id)
        if read is None:
            return
        polygon = read.field.polygon_px
        index = nearest_point(polygon, pointer.at_px, pointer.reach_px)
        foot = project(pointer.at_px, np.vstack([polygon, polygon[:1]]))
        if index is not None:
            self._corner = pointer.image_id, index
        elif foot.distance_px <= pointer.reach_px:
            self._edge = pointer.image_id, foot.point_px

    def remove(self) -> bool:
        """Take out the corner under the pointer, where the field is a free outline; a begun field is discarded."""
        if super().remove():
            return True
        if self._corner is None or not self.may_edit():
            return False
        image_id, index = self._corner
        read, image = self.read(image_id), self.record(image_id)
        if read is None or read.field.shape is FieldShape.CIRCLE or index >= len(read.field.polygon_px):
            return False
        outline = np.delete(read.field.polygon_px, index, axis=0)
        self._corner = None
        self.workspace.commit(image_id, lambda own: set_field_polygon(own, image, outline))
        return True

    def unhovered(self) -> None:
        """See `GestureTool`."""
        self._corner = self._edge = None

    def paint_idle(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """The corners of the present field; the one under the pointer filled."""
        read = self.read(image_id)
        if read is None or self.busy:
            return
        polygon = read.field.polygon_px
        for index, corner_px in enumerate(polygon):
            held = self._corner == (image_id, index)
            if held or len(polygon) <= MANY_CORNERS:
                preview.handle(painter, viewport, corner_px, held=held)
        if self._edge is not None and self._edge[0] == image_id:
            if read.field.shape is FieldShape.CIRCLE:
                preview.handle(painter, viewport, self._edge[1], held=True)
            else:
                preview.plus(painter, viewport, self._edge[1])

    def _circle(self, pointer: Pointer, centre_px: FloatArray) -> FieldDrag:
        image = self.record(pointer.image_id)

        def make(read: Read, to_px: FloatArray) -> Patch:
            return set_field_circle(read, image, centre_px, float(np.hypot(*(to_px - centre_px))))

        return FieldDrag(self, pointer, make)

    def _present_field(self, pointer: Pointer) -> FieldDrag | None:
        """A drag of what of the present field is under the pointer: it stays the shape that it is where it can."""
        read, image = self.read(pointer.image_id), self.record(pointer.image_id)
        if read is None:
            return None
        field, polygon = read.field, read.field.polygon_px
        index = nearest_point(polygon, pointer.at_px, pointer.reach_px)
        foot = project(pointer.at_px, np.vstack([polygon, polygon[:1]]))
        if index is None and foot.distance_px > pointer.reach_px:
            return None
        if field.shape is FieldShape.CIRCLE and len(polygon) == CIRCLE_VERTICES:
            return self._circle(pointer, polygon.mean(axis=0))
        if index is not None and field.shape in (FieldShape.RECTANGLE, FieldShape.IMAGE) and len(polygon) == 4:
            opposite = polygon[(index + 2) % 4]
            return FieldDrag(self, pointer, lambda own, to: set_field_rectangle(own, image, opposite, to))
        kept = polygon if index is None else np.delete(polygon, index, axis=0)
        where = index if index is not None else 1 + _edge_of(polygon, foot.point_px)
        return FieldDrag(
            self, pointer, lambda own, to: set_field_polygon(own, image, np.insert(kept, where, to, axis=0))
        )

    def _set_shape(self, shape: str) -> None:
        self.cancel()
        self.shape = FieldShape(shape)
        self.hint_changed.emit()
        self._changed()


def _edge_of(polygon_px: FloatArray, place_px: FloatArray) -> int:
    """Which edge of a polygon (K, 2) is nearest to a place (2,), by its first corner."""
    ends = np.roll(polygon_px, -1, axis=0)
    apart = [project(place_px, np.array([a, b])).distance_px for a, b in zip(polygon_px, ends, strict=True)]
    return int(np.argmin(apart))
