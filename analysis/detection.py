"""What detection takes and gives: parameters in, columns of hairs out."""

from collections.abc import Mapping
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


class Source(StrEnum):
    """What tells which pixels are hair."""

    NETWORK = "network"
    """Together with the filters; where it cannot be run, these answer alone."""
    RIDGES = "ridges"
    """Filters alone."""


@dataclass(frozen=True, slots=True)
class DetectionParameters:
    """Everything a user may set about detection; all lengths are physical.

    A choice that comes as plain text, from a file or a box, is taken for the member of that value.

    Raises:
        ValueError: if no choice has that value.
    """

    polarity: Polarity = Polarity.AUTO
    preset: Preset = Preset.AUTO
    min_width_um: float = 15.0
    max_width_um: float = 150.0
    min_length_um: float = 150.0
    sensitivity: float = 0.5
    unit_distance_um: float = 250.0
    max_length_um: float = 100_000.0
    source: Source = Source.NETWORK

    def __post_init__(self) -> None:
        """Text equals its member but is not it: compared by `is`, it would be no choice at all."""
        for name, kind in (("polarity", Polarity), ("preset", Preset), ("source", Source)):
            object.__setattr__(self, name, kind(getattr(self, name)))


RANGES: Mapping[str, tuple[float, float]] = {
    "min_width_um": (1.0, 500.0),
    "max_width_um": (1.0, 500.0),
    "min_length_um": (20.0, 100_000.0),
    "max_length_um": (20.0, 100_000.0),
    "sensitivity": (0.0, 1.0),
    "unit_distance_um": (10.0, 2000.0),
}
"""The least and the most that each number of `DetectionParameters` may sensibly be."""
_NAMES = {
    "min_width_um": "the least width",
    "max_width_um": "the greatest width",
    "min_length_um": "the least length",
    "max_length_um": "the greatest length",
    "sensitivity": "the sensitivity",
    "unit_distance_um": "the distance within a unit",
}


def parameters_fault(parameters: DetectionParameters) -> str:
    """What cannot be about parameters, as a clause; empty where nothing is wrong."""
    for name, (least, most) in RANGES.items():
        value, unit = getattr(parameters, name), " µm" if name.endswith("_um") else ""
        if not least <= value <= most:
            return f"{_NAMES[name]} must be {least:g} to {most:g}{unit}, not {value:g}"
    for what in ("width", "length"):
        if getattr(parameters, f"min_{what}_um") >= getattr(parameters, f"max_{what}_um"):
            return f"the least {what} must be below the greatest"
    return ""


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
    """As used: `polarity` and `preset` are never `auto` here, and `source` is the one that answered."""
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
