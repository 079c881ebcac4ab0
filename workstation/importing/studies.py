"""Studies made from a manifest or from image files."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from analysis.calibration import Calibration, CalibrationSource
from analysis.progress import Report, silent
from workstation.clock import utc_seconds
from workstation.devices import scale_of
from workstation.errors import UserFacingError
from workstation.file_names import folded, safe_suffix
from workstation.images import DEFAULT_MAX_MEGAPIXELS, LoadedImage, load
from workstation.importing.naming import candidates, safe_stem
from workstation.importing.placing import Placing
from workstation.importing.visits import with_subjects_and_visits
from workstation.manifest import Manifest, ManifestRow
from workstation.model.study import ImageRecord, Study, WidthCutoffs

UNNAMED_SUBJECT = "unnamed"
SINGLE_VISIT = "single"
DEFAULT_CUTOFFS = WidthCutoffs()
CHECKING_SHARE = 0.9
"""Of the work's time: decoding takes far longer than placing."""

FAULTS_SHOWN = 20

Save = Callable[[Study], object]
"""Puts the study in its file."""


def not_yet(_: Study) -> None:
    """The study is saved later."""


def study_from_manifest(
    manifest: Manifest,
    study_path: Path,
    *,
    cutoffs: WidthCutoffs = DEFAULT_CUTOFFS,
    embed: bool = False,
    max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
    save: Save = not_yet,
    report: Report = silent,
) -> Study:
    """A new study of the images that a manifest names, which are placed beside it.

    Raises:
        UserFacingError: as `add_images`.
        Cancelled: if the report asks for it; nothing is then left behind.
    """
    return add_images(
        _empty_study(cutoffs),
        manifest.rows,
        study_path,
        embed=embed,
        max_megapixels=max_megapixels,
        save=save,
        report=report,
    )


def study_from_images(
    paths: Sequence[Path],
    um_per_px: float | None,
    study_path: Path,
    *,
    cutoffs: WidthCutoffs = DEFAULT_CUTOFFS,
    embed: bool = False,
    max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
    save: Save = not_yet,
    report: Report = silent,
) -> Study:
    """A new study of images of which nothing is known but, perhaps, their scale.

    They become one subject, `unnamed`, with one visit, `single`, and a site for each image, named as its file: images
    of unknown origin are so never matched with each other, nor counted as independent subjects by a statistic. Who
    knows more writes a manifest. A file named twice is taken once.

    Raises:
        UserFacingError: if the scale is not plausible, and as `add_images`.
        Cancelled: if the report asks for it; nothing is then left behind.
    """
    given = None
    if um_per_px is not None:
        try:
            given = Calibration(um_per_px, CalibrationSource.COMMAND_LINE)
        except ValueError as error:
            raise UserFacingError(str(error), remedy="Give the size of a pixel on the skin in µm.") from error
    rows: list[ManifestRow] = []
    sites: set[str] = set()
    for number, path in enumerate(dict.fromkeys(p.resolve() for p in paths), start=1):
        stem = safe_stem(path.stem)
        site = stem if folded(stem) not in sites else f"{stem} {number}"
        sites.add(folded(site))
        rows.append(ManifestRow(line=number, subject=UNNAMED_SUBJECT, visit=SINGLE_VISIT, site=site, image=path))
    if not rows:
        raise UserFacingError("no image is named", remedy="Name at least one image file.")
    return add_images(
        _empty_study(cutoffs),
        rows,
        study_path,
        given=given,
        embed=embed,
        max_megapixels=max_megapixels,
        save=save,
        report=report,
    )


def _empty_study(cutoffs: WidthCutoffs) -> Study:
    return Study(id=str(uuid.uuid4()), created_utc=utc_seconds(), cutoffs=cutoffs)


@dataclass(frozen=True, slots=True)
class _Checked:
    """An image that was decoded and found good; its pixels are not kept."""

    row: ManifestRow
    sha256: str
    width_px: int
    height_px: int
    calibration: Calibration | None
    conversions: tuple[str, ...]


