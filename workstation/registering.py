"""How the images of a pair lie to each other: found from their reads, on any executor, kept with what it rests on."""

from dataclasses import dataclass

import numpy as np

from analysis.progress import Report, silent
from analysis.registration.result import Constellation, LandmarkPairs, Registration
from workstation.clock import utc_seconds
from workstation.errors import UserFacingError
from workstation.image_names import image_names
from workstation.model.pair import Pair, RegistrationRecord
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.pairing import PairIds, pair_between
from workstation.version import software_version
from workstation.visit_columns import constellation_of, scale_of


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """Two images to be registered: all that it takes, so that any process can do it."""

    pair: PairIds
    baseline: Constellation
    followup: Constellation
    landmarks: LandmarkPairs
    baseline_read_id: int
    followup_read_id: int


def request_of(study: Study, pair: PairIds) -> Request:
    """What it takes to register two images, from the reads in use and the landmarks placed by hand.

    Raises:
        UserFacingError: if an image has no read or no scale.
    """
    before, after = (_read(study, i) for i in (pair.baseline_image_id, pair.followup_image_id))
    here, there = (constellation_of(read, _scale(study, read)) for read in (before, after))
    landmarks = landmarks_of(pair_between(study, pair.baseline_image_id, pair.followup_image_id))
    return Request(pair, here, there, landmarks, before.id, after.id)


def carry_out(request: Request, report: Report = silent) -> Registration:
    """Register; in any thread or process.

    Raises:
        Cancelled: when `report` raises it.
    """
    from analysis.registration.registering import register  # scipy: not for the start of the program

    return register(request.baseline, request.followup, request.landmarks, report=report)


def record_of(request: Request, result: Registration) -> RegistrationRecord:
    """What is kept of a registration made now."""
    return RegistrationRecord(
        result,
        request.baseline_read_id,
        request.followup_read_id,
        len(request.landmarks),
        software_version(),
        utc_seconds(),
    )


def register_pair(study: Study, pair: PairIds, report: Report = silent) -> RegistrationRecord:
    """Find how two images lie to each other.

    Raises:
        UserFacingError: if an image has no read or no scale.
        Cancelled: when `report` raises it.
    """
    request = request_of(study, pair)
    return record_of(request, carry_out(request, report))


def landmarks_of(pair: Pair | None) -> LandmarkPairs:
    """The landmarks of a pair, in the order of their ids."""
    if pair is None or not pair.landmarks:
        return LandmarkPairs()
    placed = [pair.landmarks[i] for i in sorted(pair.landmarks)]
    return LandmarkPairs(np.array([p.baseline_px for p in placed]), np.array([p.followup_px for p in placed]))


def _read(study: Study, image_id: int) -> Read:
    read = study.read_in_use(image_id)
    if read is None:
        name = image_names(study)[image_id]
        raise UserFacingError(f"nothing was detected in {name} yet", remedy="Detect in it first.")
    return read


def _scale(study: Study, read: Read) -> float:
    scale = scale_of(study, read)
    if scale is None:
        name = image_names(study)[read.image_id]
        raise UserFacingError(f"the image {name} has no scale", remedy="Set its scale, or detect in it, first.")
    return scale
