"""The part of the skin that two visits' fields both show."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from analysis.detection import BoolArray, FloatArray
from analysis.matching.visit import VisitHairs
from analysis.registration.warp import Warp

STEP_UM = 100.0
"""Outlines are bent with the skin by mapping points no farther apart."""
EDGE_UM = 100.0
"""So near the common field's edge nothing is lost or new: the partner may lie outside, its root cut off or hidden."""


@dataclass(frozen=True, slots=True, eq=False)
class CommonField:
    """What both fields show, in the pixels of either image."""

    baseline: shapely.Geometry
    followup: shapely.Geometry
    overlap: float
    """Its area as a share of the baseline's field."""


def common_field(baseline: VisitHairs, followup: VisitHairs, warp: Warp) -> CommonField:
    """The common field of two visits."""
    there = _areas(_mapped(baseline.region, warp.to_followup, baseline.um_per_px))
    shared_there = _areas(shapely.intersection(there, followup.region))
    # what is mapped back lies in the image of the baseline's field, where the warp has its inverse
    here = _areas(_mapped(shared_there, warp.to_baseline, followup.um_per_px))
    shared_here = _areas(shapely.intersection(here, baseline.region))
    whole = float(shapely.area(baseline.region))
    return CommonField(shared_here, shared_there, float(shapely.area(shared_here)) / whole if whole else 0.0)


def compared(common: shapely.Geometry, um_per_px: float) -> shapely.Geometry:
    """The part of a common field in which something can be lost or new: without its edge."""
    return shapely.buffer(common, -EDGE_UM / um_per_px)


def lies_in(region: shapely.Geometry, points_px: FloatArray) -> BoolArray:
    """(N,) which points (N, 2) lie in a region."""
    shapely.prepare(region)
    inside: BoolArray = shapely.intersects_xy(region, points_px[:, 0], points_px[:, 1])
    return inside


def _mapped(
    region: shapely.Geometry, mapping: Callable[[FloatArray], FloatArray], um_per_px: float
) -> shapely.Geometry:
    def moved(points_px: FloatArray) -> FloatArray:
        # a ring's last point must stay its first to the last bit, which sums over many rows do not promise
        places, of = np.unique(points_px, axis=0, return_inverse=True)
        return mapping(places)[of.reshape(-1)]

    dense: shapely.Geometry = shapely.segmentize(region, STEP_UM / um_per_px)
    mapped: shapely.Geometry = shapely.transform(dense, moved)
    return mapped


def _areas(region: shapely.Geometry) -> shapely.Geometry:
    """The region made valid, lines and points left out."""
    if not shapely.is_valid(region):
        region = shapely.make_valid(region, method="structure", keep_collapsed=False)
    parts = [p for p in np.atleast_1d(shapely.get_parts(region)) if isinstance(p, shapely.Polygon) and p.area > 0]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
