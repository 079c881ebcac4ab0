"""Sub-pixel width of a shaft: twice where its profile is steepest, freed of the camera's blur.

A shaft of width w seen through a Gaussian blur σ has the profile Φ((u + w/2)/σ) - Φ((u - w/2)/σ). It is steepest at
± w/2 where w is several σ, and at ± σ however thin the shaft: `unblurred` inverts that. Unlike the crossings of half
height, the steepest places are not moved by what is slow beside a shaft: its own shadow, the halo at the root, uneven
light.
"""

import functools
import math

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from analysis.evidence import AnyEvidence, Evidence, score_around
from analysis.geometry import arc_positions, points_along
from analysis.preprocess import Frame
from analysis.sampling import depth, sample

FloatArray = NDArray[np.float64]

STEP_PX = 0.25
"""Between samples of a profile."""
SMOOTHING_PX = 0.7
"""Standard deviation of the smoothing of profiles, against noise."""
GUESSED, FORETOLD = (0.35, 1.6, 3.0), (0.6, 1.2, 1.0)
"""An edge is looked for from and to these shares of the expected half width, and so many pixels more: far where that is
the depth of a mask, which touching neighbours deepen; near where a network foretold it."""
MIN_SLOPE = 3.0
"""Grey levels per pixel under which nothing is an edge."""
WIDEST_UM = 250.0
"""Wider than any shaft: so far around a line its edges are looked for."""
SHARP_SHARE = 0.5
"""Of the hair's sharpest edges."""
SKIN_PERCENTILE = 60
MIN_CONTRAST = 6.0
"""Grey levels of profile height under which a width is not measured."""

MEASURED_UM, FORETOLD_SHARE, FORETOLD_UM = 2.0, 0.06, 1.0
"""Least standard error of a measured width; that of a width foretold by a network, a share of it and so much more."""


def widths_along(evidence: AnyEvidence, vertices_px: FloatArray, half_width_px: float | None = None) -> FloatArray:
    """Full width of the shaft at each vertex, across its direction there.

    Only edges that are in focus count: at least half as steep as the sharpest of this hair. Where one of the two sides
    is not, because a neighbour touches it, the other side is taken twice; where neither is, the width is not known.

    Args:
        evidence: of the image.
        vertices_px: (V, 2) along the shaft's axis, in image pixels.
        half_width_px: what the width is about, where it is known; else the evidence says.

    Returns:
        (V,) in image pixels; NaN where an edge cannot be found.
    """
    vertices = np.asarray(vertices_px, dtype=np.float64)
    if half_width_px is None:
        half_width_px = _half_width_at(evidence, vertices)
    foretold = isinstance(evidence, Evidence) and evidence.votes is not None
    window = FORETOLD if foretold else GUESSED
    n = math.ceil((half_width_px * GUESSED[1] + GUESSED[2] + 3 * SMOOTHING_PX) / STEP_PX)
    offsets = np.arange(-n, n + 1).astype(np.float64) * STEP_PX
    profiles = _profiles(evidence.brightness, vertices, offsets, half_width_px)
    slopes = gaussian_filter1d(profiles, SMOOTHING_PX / STEP_PX, axis=1, order=1, mode="nearest") / STEP_PX
    sign = _sign(profiles, offsets, half_width_px)
    near = _near(offsets, half_width_px, window)
    sides = [_steepest(sign * side * slopes[:, ::side], offsets, near) for side in (-1, 1)]
    places, steep = (np.stack(both, axis=1) for both in zip(*sides, strict=True))
    needed = max(MIN_SLOPE, SHARP_SHARE * float(np.percentile(steep.max(axis=1), 90)))
    places[steep < needed] = np.nan
    known = ~np.isnan(places)
    seen = np.where(known.all(axis=1), places.sum(axis=1), 2 * np.where(known[:, 0], places[:, 0], places[:, 1]))
    return unblurred(seen, math.hypot(evidence.blur_px, SMOOTHING_PX))


