"""A small study on disk with real images, to open in a window: two visits of one subject, a picture each.

Image 1 has a detection (read 1) and Ada's own read of it (read 3); image 2 has a detection alone (read 2), so that the
first correction in it begins a read. Hairs 1 to 4 lie on dark rods; 1 and 2 are unit 11, 3 is unit 12, 4 has no unit.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

import cv2

from analysis.detection import DetectionParameters
from tests.workstation.cli.conftest import field_of_rods
from tests.workstation.small_study import TEN_UM, make_hair, make_image, make_read, make_study
from workstation.model.field import Field
from workstation.model.hair import Hair, Status
from workstation.model.read import DETECTOR, DetectionRecord, Read, ReadState
from workstation.model.study import ImageRecord, Study
from workstation.session import Session, create_study, open_study

READER = "Ada"
N_RODS = 4
WIDTH_PX, HEIGHT_PX = 320, 240
UNITS = (11, 11, 12, None)


def make_small_study(folder: Path, name: str = "trial.h5") -> Path:
    """Write the study and its images; gives the study file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    images = [_image(folder, 1), _image(folder, 2)]
    create_study(path, small_study(images), user="Ada")
    return path


def small_study(images: list[ImageRecord]) -> Study:
    """The study as a value."""
    detections = [_read(1, 1), _read(2, 2)]
    own = _read(3, 1, reader=READER, state=ReadState.IN_REVIEW, based_on=1, detection=None)
    return make_study([*detections, own], images)


def open_small(folder: Path) -> Session:
    """The study, made and opened as Ada."""
    return open_study(make_small_study(folder), READER)


def _image(folder: Path, number: int) -> ImageRecord:
    done, encoded = cv2.imencode(".png", field_of_rods(N_RODS + number - 1))
    assert done
    data = encoded.tobytes()
    record = replace(
        make_image(number, number, f"scalp {number}.png", calibration=TEN_UM),
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        sha256=hashlib.sha256(data).hexdigest(),
    )
    target = folder / record.path
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    return record


def _hairs() -> list[Hair]:
    hairs = []
    for k, unit in enumerate(UNITS):
        x, y = 60 + 80 * (k % 3), 60 + 70 * (k // 3)
        doubtful = {"confidence": 0.3} if k == 2 else {}
        line = [[x, y], [x + 25, y + 12], [x + 50, y + 25]]
        hairs.append(make_hair(k + 1, unit, line, 9.0, status=Status.UNREVIEWED, **doubtful))
    return hairs


def _read(
    id_: int, image_id: int, *, reader: str = DETECTOR, state: ReadState = ReadState.DETECTED, **more: object
) -> Read:
    record = DetectionRecord("0.1.0", DetectionParameters(), 10.0, 0.5, ())
    chosen = {"detection": record, **more}
    return make_read(
        _hairs(),
        id_=id_,
        image_id=image_id,
        reader=reader,
        state=state,
        field=Field.whole_image(WIDTH_PX, HEIGHT_PX),
        **chosen,
    )
