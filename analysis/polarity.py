"""Whether the hair in an image is darker or lighter than its skin."""

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.detection import Polarity

RIDGE_UM = 28.0
"""Near the scale at which a usual hair answers most: there its flanks, of the other sign, answer far less."""
CLEARLY = 1.25


def choose_polarity(work: NDArray[np.uint8], usable: NDArray[np.bool_], um_per_work_px: float) -> Polarity:
    """Dark unless the light ridges of the image (h, w, 3) clearly outweigh the dark ones.

    Ridges are weighed by how elongated they are (coherence of the structure tensor over 0.15 mm), so that bright
    flakes and round spots count for little; glare is left out through `usable`.
    """
    if not usable.any():
        return Polarity.DARK
    brightness = cv2.max(cv2.max(work[..., 0], work[..., 1]), work[..., 2])
    if min(work.shape[:2]) >= 64:
        brightness = cv2.resize(brightness, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        usable = cv2.resize(usable.view(np.uint8), brightness.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
        um_per_work_px *= 2
    value = cv2.GaussianBlur(brightness.astype(np.float32), (0, 0), RIDGE_UM / um_per_work_px)
    xx = cv2.Sobel(value, cv2.CV_32F, 2, 0)
    yy = cv2.Sobel(value, cv2.CV_32F, 0, 2)
    xy = cv2.Sobel(value, cv2.CV_32F, 1, 1)
    half_gap = np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    dark = np.maximum((xx + yy) / 2 + half_gap, 0)
    light = np.maximum(half_gap - (xx + yy) / 2, 0)
    near = cv2.erode(usable.view(np.uint8), np.ones((9, 9), np.uint8)).astype(bool)
    coherence = _coherence(value, 150 / um_per_work_px)
    dark_weight, light_weight = (float(np.sum((r * coherence)[near] ** 2)) for r in (dark, light))
    return Polarity.LIGHT if light_weight > CLEARLY * dark_weight else Polarity.DARK


def _coherence(value: NDArray[np.float32], sigma_px: float) -> NDArray[np.float32]:
    gx, gy = cv2.Sobel(value, cv2.CV_32F, 1, 0), cv2.Sobel(value, cv2.CV_32F, 0, 1)
    xx, yy, xy = (cv2.GaussianBlur(g, (0, 0), sigma_px / 2) for g in (gx * gx, gy * gy, gx * gy))
    coherence: NDArray[np.float32] = np.hypot(xx - yy, 2 * xy) / np.maximum(xx + yy, 1e-3)
    return coherence
