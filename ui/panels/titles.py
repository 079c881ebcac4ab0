"""What images are called beside each other, in as few words as tell them apart."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from workstation.model.read import Read, ReadState
from workstation.model.study import ImageRecord, Study


def image_titles(study: Study, image_ids: Sequence[int]) -> dict[int, str]:
    """A short title for each image: its visit, else its site, else its file, whichever tells all of them apart.

    One image alone is called by its visit, unless its study has but one visit: then by its site.
    """
    images = {i: study.images[i] for i in image_ids}
    several_visits = len(study.visits) > 1
    for name in (_visit, _visit_and_site, _subject_and_visit, _site, _file):
        titles = {i: name(study, image) for i, image in images.items()}
        apart = len(set(titles.values())) == len(titles) and all(titles.values())
        if apart and (several_visits or name in (_site, _file)):
            return titles
    return {i: f"{_file(study, image)} ({i})" for i, image in images.items()}


def state_text(read: Read | None) -> str:
    """How far an image has come, in words."""
    if read is None:
        return "not detected"
    return "detected" if read.review.state is ReadState.DETECTED else str(read.review.state)


def read_text(read: Read | None) -> str:
    """Whose read is shown and how far it has come."""
    if read is None:
        return "nothing detected yet"
    if not read.editable:
        return "detection, untouched"
    return ", ".join(part for part in (read.reader, kind_text(read), str(read.review.state)) if part)


def kind_text(read: Read) -> str:
    """What kind of read it is, where it is no usual one."""
    if read.amends is not None:
        return f"amendment of read {read.amends}"
    if read.adjudicates is not None:
        return "third read"
    return "hidden repeat" if read.repeat else ""


def file_name(image: ImageRecord) -> str:
    """The image's file as it was imported."""
    return PurePosixPath((image.source_name or image.path).replace("\\", "/")).name


def _visit(study: Study, image: ImageRecord) -> str:
    return study.visits[image.visit_id].name


def _visit_and_site(study: Study, image: ImageRecord) -> str:
    return f"{_visit(study, image)}, {image.site}" if image.site else ""


def _subject_and_visit(study: Study, image: ImageRecord) -> str:
    return f"{study.visits[image.visit_id].subject}, {_visit(study, image)}"


def _site(_study: Study, image: ImageRecord) -> str:
    return image.site


def _file(_study: Study, image: ImageRecord) -> str:
    return file_name(image)
