"""What an image is called in tables and exported files."""

from collections import Counter
from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from workstation.file_names import folded, safe_name, safe_suffix
from workstation.model.study import ImageRecord, Study

MAX_PART = 40
"""Bytes of a subject, visit or site in a name."""
MAX_LONG = 200
"""Bytes of a name that has them."""


def image_names(study: Study) -> Mapping[int, str]:
    """For every image a file name of its own, suffix included: the value of every table's column `image`.

    It is the name of the image's file as it was imported. Where two images of the study share its stem, each of them
    is `<subject>_<visit>_<site>_<stem>`; should two still be the same, the image's number in the study follows. Names
    that differ in upper and lower case alone count as the same. Characters that some file system refuses become `_`.

    The stem of the name, as `pathlib.Path(name).stem` gives it, is the stem of the image's GeoJSON file.
    """
    return study.derived(_image_names, "images", "visits")


def _image_names(study: Study) -> Mapping[int, str]:
    plain = {i: _stem_and_suffix(image) for i, image in study.images.items()}
    stems = {i: stem for i, (stem, _) in plain.items()}
    stems |= {i: _long_stem(study, study.images[i], stems[i]) for i in _repeated(stems)}
    while again := _repeated(stems):
        stems |= {i: f"{stems[i]}_{i}" for i in again}
    return MappingProxyType({i: stems[i] + suffix for i, (_, suffix) in plain.items()})


def stem_of(name: str) -> str:
    """The stem of a name that `image_names` gave."""
    return PurePosixPath(name).stem


def _stem_and_suffix(image: ImageRecord) -> tuple[str, str]:
    file = PurePosixPath((image.source_name or image.path).replace("\\", "/"))
    suffix = safe_suffix(file.suffix)
    stem = safe_name(file.stem) or f"image_{image.id}"
    # Without a suffix a point in the stem would be taken for one.
    return (stem, suffix) if suffix else (stem.replace(".", "_"), "")


def _long_stem(study: Study, image: ImageRecord, stem: str) -> str:
    visit = study.visits[image.visit_id]
    parts = [safe_name(part, MAX_PART).replace(".", "_") for part in (visit.subject, visit.name, image.site)]
    return safe_name("_".join([*parts, stem]), MAX_LONG)


def _repeated(stems: dict[int, str]) -> set[int]:
    count = Counter(folded(stem) for stem in stems.values())
    return {i for i, stem in stems.items() if count[folded(stem)] > 1}
