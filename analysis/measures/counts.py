"""Which hairs and units count, and what class a hair's width puts it in."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.detection import BoolArray, FloatArray, IntArray

NO_UNIT = -1
SAME_WIDTH_DECIMALS = 6
"""Widths are compared with cut-offs after rounding to 10⁻⁶ µm, so that 60 µm set by hand stays 60 µm."""


class WidthClass(StrEnum):
    """A hair's class by its width."""

    VELLUS = "vellus"
    INTERMEDIATE = "intermediate"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True, eq=False)
class HairColumns:
    """N hairs of one image, in columns.

    Raises:
        ValueError: if the columns differ in length, a root is not finite, or a width is not positive (NaN apart).
    """

    root_px: FloatArray
    """(N, 2)"""
    width_px: FloatArray
    """(N,) NaN where no width is known."""
    unit: IntArray
    """(N,) any number that hairs of one unit share; −1 for a hair of no unit."""
    counts: BoolArray
    """(N,) whether the hair may count at all: not rejected, root in the image."""

    def __post_init__(self) -> None:
        n = len(self.root_px)
        if self.root_px.shape != (n, 2) or any(c.shape != (n,) for c in (self.width_px, self.unit, self.counts)):
            raise ValueError("the columns of hairs differ in length")
        if not np.isfinite(self.root_px).all():
            raise ValueError("a hair's root is not finite")
        if np.isinf(self.width_px).any() or (self.width_px <= 0).any():
            raise ValueError("a hair's width must be positive, or NaN where it is not known")

    def of(self, chosen: BoolArray) -> "HairColumns":
        """The chosen hairs, a mask (N,)."""
        return HairColumns(self.root_px[chosen], self.width_px[chosen], self.unit[chosen], self.counts[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class UnitColumns:
    """M units in columns."""

    unit: IntArray
    """(M,) their numbers, rising."""
    centre_px: FloatArray
    """(M, 2) mean of the roots of the hairs that count."""
    n_hairs: IntArray
    """(M,) hairs that count, at least 1."""


def unit_centres(hairs: HairColumns) -> UnitColumns:
    """The units that have a hair that counts, with the mean of those hairs' roots."""
    own = hairs.of(hairs.counts & (hairs.unit != NO_UNIT))
    unit, member, n_hairs = np.unique(own.unit, return_inverse=True, return_counts=True)
    sums = [np.bincount(member, weights=own.root_px[:, axis], minlength=len(unit)) for axis in (0, 1)]
    return UnitColumns(unit, np.column_stack(sums) / n_hairs[:, None], n_hairs.astype(np.int64))


def width_classes(width_um: ArrayLike, vellus_below_um: float, terminal_from_um: float) -> dict[WidthClass, BoolArray]:
    """For each class a mask (N,): vellus below the lower cut-off, terminal from the upper one on.

    A width that is not known (NaN) is in no class.
    """
    width = np.round(np.asarray(width_um, dtype=np.float64), SAME_WIDTH_DECIMALS)
    vellus, terminal = width < vellus_below_um, width >= terminal_from_um
    return {
        WidthClass.VELLUS: vellus,
        WidthClass.INTERMEDIATE: np.isfinite(width) & ~vellus & ~terminal,
        WidthClass.TERMINAL: terminal,
    }
