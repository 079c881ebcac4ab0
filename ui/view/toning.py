"""Pixels as the adjustments want them shown."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ui.view.adjustments import Adjustments, Channel

Pixels = NDArray[np.uint8]

CLIP_LIMIT = 3.0
TILES_ACROSS = 12
"""Of the equalisation, along the longer side."""
GREY_WEIGHTS = (0.299, 0.587, 0.114)
"""Of red, green and blue in a grey image, ITU-R BT.601."""


@lru_cache(maxsize=64)
def curve(brightness: float, contrast: float, gamma: float) -> Pixels:
    """The curve from the stored to the shown level, uint8 (256,), read-only."""
    level = (np.arange(256) / 255.0) ** (1.0 / gamma)
    steepness = 1 + contrast if contrast < 0 else 1 + 4 * contrast
    shown = (level - 0.5) * steepness + 0.5 + brightness
    table: Pixels = np.clip(np.round(shown * 255), 0, 255).astype(np.uint8)
    table.flags.writeable = False
    return table


def adjust(bgrx: Pixels, adjustments: Adjustments) -> None:
    """Change pixels in place, (H, W, 4) uint8 in the order of Qt's 32-bit images: blue, green, red, unused."""
    if not adjustments.pointwise or not bgrx.size:
        return
    wanted = adjustments.channel
    if wanted is Channel.GREY:
        red, green, blue = GREY_WEIGHTS
        # the fourth row keeps the unused byte opaque
        mix = np.array([[blue, green, red, 0]] * 3 + [[0, 0, 0, 1]], dtype=np.float32)
        cv2.transform(bgrx, mix, dst=bgrx)
    elif wanted is not Channel.RGB:
        from_ = {Channel.BLUE: 0, Channel.GREEN: 1, Channel.RED: 2}[wanted]
        single = np.ascontiguousarray(bgrx[..., from_])
        cv2.merge([single, single, single, np.full_like(single, 255)], dst=bgrx)
    table = curve(adjustments.brightness, adjustments.contrast, adjustments.gamma)
    cv2.LUT(bgrx, table, dst=bgrx)
    bgrx[..., 3] = 255


def locally_equalised(image_rgb: Pixels) -> Pixels:
    """The image with its lightness equalised region by region; colours keep their hue.

    Contrast-limited adaptive histogram equalisation (K. Zuiderveld, Graphics Gems IV, 1994) of L* in CIELAB.

    Args:
        image_rgb: (H, W, 3) uint8.

    Returns:
        A new array of the same shape.
    """
    lab = cv2.cvtColor(image_rgb, cv2.COLOR_RGB2LAB)
    height, width = image_rgb.shape[:2]
    tile = max(1.0, max(height, width) / TILES_ACROSS)
    tiles = (max(1, round(width / tile)), max(1, round(height / tile)))
    lightness = cv2.createCLAHE(CLIP_LIMIT, tiles).apply(np.ascontiguousarray(lab[..., 0]))
    lab[..., 0] = lightness
    equalised: Pixels = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)
    return equalised
