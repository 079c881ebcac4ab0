"""The units of one visit as registration sees them: places on the skin, in millimetres."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
import shapely.affinity
from scipy.spatial import cKDTree

from analysis.detection import BoolArray, FloatArray, IntArray
from analysis.registration.result import Constellation

MOST_HAIRS = 5
"""Units of more hairs are taken for alike."""


@dataclass(frozen=True, eq=False)
class Places:
    """Units of a field, N of them."""

    at_mm: FloatArray
    """(N, 2)"""
    n_hairs: IntArray
    """(N,) 1 to `MOST_HAIRS`."""
    region_mm: shapely.Geometry
    """The field."""
    per_mm2: float
    """Units in it for each mm²."""
    hair_shares: FloatArray
    """(MOST_HAIRS + 1,) share of the units by their number of hairs; none is quite 0."""

    @staticmethod
    def of(units: Constellation) -> "Places":
        """The places of an image's units."""
        mm = units.um_per_px / 1000
        region = shapely.affinity.scale(units.region, mm, mm, origin=(0, 0))
        n_hairs = np.clip(units.n_hairs, 1, MOST_HAIRS)
        counts = np.bincount(n_hairs, minlength=MOST_HAIRS + 1) + 0.5
        density = max(len(n_hairs), 1) / max(float(shapely.area(region)), 1e-6)
        return Places(units.centre_px * mm, n_hairs, region, density, counts / counts.sum())

    def __post_init__(self) -> None:
        shapely.prepare(self.region_mm)

    def __len__(self) -> int:
        return len(self.at_mm)

    @cached_property
    def tree(self) -> cKDTree:
        """For what is near."""
        return cKDTree(self.at_mm)

    @cached_property
    def low_mm(self) -> FloatArray:
        """(2,) upper left corner of the field."""
        return np.array(shapely.bounds(self.region_mm)[:2])

    @cached_property
    def high_mm(self) -> FloatArray:
        """(2,) lower right corner of the field."""
        return np.array(shapely.bounds(self.region_mm)[2:])

    def in_view(self, points_mm: FloatArray) -> BoolArray:
        """(N,) which points lie in the field."""
        inside: BoolArray = shapely.contains_xy(self.region_mm, points_mm)
        return inside

    def within(self, centre_mm: FloatArray, radius_mm: float) -> "Places":
        """The units of a round part of the field."""
        disc = shapely.Point(centre_mm).buffer(radius_mm)
        return replace(self.near(centre_mm, radius_mm), region_mm=shapely.intersection(self.region_mm, disc))

    def near(self, centre_mm: FloatArray, radius_mm: float) -> "Places":
        """The units near a place, and the whole field."""
        near = np.sort(self.tree.query_ball_point(centre_mm, radius_mm)).astype(np.int64)
        return replace(self, at_mm=self.at_mm[near], n_hairs=self.n_hairs[near])
