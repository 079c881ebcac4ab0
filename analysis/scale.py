"""A working scale for an image that has none: from how wide its hairs are in pixels."""

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.detection import Polarity
from analysis.polarity import choose_polarity
from analysis.preprocess import brightness_of, prepare_image
from analysis.ridges import ridge_evidence, second_derivatives
from analysis.sampling import depth

USUAL_WIDTH_UM = 60.0
WEIGHED_SHARE = 1.17
"""The median by the square of the width over the usual width, as synthetic fields have it."""
SLENDER = 4.0
"""A hair is at least so many times as long as wide."""
HALF_WIDTHS_PX = (1.0, 1.5, 2.25, 3.4, 5.0, 7.5, 11.0, 16.0)
FALLBACK_UM_PER_PX = 7.0
LEAST_UM_PER_PX, MOST_UM_PER_PX = 1.0, 40.0
LARGEST_PX = 1300
"""Longer side of the image that is looked at."""
ROUNDS = 3


def estimate_scale(image_rgb: NDArray[np.uint8], polarity: Polarity = Polarity.AUTO) -> tuple[float, str]:
    """Guess µm per pixel by taking the usual hair for 60 µm wide.

    A first guess comes from the scale at which the strongest line-like ridges answer most; then the hairs found at
    that scale are measured, and the guess mended, until the two agree.

    Returns:
        The scale, and a sentence for the user.
    """
    shrink = max(1.0, max(image_rgb.shape) / LARGEST_PX)
    small = cv2.resize(image_rgb, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
    if polarity is Polarity.AUTO:
        polarity = choose_polarity(small, np.ones(small.shape[:2], bool), FALLBACK_UM_PER_PX)
    half_px = _ridge_half_width(brightness_of(small, polarity).astype(np.float32))
    if half_px is None:
        return FALLBACK_UM_PER_PX, "The image has no scale and no hair to guess one from: 7 µm per pixel was taken."
    um_per_px = USUAL_WIDTH_UM / (2 * half_px)
    for _ in range(ROUNDS):
        um_per_px = float(np.clip(um_per_px, LEAST_UM_PER_PX * shrink, MOST_UM_PER_PX))
        width_um = _usual_width_um(small, um_per_px, polarity)
        if width_um is None:
            break
        um_per_px *= float(np.clip(USUAL_WIDTH_UM / width_um, 0.5, 2.0))
    # only now: hair is told from texture better where it is measured as if it were a little narrower
    um_per_px = float(np.clip(WEIGHED_SHARE * um_per_px / shrink, LEAST_UM_PER_PX, MOST_UM_PER_PX))
    return um_per_px, (
        f"The image has no scale: {um_per_px:.1f} µm per pixel was guessed by taking its usual hair for 60 µm wide. "
        "Lengths, areas and densities are only as good as that."
    )


def _usual_width_um(image_rgb: NDArray[np.uint8], um_per_px: float, polarity: Polarity) -> float | None:
    """Median width over the axes of slender parts of what is hair at this scale; None where nothing is.

    Each place counts by the square of its width: wet or scaly skin has more ridges than hairs, but finer ones.
    """
    evidence = ridge_evidence(prepare_image(image_rgb, um_per_px, polarity))
    hair = evidence.score > 0.5
    inside = depth(hair)
    on_axis = (inside >= cv2.dilate(inside, np.ones((3, 3), np.uint8))) & (inside > 1)
    if on_axis.sum() < 30:
        return None
    width = 2 * inside[on_axis].astype(np.float64)
    slender = _extent_of_parts(hair)[on_axis] > SLENDER * width
    ordered = np.sort(width[slender] if slender.sum() >= 30 else width)
    weight = np.cumsum(ordered**2)
    return float(ordered[np.searchsorted(weight, weight[-1] / 2)] * evidence.frame.um_per_work_px)


def _extent_of_parts(hair: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(h, w) for each pixel of hair the diagonal of the box around its part."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(hair.view(np.uint8), connectivity=8)
    extent: NDArray[np.float64] = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])[labels]
    return extent


def _ridge_half_width(image: NDArray[np.float32]) -> float | None:
    """Half width in pixels of the image's strongest line-like ridges; None where there is none.

    A ridge of half width r answers most to the second derivative at the scale r/√3.
    """
    answers = np.stack([_line_ridge(image, half / np.sqrt(3)) for half in HALF_WIDTHS_PX])
    strongest = answers.max(axis=0)
    usual = np.percentile(strongest, 99)
    if usual < 2.0:
        return None
    hair = strongest > 0.4 * usual
    return float(np.exp(np.median(np.log(np.array(HALF_WIDTHS_PX))[answers.argmax(axis=0)[hair]])))


def _line_ridge(image: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """How much more the image bends up across than along, normalised by the scale."""
    xx, yy, xy = second_derivatives(image, sigma)
    mean, half_gap = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    return np.asarray(np.maximum(mean + half_gap - 1.5 * np.abs(mean - half_gap), 0) * sigma**2, dtype=np.float32)
