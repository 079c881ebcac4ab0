"""Marks that software burnt into an image: vivid circles and lines, scale bars, text boxes."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.detection import DetectedExclusion, FloatArray
from analysis.outlines import outlines_of

Mask = NDArray[np.bool_]

STEP = 22
"""Grey levels from one pixel row to the next that make an edge of a burnt-in box."""
MIN_RUN_PX = 40
STRIP_ROWS = 400
"""Rows looked at together, which bounds the memory."""
VIVID = 45
"""Chroma levels away from the skin's own colour."""


@dataclass(frozen=True)
class Overlays:
    """Burnt-in marks at the working scale, bool (h, w)."""

    lines: Mask
    """Thin: what lies under them is filled from beside them."""
    boxes: Mask
    """Solid: nothing is seen through them."""

    def exclusions(self, to_image: Callable[[FloatArray], FloatArray]) -> list[DetectedExclusion]:
        """The boxes as regions that cannot be measured."""
        return [DetectedExclusion(to_image(outline), "text") for outline in outlines_of(self.boxes)]


def find_overlays(image_rgb: NDArray[np.uint8], work: NDArray[np.uint8], um_per_work_px: float) -> Overlays:
    """Find burnt-in marks.

    Args:
        image_rgb: uint8 (H, W, 3) at its own scale, where a burnt-in edge is still one pixel sharp.
        work: the same at the working scale (h, w, 3).
        um_per_work_px: the working scale.
    """
    height, width = work.shape[:2]
    vivid = _vivid(work)
    if min(image_rgb.shape[:2]) < 3 * MIN_RUN_PX:
        return Overlays(vivid, np.zeros_like(vivid))
    lines, boxes = _straight_marks(cv2.cvtColor(image_rgb, cv2.COLOR_RGB2GRAY))

    def reduced(mask: NDArray[np.uint8]) -> Mask:
        return np.asarray(cv2.resize(mask * 255, (width, height), interpolation=cv2.INTER_AREA) > 32)

    boxes_work = cv2.dilate(reduced(boxes).view(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    lines_work = cv2.dilate(reduced(lines).view(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    return Overlays(vivid | (lines_work & ~boxes_work), boxes_work)


def _vivid(work: NDArray[np.uint8]) -> Mask:
    """Thin marks of a colour that neither skin nor hair has."""
    _, red, blue = cv2.split(cv2.cvtColor(work, cv2.COLOR_RGB2YCrCb))
    off = [cv2.absdiff(c, np.full_like(c, np.uint8(np.median(c[::4, ::4])))) for c in (red, blue)]
    strong = (cv2.max(off[0], off[1]) > VIVID).view(np.uint8)
    if not strong.any():
        return np.asarray(strong, dtype=bool)
    solid = cv2.morphologyEx(strong, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    thin = strong & (1 - cv2.dilate(solid, np.ones((9, 9), np.uint8)))
    return np.asarray(cv2.dilate(thin, np.ones((3, 3), np.uint8)), dtype=bool)


def _straight_marks(grey: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Thin axis-aligned lines and filled axis-aligned boxes, uint8 (H, W) each.

    No lens draws an edge that is one pixel sharp over 40 px of one row; only software does.
    """
    lines = np.zeros_like(grey)
    boxes = np.zeros_like(grey)
    for turned in (False, True):
        picture = grey.T if turned else grey
        down, up = (_sharp_runs(picture, sign) for sign in (1, -1))
        found_lines, found_boxes = _pair_runs(down, up, picture)
        for x0, x1, y0, y1 in found_lines:
            lines[(slice(x0, x1), slice(y0, y1)) if turned else (slice(y0, y1), slice(x0, x1))] = 1
        for x0, x1, y0, y1 in found_boxes:
            boxes[(slice(x0, x1), slice(y0, y1)) if turned else (slice(y0, y1), slice(x0, x1))] = 1
    return lines, boxes


def _sharp_runs(grey: NDArray[np.uint8], sign: int) -> list[tuple[int, int, int]]:
    """Rows y with a run x0..x1 where the picture darkens (sign 1) or brightens (-1) from row y to y + 1 alone."""
    found = []
    for first in range(0, len(grey), STRIP_ROWS):
        top = max(0, first - 1)
        strip = np.ascontiguousarray(grey[top : first + STRIP_ROWS + 2])
        step = cv2.subtract(strip[:-1], strip[1:]) if sign > 0 else cv2.subtract(strip[1:], strip[:-1])
        level = np.zeros((1, step.shape[1]), np.uint8)
        around = cv2.max(np.vstack([level, step[:-1]]), np.vstack([step[1:], level]))
        sharp = ((step > STEP) & (cv2.subtract(step, around) > around)).view(np.uint8)
        closed = cv2.morphologyEx(sharp, cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))
        runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, MIN_RUN_PX), np.uint8))
        own = range(first - top, min(first - top + STRIP_ROWS, len(runs)))
        for row in np.intersect1d(np.flatnonzero(runs.any(axis=1)), own):
            ends = np.flatnonzero(np.diff(np.r_[0, runs[row], 0]))
            found += [(int(top + row), int(a), int(b)) for a, b in zip(ends[::2], ends[1::2], strict=True)]
    return found


def _pair_runs(
    down: list[tuple[int, int, int]], up: list[tuple[int, int, int]], grey: NDArray[np.uint8]
) -> tuple[list[tuple[int, int, int, int]], list[tuple[int, int, int, int]]]:
    """Pair a darkening edge with the brightening edge below it: 1–3 px apart a line, up to 60 px a box."""
    lines: list[tuple[int, int, int, int]] = []
    boxes: list[tuple[int, int, int, int]] = []
    for y0, a0, b0 in down:
        for y1, a1, b1 in up:
            start, end = max(a0, a1), min(b0, b1)
            if not 0 < y1 - y0 <= 60 or end - start < 0.5 * max(b0 - a0, b1 - a1):
                continue
            rectangle = (min(a0, a1), max(b0, b1), y0 + 1, y1 + 1)
            (lines if y1 - y0 <= 3 else boxes).append(rectangle)
    height = grey.shape[0]
    paired = {row for _, _, top, bottom in lines + boxes for row in (top - 1, bottom - 1)}
    at_top = [(a, b, 0, y + 1) for y, a, b in up if y < 40 and b - a > 2 * MIN_RUN_PX and y not in paired]
    at_foot = [
        (a, b, y + 1, height) for y, a, b in down if y > height - 40 and b - a > 2 * MIN_RUN_PX and y not in paired
    ]
    return lines, boxes + at_top + at_foot
