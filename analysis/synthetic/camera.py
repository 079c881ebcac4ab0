"""Where the camera stands: from the scalp's millimetres to the image's pixels."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.detection import FloatArray


@dataclass(frozen=True)
class Pose:
    """The camera's place over the scalp, and how the skin is stretched under it.

    The image's middle shows `centre_mm`; a stretch bends the skin smoothly by quadratic terms.
    """

    size_px: tuple[int, int]
    um_per_px: float
    centre_mm: tuple[float, float] = (0.0, 0.0)
    rotation_rad: float = 0.0
    stretch: tuple[float, float, float, float, float, float] = (0.0,) * 6
    """Displacement in mm at the field's edge, by x², xy and y²: of x, then of y."""

    @property
    def half_mm(self) -> float:
        """Half the longer side of the field."""
        return max(self.size_px) * self.um_per_px / 2000

    def _bent(self, p: FloatArray) -> FloatArray:
        x, y = p.T / self.half_mm
        bent: FloatArray = np.column_stack([x * x, x * y, y * y]) @ np.reshape(self.stretch, (2, 3)).T
        return bent

    def to_px(self, points_mm: FloatArray) -> FloatArray:
        """(N, 2) pixels of (N, 2) places on the scalp."""
        p = points_mm - np.array(self.centre_mm)
        p = p + self._bent(p)
        c, s = math.cos(self.rotation_rad), math.sin(self.rotation_rad)
        turned = p @ np.array([[c, s], [-s, c]])
        placed: FloatArray = turned * (1000 / self.um_per_px) + (np.array(self.size_px) - 1) / 2
        return placed

    def to_mm(self, points_px: FloatArray) -> FloatArray:
        """(N, 2) places on the scalp of (N, 2) pixels: the inverse of `to_px`, to a nanometre."""
        c, s = math.cos(self.rotation_rad), math.sin(self.rotation_rad)
        seen = (points_px - (np.array(self.size_px) - 1) / 2) * (self.um_per_px / 1000) @ np.array([[c, -s], [s, c]])
        p = seen.copy()
        for _ in range(40):
            p = seen - self._bent(p)
        found: FloatArray = p + np.array(self.centre_mm)
        return found
