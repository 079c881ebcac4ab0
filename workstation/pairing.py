"""The visits of one area against each other: which images are pairs, and what became of each unit and hair.

Matches are not stored but follow from both reads, the registration and the decisions; what was worked out is
remembered as long as these are the very same.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analysis.detection import FloatArray
from analysis.geometry import arc_length
from analysis.matching.match import Matching, Ruling
from analysis.matching.visit import VisitHairs
from analysis.measures import unit_centres
from analysis.progress import Report, silent
from analysis.registration.result import Constellation, LandmarkPairs
from analysis.registration.warp import Warp
from workstation.areas import area_of, areas_of, images_of, subjects
from workstation.errors import UserFacingError
from workstation.image_names import image_names
from workstation.model.hair import Hair
from workstation.model.pair import Decision, Pair, RegistrationRecord
from workstation.model.read import Read
from workstation.model.study import Study

DIRECTION_UM = 200.0
"""A hair's direction is that of its first part of this length: further on it bends."""
REMEMBERED = 256
"""Matchings of so many pairs are kept at hand."""


@dataclass(frozen=True, slots=True)
class PairIds:
    """Two images that belong together, the earlier one first."""

    baseline_image_id: int
    followup_image_id: int


def visits_of(study: Study, image_id: int) -> tuple[int, ...]:
    """One image of each visit of the area that an image shows, earliest first: the first one of each visit."""
    first: dict[int, int] = {}
    for each in images_of(study, area_of(study, image_id)):
        first.setdefault(study.images[each].visit_id, each)
    return tuple(first.values())


def baseline_image_of(study: Study, image_id: int) -> int:
    """The image of the area's first visit; the image itself where it is of that visit."""
    first = visits_of(study, image_id)[0]
    return image_id if study.images[image_id].visit_id == study.images[first].visit_id else first


def wanted_pairs(study: Study) -> tuple[PairIds, ...]:
    """The pairs to be matched: each image of a later visit with the first visit's and that of the visit before."""
    found: list[PairIds] = []
    for subject in subjects(study):
        for area in areas_of(study, subject):
            images = images_of(study, area)
            visits = visits_of(study, images[0])
            order = {study.images[image].visit_id: place for place, image in enumerate(visits)}
            for image in images:
                place = order[study.images[image].visit_id]
                earlier = () if place == 0 else dict.fromkeys((visits[0], visits[place - 1]))
                found += [PairIds(each, image) for each in earlier]
    return tuple(found)


def pair_between(study: Study, baseline_image_id: int, followup_image_id: int) -> Pair | None:
    """The pair of two images, the earlier one first; None where they were never registered."""
    wanted = baseline_image_id, followup_image_id
    return next((pair for pair in study.pairs.values() if pair.image_ids == wanted), None)


def in_force(study: Study, pair: Pair, baseline: Read, followup: Read) -> tuple[Decision, ...]:
    """The decisions of a pair whose ids mean in these reads what they meant, in the order of deciding."""
    before, after = _origins(study, baseline), _origins(study, followup)
    return tuple(
        decision
        for _, decision in sorted(pair.decisions.items())
        if decision.baseline_read_id in before and decision.followup_read_id in after
    )


def matching_of(
    study: Study, pair: Pair, baseline: Read | None = None, followup: Read | None = None
) -> Matching | None:
    """What became of each unit and hair between the images of a pair.

    Args:
        study: the study.
        pair: one of its pairs.
        baseline: the read of the earlier image; the one in use if None.
        followup: the read of the later image; the one in use if None.

    Returns:
        The matching; None where an image has no read or no scale, or the pair is not registered.
    """
    baseline = baseline or study.read_in_use(pair.baseline_image_id)
    followup = followup or study.read_in_use(pair.followup_image_id)
    record = pair.registration
    if baseline is None or followup is None or record is None or not record.usable or record.result.warp is None:
        return None
    scales = scale_of(study, baseline), scale_of(study, followup)
    if scales[0] is None or scales[1] is None:
        return None
    rulings = tuple(decision.ruling for decision in in_force(study, pair, baseline, followup))
    return _matched(_Same(baseline), _Same(followup), scales[0], scales[1], record.result.warp, rulings)


