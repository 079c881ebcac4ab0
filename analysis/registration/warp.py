"""The smooth transform from one visit's image to another's: an affine map and a bending of the skin.

A thin-plate spline (Bookstein, IEEE PAMI 1989): the bending is a sum of kernels r² ln r around a few points, so it
fades into a plain affine map where there are none.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from analysis.detection import FloatArray

INVERSE_STEPS = 50
INVERSE_TOLERANCE_PX = 1e-7


def _frozen(values: ArrayLike, columns: int) -> FloatArray:
    array = np.array(values, dtype=np.float64).reshape(-1, columns)
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """From the pixels of the baseline image to those of the follow-up.

    Raises:
        ValueError: if a number is not finite, the affine part cannot be inverted, or knots and bends differ in number.
    """

    affine: FloatArray
    """(2, 3), read-only: a place (x, y) goes to affine @ (x, y, 1), before bending."""
    knots_px: FloatArray = field(default_factory=lambda: _frozen([], 2))
    """(K, 2) baseline pixels, read-only: the middles of the kernels."""
    bends: FloatArray = field(default_factory=lambda: _frozen([], 2))
    """(K, 2), read-only: how much each kernel moves a place, in pixels of the follow-up per `kernel` of 1."""
    unit_px: float = 1.0
    """Length in baseline pixels that counts as 1 inside the kernel."""

    def __post_init__(self) -> None:
        for name, columns in (("affine", 3), ("knots_px", 2), ("bends", 2)):
            object.__setattr__(self, name, _frozen(getattr(self, name), columns))
        if self.affine.shape != (2, 3) or len(self.knots_px) != len(self.bends) or not self.unit_px > 0:
            raise ValueError("the parts of a warp do not fit together")
        if not all(np.isfinite(part).all() for part in (self.affine, self.knots_px, self.bends)):
            raise ValueError("a warp has a number that is not finite")
        if abs(np.linalg.det(self.affine[:, :2])) < 1e-9:
            raise ValueError("a warp that cannot be inverted")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Warp):
            return NotImplemented
        return self.unit_px == other.unit_px and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in ("affine", "knots_px", "bends")
        )

    def __hash__(self) -> int:
        return hash((self.affine.tobytes(), self.bends.tobytes()))

    def to_followup(self, points_px: ArrayLike) -> FloatArray:
        """(N, 2) pixels of the follow-up image for (N, 2) pixels of the baseline image."""
        points = np.asarray(points_px, dtype=np.float64).reshape(-1, 2)
        placed: FloatArray = points @ self.affine[:, :2].T + self.affine[:, 2] + self._bending(points)
        return placed

    def to_baseline(self, points_px: ArrayLike) -> FloatArray:
        """(N, 2) pixels of the baseline image for (N, 2) pixels of the follow-up: the inverse, by fixed point.

        It converges where the skin is bent by less than it is long, which a plausible warp is everywhere near its
        knots; elsewhere the nearest that was reached is given.
        """
        there = np.asarray(points_px, dtype=np.float64).reshape(-1, 2)
        back = np.linalg.inv(self.affine[:, :2]).T
        here: FloatArray = (there - self.affine[:, 2]) @ back
        if not len(self.knots_px):
            return here
        for _ in range(INVERSE_STEPS):
            step = (there - self.to_followup(here)) @ back
            here = here + step
            if not len(step) or np.abs(step).max() < INVERSE_TOLERANCE_PX:
                break
        return here

    def _bending(self, points: FloatArray) -> FloatArray:
        if not len(self.knots_px):
            return np.zeros_like(points)
        apart = (points[:, None, :] - self.knots_px[None, :, :]) / self.unit_px
        bent: FloatArray = kernel(np.einsum("nkd,nkd->nk", apart, apart)) @ self.bends
        return bent


def kernel(squared: FloatArray) -> FloatArray:
    """r² ln r of squared distances, 0 at 0."""
    value: FloatArray = 0.5 * squared * np.log(np.where(squared > 0, squared, 1.0))
    return value
