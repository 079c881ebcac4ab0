"""Which part of an image a preview of its detection looks at: what is seen and a margin, within what is quick."""

import math
from dataclasses import dataclass

from analysis.preprocess import Frame
from ui.view.boxes import Box

MARGIN_UM = 300.0
"""Hairs that reach into what is seen are followed so far beyond it."""
USUAL_UM_PER_PX = 6.0
"""Where an image has no scale."""
MOST_PX = 1_300_000
"""Of the image, margin included."""
MOST_WORK_PX = 500_000
"""At the scale that detection works at, whatever the camera: a second or two of one core."""
LEAST_UM = 2_000.0
"""A smaller part is too small to tell dark hair from light, or long from clipped."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an image."""

    left: int
    top: int
    right: int
    bottom: int
    """Columns and rows that are looked at, the last two excluded."""
    box_px: Box
    """Within them, what the preview is of: in image pixels, to the edges of those seen."""
    framed: bool
    """Whether more than that is seen."""


def part_of(visible_px: Box, image_size: tuple[int, int], um_per_px: float | None) -> Part | None:
    """The part that a preview looks at.

    Args:
        visible_px: what is seen, in image pixels; it may reach beyond the image.
        image_size: width and height in pixels.
        um_per_px: the image's scale; None where it is not known.

    Returns:
        All that is seen of the image, or the middle of it where that is too much; None where nothing of it is seen.
    """
    width, height = image_size
    left, top = max(visible_px[0], -0.5), max(visible_px[1], -0.5)
    right, bottom = min(visible_px[2], width - 0.5), min(visible_px[3], height - 0.5)
    if right - left < 1 or bottom - top < 1:
        return None
    scale = USUAL_UM_PER_PX if um_per_px is None else um_per_px
    most = min(MOST_PX, MOST_WORK_PX / Frame.of(height, width, scale).work_per_px ** 2)
    margin = min(MARGIN_UM / scale, most**0.5 / 4)
    size = _shrunk(right - left, bottom - top, margin, most)
    framed = size != (right - left, bottom - top)
    least = 0.0 if framed else min(LEAST_UM / scale, most**0.5)
    middle = ((left + right) / 2, (top + bottom) / 2)
    box = (middle[0] - size[0] / 2, middle[1] - size[1] / 2, middle[0] + size[0] / 2, middle[1] + size[1] / 2)
    columns = _widened(box[0], box[2], margin, least, width)
    rows = _widened(box[1], box[3], margin, least, height)
    return Part(columns[0], rows[0], columns[1], rows[1], box, framed)


def _shrunk(width: float, height: float, margin: float, most: float) -> tuple[float, float]:
    """A size of the same shape that is small enough with its margins."""
    if (width + 2 * margin) * (height + 2 * margin) <= most:
        return width, height
    # as large a share of both as fits: share² w h + 2 share margin (w + h) + 4 margin² = most
    a, b, c = width * height, 2 * margin * (width + height), 4 * margin**2 - most
    share = (-b + (b**2 - 4 * a * c) ** 0.5) / (2 * a)
    return share * width, share * height


def _widened(low: float, high: float, margin: float, least: float, extent: int) -> tuple[int, int]:
    """The pixels, the last excluded, of a stretch with its margins, not shorter than the least, within the image."""
    more = max(margin, (least - (high - low)) / 2)
    return max(0, math.floor(low - more + 0.5)), min(extent, math.ceil(high + more + 0.5))
