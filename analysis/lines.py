"""Many lines at once: each as `SAMPLES` points evenly along it, float64 (N, SAMPLES, 2) in work pixels."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SAMPLES = 49


def even(lines: list[FloatArray]) -> FloatArray:
    """(N, SAMPLES, 2) the same lines, given each as vertices (V, 2) that are not all one point."""
    evenly = np.empty((len(lines), SAMPLES, 2))
    share = np.linspace(0, 1, SAMPLES)
    for i, line in enumerate(lines):
        step = np.hypot(line[1:, 0] - line[:-1, 0], line[1:, 1] - line[:-1, 1])
        along = np.concatenate([[0.0], step.cumsum()])
        wanted = share * along[-1]
        evenly[i, :, 0] = np.interp(wanted, along, line[:, 0])
        evenly[i, :, 1] = np.interp(wanted, along, line[:, 1])
    return evenly


def between(lines: FloatArray, first: FloatArray, last: FloatArray) -> FloatArray:
    """(N, SAMPLES, 2) the pieces between two places each, (N,), counted in samples and fractions of them."""
    at = np.linspace(first, last, SAMPLES, axis=1)
    low = np.clip(at.astype(int), 0, SAMPLES - 2)
    rows = np.arange(len(lines))[:, None]
    share = (at - low)[..., None]
    piece: FloatArray = lines[rows, low] * (1 - share) + lines[rows, low + 1] * share
    return piece


def lengths(lines: FloatArray) -> FloatArray:
    """(N,) pixels along each."""
    step = np.diff(lines, axis=1)
    along: FloatArray = np.hypot(step[..., 0], step[..., 1]).sum(axis=1)
    return along


def directions(lines: FloatArray) -> FloatArray:
    """(N, SAMPLES, 2) unit tangents."""
    ahead = np.gradient(lines, axis=1)
    unit: FloatArray = ahead / np.maximum(np.hypot(ahead[..., 0], ahead[..., 1]), 1e-9)[..., None]
    return unit


def across(tangents: FloatArray) -> FloatArray:
    """Unit normals for unit tangents (..., 2): turned by 90° from x towards y."""
    return np.stack([-tangents[..., 1], tangents[..., 0]], axis=-1)


def moved(lines: FloatArray, ends: FloatArray, aside: FloatArray) -> FloatArray:
    """(N, SAMPLES, 2) lines with their ends moved.

    Args:
        lines: (N, SAMPLES, 2).
        ends: (N, 2) pixels by which the first and the last end move outwards, straight on; inwards where negative.
        aside: (N, 2) pixels by which they move sideways.
    """
    step = lengths(lines) / (SAMPLES - 1)
    first, last = -ends[:, 0] / step, SAMPLES - 1 + ends[:, 1] / step
    at = np.linspace(first, last, SAMPLES, axis=1)
    inside = np.clip(at, 0, SAMPLES - 1)
    low = np.minimum(inside.astype(int), SAMPLES - 2)
    rows = np.arange(len(lines))[:, None]
    share = (inside - low)[..., None]
    tangent = directions(lines)
    out = lines[rows, low] * (1 - share) + lines[rows, low + 1] * share
    outward = np.where((at < inside)[..., None], tangent[:, [3]], tangent[:, [-4]])
    out += outward * ((at - inside) * step[:, None])[..., None]
    t = np.linspace(0, 1, SAMPLES)[None, :, None]
    normal = across(tangent)
    result: FloatArray = out + normal * (aside[:, :1, None] * (1 - t) + aside[:, 1:, None] * t)
    return result
