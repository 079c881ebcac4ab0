"""Where a constellation of units may lie in another: every turn and scale is tried, every shift voted for.

For each turn and scale the differences between all units of one image and all of the other are votes for a shift (the
generalised Hough transform). Candidates are shifts that get many more votes than chance gives, and that is told by
the votes around: so a small overlap counts as much as a large one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from analysis.detection import FloatArray
from analysis.progress import Report
from analysis.registration.aim import MAX_SCALE, MAX_TURN_RAD, MIN_SCALE
from analysis.registration.places import Places

CELL_MM = 0.08
OFF_MM = 0.12
"""Standard deviation of a vote along an axis: bent skin, and what turn and scale are off."""
AROUND_MM = 1.6
"""Half the side of the window that says what chance gives."""
TURN_STEP_RAD = math.radians(3)
SCALE_STEP = 1.05
USUAL_TURN_RAD, USUAL_SCALE = math.radians(10), 1.06
PEAKS = 6
"""Shifts kept of each turn and scale."""
LEAST_VOTES = 2
MOST_CELLS = 800
"""Along a side of the shifts that are voted for."""


@dataclass(frozen=True)
class Candidate:
    """A similarity that many units vote for."""

    numbers: FloatArray
    """(6,) of a `Placement`, without strain."""
    surprise: float
    """Deviance of the votes from what chance gives."""


def turns_and_scales() -> list[tuple[float, float]]:
    """All that are tried: radians, and ratios."""
    n_turns = 2 * math.ceil(MAX_TURN_RAD / TURN_STEP_RAD) + 1
    n_scales = math.ceil(math.log(MAX_SCALE / MIN_SCALE) / math.log(SCALE_STEP)) + 1
    scales = np.geomspace(MIN_SCALE, MAX_SCALE, n_scales).tolist()
    return [(turn, scale) for scale in scales for turn in np.linspace(-MAX_TURN_RAD, MAX_TURN_RAD, n_turns).tolist()]


def usual(turn_rad: float, scale: float) -> bool:
    """Whether a camera that is meant to see the same field at the same scale may well be off by this."""
    return abs(turn_rad) <= USUAL_TURN_RAD and abs(math.log(scale)) <= math.log(USUAL_SCALE)


def candidates(
    baseline: Places, followup: Places, tried: Sequence[tuple[float, float]], report: Report
) -> list[Candidate]:
    """Likely similarities of these turns and scales, the most surprising first."""
    found: list[Candidate] = []
    for done, (turn_rad, scale) in enumerate(tried):
        found += shifts(baseline, followup, turn_rad, scale)
        report("Registering", (done + 1) / len(tried))
    return sorted(found, key=lambda c: -c.surprise)


def shifts(baseline: Places, followup: Places, turn_rad: float, scale: float) -> list[Candidate]:
    """Likely shifts of a baseline that is turned and scaled."""
    a, b = scale * math.cos(turn_rad), scale * math.sin(turn_rad)
    turned = baseline.at_mm @ np.array([[a, b], [-b, a]])
    votes = (followup.at_mm[None] - turned[:, None]).reshape(-1, 2)
    low = votes.min(0) - CELL_MM
    # a wrong calibration can make a field as large as a wall
    cell_mm = max(CELL_MM, float((votes.max(0) - low).max()) / MOST_CELLS)
    column, row = np.round((votes - low) / cell_mm).astype(np.int64).T
    width, height = int(column.max()) + 2, int(row.max()) + 2
    counts = np.bincount(row * width + column, minlength=width * height).reshape(height, width).astype(np.float32)
    # the peak of a blurred group of votes is their number over 4πσ²
    off, around = max(OFF_MM / cell_mm, 1.0), max(round(AROUND_MM / cell_mm), 3)
    cells, side = 4 * math.pi * off**2, (2 * around + 1,) * 2
    near = cells * cv2.GaussianBlur(counts, (0, 0), off, borderType=cv2.BORDER_CONSTANT)
    wide = cv2.blur(cv2.blur(counts, side, borderType=cv2.BORDER_CONSTANT), side, borderType=cv2.BORDER_CONSTANT)
    rows, columns = np.nonzero((near == cv2.dilate(near, np.ones((5, 5), np.uint8))) & (near > LEAST_VOTES))
    got, chance = near[rows, columns], cells * wide[rows, columns] + 0.3
    surprise = np.where(got > chance, got * np.log(got / chance) - (got - chance), 0)
    best = np.argsort(-surprise, kind="stable")[:PEAKS]
    numbers = np.zeros((len(best), 6))
    numbers[:, 0], numbers[:, 1] = a, b
    numbers[:, 2:4] = low + cell_mm * np.column_stack([columns[best], rows[best]])
    return [Candidate(*found) for found in zip(numbers, surprise[best].tolist(), strict=True)]
