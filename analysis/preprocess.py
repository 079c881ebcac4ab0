"""From an image to a map of contrast at the working scale: field of view, burnt-in marks, glare, background.

Everything after this works at `WORK_UM_PER_PX`, whatever the camera: lengths in work pixels then mean the same
everywhere, and a large image costs no more than its skin is wide.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.detection import DetectedExclusion, FloatArray, Polarity
from analysis.framing import field_mask, field_outline
from analysis.outlines import outlines_of
from analysis.overlays import find_overlays
from analysis.polarity import choose_polarity
from analysis.progress import Report, silent

STAGE = "preparing the image"
WORK_UM_PER_PX = 7.0
MAX_ENLARGEMENT = 4.0
"""A coarse image is enlarged so that a hair has enough pixels across, but not without bound."""
BLOCK_UM = 100.0
BACKGROUND_UM = 1000.0
SKIN_PERCENTILE = 70.0
STRIP_ROWS = 512
"""Rows worked on together, which bounds the memory."""

Map = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Frame:
    """How work pixels lie in the image."""

    height_px: int
    width_px: int
    """Of the image."""
    work_per_px: float
    """Work pixels per image pixel."""
    um_per_work_px: float

    @classmethod
    def of(cls, height_px: int, width_px: int, um_per_px: float) -> "Frame":
        """The working frame of an image of this size and scale."""
        work_per_px = min(um_per_px / WORK_UM_PER_PX, MAX_ENLARGEMENT)
        return cls(height_px, width_px, work_per_px, um_per_px / work_per_px)

    @property
    def work_size(self) -> tuple[int, int]:
        """(width, height) in work pixels, as OpenCV wants it."""
        return (max(1, round(self.width_px * self.work_per_px)), max(1, round(self.height_px * self.work_per_px)))

    def to_work(self, points_px: FloatArray) -> FloatArray:
        """Image pixels (V, 2) to work pixels, origins at pixel centres."""
        return (np.asarray(points_px, dtype=np.float64) + 0.5) * self.work_per_px - 0.5

    def to_image(self, points_work: FloatArray) -> FloatArray:
        """Work pixels (V, 2) to image pixels, origins at pixel centres."""
        return (np.asarray(points_work, dtype=np.float64) + 0.5) / self.work_per_px - 0.5

    def resize(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The image at the working scale."""
        if self.work_size == (self.width_px, self.height_px):
            return image
        way = cv2.INTER_AREA if self.work_per_px < 1 else cv2.INTER_CUBIC
        resized: NDArray[np.uint8] = cv2.resize(image, self.work_size, interpolation=way)
        return resized


@dataclass(frozen=True)
class Prepared:
    """An image made ready for the evidence. All maps are at the working scale (h, w)."""

    frame: Frame
    work: NDArray[np.uint8]
    """(h, w, 3) without burnt-in lines."""
    contrast: Map
    """How much darker (or, for light hair, lighter) than the skin around: 0 is skin, 1 is black (white)."""
    visible: Mask
    """Inside the field of view, outside burnt-in boxes."""
    polarity: Polarity
    """Dark or light, never auto."""
    brightness: NDArray[np.uint8]
    """(H, W) at the image's own scale: the darker, the more it is like hair."""
    field_polygon_px: FloatArray
    exclusions: tuple[DetectedExclusion, ...]


def prepare_image(
    image_rgb: NDArray[np.uint8], um_per_px: float, polarity: Polarity = Polarity.AUTO, report: Report = silent
) -> Prepared:
    """Bring an image to the working scale and express it as contrast against the skin.

    Args:
        image_rgb: uint8 (H, W, 3).
        um_per_px: scale of the image.
        polarity: of the hair; `AUTO` decides from the image.
        report: told of the share done, 0 to 1.
    """
    frame = Frame.of(image_rgb.shape[0], image_rgb.shape[1], um_per_px)
    work = frame.resize(image_rgb)
    in_field = field_mask(work, frame.um_per_work_px)
    report(STAGE, 0.2)
    overlays = find_overlays(image_rgb, work, frame.um_per_work_px)
    report(STAGE, 0.5)
    visible = in_field & ~overlays.boxes
    if overlays.lines.any():
        work = cv2.inpaint(work, overlays.lines.view(np.uint8), 2, cv2.INPAINT_TELEA)
    value = cv2.max(cv2.max(work[..., 0], work[..., 1]), work[..., 2])
    background = skin_level(value, visible, frame.um_per_work_px)
    report(STAGE, 0.7)
    glare = find_glare(work, background)
    if polarity is Polarity.AUTO:
        polarity = choose_polarity(work, visible & ~glare, frame.um_per_work_px)
    report(STAGE, 0.9)
    contrast = _contrast(work, value, background, polarity)
    del value, background  # as large as all that follows
    contrast[~visible] = 0
    exclusions = [*overlays.exclusions(frame.to_image), *_glare_exclusions(glare & visible, frame)]
    brightness = brightness_of(image_rgb, polarity)
    return Prepared(
        frame, work, contrast, visible, polarity, brightness, field_outline(in_field, frame.to_image), tuple(exclusions)
    )


