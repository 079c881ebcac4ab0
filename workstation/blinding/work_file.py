"""The study that a blinded reader gets: random codes, pictures and their scales, and nothing else of the original."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from analysis.calibration import Calibration, CalibrationSource
from workstation.blinding.ordering import Presentation
from workstation.deidentifying.key import letters_of
from workstation.model.field import Field
from workstation.model.package import Blinding, PackageItem, Start
from workstation.model.read import DETECTOR, Read, ReadState, Review
from workstation.model.study import ChangeRules, ImageRecord, Study, Subject, Visit
from workstation.model.trial import TrialPlan
from workstation.storage.annotation import annotation_digest
from workstation.storage.codec import canonical, sha256_hex

SITE = "scalp"
"""Of every picture: where it was taken may tell whose it is."""


@dataclass(frozen=True, slots=True)
class HandedPicture:
    """A picture in a work file."""

    sha256: str
    width_px: int
    height_px: int


def items_of(shown: Sequence[Presentation], pictures: Mapping[int, HandedPicture]) -> tuple[PackageItem, ...]:
    """What is in a work file, in the order in which its reader meets it.

    Args:
        shown: the pairs in their order.
        pictures: by their numbers in the work file, which count from 1 in that order.
    """
    placed = [(one, place, image_id) for one in shown for place, image_id in enumerate(one.image_ids)]
    return tuple(
        PackageItem(one.code, letters_of(place), image_id, number, pictures[number].sha256, one.repeat)
        for number, (one, place, image_id) in enumerate(placed, start=1)
    )


def work_study(
    study: Study,
    items: Sequence[PackageItem],
    pictures: Mapping[int, HandedPicture],
    detections: Mapping[int, Read],
    blinding: Blinding,
    now_utc: str,
) -> Study:
    """The study in a work file.

    Args:
        study: the original.
        items: what is in the work file.
        pictures: by their numbers there.
        detections: of the original's images, by their ids; empty where reads start blank.
        blinding: for whom it is.
        now_utc: the time that everything in it bears, ISO 8601 in UTC to the second.
    """
    codes = dict.fromkeys(item.code for item in items)
    visits = [Visit(item.package_image_id, item.code, item.place) for item in items]
    images = [_image(item, pictures[item.package_image_id], study.images[item.image_id]) for item in items]
    found = [(item, detections[item.image_id]) for item in items if item.image_id in detections]
    reads = [_handed(read, number, item, now_utc) for number, (item, read) in enumerate(found, start=1)]
    return Study(
        id=str(uuid.uuid4()),
        created_utc=now_utc,
        cutoffs=study.cutoffs,
        subjects=MappingProxyType({code: Subject(code) for code in codes}),
        visits=MappingProxyType({visit.id: visit for visit in visits}),
        images=MappingProxyType({image.id: image for image in images}),
        reads=MappingProxyType({read.id: read for read in reads}),
        reading=study.reading,
        blinding=blinding,
    )


def _image(item: PackageItem, picture: HandedPicture, original: ImageRecord) -> ImageRecord:
    return _plain_image(item.package_image_id, item.code, item.place, picture, original.calibration)


def _plain_image(number: int, code: str, place: str, picture: HandedPicture, scale: Calibration | None) -> ImageRecord:
    return ImageRecord(
        id=number,
        visit_id=number,
        site=SITE,
        path=f"{code}_{place}.png",
        sha256=picture.sha256,
        width_px=picture.width_px,
        height_px=picture.height_px,
        calibration=None if scale is None else Calibration(scale.um_per_px, CalibrationSource.MANIFEST),
        embedded=True,
    )


def _handed(read: Read, number: int, item: PackageItem, now_utc: str) -> Read:
    return Read(
        id=number,
        image_id=item.package_image_id,
        reader=DETECTOR,
        created_utc=now_utc,
        review=Review(ReadState.DETECTED),
        field=Field(read.field.shape, read.field.polygon_px, read.field.exclusions),
        hairs=_silent(read.hairs),
        units=_silent(read.units),
        next_id=read.next_id,
    )


def _silent(objects: Mapping[int, Any]) -> Mapping[int, Any]:
    """Hairs or units without what somebody wrote about them."""
    if not any(one.comment for one in objects.values()):
        return objects
    return MappingProxyType({i: replace(one, comment="") for i, one in objects.items()})


def handed_out(work: Study) -> Study:
    """A work file without what its reader made in it."""
    reads = {i: read for i, read in work.reads.items() if not read.editable}
    empty: Mapping[int, Any] = MappingProxyType({})
    return replace(work, reads=MappingProxyType(reads), remarks=empty, signatures=empty)


def handed_sha256(work: Study) -> str:
    """SHA-256, hexadecimal, of what is handed out in a work file and its reader cannot change.

    That is, as canonical JSON: the ids of study and package, reader, start and time; of each picture in the order of
    their numbers the code, the place, the checksum, the size and the scale; of each detection its number, its picture
    and the digest of what it says; the width classes and the rules of reading.
    """
    blinding = work.blinding
    if blinding is None:
        raise ValueError("the study is no work file")
    rules = work.reading
    content = {
        "study": work.id,
        "created_utc": work.created_utc,
        "blinding": [blinding.package_id, blinding.reader, blinding.start.value],
        "pictures": [_told(work, work.images[i]) for i in sorted(work.images)],
        "detections": [
            [read.id, read.image_id, annotation_digest(read)]
            for _, read in sorted(work.reads.items())
            if not read.editable
        ],
        "classes": [work.cutoffs.vellus_below_um, work.cutoffs.terminal_from_um],
        "rules": [rules.adjudicate_above_percent, rules.reasons.value],
    }
    return sha256_hex(canonical(content).encode())


def _told(work: Study, image: ImageRecord) -> list[str | int | float | None]:
    visit = work.visits[image.visit_id]
    scale = None if image.calibration is None else image.calibration.um_per_px
    return [image.id, visit.subject, visit.name, image.sha256, image.width_px, image.height_px, scale]


def strange_parts(work: Study) -> list[str]:
    """What there is in a work file that never belongs there, whoever put it there; a clause each.

    Reads, remarks and signatures of its reader are not looked at.
    """
    found = [f"{name} that do not belong there" for name, part in _never_there(work) if part]
    if (work.plan, work.rules) != (TrialPlan(), ChangeRules()):
        found.append("the plan of a trial")
    found += [problem for image in work.images.values() for problem in _strange_image(work, image)]
    found += [
        f"more of {subject.id} than the code" for subject in work.subjects.values() if subject != Subject(subject.id)
    ]
    if {visit.subject for visit in work.visits.values()} != set(work.subjects) or len(work.visits) != len(work.images):
        found.append("codes or visits without a picture")
    found += [f"a detection of its own making for picture {read.image_id}" for read in _strange_detections(work)]
    return found


def _never_there(work: Study) -> Iterator[tuple[str, object]]:
    for name in ("people", "packages", "pairs", "questionnaires", "responses", "events"):
        yield name, getattr(work, name)


def _strange_image(work: Study, image: ImageRecord) -> Iterator[str]:
    visit = work.visits[image.visit_id]
    picture = HandedPicture(image.sha256, image.width_px, image.height_px)
    plain = _plain_image(image.id, visit.subject, visit.name, picture, image.calibration)
    if image != plain or visit != Visit(image.id, visit.subject, visit.name):
        yield f"more of picture {image.id} than its code, its place and its scale"


def _strange_detections(work: Study) -> Iterator[Read]:
    blank = work.blinding is None or work.blinding.start is Start.BLANK
    for read in work.reads.values():
        if read.editable:
            continue
        says_more = read.reader != DETECTOR or read.detection is not None or read.based_on is not None
        says_more |= read.review != Review(ReadState.DETECTED) or read.created_utc != work.created_utc
        commented = any(hair.comment for hair in read.hairs.values())
        commented |= any(unit.comment for unit in read.units.values())
        if blank or says_more or commented:
            yield read
