"""Sub-pixel width of a shaft: where its profile crosses half height on either side, freed of the camera's blur.

A shaft of width w seen through a Gaussian blur σ has the profile Φ((u + w/2)/σ) - Φ((u - w/2)/σ). Its full width at
half height is w itself where w is many σ, and never below 2.355 σ however thin the shaft: `unblurred` inverts that.
"""

import functools
import math

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.evidence import Evidence
from analysis.geometry import arc_positions, points_along
from analysis.preprocess import Frame

FloatArray = NDArray[np.float64]

STEP_PX = 0.25
"""Between samples of a profile."""
SKIN_UM = 45.0
"""How far beyond the edge skin is looked for."""
SKIN_PERCENTILE = 60
MIN_CONTRAST = 6.0
"""Grey levels of profile height under which a width is not measured."""


def widths_along(evidence: Evidence, vertices_px: FloatArray, half_width_px: float | None = None) -> FloatArray:
    """Full width of the shaft at each vertex, across its direction there.

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
    um_per_px = evidence.frame.um_per_work_px * evidence.frame.work_per_px
    reach = half_width_px * 1.5 + SKIN_UM / um_per_px
    n = math.ceil(reach / STEP_PX)
    offsets = np.arange(-n, n + 1).astype(np.float64) * STEP_PX
    profiles = _profiles(evidence.brightness, vertices, offsets, half_width_px)
    seen = np.array(
        [_full_width(p, offsets, half_width_px, SKIN_UM / um_per_px, 1.5 * evidence.blur_px) for p in profiles]
    )
    return unblurred(seen, evidence.blur_px)


def _half_width_at(evidence: Evidence, vertices_px: FloatArray) -> float:
    points = evidence.frame.to_work(vertices_px).astype(np.float32)
    found = cv2.remap(evidence.half_width, points[:, 0], points[:, 1], cv2.INTER_LINEAR).ravel()
    typical = float(np.median(found[found > 0])) if (found > 0).any() else 4.0
    return max(typical, 1.0) / evidence.frame.work_per_px


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


def _full_width(profile: FloatArray, offsets: FloatArray, half_width: float, skin: float, clear: float) -> float:
    """Distance between the two crossings of half height; NaN if either is missing."""
    core = np.abs(offsets) <= max(0.5, 0.6 * half_width)
    dark = float(np.percentile(profile[core], 20))
    edges = []
    for side in (-1, 1):
        out = side * offsets
        outside = (out >= half_width + clear) & (out <= half_width * 1.3 + skin)
        level = float(np.percentile(profile[outside], SKIN_PERCENTILE)) if outside.any() else dark
        if level - dark < MIN_CONTRAST:
            return math.nan
        edges.append(_crossing(out, profile, dark + 0.5 * (level - dark), half_width))
    return edges[0] + edges[1]


def _crossing(out: FloatArray, profile: FloatArray, half: float, expected: float) -> float:
    """Where the profile rises through half height on the way out, the crossing nearest to what is expected."""
    order = np.argsort(out)
    u, p = out[order], profile[order]
    rising = np.flatnonzero((p[:-1] < half) & (p[1:] >= half) & (u[1:] > -0.5 * expected))
    if len(rising) == 0:
        return math.nan
    places = u[rising] + (half - p[rising]) / (p[rising + 1] - p[rising]) * (u[rising + 1] - u[rising])
    return float(places[np.argmin(np.abs(places - expected))])


@functools.cache
def _blur_table() -> tuple[FloatArray, FloatArray]:
    """Width at half height (K,) of a unit-blurred shaft, and the shaft's own width (K,)."""
    from scipy.optimize import brentq
    from scipy.special import ndtr

    own = np.concatenate([[1e-3], np.arange(0.1, 8.0, 0.1)])
    peak = ndtr(own / 2) - ndtr(-own / 2)
    seen = [
        2 * brentq(lambda u, w=w, h=h: ndtr(u + w / 2) - ndtr(u - w / 2) - h, 0, w + 6)
        for w, h in zip(own, peak / 2, strict=True)
    ]
    return np.array(seen), own


def unblurred(seen_px: FloatArray, blur_px: float) -> FloatArray:
    """The shaft's own width from its width at half height, both in pixels, given the blur's standard deviation."""
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
