"""A read as it lies in another image: its hairs, field and exclusions through a map, everything else as it was."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import shapely

from analysis.detection import FloatArray
from workstation.model.field import Field
from workstation.model.hair import Hair, frozen_array
from workstation.model.read import Read

Map = Callable[[FloatArray], FloatArray]
EDGE_PX = 40.0
"""Straight edges may become bent: they are mapped in pieces of this length."""


class ReadMapper:
    """Maps reads of one image; hairs that it mapped before it does not map again.

    Args:
        there: maps (N, 2) pixels of the read's image to those of the other.
        ratio: pixels of the other image per pixel of the read's, for widths.
        size: width and height of the other image. Hairs with their root beside it are left out.
    """

    def __init__(self, there: Map, ratio: float, size: tuple[int, int]) -> None:
        self._there, self._ratio, self._size = there, ratio, size
        self._known: dict[int, tuple[Hair, Hair]] = {}

    def mapped(self, read: Read) -> Read:
        """The read in the other image; a hair that is the same object as before is so again. Any thread."""
        known = self._known
        other = [hair for i, hair in read.hairs.items() if i not in known or known[i][0] is not hair]
        made = dict(zip((hair.id for hair in other), self._hairs(other), strict=True))
        self._known = {i: (hair, made[i]) if i in made else known[i] for i, hair in read.hairs.items()}
        seen: Mapping[int, Hair] = MappingProxyType({i: h for i, (_, h) in self._known.items() if self._is_inside(h)})
        return replace(read, hairs=seen, field=self._field(read.field))

    def _is_inside(self, hair: Hair) -> bool:
        x, y = hair.root_px.tolist()
        return bool(-0.5 <= x <= self._size[0] - 0.5 and -0.5 <= y <= self._size[1] - 0.5)

    def _hairs(self, hairs: list[Hair]) -> list[Hair]:
        if not hairs:
            return []
        ends = np.cumsum([len(hair.vertices_px) for hair in hairs])
        lines = np.split(self._there(np.concatenate([hair.vertices_px for hair in hairs])), ends[:-1])
        return [
            replace(
                hair,
                vertices_px=frozen_array(line, 2),
                vertex_width_px=frozen_array(hair.vertex_width_px * self._ratio),
                width_px=hair.width_px * self._ratio,
            )
            for hair, line in zip(hairs, lines, strict=True)
        ]

    def _field(self, field: Field) -> Field:
        exclusions = tuple(replace(each, polygon_px=self._outline(each.polygon_px)) for each in field.exclusions)
        return replace(field, polygon_px=self._outline(field.polygon_px), exclusions=exclusions)

    def _outline(self, polygon_px: FloatArray) -> FloatArray:
        return frozen_array(self._there(in_pieces(polygon_px)), 2)


def in_pieces(polygon_px: FloatArray) -> FloatArray:
    """The same outline, (K, 2) not closed, with more corners along its edges."""
    ring = shapely.segmentize(shapely.LinearRing(polygon_px), EDGE_PX)
    points: FloatArray = shapely.get_coordinates(ring)[:-1]
    return points
