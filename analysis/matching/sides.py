"""One visit as matching sees it, laid on the follow-up's skin."""

from dataclasses import dataclass

import numpy as np
import shapely

from analysis.detection import BoolArray, FloatArray, IntArray
from analysis.matching.common_field import compared, lies_in
from analysis.matching.likelihood import Hairs
from analysis.matching.visit import VisitHairs, units_of
from analysis.registration.warp import Warp

DOUBTFUL_BELOW = 0.7
"""Less likely than this to be there at all, a hair without partner is uncertain; so is a unit of nothing but such.

Of such units without partner that detection finds in synthetic pairs, one in fifteen was lost or is new; the rest are
no hair.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """N hairs in M units."""

    id: IntArray
    """(N,)"""
    hairs: Hairs
    unit: IntArray
    """(N,) index of each hair's unit; −1 for a hair of none."""
    unit_id: IntArray
    """(M,)"""
    centre_um: FloatArray
    """(M, 2) mean of a unit's roots, on the follow-up's skin."""
    hair_inside: BoolArray
    unit_inside: BoolArray
    """Whether it lies where something can be lost or new."""
    hair_doubtful: BoolArray
    unit_doubtful: BoolArray


def side_of(visit: VisitHairs, common: shapely.Geometry, um_per_px: float, warp: Warp | None = None) -> Side:
    """A visit's side.

    Args:
        visit: its hairs.
        common: the common field in its pixels.
        um_per_px: scale of the follow-up.
        warp: to the follow-up's pixels; None for the follow-up itself.
    """
    units = units_of(visit)
    unit = np.searchsorted(units.unit, visit.unit)
    unit[~np.isin(visit.unit, units.unit)] = -1
    root_px, direction_rad = _placed(visit, warp)
    centre_px = units.centre_px if warp is None else warp.to_followup(units.centre_px)
    inside = compared(common, visit.um_per_px)
    doubtful = visit.confidence < DOUBTFUL_BELOW
    return Side(
        id=visit.id,
        hairs=Hairs(root_px * um_per_px, visit.width_um, direction_rad),
        unit=unit,
        unit_id=units.unit,
        centre_um=centre_px * um_per_px,
        hair_inside=lies_in(inside, visit.root_px),
        unit_inside=lies_in(inside, units.centre_px),
        hair_doubtful=doubtful,
        unit_doubtful=np.bincount(unit[unit >= 0], ~doubtful[unit >= 0], len(units.unit)) == 0,
    )


def _placed(visit: VisitHairs, warp: Warp | None) -> tuple[FloatArray, FloatArray]:
    """Roots (N, 2) and directions (N,) in the follow-up's image."""
    if warp is None:
        return visit.root_px, visit.direction_rad
    root = warp.to_followup(visit.root_px)
    ahead = np.column_stack([np.cos(visit.direction_rad), np.sin(visit.direction_rad)])
    x, y = (warp.to_followup(visit.root_px + np.nan_to_num(ahead)) - root).T
    return root, np.where(np.isfinite(visit.direction_rad), np.arctan2(y, x), np.nan)
