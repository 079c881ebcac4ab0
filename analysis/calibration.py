"""Conversion between pixels and physical units: the only place in the product that converts."""

import math
from dataclasses import dataclass
from enum import StrEnum

MIN_UM_PER_PX = 0.05
MAX_UM_PER_PX = 200.0


class CalibrationSource(StrEnum):
    """Where an image's scale came from."""

    MANIFEST = "manifest"
    METADATA = "metadata"
    DEVICE = "device"
    DRAWN = "drawn"
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
