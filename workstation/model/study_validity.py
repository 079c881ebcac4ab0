"""What makes subjects, visits and images of a study valid after a patch; of its reads `validity` speaks.

An image is kept for ever; a subject and a visit while anything rests on them.
"""

import re
from collections import Counter
from collections.abc import Iterator

from workstation.model.patch import Change, Patch
from workstation.model.study import ImageRecord, Study, Subject, Visit
from workstation.model.trial_validity import MAX_WEEK, is_week
from workstation.model.validity import storable

SHA256 = re.compile("[0-9a-f]{64}")
MAX_AGE = 120


def study_problems_after(after: Study, patch: Patch) -> list[str]:
    """What a patch made wrong in the subjects, visits and images of a study, one sentence each.

    Args:
        after: the study with the patch.
        patch: a new edit of a valid study.
    """
    found = [problem for change in patch.changes for problem in _problems(change, after)]
    gone = [change.before for change in patch.changes if change.after is None]
    if any(isinstance(value, Subject | Visit) for value in gone):
        found += _orphans(after)
    return found


def _problems(change: Change, after: Study) -> Iterator[str]:
    if isinstance(change.before, ImageRecord) and change.after is None:
        yield f"{change.kind} {change.key} is kept for ever"
    match change.after:
        case Subject():
            yield from _subject_problems(change.after, change)
        case Visit():
            yield from _visit_problems(change.after, change, after)
        case ImageRecord():
            yield from _image_problems(change.after, change, after)


def _orphans(after: Study) -> Iterator[str]:
    """What rests on a subject or a visit that is gone."""
    if homeless := [visit for visit in after.visits.values() if visit.subject not in after.subjects]:
        yield f"subject {homeless[0].subject!r} has visits"
    if undated := [image for image in after.images.values() if image.visit_id not in after.visits]:
        yield f"visit {undated[0].visit_id} has images"


def _subject_problems(subject: Subject, change: Change) -> Iterator[str]:
    yield from _text_problems(change, subject.id, subject.sex, subject.grade, subject.arm)
    if subject.age is not None and not 0 <= subject.age <= MAX_AGE:  # of NaN it is false
        yield f"the age of subject {subject.id!r} is not from 0 to {MAX_AGE} years"


def _visit_problems(visit: Visit, change: Change, after: Study) -> Iterator[str]:
    yield from _text_problems(change, visit.name, visit.date)
    if visit.id < 1:
        yield f"a visit has the number {visit.id}"
    if not is_week(visit.week):
        yield f"the week of visit {visit.id} is not from −{MAX_WEEK:g} to {MAX_WEEK:g}"
    if visit.subject not in after.subjects:
        yield f"visit {visit.id} is of subject {visit.subject!r}, who does not exist"
    if after.derived(_visits_by_name, "visits")[visit.subject, visit.name] > 1:
        yield f"subject {visit.subject!r} has two visits called {visit.name!r}"


def _image_problems(image: ImageRecord, change: Change, after: Study) -> Iterator[str]:
    notes = [part for item in image.notes.items() for part in item]
    yield from _text_problems(
        change, image.site, image.path, image.device, image.source_name, *image.conversions, *notes
    )
    if image.visit_id not in after.visits:
        yield f"image {image.id} is of visit {image.visit_id}, which does not exist"
    if isinstance(change.before, ImageRecord):
        if _file_of(change.before) != _file_of(image):
            yield f"the file of image {image.id} is kept for ever"
        return
    if image.id < 1 or min(image.width_px, image.height_px) < 1 or not SHA256.fullmatch(image.sha256):
        yield f"image {image.id} has no valid number, size or checksum"
    if after.derived(_images_by_path, "images")[image.path] > 1:
        yield f"the file {image.path} is named by two images"


def _visits_by_name(study: Study) -> Counter[tuple[str, str]]:
    return Counter((visit.subject, visit.name) for visit in study.visits.values())


def _images_by_path(study: Study) -> Counter[str]:
    return Counter(image.path for image in study.images.values())


def _file_of(image: ImageRecord) -> tuple[str, str, int, int, bool]:
    return image.path, image.sha256, image.width_px, image.height_px, image.embedded


def _text_problems(change: Change, *texts: str) -> Iterator[str]:
    if not all(map(storable, texts)):
        yield f"a text of {change.kind} {change.id or 'data'} has a character that cannot be stored"