def add_images(
    study: Study,
    rows: Sequence[ManifestRow],
    study_path: Path,
    *,
    given: Calibration | None = None,
    embed: bool = False,
    max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
    save: Save = not_yet,
    report: Report = silent,
) -> Study:
    """The study with more images, subjects and visits as the rows say; the images are placed beside it.

    Every image is decoded first; only when all are good are they placed in `<study>.images/`, hard-linked, or copied
    where that is not possible. If anything fails, `save` included, nothing is left behind. A scale comes from the row,
    else from `given`, else from the device's preset, else from the file's own metadata, else there is none.

    Args:
        study: what there is already; it may be empty.
        rows: of a manifest, checked; `image` is absolute.
        study_path: where the study is or will be saved.
        given: the scale of images whose row gives none.
        embed: mark the images as kept inside the study file; `embedded_files` gives the bytes to whoever saves it.
        max_megapixels: larger images are refused.
        save: called with the new study when all images are placed; if it fails, or is interrupted, they are taken
            back.
        report: told of the progress; may cancel.

    Raises:
        UserFacingError: if images cannot be read (all of them are named), contradict the study, or cannot be placed.
        Cancelled: if the report asks for it.
    """
    study = with_subjects_and_visits(study, rows)
    checked = _check_all(rows, given, max_megapixels, report)
    visit_ids = {(v.subject, v.name): v.id for v in study.visits.values()}
    images = dict(study.images)
    with Placing(study_path) as placing:
        taken = {folded(Path(record.path).stem) for record in images.values()}
        stems = [folded(safe_stem(c.row.image.stem)) for c in checked]
        for done, (item, stem) in enumerate(zip(checked, stems, strict=True)):
            report("placing images", CHECKING_SHARE + (1 - CHECKING_SHARE) * done / len(checked))
            name = _place(item, placing, taken, plain_is_free=stems.count(stem) == 1)
            image_id = max(images, default=0) + 1
            visit_id = visit_ids[item.row.subject, item.row.visit]
            images[image_id] = _record(item, image_id, visit_id, f"{placing.folder.name}/{name}", embed)
        report("saving", 1.0)
        study = replace(study, images=MappingProxyType(images))
        save(study)
    return study


def _check_all(
    rows: Sequence[ManifestRow], given: Calibration | None, max_megapixels: float, report: Report
) -> list[_Checked]:
    checked, faults = [], []
    for done, row in enumerate(rows):
        report("checking images", CHECKING_SHARE * done / len(rows))
        try:
            image = load(row.image, max_megapixels=max_megapixels)
        except UserFacingError as error:
            faults.append(error)
            continue
        calibration = _calibration(row, given, image)
        checked.append(_Checked(row, image.sha256, image.width_px, image.height_px, calibration, image.conversions))
    if len(faults) == 1:
        raise faults[0]
    if faults:
        shown = [str(fault).removesuffix(".") for fault in faults[:FAULTS_SHOWN]]
        if len(faults) > FAULTS_SHOWN:
            shown.append(f"… and {len(faults) - FAULTS_SHOWN} more")
        raise UserFacingError(
            "\n  ".join([f"{len(faults)} images cannot be imported; mend them or leave them out:", *shown])
        )
    return checked


def _calibration(row: ManifestRow, given: Calibration | None, image: LoadedImage) -> Calibration | None:
    if row.um_per_px is not None:
        return Calibration(row.um_per_px, CalibrationSource.MANIFEST)
    if given is not None:
        return given
    if (preset := scale_of(row.device, image.width_px, image.height_px)) is not None:
        return preset
    if image.metadata_um_per_px is not None:
        return Calibration(image.metadata_um_per_px, CalibrationSource.METADATA)
    return None


def _place(item: _Checked, placing: Placing, taken: set[str], *, plain_is_free: bool) -> str:
    """Place an image under the first name that is free, in the study and on disk."""
    suffix = safe_suffix(item.row.image.suffix)
    for stem in candidates(item.row, plain_is_free):
        if folded(stem) not in taken and placing.place(item.row.image, stem + suffix, item.sha256):
            taken.add(folded(stem))
            return stem + suffix
    raise AssertionError("the names never end")


def _record(item: _Checked, image_id: int, visit_id: int, path: str, embed: bool) -> ImageRecord:
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


def same_pictures(study: Study) -> list[str]:
    """Images with the same bytes, each group as a sentence: the same picture at two visits is most often a slip."""
    groups: dict[str, list[ImageRecord]] = {}
    for record in study.images.values():
        groups.setdefault(record.sha256, []).append(record)
    return [
        f"{', '.join(Path(r.path).name for r in group)} are the same picture"
        for group in groups.values()
        if len(group) > 1
    ]
