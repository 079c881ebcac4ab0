"""Two real fields that were annotated twice, independently, as the reads of two readers.

The fields are no part of the product; where they are not there, there is nothing to measure. An annotation is a root
and a tip for each hair, no width; debris and cut pieces that were marked as such are left out.
"""

import hashlib
import json
from types import MappingProxyType

import numpy as np

from analysis.calibration import Calibration, CalibrationSource
from tests.benchmarks.measuring_data import FIELDS, shared
from workstation.model.field import Field
from workstation.model.hair import Hair, Origin, Status, Unit, frozen_array
from workstation.model.read import Read, ReadState, Review
from workstation.model.study import ImageRecord, Study, Subject, Visit

TWICE = (("220316_A600", "220316_A604"), ("220316_A601", "220316_A605"))
"""The same pixels under two names: those of the first reader, those of the second."""
READERS = ("First reader", "Second reader")
NO_HAIR = "abnormal"


def two_readers() -> Study | None:
    """A study of two images, each with a submitted read by either reader; None where the fields are not there.

    Image 1 is A600 with reads 1 and 2, image 2 is A601 with reads 3 and 4; pictures lie in `shared() / FIELDS`.
    """
    if not all((shared() / FIELDS / f"{name}.json").is_file() for names in TWICE for name in names):
        return None
    images, reads = [], []
    for image_id, names in enumerate(TWICE, 1):
        images.append(_image(image_id, names[0]))
        for place, (name, reader) in enumerate(zip(names, READERS, strict=True), 2 * image_id - 1):
            reads.append(_read(place, images[-1], name, reader))
    subjects = {names[0].partition("_")[2]: image for names, image in zip(TWICE, images, strict=True)}
    return Study(
        id="two-readers",
        created_utc="2022-03-16T00:00:00Z",
        subjects=MappingProxyType({code: Subject(code) for code in subjects}),
        visits=MappingProxyType({i: Visit(i, code, "baseline", 0.0) for i, code in enumerate(subjects, 1)}),
        images=MappingProxyType({image.id: image for image in images}),
        reads=MappingProxyType({read.id: read for read in reads}),
    )


def _image(image_id: int, name: str) -> ImageRecord:
    path = shared() / FIELDS / f"{name}.jpg"
    told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return ImageRecord(
        id=image_id,
        visit_id=image_id,
        site="vertex",
        path=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        width_px=told["size"][0],
        height_px=told["size"][1],
        calibration=Calibration(1000 / told["px_per_mm"], CalibrationSource.MANIFEST),
        source_name=path.name,
    )


def _read(read_id: int, image: ImageRecord, name: str, reader: str) -> Read:
    told = json.loads((shared() / FIELDS / f"{name}.json").read_text(encoding="utf-8"))["hairs"]
    drawn = [hair for hair in told if hair["class"] != NO_HAIR]
    hairs = [_hair(number, len(drawn), hair) for number, hair in enumerate(drawn, 1)]
    units = sorted({hair.unit_id for hair in hairs if hair.unit_id is not None})
    return Read(
        id=read_id,
        image_id=image.id,
        reader=reader,
        created_utc="2022-03-16T00:00:00Z",
        review=Review(ReadState.SUBMITTED, n_submitted=1),
        field=Field.whole_image(image.width_px, image.height_px),
        hairs=MappingProxyType({hair.id: hair for hair in hairs}),
        units=MappingProxyType({unit: Unit(unit) for unit in units}),
        next_id=1 + units[-1],
    )


def _hair(number: int, n_hairs: int, told: dict[str, list[float] | int]) -> Hair:
    """A hair; units are numbered from behind the hairs."""
    return Hair(
        id=number,
        unit_id=1 + n_hairs + int(told["fu"]),
        vertices_px=frozen_array([told["root"], told["tip"]], 2),
        vertex_width_px=frozen_array([np.nan, np.nan]),
        width_px=float("nan"),
        width_is_set=False,
        confidence=1.0,
        origin=Origin.ADDED,
        status=Status.ACCEPTED,
        root_visible=True,
    )
