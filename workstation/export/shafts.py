"""The outline of each hair's shaft and of each unit, as polygons without holes inside the image."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from analysis.detection import FloatArray
from workstation.export.partners import CORNER_PX
from workstation.model.hair import Hair

UNKNOWN_WIDTH_PX = 1.0
"""Drawn for a hair whose width is not known."""
LEAST_RADIUS_PX = 2.0
"""Of a unit around its roots."""
DECIMALS = 2
"""Of places in pixels and of areas."""
_POLYGON = 3
"""shapely's number of that type."""
_QUAD_SEGS = 2
"""Straight pieces of a quarter of a circle, at the bends of shafts a few pixels wide."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The polygons of one hair or unit, in pixels from the image's top-left corner, as COCO has them."""

    rings: list[list[float]]
    """x, y, x, y, … of each polygon, not closed."""
    box: tuple[float, float, float, float]
    """Left, top, right, bottom."""
    area: float


def shafts_of(hairs: Sequence[Hair], size_px: tuple[int, int]) -> list[Outline | None]:
    """The outline of each hair's shaft, its parts outside the image cut off; None where nothing is left.

    A shaft is as wide all along as its hair's width, and ends straight at root and tip.

    Args:
        hairs: the hairs.
        size_px: width and height of the image.
    """
    lines = np.array([shapely.LineString(hair.vertices_px) for hair in hairs], dtype=object)
    width_px = np.array([hair.width_px for hair in hairs], dtype=np.float64)
    radius = np.where(np.isnan(width_px), UNKNOWN_WIDTH_PX, width_px) / 2
    shapes = shapely.buffer(lines, radius, quad_segs=_QUAD_SEGS, cap_style="flat", join_style="round")
    return _outlines(shapes, size_px)


def surroundings_of(
    roots_px: Sequence[FloatArray], radius_px: Sequence[float], size_px: tuple[int, int]
) -> list[Outline | None]:
    """The outline of each unit: around all its roots.

    Args:
        roots_px: for each unit (n, 2).
        radius_px: how far around them, for each; less than the least counts as that.
        size_px: width and height of the image.
    """
    hulls = shapely.convex_hull(np.array([shapely.MultiPoint(roots) for roots in roots_px], dtype=object))
    shapes = shapely.buffer(hulls, np.maximum(radius_px, LEAST_RADIUS_PX), quad_segs=_QUAD_SEGS)
    return _outlines(shapes, size_px)


def parts_of(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """A shape as polygons without holes: one that has a hole, such as a loop, is cut in two through it."""
    found: list[shapely.Polygon] = []
    for polygon in shapely.get_parts(shape):
        if not isinstance(polygon, shapely.Polygon) or polygon.is_empty:
            continue
        if not polygon.interiors:
            found.append(polygon)
            continue
        (x,) = shapely.Polygon(polygon.interiors[0]).centroid.coords.xy[0]
        left, top, right, bottom = polygon.bounds
        for half in (shapely.box(left, top, x, bottom), shapely.box(x, top, right, bottom)):
            found += parts_of(polygon.intersection(half))
    return found


def _outlines(shapes: NDArray[np.object_], size_px: tuple[int, int]) -> list[Outline | None]:
    """All shapes of an image at once: one by one it takes ten times as long."""
    width, height = size_px
    left, top, right, bottom = frame = (-0.5, -0.5, width - 0.5, height - 0.5)
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    over = ~((bounds[:, :2] >= (left, top)).all(axis=1) & (bounds[:, 2:] <= (right, bottom)).all(axis=1))
    inside = shapes.copy()
    inside[over] = shapely.intersection(shapes[over], shapely.box(*frame))
    is_polygon = (shapely.get_type_id(inside) == _POLYGON) & ~shapely.is_empty(inside)
    simple = is_polygon & (shapely.get_num_interior_rings(inside) == 0)
    pieces = [[shape] if easy else parts_of(shape) for shape, easy in zip(inside, simple.tolist(), strict=True)]
    parts = np.array([part for own in pieces for part in own], dtype=object)
    rings = shapely.get_exterior_ring(parts)
    points = np.round(shapely.get_coordinates(rings) + CORNER_PX, DECIMALS).tolist()
    ends = np.cumsum(shapely.get_num_coordinates(rings)).tolist()
    boxes = np.round(shapely.bounds(parts).reshape(-1, 4) + CORNER_PX, DECIMALS)
    areas = shapely.area(parts)
    found: list[Outline | None] = []
    start = part = 0
    for own in pieces:
        these = slice(part, part + len(own))
        flat: list[list[float]] = []
        for end in ends[these]:
            flat.append([value for point in points[start : end - 1] for value in point])
            start = end
        part += len(own)
        found.append(_outline(flat, boxes[these], areas[these]) if own else None)
    return found


def _outline(rings: list[list[float]], boxes: FloatArray, areas: FloatArray) -> Outline:
    left, top = boxes[:, :2].min(axis=0).tolist()
    right, bottom = boxes[:, 2:].max(axis=0).tolist()
    return Outline(rings, (left, top, right, bottom), round(float(areas.sum()), DECIMALS))
