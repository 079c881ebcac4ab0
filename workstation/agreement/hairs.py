"""The hairs and units of two reads of one image: which are the same."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from analysis.agreement.objects import ObjectMatch, Objects, first_directions, match_objects, tolerance_px
from analysis.detection import BoolArray, FloatArray, IntArray
from analysis.measures import unit_centres
from workstation.endpoints import measured_field
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study

DIRECTION_TOLERANCES = 3.0
"""A hair's direction is that of its first piece, so many tolerances long: 0.3 mm."""
UNIT_TOLERANCES = 2.0
"""Centres of units may lie so many times further apart than roots: 0.2 mm. Who misses a hair of a unit moves it."""
KEPT = "agreement"


@dataclass(frozen=True, slots=True, eq=False)
class MatchedReads:
    """Two reads of one image, hair by hair and unit by unit.

    Only hairs are looked at that count and are rooted in both fields, and units that are centred in both: what one
    reader cut out of the field is a difference of the fields, not of the hairs.
    """

    first_hairs: IntArray
    """(N,) ids of the first read's hairs that were looked at."""
    second_hairs: IntArray
    """(M,)"""
    hairs: ObjectMatch
    """Its indices are places in `first_hairs` and `second_hairs`."""
    first_width_px: FloatArray
    """(N,) NaN where it is not known."""
    second_width_px: FloatArray
    """(M,)"""
    first_units: IntArray
    second_units: IntArray
    units: ObjectMatch

    @property
    def hair_pairs(self) -> tuple[tuple[int, int], ...]:
        """The ids of each hair that both have, in the first and in the second read."""
        match = self.hairs
        pairs = zip(self.first_hairs[match.first].tolist(), self.second_hairs[match.second].tolist(), strict=True)
        return tuple(pairs)


def match_reads(study: Study, first: Read, second: Read) -> MatchedReads:
    """Pair the hairs and the units of two reads of one image; remembered, for reads never change.

    Args:
        study: gives the image's scale.
        first: a read.
        second: another read of the same image.

    Raises:
        ValueError: if they are of two images.
    """
    if first.image_id != second.image_id:
        raise ValueError(f"reads {first.id} and {second.id} are of two images")
    image = study.images[first.image_id]
    key = f"{KEPT} {second.id}"
    known = first.remembered.get(key)
    if known is None or known[0] is not second or known[1] != image.calibration:
        known = first.remembered[key] = (second, image.calibration, _matched(image, first, second))
    matched: MatchedReads = known[2]
    return matched


def _matched(image: ImageRecord, first: Read, second: Read) -> MatchedReads:
    tolerance = tolerance_px(image.width_px, None if image.calibration is None else image.calibration.um_per_px)
    region = shapely.intersection(measured_field(first.field).region, measured_field(second.field).region)
    inside = measured_field(region).contains if region.area else _nowhere
    (ids, hairs), (other_ids, other_hairs) = (_hairs_of(read, inside, tolerance) for read in (first, second))
    (units, centres), (other_units, other_centres) = (_units_of(read, inside) for read in (first, second))
    return MatchedReads(
        ids,
        other_ids,
        match_objects(hairs, other_hairs, tolerance),
        _widths(hairs),
        _widths(other_hairs),
        units,
        other_units,
        match_objects(centres, other_centres, UNIT_TOLERANCES * tolerance),
    )


def _hairs_of(read: Read, inside: Callable[[FloatArray], BoolArray], tolerance: float) -> tuple[IntArray, Objects]:
    """Ids and columns of the hairs that count."""
    table, columns = read.table, read.columns
    chosen = columns.counts & inside(columns.root_px)
    points = np.column_stack([table.x_px, table.y_px])
    directions = first_directions(points, table.first_vertex, table.n_vertices, DIRECTION_TOLERANCES * tolerance)
    return table.id[chosen], Objects(columns.root_px[chosen], directions[chosen], columns.width_px[chosen])


def _units_of(read: Read, inside: Callable[[FloatArray], BoolArray]) -> tuple[IntArray, Objects]:
    units = unit_centres(read.columns)
    chosen = inside(units.centre_px)
    return units.unit[chosen], Objects(units.centre_px[chosen])


def _widths(hairs: Objects) -> FloatArray:
    assert hairs.width_px is not None
    return hairs.width_px


def _nowhere(points: FloatArray) -> BoolArray:
    """The fields have nothing in common."""
    return np.zeros(len(points), dtype=bool)
