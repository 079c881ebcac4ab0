"""The field of view: what of an image is scalp, and what is letterbox or the black around a round field."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.detection import FloatArray

Mask = NDArray[np.bool_]

TOLERANCE = 7
"""Grey levels by which a frame may differ from its own median colour."""
MIN_SHARE = 0.01
"""A frame covers at least this share of the image, else it may as well be a hair at the edge."""
MAX_SHARE = 0.65
"""A larger flat region is the scalp itself, without texture."""
NEUTRAL = 12
"""A frame is black, grey or white: its channels differ by no more grey levels than this."""
WIDEST_HAIR_UM = 250.0


def field_mask(work: NDArray[np.uint8], um_per_work_px: float) -> Mask:
    """Where the image (h, w, 3) shows the scalp, bool (h, w).

    A frame is a region of one flat colour that touches the border and is wider than any hair.
    """
    height, width = work.shape[:2]
    frame = np.zeros((height, width), dtype=bool)
    size = max(3, round(WIDEST_HAIR_UM / um_per_work_px))
    if min(height, width) < 2 * size:
        return ~frame
    for colour in _border_colours(work):
        off = cv2.absdiff(work, np.broadcast_to(colour, work.shape).copy()).max(axis=2)
        alike = (off <= TOLERANCE).view(np.uint8)
        padded = cv2.copyMakeBorder(alike, size, size, size, size, cv2.BORDER_REPLICATE)
        opened = cv2.morphologyEx(padded, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
        alike = opened[size:-size, size:-size]
        _, labels = cv2.connectedComponents(alike)
        touching = np.unique(np.r_[labels[0], labels[-1], labels[:, 0], labels[:, -1]])
        region = np.isin(labels, touching[touching > 0])
        if MIN_SHARE <= region.mean() <= MAX_SHARE:
            frame |= region
    if not frame.any():
        return ~frame
    grown = cv2.dilate(frame.view(np.uint8), np.ones((7, 7), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(1 - grown)
    if len(stats) < 2:
        return np.ones_like(frame)
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    return np.asarray(labels == largest)


def _border_colours(work: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Colours that a stretch of one side shows without texture, each once."""
    found: list[NDArray[np.uint8]] = []
    sides = (work[0], work[-1], work[:, 0], work[:, -1])
    for side in sides:
        for piece in np.array_split(side, 8):
            colour = np.median(piece, axis=0).astype(np.uint8)
            flat = (np.abs(piece.astype(int) - colour).max(axis=1) <= TOLERANCE).mean() > 0.9
            neutral = int(colour.max()) - int(colour.min()) <= NEUTRAL
            if flat and neutral and all(np.abs(colour.astype(int) - f).max() > TOLERANCE for f in found):
                found.append(colour)
    return found


def field_outline(in_field: Mask, to_image: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """The outline (K, 2) of the field of view in image pixels, along the outer edge of its pixels."""
    height, width = in_field.shape
    if in_field.all():
        return to_image(
            np.array([(-0.5, -0.5), (width - 0.5, -0.5), (width - 0.5, height - 0.5), (-0.5, height - 0.5)])
        )
    contours, _ = cv2.findContours(in_field.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(contours, key=cv2.contourArea)
    hull = cv2.convexHull(largest)
    fullness = cv2.contourArea(largest) / max(1.0, cv2.contourArea(hull))
    outline = cv2.approxPolyDP(hull if fullness > 0.9 else largest, 1.5, True)[:, 0].astype(np.float64)
    return to_image(outline)
