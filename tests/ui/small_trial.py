"""A trial of three subjects to look at: two visits each, or one, with small images that can be read."""

import hashlib
from dataclasses import replace
from types import MappingProxyType

import cv2
import numpy as np

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation.model.field import Field
from workstation.model.read import ReadState
from workstation.model.study import Subject, Visit
from workstation.session import create_study

SUBJECTS = (
    Subject("S1", "female", 34.0, "Ludwig I"),
    Subject("S2", "male", 51.0, "Norwood III"),
    Subject("S10", "male", 29.0, "Norwood II"),
)
VISITS = (
    Visit(1, "S1", "baseline", 0.0, "2026-03-02"),
    Visit(2, "S1", "week 4", 4.0, "2026-03-30"),
    Visit(3, "S1", "week 12", 12.0, "2026-06-02"),
    Visit(4, "S2", "baseline", 0.0, "2026-03-03"),
    Visit(5, "S2", "week 12", 12.0, "2026-05-26"),
    Visit(6, "S10", "baseline", 0.0, "2026-03-04"),
)
IMAGES = {1: (1, "vertex"), 2: (2, "vertex"), 3: (3, "vertex"), 4: (3, "crown"), 5: (4, "vertex"), 6: (6, "vertex")}
"""Visit and site of each image; week 12 of S2 has none."""
STATES = {1: ReadState.SUBMITTED, 2: ReadState.IN_REVIEW, 3: ReadState.DETECTED, 5: ReadState.ACCEPTED}


def make_trial(folder):
    """Write the study and its images; gives the study file."""
    folder.mkdir(parents=True, exist_ok=True)
    images = [_image(folder, id_, visit, site) for id_, (visit, site) in IMAGES.items()]
    hairs = [make_hair(1, 11, [[20, 20], [40, 30]]), make_hair(2, 12, [[40, 50], [60, 60]])]
    reads = [
        make_read(hairs, id_=i, image_id=i, state=state, field=Field.whole_image(96, 80)) for i, state in STATES.items()
    ]
    study = make_study(reads, images, VISITS)
    create_study(
        folder / "trial.h5", replace(study, subjects=MappingProxyType({s.id: s for s in SUBJECTS})), user="Ada"
    )
    return folder / "trial.h5"


def _image(folder, id_, visit_id, site):
    picture = np.full((80, 96, 3), (40 * id_ % 256, 120, 200), np.uint8)
    data = cv2.imencode(".png", picture)[1].tobytes()
    record = replace(
        make_image(id_, visit_id, f"{id_}.png", site=site),
        width_px=96,
        height_px=80,
        sha256=hashlib.sha256(data).hexdigest(),
    )
    (folder / record.path).parent.mkdir(exist_ok=True)
    (folder / record.path).write_bytes(data)
    return record
