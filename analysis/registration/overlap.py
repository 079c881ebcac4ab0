"""Which part of the skin two registered images both show."""

from collections.abc import Callable

import numpy as np
import shapely

from analysis.detection import FloatArray
from analysis.registration.warp import Warp

OUTLINE_STEPS = 100
"""An outline is mapped at so many places along its longer side."""


def to_baseline(region: shapely.Geometry, warp: Warp) -> shapely.Geometry:
    """A region of the follow-up image as the baseline image shows it."""
    return _mapped(region, warp.to_baseline)


def to_followup(region: shapely.Geometry, warp: Warp) -> shapely.Geometry:
    """A region of the baseline image as the follow-up image shows it."""
    return _mapped(region, warp.to_followup)


def common_field(baseline: shapely.Geometry, followup: shapely.Geometry, warp: Warp) -> shapely.Geometry:
    """The part of the baseline's field that the follow-up's field shows too, in baseline pixels."""
    return shapely.intersection(shapely.make_valid(baseline), to_baseline(followup, warp))


def _mapped(region: shapely.Geometry, transform: Callable[[FloatArray], FloatArray]) -> shapely.Geometry:
    if shapely.is_empty(region):
        return region
    low_x, low_y, high_x, high_y = shapely.bounds(region)
    dense = shapely.segmentize(region, max(high_x - low_x, high_y - low_y) / OUTLINE_STEPS)

    def moved(points: FloatArray) -> FloatArray:
        # the same place twice must come out the same, or a ring does not close
        places, which = np.unique(points, axis=0, return_inverse=True)
        return transform(places)[which]

    mapped: shapely.Geometry = shapely.make_valid(shapely.transform(dense, moved))
    return mapped
