"""A trial to report of: subjects at several visits, units that are kept, lost and new, images that can be read."""

import hashlib
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np

from analysis.calibration import Calibration, CalibrationSource
from analysis.detection import DetectionParameters
from analysis.registration.result import Registration, Verdict
from analysis.registration.warp import Warp
from workstation.model.field import Field
from workstation.model.hair import Hair, Origin, Status, Unit, frozen_array
from workstation.model.pair import Pair, RegistrationRecord
from workstation.model.read import DETECTOR, DetectionRecord, Read, ReadState, Review
from workstation.model.study import ImageRecord, Study, Subject, Visit
from workstation.model.trial import (
    AdverseEvent,
    Item,
    Questionnaire,
    Relation,
    Response,
    Severity,
    TrialPlan,
)
from workstation.session import create_study

SIZE = WIDTH, HEIGHT = 600, 480
UM_PER_PX = 10.0
FIELD_CM2 = WIDTH * HEIGHT * UM_PER_PX**2 * 1e-8
SHIFT = np.array([8.0, -6.0])
RECOMMEND = Questionnaire(
    "recommend", "Would recommend", (Item("again", "Would you recommend it to a friend?"),),
    ((0, "no"), (1, "yes")), intro="Think of the last twelve weeks.", positive_from=1.0,
)  # fmt: skip
QUALITY = Questionnaire(
    "quality", "Quality of life with hair loss",
    (Item("mirror", "I like what I see in the mirror."), Item("hide", "I hide my hair.", reverse=True)),
    ((1, "never"), (2, "seldom"), (3, "often"), (4, "always")),
)  # fmt: skip
EVENT = AdverseEvent(
    1,
    "S02",
    "Itching <b>& redness</b>",
    Severity.MILD,
    Relation.POSSIBLE,
    start_date="2026-02-20",
    end_date="2026-02-23",
)


def places(seed, n):
    """(n, 2) places of units at least 40 px apart."""
    rng = np.random.default_rng(seed)
    found = np.empty((0, 2))
    while len(found) < n:
        at = rng.uniform((40, 40), (WIDTH - 70, HEIGHT - 60))
        if not len(found) or np.hypot(*(found - at).T).min() > 38:
            found = np.vstack([found, at])
    return found


def hairs_of(at, seed, first_unit, widths_px):
    """Hairs of units at places, one to three each."""
    rng = np.random.default_rng(seed)
    hairs, units = {}, {}
    for k, place in enumerate(at):
        unit = first_unit[k]
        units[unit] = Unit(unit)
        for j in range(1 + (unit * 7) % 3):
            root = place + 3.0 * j
            line = frozen_array([root, root + np.array([18, 9]), root + np.array([30 + 3 * j, 20])], 2)
            width = float(max(1.5, widths_px + rng.normal(0, 1.2)))
            hair_id = 10 * unit + j
            hairs[hair_id] = Hair(
                hair_id, unit, line, frozen_array(np.full(3, width)), width, False, float(rng.uniform(0.3, 1.0)),
                Origin.DETECTED, Status.UNREVIEWED, True,
            )  # fmt: skip
    return hairs, units


def reads_of(image_id, hairs, units, *, reviewed):
    """A detection, and where it is wanted a read by a person that began with it."""
    top = 1 + max([0, *hairs, *units])
    record = DetectionRecord("0.1.0", DetectionParameters(), UM_PER_PX, 0.5)
    field = Field.whole_image(WIDTH, HEIGHT)
    detection = Read(
        2 * image_id - 1, image_id, DETECTOR, "2026-05-01T08:00:00Z", Review(ReadState.DETECTED), field,
        MappingProxyType(hairs), MappingProxyType(units), top, detection=record,
    )  # fmt: skip
    if not reviewed:
        return [detection]
    mended = {i: replace(hair, status=Status.ACCEPTED) for i, hair in hairs.items()}
    first = min(mended)
    mended[first] = replace(mended[first], origin=Origin.EDITED)
    mended.pop(max(mended))
    person = Read(
        2 * image_id, image_id, "Ada", "2026-05-02T09:30:00Z", Review(ReadState.SUBMITTED), field,
        MappingProxyType(mended), MappingProxyType(units), top, based_on=detection.id,
    )  # fmt: skip
    return [detection, person]


def registered(pair_id, baseline, followup, verdict=Verdict.GOOD):
    warp = Warp(np.array([[1.0, 0, SHIFT[0]], [0, 1.0, SHIFT[1]]]))
    result = Registration(warp, verdict, "24 of 26 units in the common field were found again.", 12.0, 24, 0.96, 0.27)
    record = RegistrationRecord(result, 2 * baseline - 1, 2 * followup - 1, 0, "0.1.0", "2026-05-03T10:00:00Z")
    return Pair(pair_id, baseline, followup, record)


