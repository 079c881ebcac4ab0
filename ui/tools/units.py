"""Grouping hairs into units: drag roots onto a unit, a unit onto another; nearby units have numbers for the digits."""

from collections.abc import Sequence

import numpy as np
import shapely
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from analysis.detection import FloatArray
from ui.tools import preview
from ui.tools.gesture import Drag, Gesture
from ui.tools.gesture_tool import GestureTool
from ui.tools.option import Option, Toggle
from ui.tools.places import centre_of, root_at
from ui.tools.select import select_at
from ui.tools.slots import numbered_units
from ui.tools.tool import Pointer
from ui.tools.wording import count_text
from ui.view.viewport import Viewport
from workstation.edits import merge_units, move_unit, put_into_unit
from workstation.entry import Selection
from workstation.model.hair import Hair
from workstation.model.patch import Patch
from workstation.model.read import Read

OUTLINE_MARGIN = 9.0
"""From the roots to the outline that stands for a unit, in the view."""


def outline(roots_px: FloatArray, viewport: Viewport) -> FloatArray:
    """(M, 2) a rounded outline around roots (K, 2), in the image."""
    around = shapely.MultiPoint(np.asarray(roots_px)).convex_hull.buffer(OUTLINE_MARGIN / viewport.scale, quad_segs=6)
    points: FloatArray = shapely.get_coordinates(around)[:-1]
    return points


def roots_of(hairs: Sequence[Hair]) -> FloatArray:
    """(K, 2) the roots of those hairs that count, else of all."""
    counting = [hair for hair in hairs if hair.counts] or hairs
    return np.array([hair.root_px for hair in counting])


def _n_text(hairs: Sequence[Hair]) -> str:
    return count_text(sum(hair.counts for hair in hairs), "hair")


class HairsToUnit(Drag):
    """Hairs on their way to another unit, or to one of their own."""

    tool: "UnitsTool"
    hint = "Release on a unit: put the hairs into it · on nothing: a new unit · Esc: discard"

    def __init__(self, tool: "UnitsTool", start: Pointer, hair_ids: frozenset[int]) -> None:
        super().__init__(tool, start)
        self.hair_ids = hair_ids

    def carries(self, pointer: Pointer) -> bool:
        """A mouse's click selects; the keyboard's picks up."""
        return pointer.by_key

    def commit(self) -> None:
        """See `Gesture`."""
        if self.clicked:
            select_at(self.tool, self.at)
            return
        hair_ids, unit_id = self.hair_ids, self.tool.unit_under(self.at)
        self.tool.workspace.commit(self.image_id, lambda read: put_into_unit(read, hair_ids, unit_id))

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        read = self.tool.read(self.image_id)
        if read is None or self.at.is_near(self.start):
            return
        moved = [read.hairs[i] for i in self.hair_ids if i in read.hairs]
        unit_id = self.tool.unit_under(self.at)
        joined = moved if unit_id is None else [*read.hairs_of(unit_id), *(h for h in moved if h.unit_id != unit_id)]
        for hair in moved:
            preview.line(painter, viewport, [hair.root_px, self.at.at_px], preview.UNIT_COLOUR, dashed=True)
            preview.line(painter, viewport, hair.vertices_px)
        preview.region(painter, viewport, [outline(roots_of(joined), viewport)], preview.UNIT_COLOUR)
        name = "new unit" if unit_id is None else f"unit {unit_id}"
        left = [
            f"unit {other}: {_n_text(rest) if rest else 'gone'}"
            for other in sorted({h.unit_id for h in moved if h.unit_id not in (None, unit_id)}, key=str)
            if other is not None
            for rest in [[h for h in read.hairs_of(other) if h.id not in self.hair_ids]]
        ]
        preview.label(painter, viewport, self.at.position_px, f"{name}: {_n_text(joined)}", *left[:3])


class UnitToUnit(Drag):
    """A unit on its way to another, to be one with it."""

    tool: "UnitsTool"
    hint = "Release on another unit: both become one · Esc: discard"

    def __init__(self, tool: "UnitsTool", start: Pointer, unit_id: int) -> None:
        super().__init__(tool, start)
        self.unit_id = unit_id

    def carries(self, pointer: Pointer) -> bool:
        """A mouse's click selects; the keyboard's picks up."""
        return pointer.by_key

    @property
    def other(self) -> int | None:
        """The other unit under the pointer."""
        unit_id = self.tool.unit_under(self.at)
        return None if unit_id == self.unit_id else unit_id

    def commit(self) -> None:
        """See `Gesture`; on nothing, nothing happens."""
        if self.clicked:
            select_at(self.tool, self.at)
            return
        both = {self.unit_id, self.other}
        merged = {unit_id for unit_id in both if unit_id is not None}
        if len(merged) == 2:
            self.tool.workspace.commit(
                self.image_id,
                lambda read: merge_units(read, merged),
                select=lambda patch: Selection(patch.read_id, frozenset(), frozenset({min(merged)})),
            )

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        read, other = self.tool.read(self.image_id), self.other
        if read is None or self.at.is_near(self.start):
            return
        own = read.hairs_of(self.unit_id)
        joined = own if other is None else (*own, *read.hairs_of(other))
        preview.line(painter, viewport, [centre_of(own), self.at.at_px], preview.UNIT_COLOUR, dashed=True)
        preview.region(painter, viewport, [outline(roots_of(joined), viewport)], preview.UNIT_COLOUR)
        text = "drop it on another unit" if other is None else f"unit {min(self.unit_id, other)}: {_n_text(joined)}"
        preview.label(painter, viewport, self.at.position_px, text)


