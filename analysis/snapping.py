"""The line between two or more clicks that follows the shaft: the cheapest path over the evidence.

What a reviewer may expect: the line passes every click. A click on or beside a shaft is moved across it onto its axis,
by `SNAP_UM` at most; a click on plain skin stays exactly where it is, and the line to it is as straight as the
evidence lets it be.
"""

import itertools

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.cheapest_path import cheapest_path
from analysis.decoder.traces import shaftness
from analysis.detection import FloatArray, Polarity
from analysis.evidence import Guide, score_around
from analysis.geometry import arc_length, resample
from analysis.preprocess import prepare_image
from analysis.ridges import half_widths, shaft_score
from analysis.sampling import sample
from analysis.scale import estimate_scale
from analysis.width import edge_blur

SNAP_UM = 40.0
MARGIN_UM = 250.0
SKIN_COST = 1.0
SHAFT_COST = 0.04
VERTEX_SPACING_PX = 8.0

MID_SCORE = 127
"""A score above this, in 255ths, is hair rather than skin."""

__all__ = ["Guide", "prepare", "snap"]


def prepare(image_rgb: NDArray[np.uint8], um_per_px: float | None, polarity: Polarity = Polarity.AUTO) -> Guide:
    """What lines drawn in an image follow, once, for any number of `snap` calls.

    Args:
        image_rgb: uint8 (H, W, 3).
        um_per_px: its scale; None estimates one.
        polarity: of the hair.
    """
    import scipy.sparse.csgraph  # noqa: F401  here, where nobody waits for it, so that the first `snap` need not

    if um_per_px is None:
        um_per_px, _ = estimate_scale(image_rgb, polarity)
    prepared = prepare_image(image_rgb, um_per_px, polarity)
    frame, brightness = prepared.frame, prepared.brightness
    score = cv2.convertScaleAbs(shaft_score(prepared), alpha=255)
    del prepared  # its maps are large
    mask = score > MID_SCORE
    blur_px = edge_blur(brightness, mask.view(np.uint8), half_widths(mask), frame)
    return Guide(frame, score, brightness, blur_px)


def snap(guide: Guide, clicks_px: FloatArray) -> FloatArray:
    """The line through the clicks that follows the shaft.

    Args:
        guide: of the image.
        clicks_px: (K, 2), K ≥ 2, in image pixels, in order along the shaft.

    Returns:
        (V, 2) in image pixels, from the first click to the last.

    Raises:
        ValueError: if there are fewer than two clicks or one is not finite.
    """
    clicks = np.asarray(clicks_px, dtype=np.float64).reshape(-1, 2)
    if len(clicks) < 2 or not np.isfinite(clicks).all():
        raise ValueError("a line needs at least two clicks, each at a finite position")
    work, um = guide.frame.to_work(clicks), guide.frame.um_per_work_px
    window, origin = score_around(guide, work, MARGIN_UM / um)
    shaft = shaftness(window)
    if window.size == 0 or min(window.shape) < 2:
        return clicks
    places = np.array([_onto_axis(shaft, p - origin, SNAP_UM / um) for p in work])
    legs = [_leg(shaft, a, b) for a, b in itertools.pairwise(places)]
    line = np.concatenate([legs[0], *(leg[1:] for leg in legs[1:])])
    return guide.frame.to_image(line + origin)


def _onto_axis(shaft: NDArray[np.float32], place: FloatArray, reach: float) -> FloatArray:
    """The most shaft-like place within reach, the nearer the better; the place itself where there is no shaft."""
    x, y = place
    height, width = shaft.shape
    low = np.maximum(np.floor([y - reach, x - reach]), 0).astype(int)
    high = np.minimum(np.ceil([y + reach + 1, x + reach + 1]), [height, width]).astype(int)
    if (high <= low).any():
        return place
    ys, xs = np.mgrid[low[0] : high[0], low[1] : high[1]]
    apart = np.hypot(xs - x, ys - y)
    value = shaft[low[0] : high[0], low[1] : high[1]] - 0.6 * apart / reach
    value[apart > reach] = -np.inf
    best = np.unravel_index(int(np.argmax(value)), value.shape)
    return np.array([xs[best], ys[best]], dtype=np.float64) if value[best] > 0.3 else place


def _leg(shaft: NDArray[np.float32], start: FloatArray, end: FloatArray) -> FloatArray:
    """The cheapest path from start to end, made smooth, its ends kept."""
    cost = (SHAFT_COST + SKIN_COST * (1 - shaft) ** 2).astype(np.float32)
    path = cheapest_path(cost, start, end)
    line = _straightened(np.concatenate([start[None], path[1:-1], end[None]]), cost)
    if arc_length(line) < 2:
        return np.stack([start, end])
    dense = resample(line, 1.0)
    smooth = np.column_stack([_smooth(dense[:, axis], 4.0) for axis in (0, 1)])
    smooth[0], smooth[-1] = start, end
    return resample(smooth, VERTEX_SPACING_PX)


def _straightened(path: FloatArray, cost: NDArray[np.float32]) -> FloatArray:
    """The path with straight pieces wherever these cost no more: steps from pixel to pixel go eight ways only."""
    if len(path) < 3 or _cost_along(path[[0, -1]], cost) <= 1.02 * _cost_along(path, cost):
        return path[[0, -1]]
    chord = path[-1] - path[0]
    off = path - path[0]
    farthest = int(np.argmax(np.abs(off[:, 0] * chord[1] - off[:, 1] * chord[0])[1:-1])) + 1
    before, after = _straightened(path[: farthest + 1], cost), _straightened(path[farthest:], cost)
    return np.concatenate([before, after[1:]])


def _cost_along(line: FloatArray, cost: NDArray[np.float32]) -> float:
    length = arc_length(line)
    return length * float(sample(cost, resample(line, 1.0)).mean()) if length > 0 else 0.0


def _smooth(values: FloatArray, sigma: float) -> FloatArray:
    """Gaussian smoothing that keeps the ends: mirrored through them."""
    n = min(len(values) - 1, int(3 * sigma))
    padded = np.concatenate([2 * values[0] - values[n:0:-1], values, 2 * values[-1] - values[-2 : -n - 2 : -1]])
    x = np.arange(-n, n + 1)
    kernel = np.exp(-(x**2) / (2 * sigma**2))
    smoothed: FloatArray = np.convolve(padded, kernel / kernel.sum(), mode="valid")
    return smoothed
