"""The cheapest way over a map of costs, pixel by pixel."""

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.detection import FloatArray

CostMap = NDArray[np.float32]

MANY_PIXELS = 20_000
"""On a larger map the way is found on a smaller one first, and then exactly in a corridor around it."""
REDUCTION = 4
CORRIDOR_PX = 10
"""Half the corridor's width."""


def cheapest_path(cost: CostMap, start: FloatArray, end: FloatArray) -> FloatArray:
    """The path from one place to another over the eight neighbours of each pixel that costs least.

    A step costs the mean of its two pixels' costs times its length. On a map of more than 20,000 pixels it is the
    cheapest within 10 px of the cheapest one at a quarter of the resolution: the preview of a line that long has to
    follow the hand.

    Args:
        cost: float32 (h, w), positive.
        start: (2,) x and y; the nearest pixel is taken.
        end: (2,).

    Returns:
        (P, 2) pixel centres, from start to end.
    """
    height, width = cost.shape
    first, last = (_pixel(place, width, height) for place in (start, end))
    corridor = None if cost.size <= MANY_PIXELS else _corridor(cost, np.array([first, last], dtype=np.float64))
    return _path_within(cost, first, last, corridor)


def _corridor(cost: CostMap, ends: FloatArray) -> NDArray[np.bool_]:
    """(h, w) the pixels around the cheapest path over the map made smaller, and around the straight way."""
    height, width = cost.shape
    size = max(width // REDUCTION, 2), max(height // REDUCTION, 2)
    scale = np.array([width, height]) / size
    small = cv2.resize(cost, size, interpolation=cv2.INTER_AREA)
    path = (cheapest_path(small, *((ends + 0.5) / scale - 0.5)) + 0.5) * scale - 0.5
    way = np.round(np.vstack([ends[:1], path, ends[1:]])).astype(np.int32)
    mask = np.zeros(cost.shape, dtype=np.uint8)
    cv2.polylines(mask, [way], False, 1, 2 * CORRIDOR_PX + 1)
    cv2.polylines(mask, [ends.astype(np.int32)], False, 1, 5)
    return mask > 0


def _path_within(
    cost: CostMap, first: tuple[int, int], last: tuple[int, int], within: NDArray[np.bool_] | None
) -> FloatArray:
    """Dijkstra's algorithm on the pixels of a mask, on all where there is none."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    height, width = cost.shape
    inside = np.ones(cost.shape, dtype=np.bool_) if within is None else within
    number = (np.cumsum(inside.ravel(), dtype=np.int32) - 1).reshape(cost.shape)
    n = int(number[-1, -1]) + 1
    rows, columns, weights = [], [], []
    for dy, dx in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here = np.s_[: height - dy, max(0, -dx) : width - max(0, dx)]
        there = np.s_[dy:, max(0, dx) : width - max(0, -dx)]
        both = inside[here] & inside[there]
        rows.append(number[here][both])
        columns.append(number[there][both])
        weights.append((cost[here][both] + cost[there][both]) * (0.5 * np.hypot(dx, dy)))
    graph = coo_array(
        (np.concatenate(weights).astype(np.float64), (np.concatenate(rows), np.concatenate(columns))), shape=(n, n)
    ).tocsr()
    start, end = int(number[first[1], first[0]]), int(number[last[1], last[0]])
    limit = _straight_cost(cost, first, last)
    _, previous = dijkstra(graph, directed=False, indices=start, return_predecessors=True, limit=limit)
    path = [end]
    while path[-1] != start:
        path.append(int(previous[path[-1]]))
    ys, xs = np.nonzero(inside)
    found = np.array(path[::-1])
    return np.column_stack([xs[found], ys[found]]).astype(np.float64)


def _straight_cost(cost: CostMap, first: tuple[int, int], last: tuple[int, int]) -> float:
    """What the straight way from pixel to pixel costs, and a little more: nothing farther need be looked at."""
    n = max(abs(last[0] - first[0]), abs(last[1] - first[1])) + 1
    xs, ys = (np.round(np.linspace(a, b, n)).astype(int) for a, b in zip(first, last, strict=True))
    along = cost[ys, xs].astype(np.float64)
    steps = np.hypot(np.diff(xs), np.diff(ys))
    return float(((along[:-1] + along[1:]) / 2 * steps).sum()) * 1.001 + 1e-6


def _pixel(place: FloatArray, width: int, height: int) -> tuple[int, int]:
    x = int(np.clip(round(place[0]), 0, width - 1))
    y = int(np.clip(round(place[1]), 0, height - 1))
    return x, y
