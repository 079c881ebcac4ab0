"""An image as bare pixels: no metadata, burnt-in text and boxes and all beside the field of view made grey."""

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.burnt_in_text import find_text
from analysis.detection import FloatArray
from analysis.framing import field_mask
from analysis.outlines import outlines_of
from analysis.overlays import find_overlays
from analysis.preprocess import Frame

USUAL_UM_PER_PX = 7.0
"""Where an image has no scale."""
GREY = 128
FRAME_MARGIN_PX = 2
"""The edge of the field of view is known to about that, and skin is not masked."""
MIN_AREA_PX = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class CleanPicture:
    """A picture that may be passed on."""

    png: bytes
    sha256: str
    masked_px: tuple[FloatArray, ...]
    """Outlines (M, 2) of what was masked, through the outer edge of its pixels."""


def clean_picture(pixels: NDArray[np.uint8], um_per_px: float | None) -> CleanPicture:
    """Mask what software wrote into a picture, and encode what is left without loss.

    Args:
        pixels: uint8 (H, W, 3) RGB, upright.
        um_per_px: the scale, None where it is not known.
    """
    clean, masked_px = masked_pixels(pixels, um_per_px)
    png = encoded(clean)
    return CleanPicture(png, hashlib.sha256(png).hexdigest(), masked_px)


def masked_pixels(
    pixels: NDArray[np.uint8], um_per_px: float | None
) -> tuple[NDArray[np.uint8], tuple[FloatArray, ...]]:
    """A picture with what software wrote into it made grey, and the outlines (M, 2) of that. Arguments as above."""
    masked = text_mask(pixels, um_per_px or USUAL_UM_PER_PX)
    clean = pixels.copy()
    clean[masked] = GREY
    return clean, tuple(_grown(outline) for outline in outlines_of(masked, min_area_px=MIN_AREA_PX))


def encoded(pixels: NDArray[np.uint8], level: int | None = None) -> bytes:
    """A picture as PNG, without loss.

    Args:
        pixels: uint8 (H, W, 3) RGB.
        level: how hard to compress, 1 to 9; None: the encoder's own choice.
    """
    chosen = [] if level is None else [cv2.IMWRITE_PNG_COMPRESSION, level]
    done, data = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), chosen)
    if not done:
        raise ValueError("the picture could not be encoded")
    return data.tobytes()


def text_mask(pixels: NDArray[np.uint8], um_per_px: float) -> NDArray[np.bool_]:
    """What is masked, bool (H, W): lines of text, burnt-in boxes, and all beside the field of view."""
    height, width = pixels.shape[:2]
    frame = Frame.of(height, width, um_per_px)
    work = frame.resize(pixels)
    boxes = find_overlays(pixels, work, frame.um_per_work_px).boxes
    outside = ~field_mask(work, frame.um_per_work_px)
    masked = _enlarged(boxes, width, height) > 0
    beside = _enlarged(outside, width, height)
    size = 2 * FRAME_MARGIN_PX + 1
    masked |= cv2.erode(beside, np.ones((size, size), np.uint8)) > 0
    for x0, y0, x1, y1 in find_text(pixels):
        masked[y0:y1, x0:x1] = True
    result: NDArray[np.bool_] = masked
    return result


def _enlarged(mask: NDArray[np.bool_], width: int, height: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(mask.view(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def _grown(outline_px: FloatArray) -> FloatArray:
    """An outline through pixel centres, moved outward by about half a pixel."""
    middle = (outline_px.min(axis=0) + outline_px.max(axis=0)) / 2
    return np.asarray(outline_px + 0.5 * np.sign(outline_px - middle))
