"""What the window is measured on: a study of two 12-MP images with 2,500 detected hairs each, its files on disk."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from analysis.detection import DetectionParameters, Polarity
from analysis.synthetic import Phantom, large_pair
from tests.workstation.small_study import TEN_UM, make_hair, make_image, make_read, make_study
from workstation.home import HOME_VARIABLE
from workstation.model.field import Field
from workstation.model.read import DETECTOR, DetectionRecord, Read, ReadState
from workstation.session import create_study

UM_PER_PX = 12.0
NOTE = "a pair of 12-MP images with 2,500 hairs each"


def write_large_study(folder: Path) -> Path:
    """The pair and its study; gives the study file."""
    first, later = large_pair(1, um_per_px=UM_PER_PX)
    return write_study(folder, [first, later.phantom])


def write_study(folder: Path, phantoms: Sequence[Phantom]) -> Path:
    """A study of synthetic images, a visit each, as if their true hairs had been detected."""
    images, reads = [], []
    for number, phantom in enumerate(phantoms, start=1):
        done, encoded = cv2.imencode(".jpg", cv2.cvtColor(phantom.image, cv2.COLOR_RGB2BGR))
        assert done
        data = encoded.tobytes()
        height, width = phantom.image.shape[:2]
        record = make_image(number, number, f"scalp {number}.jpg", calibration=replace(TEN_UM, um_per_px=UM_PER_PX))
        record = replace(
            record, width_px=width, height_px=height, path=f"study.images/{number}.jpg",
            sha256=hashlib.sha256(data).hexdigest(),
        )  # fmt: skip
        target = folder / record.path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
        images.append(record)
        reads.append(read_of(phantom, number))
    create_study(folder / "study.h5", make_study(reads, images), user="Ada")
    return folder / "study.h5"


def read_of(phantom: Phantom, image_id: int) -> Read:
    """The true hairs as a detection, each at least two pixels long and inside the image."""
    truth = phantom.truth
    width, height = truth.size_px
    first_unit = 1 + len(truth.hairs)
    units = {unit.id: first_unit + i for i, unit in enumerate(truth.units)}
    hairs = []
    for i, hair in enumerate(truth.hairs):
        line = np.clip(hair.centreline_px, -0.5, [width - 0.5, height - 0.5])
        line = line[np.concatenate(([True], np.hypot(*np.diff(line, axis=0).T) > 0.01))]
        if len(line) >= 2:
            confidence = 0.3 if i % 12 == 0 else 0.9
            made = make_hair(i + 1, units[hair.unit_id], line, hair.width_um / truth.um_per_px, confidence=confidence)
            hairs.append(made)
    return make_read(
        hairs, id_=image_id, image_id=image_id, reader=DETECTOR, state=ReadState.DETECTED,
        field=Field.whole_image(width, height),
        detection=DetectionRecord("0.1.0", DetectionParameters(polarity=Polarity.DARK), UM_PER_PX, 1.0, ()),
    )  # fmt: skip


@contextmanager
def own_home(folder: Path) -> Iterator[None]:
    """Journals and settings in a folder of their own."""
    before = os.environ.get(HOME_VARIABLE)
    os.environ[HOME_VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[HOME_VARIABLE]
        else:
            os.environ[HOME_VARIABLE] = before