def register_pair(
    study: Study, pair: PairIds, created_utc: str, software_version: str, report: Report = silent
) -> RegistrationRecord:
    """Find how two images lie to each other from the units of the reads in use and the landmarks placed by hand.

    Args:
        study: the study.
        pair: the images.
        created_utc: when, ISO 8601 in UTC to the second.
        software_version: of this program.
        report: told of the progress; may raise `Cancelled`.

    Raises:
        UserFacingError: if an image has no read or no scale.
    """
    from analysis.registration.register import register  # scipy: not for the start of the program

    reads = tuple(_read_to_register(study, i) for i in (pair.baseline_image_id, pair.followup_image_id))
    existing = pair_between(study, pair.baseline_image_id, pair.followup_image_id)
    landmarks = landmarks_of(existing)
    here, there = (constellation_of(read, _scale_to_register(study, read)) for read in reads)
    result = register(here, there, landmarks, report=report)
    return RegistrationRecord(result, reads[0].id, reads[1].id, len(landmarks), software_version, created_utc)


def landmarks_of(pair: Pair | None) -> LandmarkPairs:
    """The landmarks of a pair, in the order of their ids."""
    if pair is None or not pair.landmarks:
        return LandmarkPairs()
    placed = [pair.landmarks[i] for i in sorted(pair.landmarks)]
    return LandmarkPairs(np.array([p.baseline_px for p in placed]), np.array([p.followup_px for p in placed]))


def scale_of(study: Study, read: Read) -> float | None:
    """The scale of a read's places and widths, µm/px: the image's own, else that which detection worked with."""
    calibration = study.images[read.image_id].calibration
    if calibration is not None:
        return calibration.um_per_px
    for read_id in sorted(_origins(study, read), reverse=True):
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


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A read as a key: the very same object, which never changes."""

    read: Read

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.read is self.read

    def __hash__(self) -> int:
        return id(self.read)


@lru_cache(maxsize=REMEMBERED)
def _matched(
    baseline: _Same, followup: _Same, baseline_um_per_px: float, followup_um_per_px: float, warp: Warp,
    rulings: Sequence[Ruling],
) -> Matching:  # fmt: skip
    from analysis.matching.matching import match  # scipy: not for the start of the program

    return match(
        visit_hairs_of(baseline.read, baseline_um_per_px),
        visit_hairs_of(followup.read, followup_um_per_px),
        warp,
        rulings,
    )


def _origins(study: Study, read: Read) -> frozenset[int]:
    """A read and those that it began as a copy of: in them an id means the same, as far as it is there."""
    found = {read.id}
    while read.based_on is not None and read.based_on not in found:
        found.add(read.based_on)
        read = study.reads[read.based_on]
    return frozenset(found)


def _direction_rad(hair: Hair, length_px: float) -> float:
    """Where the first part of a hair goes."""
    line: FloatArray = hair.vertices_px
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    reach = min(length_px, arc_length(line))
    x, y = (np.interp(reach, along, line[:, axis]) - line[0, axis] for axis in (0, 1))
    return math.atan2(y, x)


def _read_to_register(study: Study, image_id: int) -> Read:
    read = study.read_in_use(image_id)
    if read is None:
        name = image_names(study)[image_id]
        raise UserFacingError(f"nothing was detected in {name} yet", remedy="Detect in it first.")
    return read


def _scale_to_register(study: Study, read: Read) -> float:
    scale = scale_of(study, read)
    if scale is None:
        name = image_names(study)[read.image_id]
        raise UserFacingError(f"{name} has no scale", remedy="Set its scale, or detect in it, first.")
    return scale
