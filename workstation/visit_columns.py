"""One read of one image as registration and matching take it: columns in pixels, with the scale they are meant at."""

import math

import numpy as np

from analysis.detection import FloatArray
from analysis.geometry import arc_length
from analysis.matching.visit import VisitHairs
from analysis.measures import unit_centres
from analysis.registration.result import Constellation
from workstation.model.hair import Hair
from workstation.model.read import Read
from workstation.model.study import Study

DIRECTION_UM = 200.0
"""A hair's direction is that of its first part of this length: further on it bends."""


def origins(study: Study, read: Read) -> frozenset[int]:
    """A read and those that it began as a copy of: in them an id means the same, as far as it is there."""
    found = {read.id}
    while read.based_on is not None and read.based_on not in found:
        found.add(read.based_on)
        read = study.reads[read.based_on]
    return frozenset(found)


def scale_of(study: Study, read: Read) -> float | None:
    """The scale of a read's places and widths, µm/px: the image's own, else that which detection worked with."""
    calibration = study.images[read.image_id].calibration
    if calibration is not None:
        return calibration.um_per_px
    for read_id in sorted(origins(study, read), reverse=True):
        if (detection := study.reads[read_id].detection) is not None:
            return detection.um_per_px
    return None


def constellation_of(read: Read, um_per_px: float) -> Constellation:
    """The units of a read that have a hair that counts."""
    units = unit_centres(read.columns)
    return Constellation(units.centre_px, units.n_hairs, read.field.region(), um_per_px)


def visit_hairs_of(read: Read, um_per_px: float) -> VisitHairs:
    """The hairs of a read that count."""
    hairs = [hair for hair in read.hairs.values() if hair.counts and hair.unit_id is not None]
    return VisitHairs(
        id=np.array([hair.id for hair in hairs], dtype=np.int64),
        unit=np.array([hair.unit_id for hair in hairs], dtype=np.int64),
        root_px=np.array([hair.root_px for hair in hairs], dtype=np.float64).reshape(-1, 2),
        width_um=np.array([hair.width_px * um_per_px for hair in hairs], dtype=np.float64),
        direction_rad=np.array([_direction_rad(hair, DIRECTION_UM / um_per_px) for hair in hairs], dtype=np.float64),
        confidence=np.array([hair.confidence for hair in hairs], dtype=np.float64),
        region=read.field.region(),
        um_per_px=um_per_px,
    )


def _direction_rad(hair: Hair, length_px: float) -> float:
    """Where the first part of a hair goes."""
    line: FloatArray = hair.vertices_px
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    reach = min(length_px, arc_length(line))
    x, y = (np.interp(reach, along, line[:, axis]) - line[0, axis] for axis in (0, 1))
    return math.atan2(y, x)
