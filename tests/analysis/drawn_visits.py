"""Visits made by hand for tests of matching, in µm on the skin."""

import numpy as np
import shapely

from analysis.matching.match import Level, Match, Matching
from analysis.matching.visit import VisitHairs
from analysis.registration.warp import Warp

UM_PER_PX = 5.0
SIDE_UM = 5000.0
FIELD = shapely.box(0, 0, SIDE_UM / UM_PER_PX, SIDE_UM / UM_PER_PX)
STILL = Warp(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))


def visit(*units, region=FIELD, um_per_px=UM_PER_PX):
    """A visit of units, each (number, hair, hair, …), each hair (number, x_um, y_um[, width_um[, confidence]])."""
    rows = [(number, *hair, *(60.0, 1.0)[len(hair) - 3 :]) for number, *hairs in units for hair in hairs]
    unit, number, x, y, width, confidence = np.array(rows, dtype=np.float64).reshape(-1, 6).T
    return VisitHairs(
        id=number.astype(np.int64),
        unit=unit.astype(np.int64),
        root_px=np.column_stack([x, y]) / um_per_px,
        width_um=width,
        direction_rad=np.zeros(len(x)),
        confidence=confidence,
        region=region,
        um_per_px=um_per_px,
    )


def single(number, x_um, y_um, width_um=60.0, confidence=1.0):
    """A unit of one hair, numbered ten times as high."""
    return (number, (10 * number, x_um, y_um, width_um, confidence))


def rows(matching: Matching, level: Level = Level.UNIT) -> set[tuple[int | None, int | None, str]]:
    """The matches of a level: baseline's number, follow-up's number, status."""
    matches = matching.units if level is Level.UNIT else matching.hairs
    return {(m.baseline_id, m.followup_id, m.status.value) for m in matches}


def hair_rows(matching: Matching) -> set[tuple[int | None, int | None, str]]:
    """The same of hairs."""
    return rows(matching, Level.HAIR)


def only(matches: tuple[Match, ...]) -> Match:
    """The one match."""
    (match,) = matches
    return match
