"""What detection takes and gives: parameters in, columns of hairs out."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Polarity(StrEnum):
    """Whether hair is darker or lighter than the skin around it."""

    AUTO = "auto"
    DARK = "dark"
    LIGHT = "light"


class Preset(StrEnum):
    """Whether the hair in the field was clipped before the image was taken."""

    AUTO = "auto"
    CLIPPED = "clipped"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class DetectionParameters:
    """Everything a user may set about detection; all lengths are physical."""

    polarity: Polarity = Polarity.AUTO
    preset: Preset = Preset.AUTO
    min_width_um: float = 15.0
    max_width_um: float = 150.0
    min_length_um: float = 150.0
    sensitivity: float = 0.5
    unit_distance_um: float = 250.0


@dataclass(frozen=True, eq=False)
class DetectedExclusion:
    """A region that cannot be measured: glare, a bubble, burnt-in text."""

    polygon_px: FloatArray
    """(M, 2), not closed."""
    cause: str


@dataclass(frozen=True, eq=False)
class Detection:
    """Hairs and follicular units found in one image, N hairs in flat columns.

    Hair i has the vertices `vertices_px[first_vertex[i] : first_vertex[i] + n_vertices[i]]`, root first.
    """

    vertices_px: FloatArray
    """(ΣV, 2)"""
    vertex_width_px: FloatArray
    """(ΣV,) full width across the shaft at each vertex."""
    first_vertex: IntArray
    """(N,)"""
    n_vertices: IntArray
    """(N,) each at least 2."""
    width_px: FloatArray
    """(N,) the hair's median width."""
    confidence: FloatArray
    """(N,) 0 to 1."""
    root_visible: BoolArray
    """(N,) false where the hair enters from outside the field of view."""
    unit: IntArray
    """(N,) index of the follicular unit, from 0 without gaps; -1 where the root is not visible."""
    field_polygon_px: FloatArray
    """(K, 2) the measurable field of view, not closed."""
    exclusions: tuple[DetectedExclusion, ...]
    parameters: DetectionParameters
    """As used: `polarity` and `preset` are never `auto` here."""
    um_per_px: float
    """The scale detection worked with; an estimate where the image had none."""
    seconds: float
    notes: tuple[str, ...] = field(default=())
    """Plain sentences for the user, such as that the scale was estimated."""

    @property
    def n_hairs(self) -> int:
        """Number of hairs."""
        return len(self.first_vertex)

    @property
    def n_units(self) -> int:
        """Number of follicular units."""
        return int(self.unit.max(initial=-1)) + 1

    def vertices_of(self, index: int) -> FloatArray:
        """(V, 2) vertices of one hair, root first."""
        start = int(self.first_vertex[index])
        return self.vertices_px[start : start + int(self.n_vertices[index])]
