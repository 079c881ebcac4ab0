"""Rasterising a strip along a curve with sub-pixel accuracy: what shafts, shadows, vessels and halos are drawn with."""

from dataclasses import dataclass

import numpy as np

from analysis.detection import FloatArray, IntArray
from analysis.synthetic.noise import Float32

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
    bevel: float = 0.0,
) -> Strip | None:
    """The coverage of a strip with flat ends.

    Across the strip, coverage is a box of the strip's width, smoothed by its own blur and by the pixel's aperture. Seen
    at an angle that is the product of two boxes, |cos| and |sin| wide: the wider one is integrated exactly, the other
    taken as a Gaussian of its variance. So pixels add up to the width, however narrow the strip and wherever it lies.

    Args:
        window: where to draw.
        points_px: (V, 2) centreline, V ≥ 2, no vertex repeated.
        half_width_px: (V,) half the width at each vertex.
        soft_px: (V,) standard deviation of the blur at each vertex.
        slant: how far the end is cut back on the right and carried on at the left, in half widths.
        bevel: how far the end is cut back at both corners, in half widths.

    Returns:
        None where the strip does not touch the window.
    """
    reach = float(np.max(half_width_px + 3.0 * np.hypot(soft_px, PIXEL_SIGMA))) + 0.5
    if not window.meets(points_px.min(0) - reach, points_px.max(0) + reach):
        return None
    length = float(arc_length(points_px)[-1])
    keep = _coarse(points_px, length, reach, 0.02 + 0.04 * float(soft_px.min()))
    points, half, soft = _lengthened(points_px[keep], half_width_px[keep], soft_px[keep], reach)
    along = np.concatenate([[-reach], arc_length(points_px)[keep], [length + reach]]).astype(np.float32)
    local: Float32 = (points - (window.x0, window.y0)).astype(np.float32)
    segments = _Segments(local)
    x, y, which = _candidates(window, local[:-1], local[1:], reach)
    if not len(x):
        return None
    t, offset, mine = segments.locate(x, y, which)
    x, y, which = x[mine], y[mine], which[mine]

    def between(values: Float32) -> Float32:
        first = values[which]
        mixed: Float32 = first + t * (values[which + 1] - first)
        return mixed

    half_here, arc = between(half.astype(np.float32)), between(along)
    wide, narrow = np.abs(segments.steps).max(1), np.abs(segments.steps).min(1)
    aperture = _Aperture(wide[which], np.hypot(between(soft.astype(np.float32)), narrow[which] * PIXEL_SIGMA))
    coverage = aperture.passed(half_here - offset) - aperture.passed(-half_here - offset)
    across = offset / half_here
    near = np.flatnonzero((arc < reach) | (arc > length - reach - half_here * (abs(slant) + bevel)))
    side = np.clip(across[near], -1, 1)
    to_end = length - arc[near] - half_here[near] * (slant * side + bevel * side**2)
    at_ends = aperture.at(near)
    coverage[near] *= at_ends.passed(arc[near]) * at_ends.passed(to_end)
    seen = coverage > 1e-3
    flat = y[seen].astype(np.int64) * window.width + x[seen].astype(np.int64)
    return Strip(flat, coverage[seen], across[seen], arc[seen])


class _Aperture:
    """What smooths an edge at each pixel: a box of a given width and a Gaussian."""

    def __init__(self, box: Float32, sigma: Float32) -> None:
        self.box, self.sigma = box, np.maximum(sigma, np.float32(0.03))

    def at(self, which: IntArray) -> "_Aperture":
        return _Aperture(self.box[which], self.sigma[which])

    def passed(self, x: Float32) -> Float32:
        """The share of the aperture that lies on the near side of an edge at distance x."""
        from scipy.special import ndtr

        half, share = self.box / 2, np.zeros_like(x)
        for sign in (1, -1):
            z = (x + sign * half) / self.sigma
            share += sign * (z * ndtr(z) + np.exp(-z * z / 2) * np.float32(0.3989423))
        passed: Float32 = share * self.sigma / self.box
        return passed


class _Segments:
    """The segments of a line, which share out the pixels beside it at the bisectors of its angles."""

    def __init__(self, points: Float32) -> None:
        steps = np.diff(points, axis=0)
        steps /= np.hypot(*steps.T)[:, None]
        bisectors = np.vstack([steps[:1], steps[:-1] + steps[1:], steps[-1:]])
        self.points, self.steps = points, steps
        self.bisectors = bisectors / np.hypot(*bisectors.T)[:, None]

    def locate(self, x: Float32, y: Float32, which: IntArray) -> tuple[Float32, Float32, IntArray]:
        """Which candidates belong to their segment: place along it (0 to 1) and signed distance of those, and who."""
        dx, dy = x - self.points[which, 0], y - self.points[which, 1]
        after = dx * self.bisectors[which, 0] + dy * self.bisectors[which, 1]
        mine = np.flatnonzero(after >= 0)
        x, y, which, dx, dy, after = x[mine], y[mine], which[mine], dx[mine], dy[mine], after[mine]
        end, last = self.points[which + 1], self.bisectors[which + 1]
        before = (end[:, 0] - x) * last[:, 0] + (end[:, 1] - y) * last[:, 1]
        inside = np.flatnonzero(before > 0)
        which, dx, dy, after = which[inside], dx[inside], dy[inside], after[inside]
        offset = dy * self.steps[which, 0] - dx * self.steps[which, 1]
        return after / (after + before[inside]), offset, mine[inside]


def _coarse(points: FloatArray, length: float, reach: float, tolerance: float) -> IntArray:
    """Which vertices to keep so that no chord leaves the line by more than the tolerance, all px."""
    steps = np.diff(points, axis=0)
    heading = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    step = length / len(steps)
    curvature = float(np.abs(np.diff(heading)).max(initial=0.0)) / step
    chord = min(max(8.0, min(reach, length / 8)), (8 * tolerance / max(curvature, 1e-9)) ** 0.5)
    stride = max(1, int(chord / step))
    kept: IntArray = np.append(np.arange(0, len(points) - 1, stride), len(points) - 1)
    return kept


def _lengthened(
    points: FloatArray, half_width: FloatArray, soft: FloatArray, by: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The line carried on straight at both ends, so that the ends' own blur is drawn."""
    first, last = points[0] - points[1], points[-1] - points[-2]
    head = points[0] + first / np.hypot(*first) * by
    tail = points[-1] + last / np.hypot(*last) * by
    return np.vstack([head, points, tail]), np.pad(half_width, 1, mode="edge"), np.pad(soft, 1, mode="edge")


def _candidates(window: Window, start: Float32, end: Float32, reach: float) -> tuple[Float32, Float32, IntArray]:
    """Every pixel of every segment's bounding box as x and y from the window's corner, and the segment's number."""
    edge = np.array([window.width - 1, window.height - 1])
    first = np.ceil(np.maximum(np.minimum(start, end) - reach, 0)).astype(np.int64)
    last = np.floor(np.minimum(np.maximum(start, end) + reach, edge)).astype(np.int64)
    extent = np.maximum(last - first + 1, 0)
    # rows first, then the pixels of each row: two short repeats rather than a division for each pixel
    lines = np.where(extent[:, 0] > 0, extent[:, 1], 0)
    segment = np.repeat(np.arange(len(start)), lines)
    row = np.arange(len(segment)) - np.repeat(np.cumsum(lines) - lines, lines) + first[segment, 1]
    counts = extent[segment, 0]
    column = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts - first[segment, 0], counts)
    y = np.repeat(row.astype(np.float32), counts)
    return column.astype(np.float32), y, np.repeat(segment, counts)
