"""A small trial that is full of what identifies: in codes, names, dates, comments, EXIF and burnt into the pictures."""

from dataclasses import replace
from types import MappingProxyType

import cv2
import numpy as np
from PIL import ExifTags, Image

from analysis.matching.match import Level, Ruling
from tests.workstation.small_study import make_hair, make_read
from workstation.importing.studies import study_from_manifest
from workstation.manifest import read_manifest
from workstation.model.field import Field
from workstation.model.pair import Decision, Pair
from workstation.model.read import DETECTOR, ReadState, Review
from workstation.model.trial import AdverseEvent, Item, Questionnaire, Relation, Response, Severity, TrialPlan
from workstation.session import create_study, open_study

SIZE = (480, 640)
BANNER_PX = 24
CORNER = (slice(440, 472), slice(8, 300))
"""Where the corner's text lies."""
MANIFEST = """subject,visit,site,image,date,week,um_per_px,device,sex,age,operator
KLM-77,baseline,vertex,KLM-77_bl.jpg,2026-02-03,0,7,Lens 3,f,93,Dr Miller
KLM-77,week 12,vertex,KLM-77_w12.jpg,2026-04-30,12,7,Lens 3,f,93,Dr Miller
ABC-12,2026-03-01 first,left crown,visit of Jane.jpg,2026-03-01,0,7,Lens 3,m,40,Dr Miller
"""
QUESTIONS = Questionnaire("qol", "Quality of life", (Item("q1", "How is it?"),), ((0, "bad"), (1, "good")))


def skin(seed):
    rng = np.random.default_rng(seed)
    image = np.full((*SIZE, 3), (190, 160, 150), np.float64) + rng.normal(0, 3, (*SIZE, 1))
    image = np.clip(image, 0, 255).astype(np.uint8)
    for k in range(12):
        x, y = 60 + 100 * (k % 6), 120 + 150 * (k // 6)
        cv2.line(image, (x, y), (x + 30, y + 25), (35, 28, 25), 7, cv2.LINE_AA)
    return cv2.GaussianBlur(image, (0, 0), 1.2)


def written_on(image):
    image = image.copy()
    image[:BANNER_PX] = 0
    cv2.putText(
        image, "A123 2026/02/03 Miller", (6, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (235, 235, 235), 1, cv2.LINE_AA
    )
    cv2.putText(image, "Jane Doe 1961-03-05", (12, 462), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255, 255, 255), 2, cv2.LINE_AA)
    return image


def photograph(path, seed):
    picture = Image.fromarray(written_on(skin(seed)))
    exif = picture.getexif()
    exif[ExifTags.Base.Artist] = "Dr Miller"
    exif[ExifTags.Base.DateTime] = "2026:02:03 10:11:12"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 12.0, 30.0)
    picture.save(path, "JPEG", quality=92, exif=exif, comment=b"patient KLM-77")


def read(id_, image_id, reader, state=ReadState.IN_REVIEW):
    hairs = [
        make_hair(1, 11, [[60, 120], [90, 145]], comment="as Dr Miller said"),
        make_hair(2, 12, [[20, 455], [60, 455]]),
    ]
    found = make_read(hairs, id_=id_, image_id=image_id, reader=reader, field=Field.whole_image(SIZE[1], SIZE[0]))
    return replace(found, review=Review(state, "Jane was late"), next_id=13)


def identified_study(folder):
    """The study file; see the constants for what is in it."""
    folder.mkdir()
    for seed, name in enumerate(("KLM-77_bl.jpg", "KLM-77_w12.jpg", "visit of Jane.jpg")):
        photograph(folder / name, seed)
    (folder / "visits.csv").write_text(MANIFEST)
    path = folder / "miller.h5"
    study = study_from_manifest(read_manifest(folder / "visits.csv"), path)
    reads = [
        read(1, 1, DETECTOR, ReadState.DETECTED), replace(read(2, 1, "Ada Lovelace"), based_on=1),
        read(3, 2, "Bob"), read(4, 3, "Ada Lovelace"),
    ]  # fmt: skip
    decision = Decision(1, 1, Ruling(Level.UNIT, 11, 11), 2, 3, "Cy")
    pair = Pair(1, 1, 2, decisions=MappingProxyType({1: decision}), next_id=2)
    events = [
        AdverseEvent(
            1, "KLM-77", "itching", Severity.MILD, Relation.POSSIBLE, False, "2026-02-10", "2026-02-13", "told Bob"
        ),
        AdverseEvent(2, "ABC-12", "cold", Severity.MILD, Relation.UNLIKELY),
    ]
    study = replace(
        study,
        reads=MappingProxyType({r.id: r for r in reads}),
        pairs=MappingProxyType({1: pair}),
        plan=TrialPlan(title="Miller's trial", named_utc="2026-01-01T00:00:00Z"),
        questionnaires=MappingProxyType({"qol": QUESTIONS}),
        responses=MappingProxyType({1: Response(1, 2, "qol", MappingProxyType({"q1": 1}))}),
        events=MappingProxyType({e.id: e for e in events}),
    )
    create_study(path, study, user="Ada")
    return path


def reversed_order(values):
    """In place of chance."""
    values.sort(reverse=True)


def opened(path):
    return open_study(path, "Ada Lovelace", read_only=True)
