"""Outlines as the reader draws them: made simple, clipped to the image, free of holes."""

import numpy as np
import shapely
from numpy.typing import ArrayLike

from analysis.detection import FloatArray
from workstation.edits.lines import checked_point
from workstation.errors import EditRefused
from workstation.model.hair import frozen_array
from workstation.model.study import ImageRecord
from workstation.model.validity import MIN_AREA_PX

CIRCLE_VERTICES = 128
"""The polygon for a circle has its area exactly and leaves it by no more than 0.04 % of the radius."""
BRUSH_TOLERANCE_PX = 0.1
"""Painted outlines are simplified by no more than this."""


def image_frame(image: ImageRecord) -> shapely.Polygon:
    """The image's outer edge."""
    return shapely.box(-0.5, -0.5, image.width_px - 0.5, image.height_px - 0.5)


def rectangle(corner_px: ArrayLike, opposite_px: ArrayLike) -> FloatArray:
    """(4, 2) corners of the upright rectangle between two opposite ones.

    Raises:
        EditRefused: if one is not two finite numbers.
    """
    (x0, y0), (x1, y1) = checked_point(corner_px), checked_point(opposite_px)
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def circle(centre_px: ArrayLike, radius_px: float) -> FloatArray:
    """(128, 2) vertices of the regular polygon with the circle's centre and area.

    Raises:
        EditRefused: if the centre is not two finite numbers or the radius is not positive.
    """
    if not (np.isfinite(radius_px) and radius_px > 0):
        raise EditRefused(f"a circle must have a positive radius, not {radius_px:g} px")
    step = 2 * np.pi / CIRCLE_VERTICES
    angles = step * np.arange(CIRCLE_VERTICES)
    # A regular n-gon of circumradius r has the area n/2 · r² · sin(2π/n).
    circumradius = radius_px * np.sqrt(step / np.sin(step))
    vertices: FloatArray = circumradius * np.column_stack([np.cos(angles), np.sin(angles)])
    return vertices + checked_point(centre_px)


def clean_outline(polygon_px: ArrayLike, image: ImageRecord) -> FloatArray:
    """A drawn polygon (M, 2), closed or not, clipped to the image: (K, 2), not closed, read-only.

    Raises:
        EditRefused: if it has fewer than three points, crosses itself, or what lies in the image is nothing or falls
            into several parts.
    """
    points = np.asarray(polygon_px, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all() or len(np.unique(points, axis=0)) < 3:
        raise EditRefused("an outline needs at least three points", remedy="Draw it again.")
    drawn = shapely.Polygon(points)
    if not drawn.is_valid:
        raise EditRefused("the outline crosses or touches itself", remedy="Draw it without crossings.")
    inside = clipped(drawn, image)
    if not inside:
        raise EditRefused("the outline holds nothing of the image", remedy="Draw it inside the image.")
    if len(inside) > 1:
        raise EditRefused("the image's edge cuts the outline into several parts", remedy="Draw each part by itself.")
    return outline_of(inside[0])


def clipped(polygon: shapely.Geometry, image: ImageRecord) -> list[shapely.Polygon]:
    """What of a valid polygon lies in the image, as polygons without holes, the largest first.

    One that lies inside altogether keeps its vertices as they are.
    """
    frame = image_frame(image)
    return polygons(polygon if shapely.covers(frame, polygon) else shapely.intersection(polygon, frame))


def outline_of(polygon: shapely.Polygon) -> FloatArray:
    """(K, 2) outline of a polygon without holes, not closed, read-only."""
    return frozen_array(shapely.get_coordinates(polygon.exterior)[:-1], 2)


def brushed(stroke_px: ArrayLike, radius_px: float, image: ImageRecord) -> shapely.Geometry:
    """The region that a round brush covers in the image along a stroke (K, 2); one point is a dab.

    Raises:
        EditRefused: if the stroke has no point, the radius is not positive, or it misses the image.
    """
    points = np.asarray(stroke_px, dtype=np.float64)
    if points.ndim != 2 or points.shape[1:] != (2,) or not len(points) or not np.isfinite(points).all():
        raise EditRefused("a brush stroke needs at least one point", remedy="Paint it again.")
    if not (np.isfinite(radius_px) and radius_px > 0):
        raise EditRefused(f"a brush must have a positive radius, not {radius_px:g} px")
    path = shapely.LineString(points) if len(points) > 1 else shapely.Point(points[0])
    painted = path.buffer(radius_px).simplify(BRUSH_TOLERANCE_PX).intersection(image_frame(image))
    region = shapely.MultiPolygon(_areas(painted))  # where it only touches the edge, a point or a line comes along
    if region.area < MIN_AREA_PX:
        raise EditRefused("the brush did not touch the image", remedy="Paint inside the image.")
    return region


def polygons(region: shapely.Geometry) -> list[shapely.Polygon]:
    """The polygons that make up a region, largest first; a polygon with a hole is cut in two through it.

    Parts smaller than a pixel are left out, and holes smaller than a pixel filled.
    """
    found: list[shapely.Polygon] = []
    waiting = _areas(region)
    while waiting:
        part = waiting.pop()
        holes = [hole for ring in part.interiors if (hole := shapely.Polygon(ring)).area >= MIN_AREA_PX]
        if not holes:
            found.append(shapely.Polygon(part.exterior))
            continue
        left, _, right, _ = part.bounds
        x = holes[0].representative_point().x
        for side in (shapely.box(left - 1, -1e9, x, 1e9), shapely.box(x, -1e9, right + 1, 1e9)):
            waiting += _areas(part.intersection(side))
    return sorted((p for p in found if p.area >= MIN_AREA_PX), key=lambda p: -p.area)


def _areas(geometry: shapely.Geometry) -> list[shapely.Polygon]:
    """The polygons among a geometry's parts: set operations leave points and lines where shapes only touch."""
    return [part for part in shapely.get_parts(geometry) if isinstance(part, shapely.Polygon)]