class CentreDrag(Drag):
    """A unit's centre on its way: the roots go along, the shafts stay."""

    tool: "UnitsTool"
    hint = "Release: move the roots of the unit · Esc: leave them"

    def __init__(self, tool: "UnitsTool", start: Pointer, unit_id: int) -> None:
        super().__init__(tool, start)
        self.unit_id = unit_id

    def commit(self) -> None:
        """See `Gesture`."""
        offset, unit_id = self.offset_px, self.unit_id

        def make(read: Read) -> Patch:
            return move_unit(read, unit_id, centre_of(read.hairs_of(unit_id)) + offset)

        self.tool.workspace.commit(self.image_id, make)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """See `Gesture`."""
        read = self.tool.read(self.image_id)
        if read is None:
            return
        hairs = read.hairs_of(self.unit_id)
        for hair in hairs:
            preview.line(painter, viewport, [hair.root_px + self.offset_px, *hair.vertices_px[1:]])
            preview.ring(painter, viewport, hair.root_px + self.offset_px)
        moved = roots_of(hairs) + self.offset_px
        preview.region(painter, viewport, [outline(moved, viewport)], preview.UNIT_COLOUR)


class UnitsTool(GestureTool):
    """See the module."""

    name = "units"
    cursor = Qt.CursorShape.ArrowCursor

    moves = False
    """Whether a dragged unit moves its roots in place of being merged; with Alt it does in any case."""
    _root: tuple[int, FloatArray] | None = None
    _numbered: tuple[Read, Selection, tuple[tuple[int, FloatArray], ...]] | None = None

    def idle_hint(self) -> str:
        """See `GestureTool`."""
        if self.workspace.selected_hairs():
            return "Drag a selected root onto a unit or onto nothing · 1–9: put the hairs into a numbered unit"
        return "Drag a root onto a unit, a unit onto another · Alt+drag moves a unit's roots · click selects"

    def options(self) -> tuple[Option, ...]:
        """See `Tool`."""
        tip = "A dragged unit moves the roots of its hairs; so it does with Alt"
        return (Toggle("moves", "Move roots", tip, self.moves, self._set_moves),)

    def begin(self, pointer: Pointer) -> Gesture | None:
        """A root or a selected hair, else a unit; a click anywhere selects."""
        read = self.read(pointer.image_id)
        if read is None:
            return None
        may = self.workspace.can_edit
        unit_id = self.unit_under(pointer)
        if (pointer.alt or self.moves) and unit_id is not None:
            return CentreDrag(self, pointer, unit_id) if self.may_edit() else None
        selected = self.workspace.selected_hairs() if self.workspace.selection.read_id == read.id else frozenset()
        hair = root_at(read, pointer.at_px, pointer.reach_px)
        under = self.hair_at(pointer)
        if hair is None and under is not None and (under.id in selected or under.unit_id is None):
            hair = under
        extending = pointer.shift or pointer.ctrl
        if may and not extending and hair is not None:
            return HairsToUnit(self, pointer, selected if hair.id in selected else frozenset({hair.id}))
        if may and not extending and under is None and unit_id is not None:
            return UnitToUnit(self, pointer, unit_id)
        select_at(self, pointer)
        return None

    def hovered(self, pointer: Pointer) -> None:
        """See `GestureTool`."""
        read = self.read(pointer.image_id)
        hair = None if read is None else root_at(read, pointer.at_px, pointer.reach_px)
        self._root = None if hair is None else (pointer.image_id, hair.root_px)

    def unit_under(self, pointer: Pointer) -> int | None:
        """The unit at a place: of whose hairs the root is there, whose outline is there, or whose hair is there."""
        read, hits = self.read(pointer.image_id), self.hits(pointer.image_id)
        if read is None or hits is None:
            return None
        root = root_at(read, pointer.at_px, pointer.reach_px)
        if root is not None:
            return root.unit_id
        unit_id = hits.unit_at(pointer.position_px, pointer.reach_px)
        if unit_id is not None:
            return unit_id
        hair = self.hair_at(pointer)
        return None if hair is None else hair.unit_id

    def unhovered(self) -> None:
        """See `GestureTool`."""
        self._root = None

    def paint_idle(self, painter: QPainter, viewport: Viewport, image_id: int) -> None:
        """The numbers of the units near the selected hairs, and the root under the pointer."""
        read = self.read(image_id)
        if read is None or self.busy:
            return
        for number, (_, centre_px) in enumerate(self._numbered_units(read), start=1):
            preview.badge(painter, viewport, centre_px, str(number), preview.UNIT_COLOUR)
        if self._root is not None and self._root[0] == image_id:
            preview.ring(painter, viewport, self._root[1], 7.0)

    def _numbered_units(self, read: Read) -> tuple[tuple[int, FloatArray], ...]:
        selection = self.workspace.selection
        if self._numbered is None or self._numbered[0] is not read or self._numbered[1] != selection:
            self._numbered = read, selection, numbered_units(read, selection)
        return self._numbered[2]

    def _set_moves(self, on: bool) -> None:
        self.moves = on
        self.hint_changed.emit()