def with_foretold(widths_px: FloatArray, foretold_px: float, um_per_px: float) -> FloatArray:
    """Widths moved so that their median is the mean of itself and a foretold width, each by how sure it is.

    A median is as sure as the widths along one hair agree. On clean dark hair it is most of the mean; on hair that
    hardly differs from skin, or that touches another, its edges are often another's and differ.

    Source of the method: inverse-variance weighting; the spread is the scaled median absolute deviation.

    Args:
        widths_px: (V,) measured along a hair, NaN where not known.
        foretold_px: its width as a network has it.
        um_per_px: the image's scale.

    Returns:
        (V,) with the same places unknown.
    """
    known = widths_px[np.isfinite(widths_px)]
    if len(known) == 0:
        return widths_px
    median = float(np.median(known))
    spread_um = 1.4826 * float(np.median(np.abs(known - median))) * um_per_px
    sure = 1 / (spread_um**2 + MEASURED_UM**2)
    foretold_sure = 1 / ((FORETOLD_SHARE * foretold_px * um_per_px) ** 2 + FORETOLD_UM**2)
    mean = (sure * median + foretold_sure * foretold_px) / (sure + foretold_sure)
    return np.maximum(widths_px + (mean - median), 0.0)


def _sign(profiles: FloatArray, offsets: FloatArray, half_width: float) -> int:
    """1 where a shaft is darker than the skin beside it, -1 where it is lighter: grey hair has both in one image."""
    core = np.abs(offsets) <= 0.5 * half_width
    beside = np.abs(offsets) >= 1.3 * half_width
    return 1 if np.median(profiles[:, beside]) >= np.median(profiles[:, core]) else -1


def _near(offsets: FloatArray, half_width: float, window: tuple[float, float, float]) -> NDArray[np.bool_]:
    """Which offsets may be the edge's."""
    least, most, margin = window
    return np.asarray((offsets >= least * half_width) & (offsets <= most * half_width + margin))


