"""What matching needs to know of one visit's image."""

from dataclasses import dataclass

import numpy as np
import shapely

from analysis.detection import FloatArray, IntArray
from analysis.measures import HairColumns, unit_centres
from analysis.measures.counts import UnitColumns


@dataclass(frozen=True, slots=True, eq=False)
class VisitHairs:
    """The hairs of one image that count, in columns, and the field they were looked for in.

    Raises:
        ValueError: if the columns differ in length.
    """

    id: IntArray
    """(N,) number of each hair."""
    unit: IntArray
    """(N,) number of each hair's follicular unit."""
    root_px: FloatArray
    """(N, 2)"""
    width_um: FloatArray
    """(N,) NaN where no width is known."""
    direction_rad: FloatArray
    """(N,) where the shaft goes from its root, in the image; NaN where that is not known."""
    confidence: FloatArray
    """(N,) probability that the hair is there, 0 to 1."""
    region: shapely.Geometry
    """The measured field in pixels, exclusions cut out."""
    um_per_px: float

    def __post_init__(self) -> None:
        n = len(self.id)
        columns = (self.unit, self.width_um, self.direction_rad, self.confidence)
        if self.root_px.shape != (n, 2) or any(column.shape != (n,) for column in columns):
            raise ValueError("the columns of hairs differ in length")


def units_of(visit: VisitHairs) -> UnitColumns:
    """The follicular units of a visit's hairs, with their centres in pixels."""
    every = np.ones(len(visit.id), dtype=bool)
    return unit_centres(HairColumns(visit.root_px, visit.width_um, visit.unit, every))
