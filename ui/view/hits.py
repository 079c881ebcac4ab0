"""What of a read lies at a place or in a region: all hairs at once, in image pixels."""

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from analysis.detection import FloatArray, IntArray
from ui.view.boxes import meeting
from workstation.model.read import Read

KEPT = 4
"""So many reads are remembered: those side by side."""
UNIT_REACH = 1.5
"""A unit is hit this much farther off than a hair: up to its outline, which stands off its roots."""
_known: OrderedDict[int, "Hits"] = OrderedDict()


@dataclass(frozen=True, eq=False)
class Hits:
    """The segments of all hairs of a read, N hairs of S segments together. Made by `Hits.of`."""

    read: Read
    ids: IntArray
    """(N,) of the hairs."""
    starts: FloatArray
    """(S, 2)"""
    ends: FloatArray
    """(S, 2)"""
    owners: IntArray
    """(S,) which of the N hairs."""
    half_width_px: FloatArray
    """(N,) zero where no width is known."""
    boxes: FloatArray
    """(N, 4) around the centrelines: left, top, right, bottom."""

    @classmethod
    def of(cls, read: Read) -> "Hits":
        """The hits of a read. Those of the last few reads are remembered, for views and tools ask for the same."""
        found = _known.get(id(read))
        if found is None or found.read is not read:
            found = _known[id(read)] = _hits(read)
            while len(_known) > KEPT:
                _known.popitem(last=False)
        _known.move_to_end(id(read))
        return found

    def hair_at(self, point_px: ArrayLike, radius_px: float) -> int | None:
        """The hair at a place (2,): the nearest shaft within the radius, the nearest centreline where several are.

        A place inside the shaft's width is at the hair, however far from its centreline.
        """
        x, y = np.asarray(point_px, dtype=np.float64).tolist()
        near = meeting(self.boxes_with_width, (x - radius_px, y - radius_px, x + radius_px, y + radius_px))
        if not len(near):
            return None
        chosen = self._segments_of(near)
        start, step = self.starts[chosen], self.ends[chosen] - self.starts[chosen]
        squared = np.einsum("ij,ij->i", step, step)
        share = np.einsum("ij,ij->i", (x, y) - start, step) / np.where(squared > 0, squared, 1.0)
        feet = start + np.clip(share, 0.0, 1.0)[:, None] * step
        to_line = np.hypot(feet[:, 0] - x, feet[:, 1] - y)
        to_shaft = np.maximum(to_line - self.half_width_px[self.owners[chosen]], 0.0)
        best = np.lexsort((to_line, to_shaft))[0]
        return int(self.ids[self.owners[chosen[best]]]) if to_shaft[best] <= radius_px else None

    def vertex_at(self, hair_id: int, point_px: ArrayLike, radius_px: float) -> int | None:
        """Which vertex of a hair is nearest to a place (2,), within the radius; the first is the root."""
        hair = self.read.hairs.get(hair_id)
        if hair is None:
            return None
        apart = np.hypot(*(hair.vertices_px - np.asarray(point_px, dtype=np.float64)).T)
        nearest = int(np.argmin(apart))
        return nearest if apart[nearest] <= radius_px else None

    def unit_at(self, point_px: ArrayLike, radius_px: float) -> int | None:
        """The unit at a place (2,): the one whose roots, with all between them, are nearest."""
        ids, hulls = self._hulls
        if not len(ids):
            return None
        apart = shapely.distance(hulls, shapely.Point(*np.asarray(point_px, dtype=np.float64)))
        nearest = int(np.argmin(apart))
        return int(ids[nearest]) if apart[nearest] <= UNIT_REACH * radius_px else None

    def exclusion_at(self, point_px: ArrayLike) -> int | None:
        """The exclusion that covers a place (2,); the latest where several do."""
        point = shapely.Point(*np.asarray(point_px, dtype=np.float64))
        covering = [e.id for e in self.read.field.exclusions if shapely.Polygon(e.polygon_px).intersects(point)]
        return max(covering, default=None)

    def hairs_in_rect(self, box_px: tuple[float, float, float, float]) -> frozenset[int]:
        """The hairs whose centrelines run through an upright box: left, top, right, bottom."""
        left, top, right, bottom = box_px
        return self._hairs_through(shapely.box(min(left, right), min(top, bottom), max(left, right), max(top, bottom)))

    def hairs_in_polygon(self, outline_px: ArrayLike) -> frozenset[int]:
        """The hairs whose centrelines run through a region with an outline (K, 2), K ≥ 3, not closed."""
        return self._hairs_through(shapely.make_valid(shapely.Polygon(np.asarray(outline_px, dtype=np.float64))))

    @cached_property
    def boxes_with_width(self) -> FloatArray:
        """(N, 4) around the shafts."""
        grown: FloatArray = self.boxes + self.half_width_px[:, None] * np.array([-1, -1, 1, 1])
        return grown

    def _segments_of(self, hairs: IntArray) -> IntArray:
        wanted = np.zeros(len(self.ids), dtype=np.bool_)
        wanted[hairs] = True
        return np.flatnonzero(wanted[self.owners])

    def _hairs_through(self, region: shapely.Geometry) -> frozenset[int]:
        near = meeting(self.boxes, shapely.bounds(region).tolist())
        if not len(near):
            return frozenset()
        shapely.prepare(region)
        hairs = [self.read.hairs[int(i)] for i in self.ids[near]]
        sizes = [len(hair.vertices_px) for hair in hairs]
        points = np.concatenate([hair.vertices_px for hair in hairs])
        lines = shapely.linestrings(points, indices=np.repeat(np.arange(len(hairs)), sizes))
        return frozenset(self.ids[near][shapely.intersects(region, lines)].tolist())

    @cached_property
    def _hulls(self) -> tuple[IntArray, NDArray[np.object_]]:
        """The units that have a hair that counts, and the hulls of those hairs' roots."""
        columns = self.read.columns
        counting = columns.counts & (columns.unit >= 0)
        ids, member = np.unique(columns.unit[counting], return_inverse=True)
        order = np.argsort(member, kind="stable")
        roots = columns.root_px[counting][order]
        groups = shapely.multipoints(roots, indices=member[order]) if len(ids) else np.array([], dtype=object)
        return ids, np.asarray(shapely.convex_hull(groups), dtype=np.object_)


def _hits(read: Read) -> Hits:
    hairs = list(read.hairs.values())
    sizes = np.array([len(h.vertices_px) for h in hairs], dtype=np.int64)
    if not len(hairs):
        nothing = np.zeros((0, 2))
        none = np.zeros(0, dtype=np.int64)
        return Hits(read, none, nothing, nothing, none, np.zeros(0), np.zeros((0, 4)))
    points = np.concatenate([h.vertices_px for h in hairs])
    first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    last = first + sizes - 1
    begins = np.delete(np.arange(len(points)), last)
    boxes = np.hstack([np.minimum.reduceat(points, first), np.maximum.reduceat(points, first)])
    width_px = np.array([h.width_px for h in hairs], dtype=np.float64)
    return Hits(
        read,
        ids=np.array([h.id for h in hairs], dtype=np.int64),
        starts=points[begins],
        ends=points[begins + 1],
        owners=np.repeat(np.arange(len(hairs)), sizes - 1),
        half_width_px=np.nan_to_num(width_px, nan=0.0) / 2,
        boxes=boxes,
    )
