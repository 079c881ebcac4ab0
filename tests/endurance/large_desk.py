"""A study of many images to review for hours, and the window on it."""

import hashlib
from dataclasses import replace
from pathlib import Path

import cv2

from tests.ui.small_session import HEIGHT_PX, UNITS, WIDTH_PX
from tests.workstation.cli.conftest import field_of_rods
from tests.workstation.small_study import TEN_UM, make_hair, make_image, make_read, make_study
from workstation.model.field import Field
from workstation.model.hair import Status
from workstation.model.read import DETECTOR, ReadState
from workstation.model.study import ImageRecord, Visit
from workstation.session import create_study

HAIRS_PER_IMAGE = 60


def make_many(folder: Path, n_images: int) -> Path:
    """Write a study of so many images, two visits a subject, each with a detection; gives the file."""
    folder.mkdir(parents=True)
    visits = [
        Visit(number, f"S{(number + 1) // 2:03}", "baseline" if number % 2 else "week 12", 0.0 if number % 2 else 12.0)
        for number in range(1, n_images + 1)
    ]
    images = [_image(folder, number) for number in range(1, n_images + 1)]
    reads = [_detection(number) for number in range(1, n_images + 1)]
    path = folder / "trial.h5"
    create_study(path, make_study(reads, images, visits), user="Ada")
    return path


def _image(folder: Path, number: int) -> ImageRecord:
    done, encoded = cv2.imencode(".png", field_of_rods(1 + number % 6))
    assert done
    data = encoded.tobytes() + number.to_bytes(2, "big")  # after the end of the picture: each file is another one
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


def _detection(number: int):
    hairs = []
    for k in range(HAIRS_PER_IMAGE):
        x, y = 10 + 28 * (k % 10), 12 + 36 * (k // 10)
        line = [[x, y], [x + 9, y + 7], [x + 18, y + 16]]
        hairs.append(
            make_hair(k + 1, 1001 + k // len(UNITS), line, 9.0, status=Status.UNREVIEWED, confidence=0.2 + k / 80)
        )
    return make_read(
        hairs, id_=number, image_id=number, reader=DETECTOR, state=ReadState.DETECTED,
        field=Field.whole_image(WIDTH_PX, HEIGHT_PX),
    )  # fmt: skip
