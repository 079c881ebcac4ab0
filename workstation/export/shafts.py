"""The outline of each hair's shaft and of each unit, as polygons without holes inside the image."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from analysis.detection import FloatArray
from workstation.model.hair import Hair

UNKNOWN_WIDTH_PX = 1.0
"""Drawn for a hair whose width is not known."""
LEAST_RADIUS_PX = 2.0
"""Of a unit around its roots."""
_QUAD_SEGS = 2
"""Straight pieces of a quarter of a circle, at the bends of shafts a few pixels wide."""


def shafts_of(hairs: Sequence[Hair], size_px: tuple[int, int]) -> list[list[shapely.Polygon]]:
    """The polygons of each hair, in pixels from the centre of the top-left pixel; its parts outside the image cut off.

    A shaft is as wide all along as its hair's width, and ends straight at root and tip.

    Args:
        hairs: the hairs.
        size_px: width and height of the image.
    """
    lines = np.array([shapely.LineString(hair.vertices_px) for hair in hairs], dtype=object)
    width_px = np.array([hair.width_px for hair in hairs], dtype=np.float64)
    radius = np.where(np.isnan(width_px), UNKNOWN_WIDTH_PX, width_px) / 2
    shapes = shapely.buffer(lines, radius, quad_segs=_QUAD_SEGS, cap_style="flat", join_style="round")
    return [parts_of(shape) for shape in _inside(shapes, size_px)]


def outlines_of(
    roots_px: Sequence[FloatArray], radius_px: Sequence[float], size_px: tuple[int, int]
) -> list[list[shapely.Polygon]]:
    """The polygons of each unit: around all its roots.

    Args:
        roots_px: for each unit (n, 2).
        radius_px: how far around them, for each; NaN for the least.
        size_px: width and height of the image.
    """
    hulls = shapely.convex_hull(np.array([shapely.MultiPoint(roots) for roots in roots_px], dtype=object))
    shapes = shapely.buffer(hulls, np.fmax(radius_px, LEAST_RADIUS_PX), quad_segs=_QUAD_SEGS)
    return [parts_of(shape) for shape in _inside(shapes, size_px)]


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


def _inside(shapes: NDArray[np.object_], size_px: tuple[int, int]) -> Sequence[shapely.Geometry]:
    width, height = size_px
    frame = shapely.box(-0.5, -0.5, width - 0.5, height - 0.5)
    inside: list[shapely.Geometry] = shapely.intersection(shapes, frame).tolist()
    return inside
