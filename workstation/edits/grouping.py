"""Which follicular unit a root belongs to when the reader does not say."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.calibration import Calibration
from analysis.detection import FloatArray
from analysis.measures import HairColumns, unit_centres
from workstation.edits.drafting import Draft, find_unit

UNIT_REACH_UM = 250.0
"""A root no farther than this from a unit's centre may belong to it: the distance at which roots are grouped."""


class UnitChoice(StrEnum):
    """A unit that is not named."""

    NEAREST = "nearest"
    """The nearest unit within reach, else a new one; always a new one where the image has no scale."""
    NEW = "new"


class Centres:
    """The units' centres, each the mean of the roots of its hairs that count, for finding the nearest.

    Args:
        hairs: hairs of one read.
        calibration: the image's scale, from which the reach follows; None where it has none.
    """

    def __init__(self, hairs: HairColumns, calibration: Calibration | None) -> None:
        self._reach_px = 0.0 if calibration is None else calibration.px(UNIT_REACH_UM)
        units = unit_centres(hairs)
        self._ids, self._centres_px = units.unit, units.centre_px

    def nearest(self, root_px: ArrayLike) -> int | None:
        """The unit whose centre is nearest to a root (2,) and within reach; None if there is none."""
        if not (self._reach_px and self._ids.size):
            return None
        distances = np.hypot(*(self._centres_px - np.asarray(root_px)).T)
        nearest = int(np.argmin(distances))
        return int(self._ids[nearest]) if distances[nearest] <= self._reach_px else None

    def add(self, unit_id: int, root_px: FloatArray) -> None:
        """Take in a new unit with one hair."""
        self._ids = np.append(self._ids, unit_id)
        self._centres_px = np.vstack([self._centres_px, root_px])


def choose_unit(draft: Draft, root_px: FloatArray, unit: int | UnitChoice, calibration: Calibration | None) -> int:
    """The id of the unit for a hair with this root: the named one, the nearest, or a new one put into the draft.

    Raises:
        EditRefused: if the named unit does not exist.
    """
    if not isinstance(unit, UnitChoice):
        return find_unit(draft.read, unit).id
    nearest = None
    if unit is UnitChoice.NEAREST:
        nearest = Centres(draft.read.columns, calibration).nearest(root_px)
    return draft.new_unit() if nearest is None else nearest
