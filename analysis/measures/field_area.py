"""The measured region: what lies in it, how far its edge is, and how its area shrinks when it is eroded."""

from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike

from analysis.detection import BoolArray, FloatArray

QUADRANT_SEGMENTS = 16
"""Chords per quarter circle where an erosion rounds a corner: the circle's area is 0.16 % too small."""
STEPS = 32
"""Erosions that the area function is interpolated between."""


class MeasuredField:
    """A region in pixels, its exclusions cut out, ready to be asked many times.

    The region is closed: a point on its outline, or on the outline of an exclusion, lies inside. Its area is the
    polygon's own area, never that of its bounding box.

    Args:
        region: a polygon or multipolygon; may be empty.

    Raises:
        ValueError: if the region is not a valid area.
    """

    def __init__(self, region: shapely.Geometry) -> None:
        if shapely.is_empty(region):
            region = shapely.Polygon()
        if not isinstance(region, shapely.Polygon | shapely.MultiPolygon):
            raise ValueError(f"a field is a polygon, not a {type(region).__name__}")
        if not region.is_valid:
            raise ValueError(f"the field's outline is not valid: {shapely.is_valid_reason(region)}")
        self.region = region
        self.area_px2 = float(region.area)
        shapely.prepare(self.region)

    def contains(self, points_px: ArrayLike) -> BoolArray:
        """Which of the points (N, 2) lie in the region, as (N,)."""
        points = np.asarray(points_px, dtype=np.float64).reshape(-1, 2)
        inside: BoolArray = shapely.intersects_xy(self.region, points[:, 0], points[:, 1])
        return inside

    def is_clear(self, points_px: ArrayLike, distances_px: ArrayLike) -> BoolArray:
        """Whether no edge, of the outline or of an exclusion, is nearer to a point than so far.

        Args:
            points_px: (N, 2).
            distances_px: (N,).
        """
        points = shapely.points(np.asarray(points_px, dtype=np.float64).reshape(-1, 2))
        nearer = np.nextafter(distances_px, -np.inf)
        # The stubs know of one distance for all points only.
        near = np.asarray(shapely.dwithin(self._edges, points, nearer))  # type: ignore[arg-type]
        clear: BoolArray = ~near
        return clear

    def eroded_area_px2(self, distances_px: ArrayLike) -> FloatArray:
        """Area of the region's part that is at least so far from every edge, for distances (N,) ≥ 0, as (N,).

        Interpolated between exact erosions by a cubic that has their areas and, as slopes, their perimeters: the area
        of an eroded polygon falls by its perimeter. That is exact but for the steps in which a part of the region
        vanishes or splits, and for the chords of rounded corners: with forty round exclusions the error is at most
        0.13 % of the eroded area for distances up to 0.8 mm, and 0.04 % of the whole area for any.
        """
        distances = np.asarray(distances_px, dtype=np.float64)
        depth_px, areas, slopes = self._erosions
        if not depth_px:
            return np.zeros_like(distances)
        place = distances * (STEPS / depth_px)
        below = np.clip(place.astype(np.intp), 0, STEPS - 1)
        above = below + 1
        return _cubic(np.minimum(place - below, 1.0), areas[below], areas[above], slopes[below], slopes[above])

    @cached_property
    def _edges(self) -> shapely.Geometry:
        edges = self.region.boundary
        shapely.prepare(edges)
        return edges

    @cached_property
    def _erosions(self) -> tuple[float, FloatArray, FloatArray]:
        """How deep the region is, then areas and slopes per step of erosions in equal steps down to there."""
        if not self.area_px2:
            return 0.0, np.empty(0), np.empty(0)
        depth_px = float(shapely.length(shapely.maximum_inscribed_circle(self.region)))
        distances = np.linspace(0.0, depth_px, STEPS + 1)
        eroded = shapely.buffer(self.region, -distances, quad_segs=QUADRANT_SEGMENTS)
        areas, slopes = shapely.area(eroded), -shapely.length(eroded) * (depth_px / STEPS)
        # At the very end the ridge that is left may be a line, which has no perimeter: go on as before.
        slopes[-1] = min(0.0, 2 * slopes[-2] - slopes[-3])
        return depth_px, areas, slopes


def _cubic(t: FloatArray, start: FloatArray, end: FloatArray, rise: FloatArray, rise_end: FloatArray) -> FloatArray:
    """Hermite's cubic at t (0 to 1) between two values with their slopes; never outside the two values."""
    value = start + t * (
        rise + t * (3 * (end - start) - 2 * rise - rise_end + t * (2 * (start - end) + rise + rise_end))
    )
    clipped: FloatArray = np.clip(value, np.minimum(start, end), np.maximum(start, end))
    return clipped
