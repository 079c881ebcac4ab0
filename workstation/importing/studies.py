"""Studies made from a manifest or from image files."""

import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from analysis.calibration import Calibration, CalibrationSource
from analysis.progress import Report, silent
from workstation.clock import utc_seconds
from workstation.errors import UserFacingError
from workstation.file_names import folded
from workstation.images import DEFAULT_MAX_MEGAPIXELS
from workstation.importing.checking import check_all
from workstation.importing.dicom_facts import filled
from workstation.importing.naming import safe_stem
from workstation.importing.placing import Placing
from workstation.importing.recording import place_all, with_images
from workstation.importing.visits import with_subjects_and_visits
from workstation.manifest import Manifest, ManifestRow
from workstation.model.study import ImageRecord, Study, WidthCutoffs

UNNAMED_SUBJECT = "unnamed"
SINGLE_VISIT = "single"
DEFAULT_CUTOFFS = WidthCutoffs()
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
        empty_study(cutoffs),
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
        empty_study(cutoffs),
        rows,
        study_path,
        given=given,
        embed=embed,
        max_megapixels=max_megapixels,
        save=save,
        report=report,
    )


def empty_study(cutoffs: WidthCutoffs) -> Study:
    """A new study without subjects or images."""
    return Study(id=str(uuid.uuid4()), created_utc=utc_seconds(), cutoffs=cutoffs)


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
    rows = filled(rows)
    study = with_subjects_and_visits(study, rows)
    checked = check_all(rows, given, max_megapixels, report)
    with Placing(study_path) as placing:
        paths = place_all(checked, study, placing, report)
        report("saving", 1.0)
        study = with_images(study, checked, paths, embed=embed)
        save(study)
    return study


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
