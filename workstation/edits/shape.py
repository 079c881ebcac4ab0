"""Correcting the line of a hair: its vertices, its ends, its direction, its place."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.calibration import Calibration
from analysis.detection import FloatArray
from analysis.geometry import SAME_PX, arc_length, arc_positions, project
from workstation.edits.drafting import Draft, find_hair, find_hairs
from workstation.edits.grouping import Centres
from workstation.edits.lines import (
    arc_at,
    carried_widths,
    checked_line,
    checked_point,
    checked_widths,
    piece,
    widths_at,
    with_line,
)
from workstation.errors import EditRefused
from workstation.model.hair import Hair, columns_of
from workstation.model.patch import Patch
from workstation.model.read import Read
from workstation.model.validity import MIN_HAIR_LENGTH_PX


class End(StrEnum):
    """One end of a hair."""

    ROOT = "root"
    TIP = "tip"


def reshape_hair(read: Read, hair_id: int, path_px: ArrayLike, vertex_width_px: ArrayLike | None = None) -> Patch:
    """Give a hair another line.

    Args:
        read: the read.
        hair_id: the hair.
        path_px: (V, 2) from root to tip.
        vertex_width_px: (V,) widths measured on the new line; None: the old ones, carried over to the nearest places.

    Raises:
        EditRefused: if the hair does not exist, the path is no line or too short, or a width is not positive.
        NothingToDo: if it is the old line with the old widths.
    """
    hair = find_hair(read, hair_id)
    line, widths = checked_line(path_px, vertex_width_px)
    return _redrawn(read, hair, line, carried_widths(hair, line) if vertex_width_px is None else widths, "reshape hair")


def move_vertex(read: Read, hair_id: int, index: int, to_px: ArrayLike) -> Patch:
    """Move one vertex, which keeps its width; vertex 0 is the root, the last one the tip.

    Raises:
        EditRefused: if the hair or the vertex does not exist, or the line becomes too short.
        NothingToDo: if the vertex is there already.
    """
    hair = _with_vertex(read, hair_id, index)
    path = hair.vertices_px.copy()
    path[index] = checked_point(to_px)
    return _redrawn(read, hair, *checked_line(path, hair.vertex_width_px), "move vertex")


def insert_vertex(read: Read, hair_id: int, at_px: ArrayLike) -> Patch:
    """Put a vertex at a point, into the segment of the line that is nearest to it.

    The new vertex takes the width that the line has there.

    Raises:
        EditRefused: if the hair does not exist.
        NothingToDo: if there is a vertex already.
    """
    hair = find_hair(read, hair_id)
    point = checked_point(at_px)
    arc = project(point, hair.vertices_px).arc_px
    index = int(np.searchsorted(arc_positions(hair.vertices_px)[:-1], arc, side="right"))
    path = np.insert(hair.vertices_px, index, point, axis=0)
    widths = np.insert(hair.vertex_width_px, index, widths_at(hair, np.array([arc])))
    return _redrawn(read, hair, *checked_line(path, widths), "insert vertex")


def remove_vertex(read: Read, hair_id: int, index: int) -> Patch:
    """Take a vertex out; without its first or last one the hair ends at the next.

    Raises:
        EditRefused: if the hair or the vertex does not exist, or the rest is no line.
    """
    hair = _with_vertex(read, hair_id, index)
    if len(hair.vertices_px) == 2:
        raise EditRefused("a hair needs a root and a tip", remedy="Delete the hair instead.")
    path, widths = np.delete(hair.vertices_px, index, axis=0), np.delete(hair.vertex_width_px, index)
    return _redrawn(read, hair, *checked_line(path, widths), "remove vertex")


def move_hairs(read: Read, hair_ids: Iterable[int], offset_px: ArrayLike) -> Patch:
    """Shift hairs as they are by an offset (2,).

    Raises:
        EditRefused: if a hair does not exist or none is given, or the offset is not finite.
        NothingToDo: if the offset is zero.
    """
    offset = checked_point(offset_px)
    draft = Draft(read)
    for hair in find_hairs(read, hair_ids):
        draft.put(with_line(hair, hair.vertices_px + offset, hair.vertex_width_px))
    return draft.patch("move hairs")


def extend_hair(
    read: Read, hair_id: int, end: End, path_px: ArrayLike, vertex_width_px: ArrayLike | None = None
) -> Patch:
    """Lengthen a hair beyond one end.

    Args:
        read: the read.
        hair_id: the hair.
        end: which end.
        path_px: (K, 2) from the old end outwards; the old end itself may be the first point or be left out.
        vertex_width_px: (K,) measured widths; None: not measured.

    Raises:
        EditRefused: if the hair does not exist, or the path or the widths are not right.
        NothingToDo: if the path does not leave the old end.
    """
    hair = find_hair(read, hair_id)
    path = np.asarray(path_px, dtype=np.float64)
    if path.ndim != 2 or path.shape[1] != 2 or not len(path):
        raise EditRefused("a path is points (K, 2), at least one")
    widths = checked_widths(vertex_width_px, len(path))
    leaving = np.hypot(*(path - (hair.tip_px if end is End.TIP else hair.root_px)).T) > SAME_PX
    first = int(np.argmax(leaving)) if leaving.any() else len(path)
    path, widths = path[first:], widths[first:]
    if end is End.TIP:
        joined, joined_widths = [hair.vertices_px, path], [hair.vertex_width_px, widths]
    else:
        joined, joined_widths = [path[::-1], hair.vertices_px], [widths[::-1], hair.vertex_width_px]
    return _redrawn(read, hair, *checked_line(np.vstack(joined), np.concatenate(joined_widths)), f"extend {end}")


def trim_hair(read: Read, hair_id: int, end: End, at: float | ArrayLike) -> Patch:
    """Shorten a hair at one end.

    Args:
        read: the read.
        hair_id: the hair.
        end: which end is cut off.
        at: where to cut: an arc position in pixels from the root, or a point (2,) whose nearest place is taken.

    Raises:
        EditRefused: if the hair does not exist, the place is beyond its ends, or too little would be left.
        NothingToDo: if the place is the end itself.
    """
    hair = find_hair(read, hair_id)
    arc = arc_at(hair, at)
    start, stop = (0.0, arc) if end is End.TIP else (arc, arc_length(hair.vertices_px))
    if stop - start < MIN_HAIR_LENGTH_PX:
        raise EditRefused("too little of the hair would be left", remedy="Delete the hair instead.")
    return _redrawn(read, hair, *piece(hair, start, stop), f"trim {end}")


def reverse_hairs(read: Read, hair_ids: Iterable[int], *, calibration: Calibration | None = None) -> Patch:
    """Swap root and tip.

    As the root is elsewhere now, a hair that shared its unit goes to the nearest unit within 0.25 mm of the new root,
    else to a new one. A hair alone in its unit stays there when no other is near, and all stay where the image has
    no scale.

    Raises:
        EditRefused: if a hair does not exist or none is given.
    """
    hairs = find_hairs(read, hair_ids)
    turned = {hair.id for hair in hairs}
    resting = [hair for hair in read.hairs.values() if hair.id not in turned]
    shared = {hair.unit_id for hair in resting}
    centres = Centres(columns_of(resting), calibration)
    draft = Draft(read)
    for hair in hairs:
        after = with_line(hair, hair.vertices_px[::-1], hair.vertex_width_px[::-1])
        if calibration is not None and hair.unit_id is not None:
            unit_id = centres.nearest(after.root_px)
            if unit_id is None:
                unit_id = draft.new_unit() if hair.unit_id in shared else hair.unit_id
                shared.add(unit_id)
                centres.add(unit_id, after.root_px)
            after = replace(after, unit_id=unit_id)
        draft.put(after)
    return draft.patch("reverse hairs")


def _with_vertex(read: Read, hair_id: int, index: int) -> Hair:
    hair = find_hair(read, hair_id)
    if not 0 <= index < len(hair.vertices_px):
        raise EditRefused(f"hair {hair_id} has no vertex {index}")
    return hair


def _redrawn(read: Read, hair: Hair, line_px: FloatArray, vertex_width_px: FloatArray, operation: str) -> Patch:
    draft = Draft(read)
    draft.put(with_line(hair, line_px, vertex_width_px))
    return draft.patch(operation)
