"""Follow shafts through the evidence, many at once: straight on through crossings, over short gaps.

Every trace looks ahead along a fan of directions and takes the one with the most shaft and the least turn. At a
crossing all directions show shaft, so the turn decides and the trace goes straight on.
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.evidence import Map
from analysis.sampling import depth, sample

FloatArray = NDArray[np.float64]

STEP = 3.0
FAN = np.deg2rad([-14.0, -8.0, -4.0, 0.0, 4.0, 8.0, 14.0])
INERTIA = 0.5
"""Share of the last step's turn that the next step expects."""
MOST_INERTIA = 0.1
"""Radians of it."""
TAKEN = 0.6
"""Share of the best turn that is taken: the next step looks again."""
STOP_BELOW = 0.3
MAX_STEPS = 500
MOST_AT_ONCE = 16_000
"""Traces: OpenCV counts rows in 16 bits."""


@dataclass(frozen=True)
class Manner:
    """How a trace decides where to go on."""

    look_ahead: FloatArray
    """Pixels ahead at which it looks."""
    turn_cost: float
    """Per radian squared and step, against a score of 0 to 1."""

    @cached_property
    def rays(self) -> tuple[FloatArray, FloatArray]:
        """How far ahead and how far aside it looks, direction after direction of the fan."""
        ahead, aside = (np.multiply.outer(of(FAN), self.look_ahead).ravel() for of in (np.cos, np.sin))
        return ahead, aside


SUPPLE = Manner(np.array([3.0, 6.0, 10.0, 15.0, 21.0]), 5.0)
"""Keeps to a curl; a turn of 14° costs 0.3."""
STIFF = Manner(np.array([3.0, 10.0, 20.0, 30.0, 45.0]), 20.0)
"""Keeps to its own at a crossing at a small angle."""


def shaftness(score: Map) -> Map:
    """The score raised towards the axis, so that a path keeps to the middle of a wide shaft."""
    if score.size == 0:
        return score
    inside = depth(score > 0.5)
    middle = inside / np.maximum(cv2.dilate(inside, np.ones((7, 7), np.uint8)), 1.0)
    shaft: Map = score * (0.4 + 0.6 * middle).astype(np.float32)
    return shaft


def peaks_of_cells(shaft: Map, cell: int, above: float) -> FloatArray:
    """The highest pixel of every square cell of a map where it is above a value, (N, 2)."""
    height, width = shaft.shape
    rows, columns = -(-height // cell), -(-width // cell)
    padded = np.pad(shaft, ((0, rows * cell - height), (0, columns * cell - width)))
    cells = padded.reshape(rows, cell, columns, cell).swapaxes(1, 2).reshape(rows, columns, -1)
    best = cells.argmax(axis=2)
    r, c = np.nonzero(cells.max(axis=2) > above)
    dy, dx = np.divmod(best[r, c], cell)
    return np.column_stack([c * cell + dx, r * cell + dy]).astype(np.float64)


def follow(shaft: Map, seeds: FloatArray, directions: FloatArray, gaps: FloatArray, manner: Manner) -> list[FloatArray]:
    """Trace from each seed both ways.

    Args:
        shaft: (h, w), 0 to 1, highest on the axes.
        seeds: (N, 2) pixels on axes.
        directions: (N,) radians, either way along the axis.
        gaps: (G,) pixels without shaft over which a trace goes on.
        manner: how they go.

    Returns:
        Lines (V, 2), each with V ≥ 1: N for each gap, the first gap's first.
    """
    lines: list[list[FloatArray]] = [[] for _ in gaps]
    for first in range(0, len(seeds), MOST_AT_ONCE // 2):
        some, ways = seeds[first : first + MOST_AT_ONCE // 2], directions[first : first + MOST_AT_ONCE // 2]
        path, ends = _one_way(shaft, np.concatenate([some, some]), np.concatenate([ways, ways + np.pi]), gaps, manner)
        for own, last in zip(lines, ends, strict=True):
            own += [
                np.concatenate([path[len(some) + i, last[len(some) + i] : 0 : -1], path[i, : last[i] + 1]])
                for i in range(len(some))
            ]
    return [line for own in lines for line in own]


def _one_way(
    shaft: Map, seeds: FloatArray, directions: FloatArray, gaps: FloatArray, manner: Manner
) -> tuple[FloatArray, NDArray[np.int64]]:
    """Paths (N, MAX_STEPS + 1, 2), and for each gap the step (G, N) that was the last on a shaft."""
    n = len(seeds)
    path = np.zeros((n, MAX_STEPS + 1, 2))
    path[:, 0] = seeds
    last_good = np.zeros((len(gaps), n), dtype=np.int64)
    alive = np.arange(n)
    place, heading, turning = seeds.copy(), directions.copy(), np.zeros(n)
    size = np.array(shaft.shape[::-1])
    for step in range(1, MAX_STEPS + 1):
        turn, worth = _best_turn(shaft, place, heading, turning, manner)
        heading, turning = heading + turn, turn
        place = place + STEP * np.column_stack([np.cos(heading), np.sin(heading)])
        path[alive, step] = place
        on_shaft = sample(shaft, place) > STOP_BELOW
        going = (worth > 0.05) & (place >= 0).all(axis=1) & (place < size).all(axis=1)
        # a shorter gap ends the same path sooner
        unended = (step - last_good[:, alive]) * STEP <= gaps[:, None] + STEP
        last_good[:, alive] = np.where(unended & on_shaft & going, step, last_good[:, alive])
        going &= ((step - last_good[:, alive]) * STEP <= gaps[:, None]).any(axis=0)
        alive, place, heading, turning = alive[going], place[going], heading[going], turning[going]
        if len(alive) == 0:
            break
    return path, last_good


def _best_turn(
    shaft: Map, place: FloatArray, heading: FloatArray, turning: FloatArray, manner: Manner
) -> tuple[FloatArray, FloatArray]:
    """The turn (N,) with the best outlook, and the mean score (N,) seen that way."""
    # everything in columns and single precision: this is where the time of tracing goes
    c, s = np.cos(heading)[:, None], np.sin(heading)[:, None]
    ahead, aside = manner.rays
    x = (place[:, :1] + c * ahead - s * aside).astype(np.float32)
    y = (place[:, 1:] + s * ahead + c * aside).astype(np.float32)
    seen = cv2.remap(shaft, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    outlook = seen.reshape(len(place), len(FAN), -1).mean(axis=2)
    expected = INERTIA * np.clip(turning, -MOST_INERTIA, MOST_INERTIA)[:, None]
    best = np.argmax(outlook - manner.turn_cost * (FAN - expected) ** 2, axis=1)
    return FAN[best] * TAKEN, outlook[np.arange(len(place)), best].astype(np.float64)
