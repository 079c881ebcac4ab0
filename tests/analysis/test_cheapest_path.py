import heapq

import numpy as np
import pytest

from analysis.cheapest_path import MANY_PIXELS, cheapest_path


def cost_of(path, cost):
    values = np.array([cost[int(y), int(x)] for x, y in path], dtype=np.float64)
    steps = np.hypot(*np.diff(path, axis=0).T)
    assert (steps < 1.5).all()
    return float(((values[1:] + values[:-1]) / 2 * steps).sum())


def least_cost(cost, start, end):
    """By a plain queue, to compare with."""
    height, width = cost.shape
    best, waiting = {start: 0.0}, [(0.0, start)]
    while waiting:
        so_far, (x, y) = heapq.heappop(waiting)
        if (x, y) == end:
            return so_far
        if so_far > best[(x, y)]:
            continue
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                to = x + dx, y + dy
                if (dx or dy) and 0 <= to[0] < width and 0 <= to[1] < height:
                    total = so_far + np.hypot(dx, dy) * (float(cost[y, x]) + float(cost[to[1], to[0]])) / 2
                    if total < best.get(to, np.inf):
                        best[to] = total
                        heapq.heappush(waiting, (total, to))
    raise AssertionError


@pytest.mark.parametrize("seed", range(6))
def test_no_path_is_cheaper(seed):
    random = np.random.default_rng(seed)
    cost = (0.04 + random.uniform(0, 1, (30, 40)) ** 3).astype(np.float32)
    start, end = (3, 25), (36, int(random.integers(30)))
    path = cheapest_path(cost, np.array(start, float), np.array(end, float))
    assert path[0].tolist() == list(start)
    assert path[-1].tolist() == list(end)
    assert cost_of(path, cost) == pytest.approx(least_cost(cost, start, end), rel=1e-5)


def test_on_a_large_map_the_path_keeps_to_a_bent_shaft():
    cost = np.full((400, 400), 1.0, dtype=np.float32)
    assert cost.size > MANY_PIXELS
    angles = np.linspace(0, np.pi / 2, 2000)
    x, y = np.round(20 + 350 * np.sin(angles)).astype(int), np.round(20 + 350 * (1 - np.cos(angles))).astype(int)
    for off in (-1, 0, 1):
        cost[y + off, x] = 0.04
    path = cheapest_path(cost, np.array([20.0, 20.0]), np.array([370.0, 370.0]))
    radius = np.hypot(path[:, 0] - 20, path[:, 1] - 370)
    assert np.abs(radius - 350).max() < 2.5


def test_a_place_outside_of_the_map_is_its_nearest_pixel():
    path = cheapest_path(np.ones((5, 9), np.float32), np.array([-3.0, 2.0]), np.array([20.0, 2.4]))
    assert path.tolist() == [[float(x), 2.0] for x in range(9)]


def test_start_and_end_on_one_pixel_are_a_path_of_one():
    assert cheapest_path(np.ones((4, 4), np.float32), np.array([1.0, 1.0]), np.array([1.2, 0.8])).tolist() == [[1, 1]]
