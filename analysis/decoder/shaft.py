"""A decoded shaft, before it is known which end is its root."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shaft:
    """One hair at the working scale."""

    axis: FloatArray
    """(V, 2) in work pixels, from one end to the other."""
    half_width: float
    """In work pixels, from the decoder: the measured width comes later."""

    @property
    def length(self) -> float:
        """Along the axis, in work pixels."""
        return float(np.hypot(*np.diff(self.axis, axis=0).T).sum())

    def reversed(self) -> "Shaft":
        """The same shaft from its other end."""
        return Shaft(self.axis[::-1].copy(), self.half_width)
