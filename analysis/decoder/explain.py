"""Explain one connected part of the score map by as few rods as describe it well.

Description length: a rod must explain `PRICE_PX2` of evidence that no other rod explains. What is found first may be
seen better later, so all rods of a part are refined again while the others hold their evidence.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.decoder.rods import Map, Rods, best_rod, paint, strip_sums

PRICE_PX2 = 90.0
SHARED_WORTH = 0.15
"""What evidence is worth to a rod when another rod explains it too: enough to run on through a crossing."""
MAX_RODS = 12
WIDE = 1.2
"""Times the usual half width from which width is penalised: two that touch are not one wide hair."""
ROUNDS = 2
MAX_BEND = 0.07
"""Height of the bow over its length that costs nothing."""
BEND_COST = 20.0
SEARCH_MARGIN = 12


def explain(weight: Map, usual_half_width: float, tick: Callable[[], None] = lambda: None) -> Rods:
    """Rods (N, 6) that explain a weight map.

    Args:
        weight: (h, w), from 1 where surely hair to -1 where surely not.
        usual_half_width: of the image's hairs, in pixels.
        tick: called now and then; may raise to end the work.
    """
    rods: list[NDArray[np.float64]] = []
    if min(weight.shape) < 4:
        return np.zeros((0, 6))
    while len(rods) < MAX_RODS:
        tick()
        left = remaining(weight, rods)
        rod = _simple(left, usual_half_width)
        if rod is None:
            rod = _searched(left, usual_half_width)
        if rod is None or net_value(left, rod[None], usual_half_width)[0] < PRICE_PX2:
            break
        rods.append(rod)
    for _ in range(ROUNDS if len(rods) > 1 else 0):
        tick()
        rods = _refine_together(weight, rods, usual_half_width)
    return np.array(rods).reshape(-1, 6)


def _unexplained(left: Map) -> tuple[NDArray[np.bool_], float]:
    """The largest blob of evidence that nothing explains, and how much it is worth."""
    open_ = (left > SHARED_WORTH + 0.05).view(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(open_, connectivity=4)
    if count < 2:
        return np.zeros(left.shape, bool), 0.0
    blob = labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    return blob, float(left[blob].sum())


def _simple(left: Map, usual: float) -> NDArray[np.float64] | None:
    """The rod along the largest blob's main axis, if it explains nearly all of the blob."""
    blob, worth = _unexplained(left)
    if worth < PRICE_PX2:
        return None
    ys, xs = np.nonzero(blob)
    points = np.column_stack([xs, ys]).astype(np.float64)
    middle = points.mean(axis=0)
    spread, directions = np.linalg.eigh(np.cov((points - middle).T))
    along = directions[:, 1]
    reach = (points - middle) @ along
    half = np.clip(np.sqrt(3 * max(spread[0], 0.1)), 1.0, WIDE * usual)
    rod = refine(left, np.r_[middle + along * reach.min(), middle + along * reach.max(), 0.0, half], usual)
    return rod if strip_sums(left, rod[None])[0] > 0.9 * worth and rod[5] < WIDE * usual else None


def _searched(left: Map, usual: float) -> NDArray[np.float64] | None:
    """The best rod of all."""
    if np.maximum(left, 0).sum() < PRICE_PX2:
        return None
    rows, columns = (np.flatnonzero(_blobs(left).any(axis=axis)) for axis in (1, 0))
    if len(rows) == 0:
        return None
    top, left_side = max(0, rows[0] - SEARCH_MARGIN), max(0, columns[0] - SEARCH_MARGIN)
    window = left[top : rows[-1] + SEARCH_MARGIN, left_side : columns[-1] + SEARCH_MARGIN]
    small = cv2.resize(window, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    rod, value = best_rod(small, WIDE * usual / 2)
    if value * 4 < 0.7 * PRICE_PX2:
        return None
    rod[:4] = (rod[:4] + 0.5) * 2 - 0.5 + np.array([left_side, top, left_side, top])
    rod[5] *= 2
    return refine(left, rod, usual)


def _blobs(left: Map) -> NDArray[np.bool_]:
    """Evidence that nothing explains, crumbs left out."""
    crumbs = np.ones((3, 3), np.uint8)
    return np.asarray(cv2.morphologyEx((left > SHARED_WORTH + 0.05).view(np.uint8), cv2.MORPH_OPEN, crumbs) > 0)


def _refine_together(weight: Map, rods: list[NDArray[np.float64]], usual: float) -> list[NDArray[np.float64]]:
    kept = list(rods)
    for rod in sorted(rods, key=lambda r: strip_sums(weight, r[None])[0]):
        others = [r for r in kept if r is not rod]
        left = remaining(weight, others)
        better = refine(left, rod, usual)
        kept = others
        if net_value(np.where(left == SHARED_WORTH, 0, left).astype(np.float32), better[None], usual)[0] >= PRICE_PX2:
            kept = [*others, better]
    return kept


def remaining(weight: Map, rods: list[NDArray[np.float64]]) -> Map:
    """The weight map where what the rods explain is worth little."""
    left = weight.copy()
    for rod in rods:
        under = paint(weight.shape, rod)
        left[under] = np.where(weight[under] > 0, SHARED_WORTH, 0)
    return left


def net_value(weight: Map, rods: Rods, usual_half_width: float) -> NDArray[np.float64]:
    """(N,) evidence explained, less what excess width costs."""
    length = np.hypot(rods[:, 2] - rods[:, 0], rods[:, 3] - rods[:, 1])
    excess = np.maximum(rods[:, 5] - WIDE * usual_half_width, 0)
    bend = np.abs(rods[:, 4]) / np.maximum(length, 1)
    return (
        strip_sums(weight, rods)
        - 2.0 * excess * length
        - BEND_COST * np.maximum(bend - MAX_BEND, 0) * length * rods[:, 5]
    )


def refine(weight: Map, rod: NDArray[np.float64], usual_half_width: float) -> NDArray[np.float64]:
    """Move the ends along and across, bow and width until nothing gains: a pattern search with shrinking steps."""
    value = net_value(weight, rod[None], usual_half_width)[0]
    step = 3.0
    while step > 0.3:
        trials = rod + step * _moves(rod)
        trials[:, 5] = np.maximum(trials[:, 5], 1.0)
        values = net_value(weight, trials, usual_half_width)
        best = int(np.argmax(values))
        if values[best] > value + 0.5:
            rod, value = trials[best], values[best]
        else:
            step *= 0.5
    return rod


def _moves(rod: NDArray[np.float64]) -> Rods:
    """(26, 6) unit moves of a rod, in its own directions."""
    chord = rod[2:4] - rod[0:2]
    ax, ay = chord / max(np.hypot(*chord), 1e-9)
    nx, ny = -ay, ax
    single = np.array([
        [ax, ay, 0, 0, 0, 0],
        [0, 0, ax, ay, 0, 0],
        [nx, ny, 0, 0, 0, 0],
        [0, 0, nx, ny, 0, 0],
        [nx, ny, nx, ny, 0, 0],
        [nx, ny, -nx, -ny, 0, 0],
        [0, 0, 0, 0, 1, 0],
        [nx / 2, ny / 2, nx / 2, ny / 2, -1, 0],
        [0, 0, 0, 0, 0, 0.5],
        [nx / 2, ny / 2, nx / 2, ny / 2, 0, 0.5],
        [nx / 2, ny / 2, nx / 2, ny / 2, 0, -0.5],
        [3 * ax, 3 * ay, 0, 0, 0, 0],
        [0, 0, 3 * ax, 3 * ay, 0, 0],
    ])  # fmt: skip
    return np.concatenate([single, -single])
