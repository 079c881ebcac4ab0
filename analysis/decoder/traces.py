"""Follow shafts through the evidence, many at once: straight on through crossings, over short gaps.

Every trace looks ahead along a fan of directions and takes the one with the most shaft and the least turn. At a
crossing all directions show shaft, so the turn decides and the trace goes straight on.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.evidence import Map
from analysis.sampling import depth

FloatArray = NDArray[np.float64]

STEP = 3.0
FAN_DEG = np.array([-14.0, -8.0, -4.0, 0.0, 4.0, 8.0, 14.0])
LOOK_AHEAD = np.array([3.0, 6.0, 10.0, 15.0, 21.0])
TURN_COST = 5.0
"""Per radian squared and step, against a score of 0 to 1; a turn of 14° costs 0.3."""
INERTIA = 0.5
"""Share of the last step's turn that the next step expects."""
STOP_BELOW = 0.3
MAX_STEPS = 500


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


def follow(shaft: Map, seeds: FloatArray, directions: FloatArray, gap: float) -> list[FloatArray]:
    """Trace from each seed both ways.

    Args:
        shaft: (h, w), 0 to 1, highest on the axes.
        seeds: (N, 2) pixels on axes.
        directions: (N,) radians, either way along the axis.
        gap: pixels without shaft over which a trace goes on.

    Returns:
        N lines (V, 2), each with V ≥ 1.
    """
    ahead = _one_way(shaft, seeds, directions, gap)
    behind = _one_way(shaft, seeds, directions + np.pi, gap)
    return [np.concatenate([b[:0:-1], a]) for a, b in zip(ahead, behind, strict=True)]


def _one_way(shaft: Map, seeds: FloatArray, directions: FloatArray, gap: float) -> list[FloatArray]:
    n = len(seeds)
    path = np.full((n, MAX_STEPS + 1, 2), np.nan, dtype=np.float32)
    path[:, 0] = seeds
    last_good = np.zeros(n, dtype=np.int64)
    alive = np.arange(n)
    place, heading, turning = seeds.copy(), directions.copy(), np.zeros(n)
    for step in range(1, MAX_STEPS + 1):
        turn, worth = _best_turn(shaft, place, heading, turning)
        heading = heading + turn
        turning = turn
        place = place + STEP * np.column_stack([np.cos(heading), np.sin(heading)])
        path[alive, step] = place
        on_shaft = _read(shaft, place[:, None])[:, 0] > STOP_BELOW
        last_good[alive[on_shaft]] = step
        going = (step - last_good[alive]) * STEP <= gap
        going &= (worth > 0.05) & (place >= 0).all(axis=1)
        going &= (place[:, 0] < shaft.shape[1]) & (place[:, 1] < shaft.shape[0])
        alive, place, heading, turning = alive[going], place[going], heading[going], turning[going]
        if len(alive) == 0:
            break
    return [path[i, : last_good[i] + 1].astype(np.float64) for i in range(n)]


def _best_turn(
    shaft: Map, place: FloatArray, heading: FloatArray, turning: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The turn (N,) with the best outlook, and the mean score (N,) seen that way."""
    turns = np.deg2rad(FAN_DEG)
    seen_along = heading[:, None] + turns[None]
    ray = np.stack([np.cos(seen_along), np.sin(seen_along)], axis=2)
    points = place[:, None, None] + ray[:, :, None] * LOOK_AHEAD[None, None, :, None]
    seen = _read(shaft, points.reshape(len(place), -1, 2)).reshape(len(place), len(turns), -1).mean(axis=2)
    value = seen - TURN_COST * (turns[None] - INERTIA * np.clip(turning, -0.1, 0.1)[:, None]) ** 2
    best = np.argmax(value, axis=1)
    rows = np.arange(len(place))
    return turns[best] * 0.6, seen[rows, best]


def _read(shaft: Map, points: FloatArray) -> FloatArray:
    """Values (N, K) at points (N, K, 2); 0 outside."""
    xy = points.astype(np.float32)
    read = cv2.remap(shaft, xy[..., 0], xy[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(read.reshape(points.shape[:2]), dtype=np.float64)
