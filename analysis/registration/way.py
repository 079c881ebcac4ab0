"""From one image to another that need not be its baseline: through the warps that lie between."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.detection import FloatArray
from analysis.registration.warp import Warp

Size = tuple[int, int]
"""Width and height in pixels."""
PROBES = 12
"""Places along each side of an image by which it is told how two images lie to each other."""


@dataclass(frozen=True, slots=True)
class Step:
    """One warp, taken from the baseline to the follow-up or backwards."""

    warp: Warp
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """From the pixels of one image to those of another, in steps; without any, an image to itself."""

    steps: tuple[Step, ...] = ()

    def there(self, points_px: ArrayLike) -> FloatArray:
        """(N, 2) pixels of the other image for (N, 2) pixels of the one."""
        points: FloatArray = np.asarray(points_px, dtype=np.float64).reshape(-1, 2)
        for step in self.steps:
            points = step.warp.to_baseline(points) if step.backwards else step.warp.to_followup(points)
        return points

    def back(self, points_px: ArrayLike) -> FloatArray:
        """(N, 2) pixels of the one image for (N, 2) pixels of the other."""
        return self.reversed.there(points_px)

    @property
    def reversed(self) -> "Way":
        """From the other image to this one."""
        return Way(tuple(Step(step.warp, not step.backwards) for step in reversed(self.steps)))

    def then(self, onward: "Way") -> "Way":
        """This way and another that begins where it ends."""
        return Way(self.steps + onward.steps)


@dataclass(frozen=True, slots=True)
class Similarity:
    """How two images lie to each other on the whole: a turn, a scale and a shift, without any stretch."""

    scale: float
    """Pixels of the other image per pixel of the one."""
    turn: float
    """How far what is in the one image is turned in the other, clockwise as it is seen, in radians."""
    shift_px: tuple[float, float]
    """Where in the other image the place (0, 0) of the one is seen."""

    def back(self, points_px: ArrayLike) -> FloatArray:
        """(N, 2) pixels of the one image for (N, 2) pixels of the other."""
        points = np.asarray(points_px, dtype=np.float64).reshape(-1, 2) - self.shift_px
        along, across = math.cos(self.turn) / self.scale, math.sin(self.turn) / self.scale
        placed: FloatArray = points @ np.array([[along, -across], [across, along]])
        return placed


def similarity_of(there: Callable[[FloatArray], FloatArray], size: Size, other_size: Size) -> Similarity:
    """The similarity nearest to a map, by least squares over what both images show.

    Args:
        there: maps (N, 2) pixels of one image to those of the other.
        size: of the one image.
        other_size: of the other. Where no place is seen in both, the whole of the one image decides.
    """
    points = grid_of(size, PROBES)
    placed = there(points)
    seen = np.flatnonzero(((placed >= -0.5) & (placed <= np.array(other_size) - 0.5)).all(axis=1))
    if len(seen) < 3:
        seen = np.arange(len(points))
    one, other = (p[seen, 0] + 1j * p[seen, 1] for p in (points, placed))
    middle, goal = complex(one.mean()), complex(other.mean())
    factor = complex(np.vdot(one - middle, other - goal) / np.vdot(one - middle, one - middle))
    shift = goal - factor * middle
    return Similarity(abs(factor), math.atan2(factor.imag, factor.real), (shift.real, shift.imag))


def grid_of(size: Size, n: int) -> FloatArray:
    """(n², 2) places over an image, from edge to edge, row by row."""
    columns, rows = (np.linspace(-0.5, length - 0.5, n) for length in size)
    x, y = np.meshgrid(columns, rows)
    return np.column_stack([x.ravel(), y.ravel()])
