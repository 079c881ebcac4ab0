"""The pictures of a whole study as PNG files: an overlay of each image, the hair widths of each scalp area."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from analysis.calibration import Calibration
from analysis.progress import Report, silent
from workstation.areas import by_time
from workstation.endpoints import counted_hairs, endpoints_of, known, um_per_px
from workstation.file_names import safe_name
from workstation.image_names import image_names, stem_of
from workstation.model.pair import Pair
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study
from workstation.pairing import baseline_image_of, matching_of
from workstation.pictures.canvas import Pixels, write_png
from workstation.pictures.histogram import WidthSeries, width_histogram
from workstation.pictures.overlay import overlay_picture
from workstation.pictures.pair_picture import pair_picture


def write_pictures(
    study: Study, pixels_of: Callable[[ImageRecord], Pixels], folder: Path, report: Report = silent
) -> list[Path]:
    """Draw every read in use over its image, and the widths of each subject's sites.

    A site with several visits shows the first and the last that have a scale and a read.

    Args:
        study: the study.
        pixels_of: gives an image's pixels, (H, W, 3) uint8 RGB.
        folder: where to; it exists.
        report: told of the progress.

    Returns:
        The files written: `<image>_overlay.png`, `<subject>_<site>_widths.png` and of each registered pair with a
        baseline `<baseline>_<follow-up>_matched.png`.

    Raises:
        UserFacingError: if a file cannot be written, or as `pixels_of`.
    """
    names = image_names(study)
    reads = {image_id: read for image_id in study.images if (read := study.read_in_use(image_id)) is not None}
    written: list[Path] = []
    for done, (image_id, read) in enumerate(reads.items()):
        report(names[image_id], done / (len(reads) + 1))
        record = study.images[image_id]
        picture = overlay_picture(pixels_of(record), read, um_per_px(record), study.cutoffs)
        written.append(folder / f"{stem_of(names[image_id])}_overlay.png")
        write_png(written[-1], picture)
    for (subject, site), image_ids in _areas(study, reads).items():
        report("widths", len(reads) / (len(reads) + 1))
        series = [_series(study, reads[image_id]) for image_id in dict.fromkeys((image_ids[0], image_ids[-1]))]
        written.append(folder / f"{safe_name(f'{subject}_{site}')}_widths.png")
        write_png(written[-1], width_histogram(series, study.cutoffs))
    for pair in study.pairs.values():
        if pair.baseline_image_id == baseline_image_of(study, pair.followup_image_id):
            report("pairs", len(reads) / (len(reads) + 1))
            written += _pair_picture(study, pair, pixels_of, folder)
    return written


def _pair_picture(study: Study, pair: Pair, pixels_of: Callable[[ImageRecord], Pixels], folder: Path) -> list[Path]:
    """The picture of a pair, if it is registered."""
    matching, record = matching_of(study, pair), pair.registration
    before, after = (study.read_in_use(image_id) for image_id in pair.image_ids)
    if matching is None or record is None or record.result.warp is None or before is None or after is None:
        return []
    names, records = image_names(study), [study.images[image_id] for image_id in pair.image_ids]
    here, there = (pixels_of(image) for image in records)
    scale = um_per_px(records[0])
    picture = pair_picture(here, there, (before, after), matching, record.result.warp, scale)
    path = folder / f"{'_'.join(stem_of(names[image.id]) for image in records)}_matched.png"
    write_png(path, picture)
    return [path]


def _areas(study: Study, reads: dict[int, Read]) -> dict[tuple[str, str], list[int]]:
    """The calibrated images of each subject and site that have a read, in the order of their visits."""
    areas: dict[tuple[str, str], list[int]] = {}
    for image_id in by_time(study, reads):
        record = study.images[image_id]
        if record.calibration is not None:
            areas.setdefault((study.visit_of(image_id).subject, record.site), []).append(image_id)
    return areas


def _series(study: Study, read: Read) -> WidthSeries:
    calibration = study.images[read.image_id].calibration
    assert isinstance(calibration, Calibration)
    counted = counted_hairs(read)
    width_px = np.array([hair.width_px for hair in read.hairs.values() if counted[hair.id]], dtype=np.float64)
    return WidthSeries(
        study.visit_of(read.image_id).name,
        width_px * calibration.um_per_px,
        known(endpoints_of(study, read).field_cm2),
    )
