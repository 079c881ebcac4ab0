"""One read of one image as registration and matching take it: columns in pixels, with the scale they are meant at."""

from collections.abc import Sequence

import numpy as np

from analysis.detection import FloatArray
from analysis.matching.visit import VisitHairs
from analysis.measures import unit_centres
from analysis.registration.result import Constellation
from workstation.model.hair import Hair, Origin, Status
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
        direction_rad=directions_rad([hair.vertices_px for hair in hairs], DIRECTION_UM / um_per_px),
        confidence=np.array([_confidence(hair) for hair in hairs], dtype=np.float64),
        region=read.field.region(),
        um_per_px=um_per_px,
    )


def centres_of(read: Read) -> dict[int, FloatArray]:
    """The centre (2,) of every unit of a read with a hair that counts, in pixels, by the unit's id."""
    units = unit_centres(read.columns)
    return dict(zip(units.unit.tolist(), units.centre_px, strict=True))


def directions_rad(lines: Sequence[FloatArray], length_px: float) -> FloatArray:
    """Where the first part of each line goes, from its first point (N,): all lines at once, for there are thousands.

    Args:
        lines: (P, 2) points of each, in pixels; at least two, no two in a row the same.
        length_px: of the first part; all of a line that is shorter.
    """
    if not lines:
        return np.empty(0)
    points = np.concatenate(lines)
    last = np.cumsum([len(line) for line in lines]) - 1
    first = np.concatenate([[0], last[:-1] + 1])
    steps = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    steps[first] = 0.0  # no line leads on from the one before
    along = np.cumsum(steps)
    wanted = np.minimum(along[first] + length_px, along[last])
    after = np.clip(np.searchsorted(along, wanted), first + 1, last)
    share = (wanted - along[after - 1]) / (along[after] - along[after - 1])
    reached = points[after - 1] + share[:, None] * (points[after] - points[after - 1])
    x, y = (reached - points[first]).T
    direction: FloatArray = np.arctan2(y, x)
    return direction


def _confidence(hair: Hair) -> float:
    """Detection's, until a reader judged the hair or put a hand to it."""
    untouched = hair.status is Status.UNREVIEWED and hair.origin is Origin.DETECTED
    return hair.confidence if untouched else 1.0
