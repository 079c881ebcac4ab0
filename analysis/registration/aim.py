"""How far a camera that is meant to see the same field again may be off: turned, nearer or farther, shifted."""

import math
from dataclasses import dataclass, replace

import numpy as np

from analysis.detection import FloatArray
from analysis.registration.places import Places

MAX_TURN_RAD = math.radians(33)
MIN_SCALE, MAX_SCALE = 0.78, 1.28
"""Of the follow-up next to what the two images' calibrations say."""
MAX_MISTAKE = 5.0
"""By which a scale may be wrong where a reader says how the images lie."""
TURN_RAD, LOG_SCALE, MISS = math.radians(15), 0.1, 0.35
"""Standard deviations: of the turn, of the logarithm of the scale, of the shift as a share of the field's side."""


def within_limits(linear: FloatArray) -> bool:
    """Whether turn and scale of a (2, 2) linear map are plausible."""
    turn_rad, scale = turn_and_scale(linear)
    return MIN_SCALE <= scale <= MAX_SCALE and abs(turn_rad) <= MAX_TURN_RAD


def possible(linear: FloatArray) -> bool:
    """Whether a calibration may be as wrong as this, and nothing is mirrored."""
    _, scale = turn_and_scale(linear)
    return 1 / MAX_MISTAKE <= scale <= MAX_MISTAKE and float(np.linalg.det(linear)) > (scale / 2) ** 2


def turn_and_scale(linear: FloatArray) -> tuple[float, float]:
    """Of the similarity in a (2, 2) linear map."""
    a, b = linear[0, 0] + linear[1, 1], linear[1, 0] - linear[0, 1]
    return math.atan2(b, a), math.hypot(a, b) / 2


@dataclass(frozen=True, eq=False)
class Aim:
    """Where a camera is meant to point: with its middle at what it showed in the middle before."""

    baseline_middle_mm: FloatArray
    """(2,)"""
    followup_middle_mm: FloatArray
    """(2,)"""
    size_mm: FloatArray
    """(2,) of the follow-up's field."""
    turn_rad: float = 0.0
    scale: float = 1.0

    @staticmethod
    def of(baseline: Places, followup: Places) -> "Aim":
        """Of two whole fields."""
        there = followup.high_mm - followup.low_mm
        return Aim((baseline.low_mm + baseline.high_mm) / 2, followup.low_mm + there / 2, there)

    def like(self, linear: FloatArray) -> "Aim":
        """With the turn and scale of a linear map as those that are meant."""
        turn_rad, scale = turn_and_scale(linear)
        return replace(self, turn_rad=turn_rad, scale=scale)

    def log_density(self, linear: FloatArray, shift_mm: FloatArray) -> float:
        """Natural logarithm of how likely a similarity is, per unit of a, b and of shift along x and y in mm."""
        turn_rad, scale = turn_and_scale(linear)
        missed_mm = linear @ self.baseline_middle_mm + shift_mm - self.followup_middle_mm
        turned = math.remainder(turn_rad - self.turn_rad, 2 * math.pi)
        off = np.array([turned, math.log(scale / self.scale), *missed_mm])
        spread = np.array([TURN_RAD, LOG_SCALE, *(MISS * self.size_mm)])
        # da db = scale² d(turn) d(log scale)
        return float(-0.5 * np.sum((off / spread) ** 2) - np.log(2 * math.pi * spread**2).sum() / 2) - 2 * math.log(
            scale
        )
