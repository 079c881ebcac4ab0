"""Which candidates are hairs: the set that is worth most, where two that lie on one another cost.

Worth is the sum of the candidates' values, less a price for every pair by how much the one lies on the other. The best
set is looked for from the greedy one, by taking one in and those against it out, and by leaving one out for others.

Source of the method: iterated local search for a weighted independent set, here with soft conflicts.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ON_SHARE, ON_MARGIN = 0.6, 1.0
"""A point lies on a hair within this share of its half width and so many pixels more of its axis."""
SHARED_COST, MUCH, MUCH_COST = 1.0, 0.6, 15.0
"""What it costs by the share of a line that lies on another, and what it costs more above `MUCH`."""
ALIKE_PX = 2.5
"""Root mean square distance of five points along two lines below which they are one."""
FIVE = [0, 12, 24, 36, 48]
ROUNDS = 3


@dataclass(frozen=True)
class Conflicts:
    """For each candidate, which others lie on it or it on them, and what having both costs."""

    others: list[IntArray]
    costs: list[FloatArray]


def choose(lines: FloatArray, half_width: FloatArray, value: FloatArray) -> tuple[IntArray, FloatArray]:
    """The chosen of some candidates, and the value each adds to the others.

    Args:
        lines: (N, SAMPLES, 2) pixels.
        half_width: (N,) pixels.
        value: (N,), what each is worth alone; none at or below 0 is chosen.
    """
    worth = np.flatnonzero(value > 0)
    worth = worth[_unlike(lines[worth], value[worth])]
    search = _Search(value[worth], _conflicts(lines[worth], half_width[worth]))
    search.fill(np.arange(len(worth)))
    for _ in range(ROUNDS):
        if not (search.swap_in() | search.leave_out()):
            break
    chosen = np.flatnonzero(search.chosen)
    return worth[chosen], search.gain(chosen)


def _unlike(lines: FloatArray, value: FloatArray) -> IntArray:
    """Indices of lines of which none better is nearly the same."""
    from scipy.spatial import cKDTree

    if len(lines) == 0:
        return np.zeros(0, np.int64)
    points = lines[:, FIVE].reshape(len(lines), -1)
    tree = cKDTree(points)
    free = np.ones(len(lines), bool)
    kept = []
    for i in np.argsort(-value, kind="stable"):
        if free[i]:
            kept.append(i)
            free[tree.query_ball_point(points[i], ALIKE_PX * len(FIVE) ** 0.5)] = False
    return np.array(kept, np.int64)


def _conflicts(lines: FloatArray, half_width: FloatArray) -> Conflicts:
    costs: list[dict[int, float]] = [{} for _ in lines]
    low, high = lines.min(axis=1), lines.max(axis=1)
    cells = np.round(lines).astype(int)
    for i, half in enumerate(half_width):
        reach = ON_SHARE * half + ON_MARGIN
        near = np.flatnonzero((low < high[i] + reach).all(axis=1) & (high > low[i] - reach).all(axis=1))
        near = near[near != i]
        shared = _share_on(lines[i], reach, cells[near])
        cost = SHARED_COST * shared + MUCH_COST * np.maximum(0, shared - MUCH)
        for j, own in zip(near.tolist(), cost.tolist(), strict=True):
            if own > costs[i].get(j, 0.02):
                costs[i][j] = costs[j][i] = own
    return Conflicts([np.array(list(c), np.int64) for c in costs], [np.array(list(c.values())) for c in costs])


def _share_on(line: FloatArray, reach: float, cells: NDArray[np.int_]) -> FloatArray:
    """(N,) share of the pixels (N, SAMPLES, 2) that lie within reach of a line (SAMPLES, 2)."""
    corner = np.floor(line.min(axis=0) - reach - 2).astype(int)
    size = np.ceil(line.max(axis=0) + reach + 2).astype(int) - corner + 1
    under = np.zeros((size[1], size[0]), np.uint8)
    places = np.round((line - corner) * 16).astype(np.int32)
    cv2.polylines(under, [places], False, 1, max(1, round(2 * reach)), cv2.LINE_8, 4)
    under[[0, -1]] = 0
    under[:, [0, -1]] = 0
    at = np.clip(cells - corner, 0, size - 1)
    share: FloatArray = (under[at[..., 1], at[..., 0]] > 0).mean(axis=1)
    return share


class _Search:
    """A set that is changed move by move, each for the better."""

    def __init__(self, value: FloatArray, conflicts: Conflicts) -> None:
        self.value = value
        self.conflicts = conflicts
        self.chosen = np.zeros(len(value), bool)
        self.cost = np.zeros(len(value))
        """What each candidate costs beside those chosen."""

    def gain(self, which: IntArray | int) -> FloatArray:
        gained: FloatArray = self.value[which] - self.cost[which]
        return gained

    def put(self, i: int, inside: bool) -> None:
        self.chosen[i] = inside
        self.cost[self.conflicts.others[i]] += self.conflicts.costs[i] * (1 if inside else -1)

    def fill(self, pool: IntArray) -> list[int]:
        """Take in the best of a pool, again and again, and tell which."""
        taken: list[int] = []
        while len(pool := pool[~self.chosen[pool]]):
            best = int(pool[np.argmax(self.gain(pool))])
            if self.gain(best) <= 0:
                break
            self.put(best, True)
            taken.append(best)
        return taken

    def swap_in(self) -> bool:
        """Take each in for those it is worth more than."""
        changed = False
        for i in np.argsort(-self.value, kind="stable").tolist():
            others, costs = self.conflicts.others[i], self.conflicts.costs[i]
            against = others[self.chosen[others] & (self.gain(others) < costs)]
            if self.chosen[i] or len(against) == 0:
                continue
            lost = 0.0
            for other in against.tolist():
                lost += float(self.gain(other))
                self.put(other, False)
            if self.gain(i) > lost + 1e-6:
                self.put(i, True)
                self.fill(np.unique(np.concatenate([self.conflicts.others[other] for other in against])))
                changed = True
            else:
                for other in against.tolist():
                    self.put(other, True)
        return changed

    def leave_out(self) -> bool:
        """Leave each out where those it stood against are worth more together."""
        changed = False
        for i in np.flatnonzero(self.chosen).tolist():
            before = float(self.gain(i))
            self.put(i, False)
            taken = self.fill(self.conflicts.others[i])
            after = 0.0
            for other in reversed(taken):
                after += float(self.gain(other))
                self.put(other, False)
            better = after > before + 1e-6
            for other in taken if better else [i]:
                self.put(other, True)
            changed |= better
        return changed
