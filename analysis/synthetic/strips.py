"""Rasterising a strip along a curve with sub-pixel accuracy: what shafts, shadows, vessels and halos are drawn with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.detection import FloatArray, IntArray

Float32 = NDArray[np.float32]
PIXEL_SIGMA = 12**-0.5
"""Standard deviation of a pixel's square aperture, px."""


@dataclass(frozen=True, eq=False)
class Window:
    """A rectangle of the image that is rendered at one time."""

    x0: int
    y0: int
    width: int
    height: int

    @property
    def columns(self) -> FloatArray:
        """(width,) x of the pixels' centres."""
        return np.arange(self.x0, self.x0 + self.width, dtype=float)

    @property
    def rows(self) -> FloatArray:
        """(height,) y of the pixels' centres."""
        return np.arange(self.y0, self.y0 + self.height, dtype=float)

    def meets(self, low: FloatArray, high: FloatArray) -> bool:
        """Whether the box from `low` to `high` (x, y) touches the window."""
        return bool(
            high[0] >= self.x0
            and low[0] < self.x0 + self.width
            and high[1] >= self.y0
            and low[1] < self.y0 + self.height
        )


@dataclass(frozen=True, eq=False)
class Strip:
    """The pixels that a strip touches, each once."""

    index: IntArray
    """(P,) flat index into the window."""
    coverage: Float32
    """(P,) share of the pixel that the strip covers, 0 to 1, its softness included."""
    across: Float32
    """(P,) signed distance from the centreline, in half widths; positive to the right of the way from start to end."""
    along_px: Float32
    """(P,) arc length from the start."""


def arc_length(points: FloatArray) -> FloatArray:
    """(V,) length along a line from its first vertex."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])


def draw_strip(
    window: Window,
    points_px: FloatArray,
    half_width_px: FloatArray,
    soft_px: FloatArray,
    *,
    slant: float = 0.0,
) -> Strip | None:
    """The coverage of a strip with flat ends.

    Across the strip, coverage is a box of the strip's width smoothed by a Gaussian of variance 1/12 + soft² px²: the
    pixel's aperture and the strip's own blur. Its integral is the width exactly, however narrow the strip.

    Args:
        window: where to draw.
        points_px: (V, 2) centreline, V ≥ 2, no vertex repeated.
        half_width_px: (V,) half the width at each vertex.
        soft_px: (V,) standard deviation of the blur at each vertex.
        slant: how far the end is cut back across one half width on the right, in half widths.

    Returns:
        None where the strip does not touch the window.
    """
    reach = float(np.max(half_width_px + 3.2 * np.hypot(soft_px, PIXEL_SIGMA))) + 1
    if not window.meets(points_px.min(0) - reach, points_px.max(0) + reach):
        return None
    length = float(arc_length(points_px)[-1])
    points_px, half_width_px, soft_px = _lengthened(points_px, half_width_px, soft_px, reach)
    along = arc_length(points_px) - reach
    start, end, tangent = points_px[:-1], points_px[1:], _vertex_tangents(points_px)
    low, high = np.minimum(start, end) - reach, np.maximum(start, end) + reach
    seen = (
        (high[:, 0] >= window.x0)
        & (low[:, 0] < window.x0 + window.width)
        & (high[:, 1] >= window.y0)
        & (low[:, 1] < window.y0 + window.height)
    )
    if not seen.any():
        return None
    which = np.flatnonzero(seen)
    x, y, segment = _candidates(window, low[which], high[which], which)

    # a pixel belongs to the segment between whose end bisectors it lies: the segments share out the strip
    after_start = _along(x, y, start[segment], tangent[segment])
    before_end = -_along(x, y, end[segment], tangent[segment + 1])
    mine = (after_start >= 0) & (before_end > 0)
    x, y, segment = x[mine], y[mine], segment[mine]
    after_start, before_end = after_start[mine], before_end[mine]
    t = after_start / (after_start + before_end)
    chord = end - start
    chord /= np.hypot(*chord.T)[:, None]
    offset = (x - start[segment, 0]) * -chord[segment, 1] + (y - start[segment, 1]) * chord[segment, 0]

    def between(values: FloatArray) -> FloatArray:
        mixed: FloatArray = values[segment] + t * (values[segment + 1] - values[segment])
        return mixed

    half, sigma, s = between(half_width_px), np.hypot(between(soft_px), PIXEL_SIGMA), between(along)
    across = offset / half
    coverage = _edge((half - offset) / sigma) - _edge((-half - offset) / sigma)
    # only pixels near an end feel it
    near = (s < reach) | (s > length - reach)
    to_end = length - s[near] - slant * half[near] * np.clip(across[near], -1, 1)
    coverage[near] *= _edge(s[near] / sigma[near]) * _edge(to_end / sigma[near])
    keep = coverage > 1e-3
    flat = (y[keep] - window.y0).astype(np.int64) * window.width + (x[keep] - window.x0).astype(np.int64)
    return Strip(flat, coverage[keep].astype(np.float32), across[keep].astype(np.float32), s[keep].astype(np.float32))


def _along(x: FloatArray, y: FloatArray, origin: FloatArray, direction: FloatArray) -> FloatArray:
    distance: FloatArray = (x - origin[:, 0]) * direction[:, 0] + (y - origin[:, 1]) * direction[:, 1]
    return distance


def _edge(z: FloatArray) -> FloatArray:
    """The normal distribution function."""
    from scipy.special import ndtr

    values: FloatArray = ndtr(z)
    return values


def _lengthened(
    points: FloatArray, half_width: FloatArray, soft: FloatArray, by: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The line carried on straight at both ends, so that the ends' own blur is drawn."""
    first, last = points[0] - points[1], points[-1] - points[-2]
    head = points[0] + first / np.hypot(*first) * by
    tail = points[-1] + last / np.hypot(*last) * by
    return np.vstack([head, points, tail]), np.pad(half_width, 1, mode="edge"), np.pad(soft, 1, mode="edge")


def _vertex_tangents(points: FloatArray) -> FloatArray:
    """(V, 2) unit directions that halve the angle at each vertex."""
    steps = np.diff(points, axis=0)
    steps /= np.hypot(*steps.T)[:, None]
    tangents = np.vstack([steps[:1], steps[:-1] + steps[1:], steps[-1:]])
    unit: FloatArray = tangents / np.hypot(*tangents.T)[:, None]
    return unit


def _candidates(
    window: Window, low: FloatArray, high: FloatArray, which: IntArray
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Every pixel of every segment's bounding box, and the segment: three flat arrays."""
    first = np.ceil(np.maximum(low, (window.x0, window.y0))).astype(np.int64)
    last = np.floor(np.minimum(high, (window.x0 + window.width - 1, window.y0 + window.height - 1))).astype(np.int64)
    extent = np.maximum(last - first + 1, 0)
    counts = extent[:, 0] * extent[:, 1]
    box = np.repeat(np.arange(len(which)), counts)
    rank = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    row, column = np.divmod(rank, extent[box, 0])
    return (first[box, 0] + column).astype(float), (first[box, 1] + row).astype(float), which[box]
