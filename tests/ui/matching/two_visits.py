"""Two visits of one area with a unit for each thing that can become of one, matched by plain rules.

The later image lies 6 px to the right of and 4 px below the earlier one. At 10 µm a pixel, units at the baseline:

    21 kept, is 31      22 kept, is 32      23 lost         24 uncertain, is perhaps 34
    26 kept, is 36, which has lost a hair   27 kept, is 37, which has grown much wider

and 35 is new.
"""

import hashlib
from dataclasses import replace

import cv2
import numpy as np

from analysis.detection import DetectionParameters
from analysis.registration.result import Registration, Verdict
from analysis.registration.warp import Warp
from tests.workstation.small_study import TEN_UM, make_hair, make_image, make_read, make_study
from workstation.edits import add_registration
from workstation.model.field import Field
from workstation.model.pair import RegistrationRecord
from workstation.model.read import DETECTOR, DetectionRecord, ReadState
from workstation.pairing import PairIds
from workstation.session import create_study

WIDTH_PX, HEIGHT_PX = 480, 320
SHIFT = np.array([6.0, 4.0])
IDS = PairIds(1, 2)
BASELINE = {21: (60, 60, 1), 22: (160, 60, 1), 23: (260, 60, 1), 24: (360, 60, 1), 26: (60, 200, 2), 27: (160, 200, 1)}
"""Place and number of hairs of each unit."""
FOLLOWUP = {31: (60, 60, 1), 32: (160, 60, 1), 34: (380, 60, 1), 35: (260, 200, 1), 36: (60, 200, 1), 37: (160, 200, 1)}
"""As seen from the baseline image."""
WIDE = {37: 11.0}
"""Widths in px that are not the usual 6."""


def write_two_visits(folder, name="trial.h5"):
    """Write the study and its images; gives the study file."""
    folder.mkdir(parents=True, exist_ok=True)
    images = [_image(folder, number) for number in (1, 2)]
    path = folder / name
    create_study(path, two_visits(images), user="Ada")
    return path


def two_visits(images=None):
    """The study as a value, not registered yet."""
    images = images or [_record(number) for number in (1, 2)]
    return make_study([_read(1, BASELINE, np.zeros(2)), _read(2, FOLLOWUP, SHIFT)], images)


def registration(verdict=Verdict.GOOD, reason="the units of both visits lie on each other", n_landmarks=0):
    """How the images lie to each other."""
    warp = None if verdict is Verdict.FAILED else Warp(np.array([[1.0, 0.0, SHIFT[0]], [0.0, 1.0, SHIFT[1]]]))
    found = (float("nan"), 0, 0.0, 0.0) if warp is None else (21.4, 5, 0.97, 0.15)
    result = Registration(warp, verdict, reason, *found)
    return RegistrationRecord(result, 1, 2, n_landmarks, "0.1.0", "2026-11-23T10:00:00Z")


def register_by_hand(workspace, record=None):
    """Put the registration into the open study."""
    record = record or registration()
    workspace.commit_study(lambda study: add_registration(study, 1, 2, record), quiet=True)


def _read(image_id, units, shift):
    hairs, hair_id = [], 0
    for unit, (x, y, n_hairs) in units.items():
        for k in range(n_hairs):
            hair_id += 1
            root = np.array([x + 4.0 * k, y]) + shift
            line = [root, root + np.array([10, 18]), root + np.array([20, 36])]
            hairs.append(make_hair(hair_id, unit, line, WIDE.get(unit, 6.0)))
    detection = DetectionRecord("0.1.0", DetectionParameters(), 10.0, 0.5, ())
    return make_read(
        hairs,
        id_=image_id,
        image_id=image_id,
        reader=DETECTOR,
        state=ReadState.DETECTED,
        field=Field.whole_image(WIDTH_PX, HEIGHT_PX),
        detection=detection,
    )


def _record(number):
    made = make_image(number, number, f"scalp {number}.png", calibration=TEN_UM)
    return replace(made, width_px=WIDTH_PX, height_px=HEIGHT_PX)


def _image(folder, number):
    pixels = np.full((HEIGHT_PX, WIDTH_PX, 3), (150, 170, 200 + number), np.uint8)  # no two files are the same
    data = cv2.imencode(".png", pixels)[1].tobytes()
    record = replace(_record(number), sha256=hashlib.sha256(data).hexdigest())
    target = folder / record.path
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    return record
