"""What makes subjects, visits and images of a study valid after a patch; of its reads `validity` speaks."""

import re
from collections import Counter
from collections.abc import Iterator

from workstation.model.patch import Change, Patch
from workstation.model.study import ImageRecord, Study, Subject, Visit
from workstation.model.validity import storable

SHA256 = re.compile("[0-9a-f]{64}")


def study_problems_after(after: Study, patch: Patch) -> list[str]:
    """What a patch made wrong in the subjects, visits and images of a study, one sentence each.

    Args:
        after: the study with the patch.
        patch: a new edit of a valid study.
    """
    if not any(isinstance(side, Subject | Visit | ImageRecord) for c in patch.changes for side in (c.before, c.after)):
        return []
    return [problem for change in patch.changes for problem in _problems(change, after)]


def _problems(change: Change, after: Study) -> Iterator[str]:
    if isinstance(change.before, Subject | Visit | ImageRecord) and change.after is None:
        yield f"{change.kind} {change.key} is kept for ever"
    match change.after:
        case Subject():
            yield from _text_problems(change, change.after.id, change.after.sex, change.after.grade)
        case Visit():
            yield from _visit_problems(change.after, change, after)
        case ImageRecord():
            yield from _image_problems(change.after, change, after)


def _visit_problems(visit: Visit, change: Change, after: Study) -> Iterator[str]:
    yield from _text_problems(change, visit.name, visit.date)
    if visit.id < 1:
        yield f"a visit has the number {visit.id}"
    if visit.subject not in after.subjects:
        yield f"visit {visit.id} is of subject {visit.subject!r}, who does not exist"
    if after.derived(_visits_by_name, "visits")[visit.subject, visit.name] > 1:
        yield f"subject {visit.subject!r} has two visits called {visit.name!r}"


def _image_problems(image: ImageRecord, change: Change, after: Study) -> Iterator[str]:
    notes = [part for item in image.notes.items() for part in item]
    yield from _text_problems(
        change, image.site, image.path, image.device, image.source_name, *image.conversions, *notes
    )
    if isinstance(change.before, ImageRecord):
        if _file_of(change.before) != _file_of(image):
            yield f"the file of image {image.id} is kept for ever"
        return
    if image.id < 1 or min(image.width_px, image.height_px) < 1 or not SHA256.fullmatch(image.sha256):
        yield f"image {image.id} has no valid number, size or checksum"
    if image.visit_id not in after.visits:
        yield f"image {image.id} is of visit {image.visit_id}, which does not exist"
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