def brightness_of(image_rgb: NDArray[np.uint8], polarity: Polarity) -> NDArray[np.uint8]:
    """One channel (H, W) in which hair is dark: max(R, G, B), turned round where hair is light."""
    brightness = cv2.max(cv2.max(image_rgb[..., 0], image_rgb[..., 1]), image_rgb[..., 2])
    if polarity is Polarity.LIGHT:
        brightness = 255 - brightness
    turned: NDArray[np.uint8] = brightness
    return turned


def skin_level(value: NDArray[np.uint8], visible: Mask, um_per_work_px: float) -> Map:
    """Brightness of the skin under and around the hairs, float32 (h, w).

    A high percentile of each block of 0.1 mm finds skin between hairs even where these are dense; the median of the
    blocks over about 1 mm then ignores glare.
    """
    height, width = value.shape
    block = max(4, round(BLOCK_UM / um_per_work_px))
    rows, columns = -(-height // block), -(-width // block)
    padding = ((0, rows * block - height), (0, columns * block - width))
    filled = np.where(visible, value, 0).astype(np.uint8)
    blocks = np.pad(filled, padding).reshape(rows, block, columns, block).swapaxes(1, 2).reshape(rows, columns, -1)
    rank = min(blocks.shape[-1] - 1, int(blocks.shape[-1] * SKIN_PERCENTILE / 100))
    level = np.partition(blocks, rank, axis=-1)[..., rank]
    level = _fill_empty(level, (blocks > 0).mean(axis=-1) > 0.3)
    reach = max(3, round(BACKGROUND_UM / BLOCK_UM) | 1)
    smooth = cv2.GaussianBlur(cv2.medianBlur(level, reach).astype(np.float32), (0, 0), reach / 6)
    to_block = np.array([[1 / block, 0, 0.5 / block - 0.5], [0, 1 / block, 0.5 / block - 0.5]])
    way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    skin: Map = cv2.warpAffine(smooth, to_block, (width, height), flags=way, borderMode=cv2.BORDER_REPLICATE)
    return skin


def _fill_empty(level: NDArray[np.uint8], known: Mask) -> NDArray[np.uint8]:
    if known.all() or not known.any():
        return level
    filled: NDArray[np.uint8] = cv2.inpaint(level, (~known).view(np.uint8), 3, cv2.INPAINT_TELEA)
    return filled


def find_glare(work: NDArray[np.uint8], background: Map) -> Mask:
    """Specular reflection: near the sensor's limit and far brighter than the skin, without colour."""
    lowest = cv2.min(cv2.min(work[..., 0], work[..., 1]), work[..., 2])
    glare: Mask = lowest > 235
    glare[glare] = lowest[glare] > background[glare] * 1.15
    return glare


def _contrast(work: NDArray[np.uint8], value: NDArray[np.uint8], background: Map, polarity: Polarity) -> Map:
    """Dark hair: V = max(R, G, B), in which vessels and coloured marks are as bright as skin."""
    contrast: Map = background - value
    for first in range(0, len(contrast), STRIP_ROWS):  # these maps are the largest there are
        skin, rows = background[first : first + STRIP_ROWS], contrast[first : first + STRIP_ROWS]
        rows /= np.maximum(skin, 8) if polarity is Polarity.DARK else np.minimum(skin - 255, -24)
    return np.clip(contrast, -1, 1, out=contrast)


def _glare_exclusions(glare: Mask, frame: Frame) -> list[DetectedExclusion]:
    """Patches of glare too large to see a hair through: above 0.05 mm²."""
    size = max(3, round(60 / frame.um_per_work_px) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    solid = cv2.morphologyEx(cv2.morphologyEx(glare.view(np.uint8), cv2.MORPH_CLOSE, kernel), cv2.MORPH_OPEN, kernel)
    large = outlines_of(solid.astype(bool), min_area_px=5e4 / frame.um_per_work_px**2)
    return [DetectedExclusion(frame.to_image(outline), "glare") for outline in large]
