"""Reading a map at points between its pixels, and across a line."""

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

MOST_AT_ONCE = 32_000
"""OpenCV counts rows in 16 bits."""


def sample(image: NDArray[np.float32], points: FloatArray) -> FloatArray:
    """Bilinear values of a map (h, w) at points (..., 2); beyond the border its nearest pixel counts."""
    xy = np.asarray(points, dtype=np.float32).reshape(-1, 1, 2)
    if len(xy) == 0:
        return np.zeros(points.shape[:-1])
    parts = [
        cv2.remap(image, xy[first : first + MOST_AT_ONCE], None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for first in range(0, len(xy), MOST_AT_ONCE)
    ]
    read = np.concatenate(parts) if len(parts) > 1 else parts[0]
    return np.asarray(read.reshape(points.shape[:-1]), dtype=np.float64)


def depth(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Distance in pixels from each pixel of a mask (h, w) to the nearest outside it; the image's edge is no outside."""
    inside = cv2.distanceTransform(mask.view(np.uint8), cv2.DIST_L2, 3)
    limited: NDArray[np.float32] = np.minimum(inside, np.float32(max(mask.shape)), out=inside)  # else without end
    return limited


def normals(line: FloatArray) -> FloatArray:
    """Unit normals (V, 2) of a line (V, 2) at its vertices: its direction turned by 90° from x towards y."""
    direction = np.gradient(line, axis=0)
    direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-9)
    return np.column_stack([-direction[:, 1], direction[:, 0]])


def band(line: FloatArray, half_width: float, n_across: int) -> FloatArray:
    """Points (V, n_across, 2) evenly across a line (V, 2), from -half_width to half_width."""
    offsets = np.linspace(-half_width, half_width, n_across)
    points: FloatArray = line[:, None] + normals(line)[:, None] * offsets[None, :, None]
    return points
