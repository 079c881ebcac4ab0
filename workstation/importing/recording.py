"""Images that were checked, as files beside a study and as its records."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from analysis.progress import Report
from workstation.file_names import folded, safe_suffix
from workstation.importing.checking import CHECKING_SHARE, Checked
from workstation.importing.naming import candidates, safe_stem
from workstation.importing.placing import Placing
from workstation.model.study import ImageRecord, Study


def place_all(images: Sequence[Checked], study: Study, placing: Placing, report: Report) -> list[str]:
    """Place images in a study's folder of images; gives the path of each, relative to the study's folder.

    Raises:
        UserFacingError: if one cannot be placed.
        Cancelled: if the report asks for it.
    """
    taken = {folded(Path(record.path).stem) for record in study.images.values()}
    stems = [folded(safe_stem(item.row.image.stem)) for item in images]
    paths = []
    for done, (item, stem) in enumerate(zip(images, stems, strict=True)):
        report("placing images", CHECKING_SHARE + (1 - CHECKING_SHARE) * done / len(images))
        name = _place(item, placing, taken, plain_is_free=stems.count(stem) == 1)
        paths.append(f"{placing.folder.name}/{name}")
    return paths


def with_images(study: Study, images: Sequence[Checked], paths: Sequence[str], *, embed: bool) -> Study:
    """The study with a record for each image, which has a number of its own; their visits are there already."""
    visit_ids = {(v.subject, v.name): v.id for v in study.visits.values()}
    records = dict(study.images)
    for item, path in zip(images, paths, strict=True):
        image_id = max(records, default=0) + 1
        records[image_id] = _record(item, image_id, visit_ids[item.row.subject, item.row.visit], path, embed)
    return replace(study, images=MappingProxyType(records))


def _place(item: Checked, placing: Placing, taken: set[str], *, plain_is_free: bool) -> str:
    """Place an image under the first name that is free, in the study and on disk."""
    suffix = safe_suffix(item.row.image.suffix)
    for stem in candidates(item.row, plain_is_free):
        if folded(stem) not in taken and placing.place(item.row.image, stem + suffix, item.sha256):
            taken.add(folded(stem))
            return stem + suffix
    raise AssertionError("the names never end")


def _record(item: Checked, image_id: int, visit_id: int, path: str, embed: bool) -> ImageRecord:
    return ImageRecord(
        id=image_id,
        visit_id=visit_id,
        site=item.row.site,
        path=path,
        sha256=item.sha256,
        width_px=item.width_px,
        height_px=item.height_px,
        calibration=item.calibration,
        device=item.row.device,
        source_name=item.row.image.name,
        notes=MappingProxyType(dict(item.row.notes)),
        conversions=item.conversions,
        embedded=embed,
    )
