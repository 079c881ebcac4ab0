"""A trial as values: many subjects with six visits each, an image a visit, 100 hairs an image; no image files."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from analysis.detection import DetectionParameters, FloatArray
from tests.workstation.small_study import TEN_UM, make_image
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import Hair, Origin, Status, Unit, frozen_array
from workstation.model.read import DETECTOR, DetectionRecord, Read, ReadState, Review
from workstation.model.study import ImageRecord, Study, Subject, Visit

WEEKS = (0.0, 4.0, 6.0, 7.0, 10.0, 12.0)
N_HAIRS, N_UNITS, N_VERTICES = 100, 50, 8
SIZE_PX = 1000
CREATED_UTC = "2026-01-02T03:04:05Z"
_SHAPE_PX = np.column_stack([np.linspace(0, 60, N_VERTICES), np.sin(np.linspace(0, 2, N_VERTICES)) * 8])


def large_trial(n_images: int, *, seed: int = 1) -> Study:
    """A study of so many images; each has one read, a detection with two exclusions."""
    rng = np.random.default_rng(seed)
    visits, images, reads = {}, {}, {}
    for number in range(1, n_images + 1):
        subject, place = divmod(number - 1, len(WEEKS))
        week = WEEKS[place]
        visits[number] = Visit(number, f"S{subject + 1:04d}", f"week {week:g}", week, f"2026-{1 + place:02d}-05")
        images[number] = _image(number)
        reads[number] = _read(number, rng)
    return Study(
        id="6d1d9b3e-3f6e-4c3a-9a39-0a6b1f9f2f12",
        created_utc=CREATED_UTC,
        subjects=MappingProxyType({visit.subject: Subject(visit.subject, "f", 40.0) for visit in visits.values()}),
        visits=MappingProxyType(visits),
        images=MappingProxyType(images),
        reads=MappingProxyType(reads),
    )


def _image(number: int) -> ImageRecord:
    name = f"scalp_{number:05d}.jpg"
    return replace(
        make_image(number, number, name, calibration=TEN_UM), path=f"trial.images/{name}", sha256=f"{number:064x}",
        width_px=SIZE_PX, height_px=SIZE_PX,
    )  # fmt: skip


def _read(number: int, rng: np.random.Generator) -> Read:
    centres = rng.uniform(60, SIZE_PX - 140, (N_UNITS, 2))
    unit = np.arange(N_HAIRS) % N_UNITS
    roots = centres[unit] + rng.uniform(-4, 4, (N_HAIRS, 2))
    lines = roots[:, None, :] + _SHAPE_PX * rng.uniform(0.5, 1.2, (N_HAIRS, 1, 2))
    widths = rng.uniform(2.0, 9.0, (N_HAIRS, 1)) + rng.uniform(0, 0.2, (N_HAIRS, N_VERTICES))
    lines.flags.writeable = widths.flags.writeable = False
    middle, confidence = np.median(widths, axis=1).tolist(), rng.uniform(0.5, 1, N_HAIRS).tolist()
    hairs = {
        i + 1: Hair(
            i + 1, N_HAIRS + 1 + int(unit[i]), lines[i], widths[i], middle[i], False, confidence[i], Origin.DETECTED,
            Status.UNREVIEWED, True,
        )
        for i in range(N_HAIRS)
    }  # fmt: skip
    first = N_HAIRS + N_UNITS + 1
    glare = [_exclusion(first + i, rng.uniform(100, SIZE_PX - 100, 2)) for i in range(2)]
    outline = Field.whole_image(SIZE_PX, SIZE_PX).polygon_px
    return Read(
        id=number,
        image_id=number,
        reader=DETECTOR,
        created_utc=CREATED_UTC,
        review=Review(ReadState.DETECTED),
        field=Field(FieldShape.DETECTED, outline, tuple(glare)),
        hairs=MappingProxyType(hairs),
        units=MappingProxyType({i: Unit(i) for i in range(N_HAIRS + 1, first)}),
        next_id=first + len(glare),
        detection=DetectionRecord("0.1.0", DetectionParameters(), 10.0, 1.0),
    )


def _exclusion(id_: int, centre_px: FloatArray) -> Exclusion:
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = centre_px + 30 * np.column_stack([np.cos(angles), np.sin(angles)])
    return Exclusion(id_, frozen_array(ring, 2), ExclusionCause.GLARE)
