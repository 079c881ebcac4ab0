"""What registration takes and gives."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import shapely

from analysis.detection import FloatArray, IntArray
from analysis.registration.warp import Warp


class Verdict(StrEnum):
    """Whether a registration can be relied on."""

    GOOD = "good"
    CHECK = "check"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)
class Constellation:
    """The follicular units of one image.

    Raises:
        ValueError: if the columns differ in length or the scale is not positive.
    """

    centre_px: FloatArray
    """(N, 2)"""
    n_hairs: IntArray
    """(N,) hairs that count, at least 1."""
    region: shapely.Geometry
    """The measured field in pixels, exclusions cut out."""
    um_per_px: float

    def __post_init__(self) -> None:
        if self.centre_px.shape != (len(self.n_hairs), 2) or not self.um_per_px > 0:
            raise ValueError("the columns of units differ in length, or the scale is not positive")


def _none() -> FloatArray:
    return np.empty((0, 2))


@dataclass(frozen=True, slots=True, eq=False)
class LandmarkPairs:
    """Places that a reader marked as the same in both images.

    Raises:
        ValueError: if they differ in number.
    """

    baseline_px: FloatArray = field(default_factory=_none)
    """(L, 2)"""
    followup_px: FloatArray = field(default_factory=_none)
    """(L, 2)"""

    def __post_init__(self) -> None:
        if self.baseline_px.shape != (len(self.baseline_px), 2) or self.baseline_px.shape != self.followup_px.shape:
            raise ValueError("landmarks come in pairs")

    def __len__(self) -> int:
        return len(self.baseline_px)


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """How two visits' images lie to each other. Equal when every field is equal, an unknown residual included."""

    warp: Warp | None
    """None where none could be found."""
    verdict: Verdict
    reason: str
    """Why the verdict is what it is, in one plain sentence."""
    residual_um: float
    """Root mean square distance of the units found at both visits after registration; NaN without a warp."""
    n_shared: int
    """Units that were found at both visits."""
    overlap: float
    """Area seen at both visits as a share of the baseline's field; 0 without a warp."""
    overlap_cm2: float

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Registration):
            return NotImplemented
        same_residual = np.array_equal(self.residual_um, other.residual_um, equal_nan=True)
        return same_residual and self._rest() == other._rest()

    def __hash__(self) -> int:
        return hash(self._rest())

    def _rest(self) -> tuple[object, ...]:
        return self.warp, self.verdict, self.reason, self.n_shared, self.overlap, self.overlap_cm2
