"""The part of the skin that two visits' fields both show, and where in it something can be lost or new."""

from dataclasses import dataclass

import numpy as np
import shapely

from analysis.detection import BoolArray, FloatArray
from analysis.matching.visit import VisitHairs
from analysis.registration.overlap import to_baseline, to_followup
from analysis.registration.warp import Warp

EDGE_UM = 100.0
"""So near the common field's edge nothing is lost or new: the partner may lie outside, its root cut off or hidden.

Detection sees no root nearer than 45 µm to the edge of the image, and registration leaves some 30 µm open.
"""


@dataclass(frozen=True, slots=True, eq=False)
class CommonField:
    """What both fields show, in the pixels of either image."""

    baseline: shapely.Geometry
    followup: shapely.Geometry
    overlap: float
    """Its area as a share of the baseline's field; 0 where that has none."""


def common_field(baseline: VisitHairs, followup: VisitHairs, warp: Warp) -> CommonField:
    """The common field of two visits."""
    there = _areas(shapely.intersection(_areas(to_followup(baseline.region, warp)), followup.region))
    # what is mapped back came from the baseline's field, where the warp has its inverse
    here = _areas(shapely.intersection(_areas(to_baseline(there, warp)), baseline.region))
    whole = float(shapely.area(baseline.region))
    return CommonField(here, there, float(shapely.area(here)) / whole if whole else 0.0)


def compared(common: shapely.Geometry, um_per_px: float) -> shapely.Geometry:
    """The part of a common field in which something can be lost or new: without its edge."""
    inner: shapely.Geometry = shapely.buffer(common, -EDGE_UM / um_per_px)
    return inner


def lies_in(region: shapely.Geometry, points_px: FloatArray) -> BoolArray:
    """(N,) which points (N, 2) lie in a region."""
    shapely.prepare(region)
    inside: BoolArray = shapely.intersects_xy(region, points_px[:, 0], points_px[:, 1])
    return inside


def _areas(region: shapely.Geometry) -> shapely.Geometry:
    """The region without lines and points, such as an intersection of outlines that only touch leaves behind."""
    parts = [p for p in np.atleast_1d(shapely.get_parts(region)) if isinstance(p, shapely.Polygon) and p.area > 0]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
