"""Editing the vertices of a hair: drag one, click the line to insert one, Del takes one out."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from analysis.geometry import arc_positions, project
from ui.tools import preview
from ui.tools.gesture import Drag, Gesture
from ui.tools.gesture_tool import GestureTool
from ui.tools.places import inside, nearest_point
from ui.tools.tool import Pointer, Tool
from ui.view.viewport import Viewport
from workstation import edits
from workstation.edits.lines import widths_at
from workstation.model.hair import Hair
from workstation.model.patch import Patch
from workstation.model.read import Read


class VertexDrag(Drag):
    """A vertex of a hair on its way; the root and the tip are vertices too."""

    hint = "Release or Enter: put the vertex here · Esc: leave it where it was"

    def __init__(self, tool: Tool, start: Pointer, hair: Hair, index: int) -> None:
        super().__init__(tool, start)
        self.hair = hair
        self.index = index

    def carries(self, pointer: Pointer) -> bool:
        """A mouse's mere click chooses the vertex; the keyboard's picks it up."""
        return pointer.by_key

    def remove(self) -> bool:
        """Del takes out the vertex that is held."""
        hair_id, index = self.hair.id, self.index
        self.tool.workspace.commit(self.image_id, lambda read: edits.remove_vertex(read, hair_id, index))
        return True

    @property
    def to_px(self) -> FloatArray:
        """(2,) where the vertex would be."""
        return inside(self.tool.record(self.image_id), self.hair.vertices_px[self.index] + self.offset_px)

    @property
    def path_px(self) -> FloatArray:
        """(V, 2) the line that the hair would have."""
        path = self.hair.vertices_px.copy()
        path[self.index] = self.to_px
        return path

    def commit(self) -> None:
        """See `Gesture`."""
        if self.clicked:
            self.tool.clicked(self.at)
            return
        to_px, hair_id, index = self.to_px, self.hair.id, self.index
        self.tool.workspace.commit(self.image_id, lambda read: edits.move_vertex(read, hair_id, index, to_px))

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        path = self.path_px
        preview.line(painter, viewport, path)
        preview.ring(painter, viewport, path[0])
        preview.handle(painter, viewport, path[self.index], held=True)


class InsertDrag(Drag):
    """A new vertex of a hair, put in where the line was pressed and dragged from there."""

    hint = "Release or Enter: put a vertex here · Esc: none"

    def __init__(self, tool: Tool, start: Pointer, hair: Hair) -> None:
        super().__init__(tool, start)
        self.hair = hair
        self.foot = project(start.at_px, hair.vertices_px)
        self.index = int(np.searchsorted(arc_positions(hair.vertices_px)[:-1], self.foot.arc_px, side="right"))

    def carries(self, pointer: Pointer) -> bool:
        """The mouse puts the vertex on the line by a click; the keyboard carries it on."""
        return pointer.by_key

    @property
    def path_px(self) -> FloatArray:
        """(V + 1, 2) the line that the hair would have."""
        to_px = inside(self.tool.record(self.image_id), self.foot.point_px + self.offset_px)
        path: FloatArray = np.insert(self.hair.vertices_px, self.index, to_px, axis=0)
        return path

    def commit(self) -> None:
        """See `Gesture`."""
        hair, path, place = self.hair, self.path_px, np.array([self.foot.arc_px])

        def make(read: Read) -> Patch:
            if self.clicked:
                return edits.insert_vertex(read, hair.id, self.foot.point_px)
            widths = np.insert(hair.vertex_width_px, self.index, widths_at(hair, place))
            return edits.reshape_hair(read, hair.id, path, widths)

        self.tool.workspace.commit(self.image_id, make)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        path = self.path_px
        preview.line(painter, viewport, path)
        preview.handle(painter, viewport, path[self.index], held=True)


class VerticesTool(GestureTool):
    """See the module. Works on the hair that is selected, or the one that is clicked."""

    name = "vertices"
    cursor = Qt.CursorShape.ArrowCursor

    _current: tuple[int, int] | None = None
    """Hair and vertex that keys act on."""
    _hovered: tuple[int, int] | None = None
    _place: tuple[int, FloatArray] | None = None
    """Image and place on the line where a click would put a vertex."""

    def idle_hint(self) -> str:
        """See `GestureTool`."""
        hair = None if self.workspace.active is None else self.single_hair(self.workspace.active)
        if hair is None:
            return "Click a hair to see its vertices"
        return "Drag a vertex · click the line: insert one · Del: remove · [ and ]: step · arrows: nudge"

    def begin(self, pointer: Pointer) -> Gesture | None:
        """A vertex, a place on the line, or another hair."""
        if not self.may_edit():
            return None
        hair = self.single_hair(pointer.image_id)
        if hair is not None:
            index = nearest_point(hair.vertices_px, pointer.at_px, pointer.reach_px)
            if index is not None:
                self._current = hair.id, index
                return VertexDrag(self, pointer, hair, index)
        other = self.hair_at(pointer)
        if hair is not None and other is hair:
            return InsertDrag(self, pointer, hair)
        self._current = None
        self.select_hairs(pointer.image_id, *(() if other is None else (other.id,)))
        return None

    def hovered(self, pointer: Pointer) -> None:
        """See `GestureTool`."""
        self._hovered = self._place = None
        hair = self.single_hair(pointer.image_id)
        if hair is None:
            return
        index = nearest_point(hair.vertices_px, pointer.at_px, pointer.reach_px)
        if index is not None:
            self._hovered = hair.id, index
            return
        if self.hair_at(pointer) is hair:
            self._place = pointer.image_id, project(pointer.at_px, hair.vertices_px).point_px

    def remove(self) -> bool:
        """Take out the vertex that is held, else the one under the pointer, else the one that keys act on."""
        if super().remove():
            return True
        held = self._held()
        if held is None:
            return False
        self.remove_vertex(*held)
        return True

    def remove_vertex(self, hair_id: int, index: int) -> None:
        """Take a vertex of the selected hair out."""
        image_id = self.workspace.selected_image
        if image_id is not None:
            self._hovered = None
            self.workspace.commit(image_id, lambda read: edits.remove_vertex(read, hair_id, index))

    def nudge(self, dx_px: float, dy_px: float) -> bool:
        """Move the vertex that keys act on."""
        image_id = self.workspace.selected_image
        hair = None if image_id is None or image_id != self.workspace.active else self.single_hair(image_id)
        if self.busy or self._current is None or hair is None or image_id is None or self._current[0] != hair.id:
            return False
        index = self._current[1]
        if index >= len(hair.vertices_px) or not self.may_edit():
            return False
        to_px = inside(self.record(image_id), hair.vertices_px[index] + (dx_px, dy_px))
        self.workspace.commit(image_id, lambda read: edits.move_vertex(read, hair.id, index, to_px), quiet=True)
        return True

    def resize(self, factor: float) -> None:
        """`]` takes the next vertex, towards the tip, `[` the one before."""
        image_id = self.workspace.selected_image
        hair = None if image_id is None else self.single_hair(image_id)
        if hair is None or self.busy:
            return
        step = 1 if factor > 1 else -1
        held = self._current is not None and self._current[0] == hair.id
        index = self._current[1] + step if held and self._current is not None else (0 if step > 0 else -1)
        self._current = hair.id, index % len(hair.vertices_px)
        self._hovered = None
        self.preview_changed.emit()

    def unhovered(self) -> None:
        """See `GestureTool`."""
        self._hovered = self._place = None

    def deactivate(self) -> None:
        """See `Tool`."""
        super().deactivate()
        self._current = None

    def paint_idle(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """Handles of the selected hair, the one that keys act on filled, and where a click would insert one."""
        hair = self.single_hair(image_id)
        if hair is None or self.busy:
            return
        held = self._held()
        for index, vertex_px in enumerate(hair.vertices_px):
            preview.handle(painter, viewport, vertex_px, held=(hair.id, index) == held)
        if self._place is not None and self._place[0] == image_id:
            preview.plus(painter, viewport, self._place[1])

    def _held(self) -> tuple[int, int] | None:
        """Hair and vertex under the pointer, else those that keys act on; None where they are no more."""
        image_id = self.workspace.selected_image
        hair = None if image_id is None else self.single_hair(image_id)
        for held in (self._hovered, self._current):
            if hair is not None and held is not None and held[0] == hair.id and held[1] < len(hair.vertices_px):
                return held
        return None
