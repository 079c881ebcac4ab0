"""A working scale for an image that has none: from how wide its hairs are in pixels."""

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.detection import Polarity
from analysis.polarity import choose_polarity
from analysis.preprocess import brightness_of

USUAL_WIDTH_UM = 60.0
HALF_WIDTHS_PX = (1.0, 1.5, 2.25, 3.4, 5.0, 7.5, 11.0, 16.0, 24.0)
FALLBACK_UM_PER_PX = 7.0


def estimate_scale(image_rgb: NDArray[np.uint8], polarity: Polarity = Polarity.AUTO) -> tuple[float, str]:
    """Guess µm per pixel by taking the usual hair for 60 µm wide.

    A ridge of half width r answers most to the second derivative at the scale r/√3, normalised by that scale squared;
    the scale at which the image's strongest ridges answer most is that of its usual hair.

    Returns:
        The scale, and a sentence for the user.
    """
    if polarity is Polarity.AUTO:
        polarity = choose_polarity(image_rgb, np.ones(image_rgb.shape[:2], bool), FALLBACK_UM_PER_PX)
    image = brightness_of(image_rgb, polarity).astype(np.float32)
    shrink = max(1.0, max(image.shape) / 1500)
    small = cv2.resize(image, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
    answers = np.stack([_ridge(small, half / np.sqrt(3)) for half in HALF_WIDTHS_PX])
    strongest = answers.max(axis=0)
    usual = np.percentile(strongest, 99)
    if usual < 2.0:
        return FALLBACK_UM_PER_PX, "The image has no scale and no hair to guess one from: 7 µm per pixel was taken."
    hair = strongest > 0.4 * usual
    half = np.exp(np.median(np.log(np.array(HALF_WIDTHS_PX))[answers.argmax(axis=0)[hair]]))
    um_per_px = float(np.clip(USUAL_WIDTH_UM / (2 * half * shrink), 1.0, 40.0))
    return um_per_px, (
        f"The image has no scale: {um_per_px:.1f} µm per pixel was guessed by taking its usual hair for 60 µm wide. "
        "Lengths, areas and densities are only as good as that."
    )


def _ridge(image: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    from analysis.ridges import second_derivatives

    xx, yy, xy = second_derivatives(image, sigma)
    ridge = np.maximum((xx + yy) / 2 + np.hypot((xx - yy) / 2, xy), 0) * sigma**2
    return ridge.astype(np.float32)
