"""Evidence from filters: a pixel is hair where the contrast comes near that of the shaft beside it."""

import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.evidence import Evidence, Map, Mask
from analysis.preprocess import Prepared
from analysis.progress import Report, part_of, silent
from analysis.sampling import depth
from analysis.width import edge_blur

STAGE = "finding hair"
SHARE_OF_LOCAL_MAXIMUM = 0.66
"""Half the height would run into the blurred halo at the root."""
SOFT = 0.3
NOISE_PX = 0.8
"""Standard deviation of the smoothing of the contrast, against noise."""
SHARPEN = 2.0
SHARPEN_UM = 21.0
LOCAL_UM = 105.0
STRIP_ROWS = 512
SCALES_UM = (12.0, 25.0)
"""Gaussian scales of the second derivatives that give the axis."""


def ridge_evidence(prepared: Prepared, sensitivity: float = 0.5, report: Report = silent) -> Evidence:
    """Score, axis and half width from the contrast map.

    Args:
        prepared: the contrast map and where it is visible.
        sensitivity: 0 to 1; the lowest contrast that counts falls as it rises (0.3 to 0.1).
        report: told of the share done, 0 to 1.
    """
    score = shaft_score(prepared, sensitivity, part_of(report, 0, 0.6))
    half_width = half_widths(score > 0.5)
    blur_px = edge_blur(prepared.brightness, (score > 0.5).view(np.uint8), half_width, prepared.frame)
    report(STAGE, 0.7)
    axis = _axis(prepared.contrast, prepared.frame.um_per_work_px, part_of(report, 0.7, 0.3))
    return Evidence(
        prepared.frame, score, axis, half_width, prepared.contrast, prepared.visible, prepared.brightness, blur_px
    )


def shaft_score(prepared: Prepared, sensitivity: float = 0.5, report: Report = silent) -> Map:
    """The score of `Evidence` alone, strip by strip of the image, which bounds the memory.

    Args:
        prepared: the contrast map and where it is visible.
        sensitivity: see `ridge_evidence`.
        report: told of the share done, 0 to 1.
    """
    um = prepared.frame.um_per_work_px
    floor = 0.30 - 0.20 * sensitivity
    reach = math.ceil(LOCAL_UM / um + 4 * (LOCAL_UM / um / 5 + SHARPEN_UM / um + NOISE_PX)) + 4
    score = np.empty_like(prepared.contrast)
    for rows, padded, own in strips(len(score), reach):
        report(STAGE, rows.start / len(score))
        score[rows] = _score_of_strip(denoised(prepared.contrast[padded]), um, floor)[own]
        score[rows][~prepared.visible[rows]] = 0
    return score


def strips(n_rows: int, reach: int) -> Iterator[tuple[slice, slice, slice]]:
    """The rows of a map, strip by strip: a strip, the same with what filters reach, and the strip's place in that."""
    for first in range(0, n_rows, STRIP_ROWS):
        last, top = min(first + STRIP_ROWS, n_rows), max(0, first - reach)
        yield slice(first, last), slice(top, min(last + reach, n_rows)), slice(first - top, last - top)


def denoised(contrast: Map) -> Map:
    """Where hair can be: what is not brighter than skin, smoothed a little."""
    smooth: Map = cv2.GaussianBlur(np.maximum(contrast, 0), (0, 0), NOISE_PX)
    return smooth


def half_widths(mask: Mask) -> Map:
    """Half the width of what is masked (h, w) in pixels, on and near its axis."""
    half: Map = cv2.dilate(depth(mask), np.ones((5, 5), np.uint8))
    return half


def _score_of_strip(contrast: Map, um_per_work_px: float, floor: float) -> Map:
    size = round(LOCAL_UM / um_per_work_px) | 1
    local = cv2.dilate(contrast, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    local = cv2.GaussianBlur(local, (0, 0), size / 5)
    sharp = contrast + SHARPEN * (contrast - cv2.GaussianBlur(contrast, (0, 0), SHARPEN_UM / um_per_work_px))
    near_peak = (sharp / np.maximum(local, 1e-3) - SHARE_OF_LOCAL_MAXIMUM) / SOFT + 0.5
    strong = (contrast - floor) / 0.1 + 0.5
    score: Map = np.clip(np.minimum(near_peak, strong), 0, 1)
    return score


def _axis(contrast: Map, um_per_work_px: float, report: Report) -> Map:
    """Direction along the ridge, strip by strip."""
    axis = np.empty_like(contrast)
    reach = math.ceil(3 * max(SCALES_UM) / um_per_work_px) + 1 + math.ceil(4 * NOISE_PX) + 1
    for rows, padded, own in strips(len(axis), reach):
        report(STAGE, rows.start / len(axis))
        axis[rows] = _axis_of_strip(denoised(contrast[padded]), um_per_work_px)[own]
    return axis


def _axis_of_strip(contrast: Map, um_per_work_px: float) -> Map:
    """Across the strongest second derivative over the scales lies the shaft."""
    strongest = np.full(contrast.shape, -1, np.float32)
    axis = np.zeros(contrast.shape, np.float32)
    for scale_um in SCALES_UM:
        sigma = scale_um / um_per_work_px
        xx, yy, xy = second_derivatives(contrast, sigma)
        twice_gap, twice_angle = cv2.cartToPolar(xx - yy, 2 * xy)
        ridge = (twice_gap - xx - yy) * np.float32(0.5 * sigma**2)
        stronger = ridge > strongest
        axis[stronger] = twice_angle[stronger] / 2
        strongest[stronger] = ridge[stronger]
    return axis % np.float32(np.pi)


def second_derivatives(image: Map, sigma_px: float) -> tuple[Map, Map, Map]:
    """Gaussian second derivatives xx, yy, xy, each (h, w), by separable filters."""
    reach = int(np.ceil(3 * sigma_px))
    x = np.arange(-reach, reach + 1, dtype=np.float64)
    g: NDArray[np.float64] = np.exp(-(x**2) / (2 * sigma_px**2))
    g /= g.sum()
    first = -x / sigma_px**2 * g
    second = (x**2 / sigma_px**4 - 1 / sigma_px**2) * g
    second -= second.mean()
    xx = cv2.sepFilter2D(image, cv2.CV_32F, second, g, borderType=cv2.BORDER_REPLICATE)
    yy = cv2.sepFilter2D(image, cv2.CV_32F, g, second, borderType=cv2.BORDER_REPLICATE)
    xy = cv2.sepFilter2D(image, cv2.CV_32F, first, first, borderType=cv2.BORDER_REPLICATE)
    return xx, yy, xy
