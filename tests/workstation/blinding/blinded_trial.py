"""A trial of three subjects and four places, full of what must not be told; and its work files."""

import hashlib
from dataclasses import replace
from random import Random
from types import MappingProxyType

import cv2
import numpy as np
from PIL import ExifTags, Image

from analysis.detection import DetectionParameters
from tests.property.random_edits import HEIGHT_PX, WIDTH_PX
from tests.property.test_editing import HAIRS
from tests.workstation.small_study import make_image, make_read, make_study
from workstation.blinding.packing import Order, make_package
from workstation.edits.review import submit
from workstation.model.field import Field
from workstation.model.package import Start
from workstation.model.pair import Pair
from workstation.model.people import Person, Role
from workstation.model.read import DETECTOR, DetectionRecord, ReadState
from workstation.model.study import Subject, Visit
from workstation.model.trial import AdverseEvent, Relation, Severity, TrialPlan
from workstation.session import create_study, open_study

OWNER, READER = "Ada Lovelace", "Bob Byrne"
VISITS = (
    Visit(1, "KLM-77", "baseline", 0.0, "2026-02-03"),
    Visit(2, "KLM-77", "week 12", 12.0, "2026-04-28"),
    Visit(3, "ABC-12", "baseline", 0.0, "2026-03-01"),
    Visit(4, "ABC-12", "week 4", 4.0, "2026-03-29"),
    Visit(5, "ABC-12", "week 12", 12.0, "2026-05-24"),
    Visit(6, "XY-9", "baseline", 0.0, "2026-03-02"),
    Visit(7, "XY-9", "week 12", 12.0, "2026-05-25"),
)
IMAGES = {1: (1, "vertex"), 2: (2, "vertex"), 3: (3, "crown"), 4: (4, "crown"), 5: (5, "crown"), 6: (6, "vertex"),
          7: (7, "vertex"), 8: (6, "temple"), 9: (7, "temple")}  # fmt: skip
"""Visit and site of each image: four places, of two, three, two and two pictures."""
NOTES = {"operator": "Dr Miller"}
DETECTED = DetectionRecord("0.0.7", DetectionParameters(), 10.0, 3.5, ("the glare of 2026-02-03",))


def detection(id_, image_id, hairs=HAIRS):
    return make_read(hairs, id_=id_, image_id=image_id, field=Field.whole_image(WIDTH_PX, HEIGHT_PX), reader=DETECTOR,
                     state=ReadState.DETECTED, detection=DETECTED)  # fmt: skip


def picture(folder, id_, visit_id, site):
    rng = np.random.default_rng(id_)
    pixels = np.clip(rng.normal((180, 150, 140), 9, (HEIGHT_PX, WIDTH_PX, 3)), 0, 255).astype(np.uint8)
    pixels[60:64, 20 : 60 + 10 * id_] = 40
    path = folder / f"{VISITS[visit_id - 1].subject}_{VISITS[visit_id - 1].date}_{site}.jpg"
    made = Image.fromarray(pixels)
    exif = made.getexif()
    exif[ExifTags.Base.Artist] = "Dr Miller"
    exif[ExifTags.Base.DateTime] = "2026:02:03 10:11:12"
    made.save(path, "JPEG", quality=92, exif=exif, comment=b"patient KLM-77")
    record = replace(
        make_image(id_, visit_id, path.name, site=site, device="Lens 3", notes=MappingProxyType(NOTES)),
        width_px=WIDTH_PX, height_px=HEIGHT_PX, sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )  # fmt: skip
    return replace(record, path=path.name)


def blinded_trial(folder, *, people=(), **more):
    """The study file, in a folder that is made."""
    folder.mkdir(parents=True)
    images = [picture(folder, id_, *place) for id_, place in IMAGES.items()]
    reads = [detection(i, i) for i in IMAGES]
    field = Field.whole_image(WIDTH_PX, HEIGHT_PX)
    reads.append(replace(make_read(HAIRS[:2], id_=20, image_id=1, reader="Cyra", field=field), based_on=1))
    event = AdverseEvent(1, "KLM-77", "itching", Severity.MILD, Relation.POSSIBLE, False, "2026-02-10", "", "told Cyra")
    study = make_study(
        reads, images, VISITS,
        pairs=MappingProxyType({1: Pair(1, 1, 2)}), events=MappingProxyType({1: event}),
        plan=TrialPlan(title="Miller's trial"), people=MappingProxyType({p.name: p for p in people}), **more,
    )  # fmt: skip
    path = folder / "miller.h5"
    subjects = {v.subject: Subject(v.subject, "female", 34.0, "Ludwig I", "active") for v in VISITS}
    create_study(path, replace(study, subjects=MappingProxyType(subjects)), user="Ada")
    return path


def handed(path, out, *, start=Start.DETECTION, repeats=0.25, reader=READER, seed=1, **more):
    """A work file of the study."""
    with open_study(path, OWNER) as session:
        return make_package(session, out, Order(reader, start, repeats, **more), chance=Random(seed))


def worked_in(path, edit=None, *, image_ids=None, reader=READER, submits=True):
    """Have a reader edit pictures of a work file, all of them in the order that they have there, and submit them."""
    with open_study(path, reader) as session:
        for image_id in image_ids or sorted(session.study.images):
            read = session.document.current_reader_read(image_id)
            if edit is not None:
                session.document.apply(edit(read))
            if submits:
                session.document.apply(submit(session.study.reads[read.id]))
        session.save()


def pixels_of(data):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)


OWNERS = (Person(OWNER, (Role.OWNER,)), Person("Cyra", (Role.ASSESSOR,)))