def _steepest(slopes: FloatArray, offsets: FloatArray, near: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
    """How far out each profile (V, K) rises most, to a fraction of a step, and how steeply; both (V,)."""
    first = int(np.argmax(near))
    place = first + np.argmax(slopes[:, near], axis=1)
    rows = np.arange(len(slopes))
    before, peak, after = (slopes[rows, place + step] for step in (-1, 0, 1))
    bend = before - 2 * peak + after
    beside = np.divide(0.5 * (before - after), bend, out=np.zeros_like(peak), where=bend < 0)
    return offsets[place] + STEP_PX * np.clip(beside, -0.5, 0.5), peak


def _half_width_at(evidence: AnyEvidence, vertices_px: FloatArray) -> float:
    frame = evidence.frame
    points = frame.to_work(vertices_px)
    score, origin = score_around(evidence, points, WIDEST_UM / frame.um_per_work_px)
    half = cv2.dilate(depth(score > 0.5), np.ones((5, 5), np.uint8))
    found = sample(half, points - origin)
    typical = float(np.median(found[found > 0])) if (found > 0).any() else 4.0
    return max(typical, 1.0) / frame.work_per_px


def _profiles(image: NDArray[np.uint8], vertices: FloatArray, offsets: FloatArray, half_width: float) -> FloatArray:
    """(V, len(offsets)) brightness across the line, averaged along it over half a width either way."""
    arcs = arc_positions(vertices)
    along = np.linspace(-1, 1, 5) * min(half_width, 6.0) * 0.75
    places = np.clip(arcs[:, None] + along, 0, arcs[-1])
    points = points_along(vertices, places.ravel())
    ahead = points_along(vertices, np.clip(places.ravel() + 1.5, 0, arcs[-1]))
    behind = points_along(vertices, np.clip(places.ravel() - 1.5, 0, arcs[-1]))
    direction = ahead - behind
    direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-9)
    normal = np.column_stack([-direction[:, 1], direction[:, 0]])
    xy = (points[:, None] + normal[:, None] * offsets[None, :, None]).astype(np.float32)
    sampled = cv2.remap(image, xy[..., 0], xy[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(sampled.reshape(len(vertices), 5, -1).mean(axis=1, dtype=np.float64))


@functools.cache
def _blur_table() -> tuple[FloatArray, FloatArray]:
    """Twice the steepest place (K,) of a shaft's profile under a blur of 1, and the shaft's own width (K,)."""
    own = np.concatenate([[1e-3], np.arange(0.1, 8.0, 0.1)])
    u = np.linspace(0, 6, 6001)
    edge = [np.exp(-((u + side * own[:, None] / 2) ** 2) / 2) for side in (-1, 1)]
    return 2 * u[np.argmax(edge[0] - edge[1], axis=1)], own


def unblurred(seen_px: FloatArray, blur_px: float) -> FloatArray:
    """The shaft's own width from twice its steepest place, both in pixels, given the blur's standard deviation."""
    seen, own = _blur_table()
    relative = np.asarray(seen_px) / max(blur_px, 1e-6)
    inside = np.interp(relative, seen, own)
    return np.where(relative >= seen[-1], relative, inside) * max(blur_px, 1e-6)


def edge_blur(
    brightness: NDArray[np.uint8], mask: NDArray[np.uint8], half_width: NDArray[np.float32], frame: Frame
) -> float:
    """The camera's blur, as a standard deviation in image pixels, from the edges of the thicker shafts.

    A step of height A blurred by σ is steepest at A/(σ√2π). The sharper third of the edges counts: the others are out
    of focus, or a halo.
    """
    edge = mask - cv2.erode(mask, np.ones((3, 3), np.uint8))
    wide = float(np.median(half_width[mask > 0])) if mask.any() else 0.0
    ys, xs = np.nonzero((edge > 0) & (half_width >= min(2.5, wide)))
    if len(xs) < 50:
        return 1.0 / frame.work_per_px if frame.work_per_px < 1 else 1.0
    pick = np.linspace(0, len(xs) - 1, min(len(xs), 4000)).astype(int)
    centres = frame.to_image(np.column_stack([xs[pick], ys[pick]]).astype(np.float64))
    reach = 3.0 / frame.work_per_px
    steps = np.arange(-reach, reach + 0.5, 0.5)
    return _steepness(brightness, centres, steps)


def _steepness(brightness: NDArray[np.uint8], centres: FloatArray, steps: FloatArray) -> float:
    xy = centres.astype(np.float32)
    smooth = brightness
    gx = cv2.remap(smooth, xy[:, 0] + 1, xy[:, 1], cv2.INTER_LINEAR).astype(float) - cv2.remap(
        smooth, xy[:, 0] - 1, xy[:, 1], cv2.INTER_LINEAR
    )
    gy = cv2.remap(smooth, xy[:, 0], xy[:, 1] + 1, cv2.INTER_LINEAR).astype(float) - cv2.remap(
        smooth, xy[:, 0], xy[:, 1] - 1, cv2.INTER_LINEAR
    )
    gradient = np.column_stack([gx.ravel(), gy.ravel()])
    gradient /= np.maximum(np.linalg.norm(gradient, axis=1, keepdims=True), 1e-9)
    points = (centres[:, None] + gradient[:, None] * steps[None, :, None]).astype(np.float32)
    profile = cv2.remap(brightness, points[..., 0], points[..., 1], cv2.INTER_LINEAR).astype(np.float64)
    height = profile.max(axis=1) - profile.min(axis=1)
    slope = np.diff(profile, axis=1).max(axis=1) / (steps[1] - steps[0])
    good = height > 3 * MIN_CONTRAST
    if not good.any():
        return 1.0
    sigma = height[good] / (np.maximum(slope[good], 1e-6) * math.sqrt(2 * math.pi))
    return float(np.percentile(sigma, 33))
