"""Slightly bowed rods: candidates by exhaustive search, and what each explains of a weight map.

A rod is a row `x0, y0, x1, y1, bow, half_width` in pixels of the map it lies in; its axis is the chord from end to end
plus a parabola whose height at the middle is `bow`.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]
Rods = NDArray[np.float64]
"""(N, 6)"""

ALONG, ACROSS = 48, 9
ANGLES = 24
PROPOSAL_HALF_WIDTHS = (1.0, 1.5, 2.0, 3.0, 4.0)


def axis_points(rods: Rods, n: int) -> NDArray[np.float64]:
    """(N, n, 2) points evenly along each rod's axis, ends included."""
    t = np.linspace(0, 1, n)[None, :, None]
    start, end = rods[:, None, 0:2], rods[:, None, 2:4]
    chord = end - start
    length = np.maximum(np.linalg.norm(chord, axis=2, keepdims=True), 1e-9)
    normal = np.stack([-chord[..., 1], chord[..., 0]], axis=2) / length
    points: NDArray[np.float64] = start + t * chord + normal * (rods[:, 4, None, None] * 4 * t * (1 - t))
    return points


def strip_sums(weight: Map, rods: Rods) -> NDArray[np.float64]:
    """(N,) integral of the weight over each rod's strip, in px²; outside the map the weight is -1."""
    n = len(rods)
    t = (np.arange(ALONG) + 0.5) / ALONG
    u = (np.arange(ACROSS) + 0.5) / ACROSS * 2 - 1
    chord = rods[:, 2:4] - rods[:, 0:2]
    length = np.maximum(np.linalg.norm(chord, axis=1), 1e-9)
    normal = np.stack([-chord[:, 1], chord[:, 0]], axis=1) / length[:, None]
    bow = rods[:, 4, None] * (4 * t * (1 - t))
    aside = bow[:, :, None] + rods[:, 5, None, None] * u
    x = rods[:, 0, None, None] + chord[:, 0, None, None] * t[:, None] + normal[:, 0, None, None] * aside
    y = rods[:, 1, None, None] + chord[:, 1, None, None] * t[:, None] + normal[:, 1, None, None] * aside
    sampled = cv2.remap(
        weight,
        x.reshape(n, -1).astype(np.float32),
        y.reshape(n, -1).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=-1,
    )
    sums: NDArray[np.float64] = sampled.mean(axis=1).astype(np.float64) * length * 2 * rods[:, 5]
    return sums


def paint(shape: tuple[int, int], rod: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which pixels of a map (h, w) lie under the rod."""
    axis = axis_points(rod[None], 12)[0]
    painted = np.zeros(shape, np.uint8)
    chord = rod[2:4] - rod[0:2]
    normal = np.array([-chord[1], chord[0]]) / max(np.hypot(*chord), 1e-9)
    outline = np.concatenate([axis + normal * rod[5], (axis - normal * rod[5])[::-1]])
    cv2.fillPoly(painted, [np.round(outline * 16).astype(np.int32)], 1, shift=4)
    return painted.astype(bool)


def best_rod(weight: Map, widest: float) -> tuple[NDArray[np.float64], float]:
    """The straight rod with the largest strip sum: all angles, all offsets, several widths, the best run along each.

    Args:
        weight: (h, w).
        widest: half widths above this are not tried.

    Returns:
        The rod (6,) and its strip sum in px².
    """
    height, width = weight.shape
    side = int(np.ceil(np.hypot(height, width))) + 2
    centre = ((width - 1) / 2, (height - 1) / 2)
    best, value = np.zeros(6), -np.inf
    for angle in np.arange(ANGLES) * (180 / ANGLES):
        turn = cv2.getRotationMatrix2D(centre, angle, 1.0)
        turn[:, 2] += (side - 1) / 2 - np.array(centre)
        rows = cv2.warpAffine(weight, turn, (side, side), borderMode=cv2.BORDER_CONSTANT, borderValue=-1)
        summed = np.vstack([np.zeros((1, side), np.float32), np.cumsum(rows, axis=0, dtype=np.float32)])
        for half in PROPOSAL_HALF_WIDTHS:
            if half > widest and half > PROPOSAL_HALF_WIDTHS[0]:
                break
            run = _best_run(summed, int(2 * half))
            if run[0] > value:
                value = run[0]
                ends = np.array([[run[2] - 0.5, run[1], 1.0], [run[3] + 0.5, run[1], 1.0]])
                back = cv2.invertAffineTransform(turn)
                best = np.r_[(ends @ back.T).ravel(), 0.0, half]
    return best, float(value)


def _best_run(summed: Map, thickness: int) -> tuple[float, float, int, int]:
    """Largest sum over a run of columns of a band of rows: value, the band's middle row, first and last column."""
    bands = summed[thickness:] - summed[:-thickness]
    cumulated = np.cumsum(bands, axis=1)
    before = np.zeros_like(cumulated)
    np.minimum.accumulate(cumulated[:, :-1], axis=1, out=before[:, 1:])
    np.minimum(before, 0, out=before)
    gain = cumulated - before
    row, last = np.unravel_index(int(np.argmax(gain)), gain.shape)
    first = int(np.argmin(np.r_[0.0, cumulated[row, :last]]))
    return float(gain[row, last]), float(row + (thickness - 1) / 2), first, int(last)
