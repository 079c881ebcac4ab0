"""Explain evidence by traced curves: the longest smooth ones first, each for what no other explains."""

import heapq

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.decoder.rods import Map
from analysis.decoder.shaft import Shaft
from analysis.decoder.traces import follow
from analysis.geometry import arc_positions, resample
from analysis.progress import Report, part_of
from analysis.sampling import band, depth, sample

FloatArray = NDArray[np.float64]

CELL = 18
"""One seed a cell: pixels."""
SEED_ABOVE = 0.55
ROUNDS = 4
SHARED_WORTH = 0.1
TAIL = 14.0
"""Pixels by which an end may run on over what another hair explains: towards a common root."""
SPACING = 6.0
PRICE_PX2 = 90.0
BEND_COST = 1500.0
"""px² for a radian squared, summed over the vertices: a kink costs far more than the same turn in a long bow."""
CRUMB = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
"""Evidence too small to hold this is left over from a hair, not a hair."""


def cover(score: Map, axis: Map, half_width: Map, gap: float, shortest: float, report: Report) -> list[Shaft]:
    """Shafts that explain a score map.

    Args:
        score: (h, w), 0 to 1.
        axis: (h, w) radians.
        half_width: (h, w) pixels.
        gap: pixels a hair may be hidden for.
        shortest: pixels of new evidence that a hair must explain.
        report: told of the share done, 0 to 1.
    """
    shaft_map = shaftness(score)
    weight = 2 * score - 1
    shafts: list[Shaft] = []
    for round_ in range(ROUNDS):
        unexplained = cv2.morphologyEx((weight > SHARED_WORTH + 0.01).view(np.uint8), cv2.MORPH_OPEN, CRUMB)
        seeds = peaks_of_cells(shaft_map * unexplained, CELL, SEED_ABOVE)
        if len(seeds) == 0:
            break
        report("tracing hairs", round_ / ROUNDS)
        columns, rows = seeds.astype(int).T
        lines = follow(shaft_map, seeds, axis[rows, columns].astype(np.float64), gap)
        traced = [(seed, line) for seed, line in zip(seeds, lines, strict=True) if len(line) > 3]
        candidates = [(seed, Shaft(resample(line, SPACING), _typical(half_width, line))) for seed, line in traced]
        progress = part_of(report, round_ / ROUNDS, 1 / ROUNDS)
        chosen = _choose(candidates, weight, half_width, shortest, progress)
        shafts += chosen
        if not chosen:
            break
    return shafts


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


def _typical(half_width: Map, line: FloatArray) -> float:
    """A low percentile: at crossings and beside neighbours the map shows both hairs' width."""
    return float(max(1.0, np.percentile(sample(half_width, line), 35)))


def _choose(
    candidates: list[tuple[FloatArray, Shaft]], weight: Map, half_width: Map, shortest: float, report: Report
) -> list[Shaft]:
    """Greedy choice by what is newly explained; `weight` is marked as explained in place."""
    values = [_value(shaft, weight) for _, shaft in candidates]
    queue = [(-value, index) for index, value in enumerate(values)]
    heapq.heapify(queue)
    chosen: list[Shaft] = []
    while queue:
        report("tracing hairs", 1 - len(queue) / len(candidates))
        _, index = heapq.heappop(queue)
        seed, shaft = candidates[index]
        if weight[int(seed[1]), int(seed[0])] <= SHARED_WORTH + 0.01:
            continue
        value = _value(shaft, weight)
        if queue and value < -0.9 * queue[0][0]:
            if value > 0:
                heapq.heappush(queue, (-value, index))
            continue
        kept = _new_part(shaft, weight)
        if kept is None or kept.length < shortest or _value(kept, weight) < PRICE_PX2:
            continue
        chosen.append(kept)
        _mark(kept, weight, half_width)
    return chosen


def _value(shaft: Shaft, weight: Map) -> float:
    """Evidence under the shaft in px², less a price for bending."""
    per_vertex = sample(weight, band(shaft.axis, 0.8 * shaft.half_width, 3)).mean(axis=1)
    heading = np.unwrap(np.arctan2(*np.diff(shaft.axis, axis=0).T[::-1]))
    bending = float(np.sum(np.diff(heading) ** 2))
    return float(per_vertex.mean() * shaft.length * 2 * shaft.half_width) - BEND_COST * bending


def _new_part(shaft: Shaft, weight: Map) -> Shaft | None:
    """The shaft from where it first to where it last explains something new, with a short tail at either end."""
    new = sample(weight, shaft.axis) > SHARED_WORTH + 0.1
    where = np.flatnonzero(new)
    if len(where) < 2:
        return None
    along = arc_positions(shaft.axis)
    runs = np.split(where, np.flatnonzero(np.diff(along[where]) > 10 * shaft.half_width) + 1)
    longest = max(runs, key=lambda run: float(along[run[-1]] - along[run[0]]))
    first, last = along[longest[0]] - TAIL, along[longest[-1]] + TAIL
    inside = (along >= first) & (along <= last)
    return Shaft(shaft.axis[inside], shaft.half_width) if inside.sum() >= 2 else None


def _mark(shaft: Shaft, weight: Map, half_width: Map) -> None:
    """Mark what the shaft explains, as wide as the evidence is there, within reason."""
    local = np.clip(sample(half_width, shaft.axis) + 1.5, shaft.half_width + 1.5, 1.6 * shaft.half_width + 2)
    reach = int(np.ceil(2 * local.max()))
    low = np.maximum(np.floor(shaft.axis.min(axis=0)).astype(int) - reach, 0)
    high = np.ceil(shaft.axis.max(axis=0)).astype(int) + reach
    window = weight[low[1] : high[1], low[0] : high[0]]
    under = np.zeros(window.shape, np.uint8)
    places = np.round((shaft.axis - low) * 16).astype(int).tolist()
    for start, end, half in zip(places[:-1], places[1:], local[1:], strict=True):
        cv2.line(under, start, end, 1, max(1, round(2 * half)), cv2.LINE_8, 4)
    window[(under > 0) & (window > 0)] = SHARED_WORTH
