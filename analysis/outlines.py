"""Masks as polygons."""

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.detection import FloatArray

TOLERANCE_PX = 0.7


def outlines_of(mask: NDArray[np.bool_], min_area_px: float = 0.0) -> list[FloatArray]:
    """The connected parts of a mask as simple polygons, each (M, 2) through pixel centres, not closed.

    A part with a hole, such as a frame around the image, is cut open along a column of pixels above the hole:
    what shows through the hole is no part of the mask.

    Args:
        mask: bool (h, w).
        min_area_px: smaller polygons are left out.
    """
    if not mask.any():
        return []
    parts = np.pad(mask.astype(np.uint8), 1)
    while True:
        contours, tree = cv2.findContours(parts, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
        parents = [] if tree is None else tree[0, :, 3]
        holes = [contour[:, 0] for contour, parent in zip(contours, parents, strict=True) if parent >= 0]
        if not holes:
            break
        for hole in holes:
            x, y = hole[np.argmin(hole[:, 1])]
            above = np.flatnonzero(parts[: y + 1, x] == 0)
            parts[above[-1] + 1 : y + 1, x] = 0
    kept = (c for c in contours if cv2.contourArea(c) >= min_area_px)
    polygons = (cv2.approxPolyDP(c, TOLERANCE_PX, True)[:, 0].astype(np.float64) - 1 for c in kept)
    return [polygon for polygon in polygons if len(polygon) >= 3]
