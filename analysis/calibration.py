"""Conversion between pixels and physical units: the only place in the product that converts."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

MIN_UM_PER_PX = 0.05
MAX_UM_PER_PX = 200.0

MIN_DRAWN_PX = 20.0
"""Shorter lines and circles set by hand, each end to about a pixel, would be wrong by more than a tenth."""
MAX_GAP_DEG = 240.0
"""Points on less than a third of a circle leave its diameter open."""
MAX_RELATIVE_RESIDUAL = 0.03
"""Root mean square distance of the points from the circle, as a share of its radius."""


class CalibrationSource(StrEnum):
    """Where an image's scale came from."""

    MANIFEST = "manifest"
    METADATA = "metadata"
    DEVICE = "device"
    DRAWN = "drawn"
    TYPED = "typed"
    COMMAND_LINE = "command line"
    SYNTHETIC = "synthetic"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Scale of an image with square pixels.

    Raises:
        ValueError: if the scale is not a finite number from 0.05 to 200 µm per pixel, which no scalp camera leaves.
    """

    um_per_px: float
    source: CalibrationSource

    def __post_init__(self) -> None:
        if not (math.isfinite(self.um_per_px) and MIN_UM_PER_PX <= self.um_per_px <= MAX_UM_PER_PX):
            raise ValueError(
                f"a scale of {self.um_per_px:g} µm/px is not plausible; "
                f"it must be from {MIN_UM_PER_PX:g} to {MAX_UM_PER_PX:g} µm/px"
            )

    def um(self, length_px: float) -> float:
        """A length in µm."""
        return length_px * self.um_per_px

    def mm(self, length_px: float) -> float:
        """A length in mm."""
        return length_px * self.um_per_px * 1e-3

    def px(self, length_um: float) -> float:
        """A length in pixels."""
        return length_um / self.um_per_px

    def cm2(self, area_px: float) -> float:
        """An area in cm²."""
        return area_px * self.um_per_px**2 * 1e-8


def from_line(p_px: ArrayLike, q_px: ArrayLike, length_mm: float) -> Calibration:
    """The scale from a line drawn along something of known length: a ruler, a scale bar.

    Args:
        p_px: one end, (2,).
        q_px: the other end, (2,).
        length_mm: the true length.

    Raises:
        ValueError: if the line is shorter than 20 px, the length is not positive, or the scale is not plausible.
    """
    ends = np.asarray([p_px, q_px], dtype=np.float64)
    if ends.shape != (2, 2) or not np.isfinite(ends).all():
        raise ValueError("a line needs two points")
    return _drawn(float(np.hypot(*(ends[1] - ends[0]))), length_mm)


def from_circle(points_px: ArrayLike, diameter_mm: float) -> Calibration:
    """The scale from points set on the rim of something round of known diameter: a field stop, a burnt-in circle.

    The circle is the one with the least sum of squared distances to the points, started from the algebraic fit of
    I. Kåsa, IEEE Transactions on Instrumentation and Measurement 25 (1976) 8–14, which alone shrinks short arcs.

    Args:
        points_px: (N, 2), N ≥ 3.
        diameter_mm: the true diameter.

    Raises:
        ValueError: if the points do not fix a circle, it is smaller than 20 px, or the scale is not plausible.
    """
    _, radius_px = fitted_circle(points_px)
    return _drawn(2 * radius_px, diameter_mm)


def fitted_circle(points_px: ArrayLike) -> tuple[NDArray[np.float64], float]:
    """The circle through points on the rim of something round, as `from_circle` takes it.

    Args:
        points_px: (N, 2), N ≥ 3.

    Returns:
        Its centre, (2,), and its radius, in px.

    Raises:
        ValueError: if the points do not fix a circle.
    """
    points = np.asarray(points_px, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 3 or not np.isfinite(points).all():
        raise ValueError("a circle needs at least three points")
    centre, radius, residual = _least_squares_circle(points)
    angles = np.sort(np.degrees(np.arctan2(*(points - centre).T[::-1])))
    gaps = np.diff(angles, append=angles[0] + 360)
    if residual > MAX_RELATIVE_RESIDUAL * radius:
        raise ValueError("the points do not lie on one circle")
    if gaps.max() > MAX_GAP_DEG:
        raise ValueError("the points lie on too short an arc; set them all around the circle")
    return centre, radius


def _drawn(length_px: float, length_mm: float) -> Calibration:
    if not (math.isfinite(length_mm) and length_mm > 0):
        raise ValueError(f"a length of {length_mm:g} mm is not positive")
    if length_px < MIN_DRAWN_PX:
        raise ValueError(f"{length_px:.0f} px is too short to set a scale; draw at least {MIN_DRAWN_PX:.0f} px")
    return Calibration(length_mm * 1e3 / length_px, CalibrationSource.DRAWN)


def _least_squares_circle(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], float, float]:
    """Centre (2,), radius and root mean square distance of the points from it."""
    from scipy.optimize import least_squares  # takes long to import, and only this needs it

    middle = points.mean(axis=0)
    xy = points - middle
    size = float(np.sqrt((xy**2).sum(axis=1).mean()))
    if size == 0:
        raise ValueError("the points lie on one spot")
    xy /= size
    if np.linalg.svd(xy, compute_uv=False)[1] < 1e-3 * math.sqrt(len(xy)):
        raise ValueError("the points lie on a straight line")
    (a, b, c), *_ = np.linalg.lstsq(np.column_stack([2 * xy, np.ones(len(xy))]), (xy**2).sum(axis=1), rcond=None)
    start = [a, b, math.sqrt(c + a * a + b * b)]
    best = least_squares(lambda circle: np.hypot(*(xy - circle[:2]).T) - circle[2], start)
    residual = math.sqrt(2 * best.cost / len(xy))
    return middle + size * best.x[:2], abs(float(best.x[2])) * size, residual * size
