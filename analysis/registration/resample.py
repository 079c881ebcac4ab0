"""The follow-up's image drawn through the transform: each of its places where the baseline shows it."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.detection import FloatArray

Map = Callable[[FloatArray], FloatArray]

GRID_PX = 32
"""The transform is worked out so densely; in between it is as good as linear."""


def resampled(
    followup_rgb: NDArray[np.uint8], there: Map, size_px: tuple[int, int], scale: float = 1.0
) -> NDArray[np.uint8]:
    """A follow-up image in the frame of the baseline image, by cubic convolution.

    Args:
        followup_rgb: (H, W, 3) uint8, at most 32,766 pixels each way.
        there: from the baseline's pixels (N, 2) to those of the follow-up: `Warp.to_followup`, say.
        size_px: width and height of the baseline image.
        scale: pixels of the result per pixel of the baseline.

    Returns:
        (round(height · scale), round(width · scale), 3) uint8; black where the follow-up shows nothing.
    """
    width, height = (max(1, round(length * scale)) for length in size_px)
    places = followup_places(there, (width, height), scale)
    turned: NDArray[np.uint8] = cv2.remap(
        followup_rgb, places, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=0
    )
    return turned


def followup_places(there: Map, size_px: tuple[int, int], scale: float) -> NDArray[np.float32]:
    """Where in the follow-up each pixel of the resampled image lies, (height, width, 2).

    Args:
        there: from the baseline's pixels (N, 2) to those of the follow-up.
        size_px: width and height of the resampled image.
        scale: its pixels per pixel of the baseline.
    """
    width, height = size_px
    columns, rows = -(-width // GRID_PX) + 2, -(-height // GRID_PX) + 2
    # one cell more on each side: towards the edge of what it is given, resize no longer interpolates
    x, y = (GRID_PX * (np.arange(n) - 0.5) - 0.5 for n in (columns, rows))
    here: FloatArray = (np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2) + 0.5) / scale - 0.5
    coarse = there(here).reshape(rows, columns, 2).astype(np.float32)
    fine = cv2.resize(coarse, (columns * GRID_PX, rows * GRID_PX), interpolation=cv2.INTER_LINEAR)
    places: NDArray[np.float32] = fine[GRID_PX : GRID_PX + height, GRID_PX : GRID_PX + width]
    return places
