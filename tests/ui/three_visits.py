"""A study of one site at three visits, registered: one unit is lost after the first, one is new at the last.

Every visit's image is the first one's, moved by `SHIFT_PX` a visit; a tenth of a millimetre is ten pixels.
"""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from analysis.registration.result import Registration, Verdict
from analysis.registration.warp import Warp
from tests.ui.small_session import HEIGHT_PX, READER, WIDTH_PX, _image
from tests.workstation.small_study import make_hair, make_read, make_study
from workstation.edits import add_registration
from workstation.model.field import Field
from workstation.model.pair import RegistrationRecord
from workstation.model.study import Visit
from workstation.session import Session, create_study, open_study

BASELINE, WEEK_6, WEEK_12 = 1, 2, 3
SHIFT_PX = (4.0, 3.0)
KEPT = {10: (60, 60), 20: (140, 60), 30: (220, 60), 40: (60, 150)}
"""Number at the first visit and place there; at each visit the number is one higher."""
LOST_AT, NEW_AT = (140, 150), (220, 150)
LOST_UNIT, NEW_UNIT = 50, 62
"""At the first and at the last visit."""
VISITS = [Visit(1, "S01", "baseline", 0.0), Visit(2, "S01", "week 6", 6.0), Visit(3, "S01", "week 12", 12.0)]


def make_three_visits(folder: Path) -> Path:
    """Write the study and its images; gives the study file. Its pairs come with `register_all`."""
    folder.mkdir(parents=True, exist_ok=True)
    images = [replace(_image(folder, i), site="vertex") for i in (1, 2, 3)]
    create_study(folder / "visits.h5", make_study([_read(i) for i in (1, 2, 3)], images, VISITS), user="Ada")
    return folder / "visits.h5"


def open_three_visits(folder: Path, *, registered: bool = True) -> Session:
    """The study, made and opened as Ada."""
    session = open_study(make_three_visits(folder), READER)
    if registered:
        register_all(session)
    return session


def register_all(session: Session, verdict: Verdict = Verdict.GOOD) -> None:
    """Put the true transforms into the study."""
    for earlier, later in ((1, 2), (1, 3), (2, 3)):
        record = record_of(earlier, later, verdict)
        session.document.apply(add_registration(session.study, earlier, later, record))


def record_of(earlier: int, later: int, verdict: Verdict = Verdict.GOOD, reason: str = "") -> RegistrationRecord:
    """The true transform between two of the images."""
    shift = (later - earlier) * np.array(SHIFT_PX)
    warp = None if verdict is Verdict.FAILED else Warp(np.column_stack([np.eye(2), shift]))
    result = Registration(warp, verdict, reason, 12.0, 4, 0.95, 0.07)
    return RegistrationRecord(result, earlier, later, 0, "0.1.0", "2026-01-02T03:04:05Z")


def place_of(at: tuple[float, float], image_id: int) -> tuple[float, float]:
    """Where a place of the first image lies in one of them."""
    return at[0] + (image_id - 1) * SHIFT_PX[0], at[1] + (image_id - 1) * SHIFT_PX[1]


def _read(image_id: int):
    units = {unit + image_id - 1: at for unit, at in KEPT.items()}
    if image_id == BASELINE:
        units[LOST_UNIT] = LOST_AT
    if image_id == WEEK_12:
        units[NEW_UNIT] = NEW_AT
    hairs = []
    for unit, at in units.items():
        x, y = place_of(at, image_id)
        # a unit of two hairs, side by side, around its place
        for k in (0, 1):
            line = [[x - 4 + 8 * k, y], [x - 4 + 8 * k, y + 24]]
            hairs.append(make_hair(100 * unit + k, unit, line, 6.0 + image_id))
    field = Field.whole_image(WIDTH_PX, HEIGHT_PX)
    read = make_read(hairs, id_=image_id, image_id=image_id, field=field, reader=READER)
    return replace(read, hairs=MappingProxyType(dict(sorted(read.hairs.items()))))