def trial(
    n_subjects=4,
    weeks=(0, 6, 12),
    *,
    n_units=26,
    gain=2,
    reviewed=True,
    arms=("",),
    codes=None,
    sites=("vertex",),
    told=True,
):
    """A study: at each week so many units are new, one is lost at the last; hairs widen a little."""
    subjects, visits, images, reads, pairs, responses = {}, {}, {}, [], {}, {}
    for s in range(n_subjects):
        code = codes[s] if codes else f"S{s + 1:02d}"
        subjects[code] = Subject(
            code, "fm"[s % 2], 24.0 + 7 * s % 40, "Ludwig I" if s % 2 == 0 else "Norwood III", arms[s % len(arms)]
        )
        for w, week in enumerate(weeks):
            visit_id = len(visits) + 1
            name = "baseline" if week == 0 else f"week {week}"
            day = np.datetime64("2026-02-02") + int(7 * week) + (s % 3 if week else 0)
            visits[visit_id] = Visit(visit_id, code, name, float(week), str(day))
            for site_number, site in enumerate(sites):
                image_id = len(images) + 1
                seed = 100 * s + site_number
                n = n_units + (w * gain + s % 3 if w else 0)
                at = places(seed, n_units + len(weeks) * gain + 3)[:n]
                ids = list(range(1001, 1001 + n))
                if week == weeks[-1] and w:
                    at, ids = at[1:], ids[1:]
                shown = at + (SHIFT if w else 0)
                hairs, units = hairs_of(shown, seed + w, ids, 6.0 + 0.05 * w)
                reads += reads_of(image_id, hairs, units, reviewed=reviewed and s % 2 == 0)
                images[image_id] = ImageRecord(
                    image_id, visit_id, site, f"trial.images/{image_id}.png", f"{image_id:064x}", WIDTH, HEIGHT,
                    Calibration(UM_PER_PX, CalibrationSource.MANIFEST), "HairMetrix",
                    source_name=f"{code}_{name.replace(' ', '')}_{site}.png",
                )  # fmt: skip
                if w:
                    baseline = image_id - w * len(sites)
                    pairs[len(pairs) + 1] = registered(len(pairs) + 1, baseline, image_id)
            if told and week in (weeks[0], weeks[-1]):
                turn = (s + w) % 4 + 1
                responses[len(responses) + 1] = Response(
                    len(responses) + 1, visit_id, "quality", MappingProxyType({"mirror": turn, "hide": 5 - turn})
                )
                if w:
                    answer = MappingProxyType({"again": int(s != 1)})
                    responses[len(responses) + 1] = Response(len(responses) + 1, visit_id, "recommend", answer)
    return Study(
        id="6d1d9b3e-3f6e-4c3a-9a39-0a6b1f9f2f11",
        created_utc="2026-01-02T03:04:05Z",
        subjects=MappingProxyType(subjects),
        visits=MappingProxyType(visits),
        images=MappingProxyType(images),
        reads=MappingProxyType({read.id: read for read in reads}),
        pairs=MappingProxyType(pairs),
        plan=TrialPlan("Serum, open label", primary_week=float(weeks[-1] or 12), named_utc="2026-01-05T10:00:00Z"),
        questionnaires=MappingProxyType({"quality": QUALITY, "recommend": RECOMMEND} if told else {}),
        responses=MappingProxyType(responses),
        events=MappingProxyType({1: EVENT} if told and "S02" in subjects else {}),
    )


def drawn(study, image_id):
    """(H, W, 3) RGB a light skin with the hairs of the image's detection."""
    rng = np.random.default_rng(image_id)
    skin = np.full((HEIGHT, WIDTH, 3), (205, 175, 160), np.float64) + rng.normal(0, 4, (HEIGHT, WIDTH, 1))
    pixels = np.clip(skin, 0, 255).astype(np.uint8)
    for hair in study.reads_of(image_id)[0].hairs.values():
        line = np.round(hair.vertices_px * 16).astype(np.int32)
        cv2.polylines(pixels, [line], False, (45, 35, 30), max(1, round(hair.width_px)), cv2.LINE_AA, 4)
    return cv2.GaussianBlur(pixels, (0, 0), 0.8)


def with_files(study: Study, folder: Path, image_ids=None) -> Study:
    """The study with its images drawn and lying beside it."""
    (folder / "trial.images").mkdir(exist_ok=True)
    images = dict(study.images)
    for image_id in image_ids or study.images:
        data = cv2.imencode(".png", drawn(study, image_id)[..., ::-1])[1].tobytes()
        (folder / images[image_id].path).write_bytes(data)
        images[image_id] = replace(images[image_id], sha256=hashlib.sha256(data).hexdigest())
    return replace(study, images=MappingProxyType(images))


def study_file(study: Study, folder: Path) -> Path:
    """A file of the study."""
    path = folder / "trial.h5"
    create_study(path, study, user="Ada")
    return path
