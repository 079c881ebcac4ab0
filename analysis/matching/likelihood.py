"""How much likelier it is that two hairs are one hair at two visits than that one was lost and another is new."""

from dataclasses import dataclass

import numpy as np

from analysis.detection import FloatArray, IntArray
from analysis.matching.edges import Edges

REACH_UM = 250.0
"""No hair is found again farther from its old place: roots so far apart are no longer one unit."""
COINCIDENCE_PER_UM2 = 1e-8
"""How often, by chance, a hair is lost and another is new per area about it: at 75 units/cm², one in twelve lost or
missed and one in six new or missed before."""
ROOT_UM = 25.0
"""How far a root is found from its place after registration: standard deviation, each way."""
ASTRAY_UM = 100.0
ASTRAY_SHARE = 0.1
"""Some roots are found much worse: where the shaft is hidden, or another hair's end is taken for it."""
WIDTH_UM, OTHER_WIDTH_UM = 8.0, 21.0
"""Standard deviation of the change of a hair's width, and of the difference of two hairs' widths."""
TURN_RAD, OTHER_TURN_RAD = np.radians(25.0), np.radians(45.0)
"""The same of directions: hair grows again otherwise, and neighbours lie alike, so that this says little."""
MISLED_SHARE = 0.15
"""Widths and directions that say nothing, so that neither can part two hairs alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Hairs:
    """N hairs as likelihoods need them, on the follow-up's skin."""

    root_um: FloatArray
    """(N, 2)"""
    width_um: FloatArray
    """(N,) NaN where not known."""
    direction_rad: FloatArray
    """(N,) NaN where not known."""


def likely_pairs(before: Hairs, after: Hairs) -> Edges:
    """All pairs within reach that are likelier the same hair than not, in the order of rows, then columns."""
    if not len(before.root_um) or not len(after.root_um):
        nothing = np.empty(0, dtype=np.int64)
        return Edges(nothing, nothing, np.empty(0))
    from scipy.spatial import cKDTree

    near = cKDTree(before.root_um).sparse_distance_matrix(cKDTree(after.root_um), REACH_UM, output_type="ndarray")
    near = near[np.lexsort((near["j"], near["i"]))]
    row, column = near["i"].astype(np.int64), near["j"].astype(np.int64)
    weight = log_odds(before, after, row, column, near["v"])
    edges = Edges(row, column, weight)
    return edges.where(weight > 0)


def log_odds(before: Hairs, after: Hairs, row: IntArray, column: IntArray, apart_um: FloatArray) -> FloatArray:
    """Logarithm of the odds, same against lost and new, of pairs (E,) whose roots lie so far apart (E,).

    A root is found near its old place but for some that go astray; so are width and direction. Against that stands how
    rarely one hair is lost, or missed, and another is new so near.
    """
    turned = np.angle(np.exp(1j * (after.direction_rad[column] - before.direction_rad[row])))
    wider = after.width_um[column] - before.width_um[row]
    odds: FloatArray = (
        np.log(_scatter(apart_um) / COINCIDENCE_PER_UM2)
        + _agreement(wider, WIDTH_UM, OTHER_WIDTH_UM)
        + _agreement(turned, TURN_RAD, OTHER_TURN_RAD)
    )
    return odds


def _scatter(apart_um: FloatArray) -> FloatArray:
    """Density of places about the old one, per µm²."""
    parts = ((1 - ASTRAY_SHARE, ROOT_UM), (ASTRAY_SHARE, ASTRAY_UM))
    density: FloatArray = sum(
        (share / (2 * np.pi * spread**2) * np.exp(-0.5 * (apart_um / spread) ** 2) for share, spread in parts),
        start=np.zeros_like(apart_um),
    )
    return density


def _agreement(difference: FloatArray, spread: float, other_spread: float) -> FloatArray:
    """Logarithm of the odds from one difference; 0 where it is not known."""
    ratio = other_spread / spread * np.exp(0.5 * difference**2 * (other_spread**-2 - spread**-2))
    odds = np.log(MISLED_SHARE + (1 - MISLED_SHARE) * ratio)
    known: FloatArray = np.where(np.isfinite(odds), odds, 0.0)
    return known
