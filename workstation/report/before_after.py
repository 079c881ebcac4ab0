"""The two photographs of a subject's page: the same piece of skin before and after, where that is known."""

from dataclasses import dataclass

import numpy as np
import shapely

from analysis.registration.resample import resampled
from workstation.endpoints import um_per_px
from workstation.matched_pairs import MatchedPair, matched_pair
from workstation.pairing import pair_between
from workstation.pictures.canvas import Canvas, Pixels
from workstation.pictures.furniture import scale_bar
from workstation.report.material import Material

BOX_SHARES = np.linspace(1.0, 0.3, 57)
"""Of the image's sides: pieces that are tried, the largest first."""
PEN_SHARE = 1 / 550
"""Of the picture's longer side: the width of a thin line."""


@dataclass(frozen=True, eq=False)
class BeforeAfter:
    """Both photographs, each (H, W, 3) RGB."""

    before: Pixels
    after: Pixels
    same_skin: bool
    """Whether they are cut and turned so that each place of the skin is at the same place in both."""


def before_after(material: Material, baseline_id: int, followup_id: int) -> BeforeAfter:
    """The photographs of a baseline's and a later image, each with a scale bar where the scale is known.

    Raises:
        UserFacingError: if an image is missing or has changed.
    """
    study = material.study
    before, after = (material.pixels_of(study.images[image_id]) for image_id in (baseline_id, followup_id))
    scales = [um_per_px(study.images[image_id]) for image_id in (baseline_id, followup_id)]
    pair = pair_between(study, baseline_id, followup_id)
    matched = None if pair is None else matched_pair(study, pair)
    cut = None if matched is None else _cut(matched, before, after)
    if cut is None:
        return BeforeAfter(_with_bar(before, scales[0]), _with_bar(after, scales[1]), same_skin=False)
    return BeforeAfter(_with_bar(cut[0], scales[0]), _with_bar(cut[1], scales[0]), same_skin=True)


def single(material: Material, image_id: int) -> Pixels:
    """The photograph of one image.

    Raises:
        UserFacingError: if it is missing or has changed.
    """
    record = material.study.images[image_id]
    return _with_bar(material.pixels_of(record), um_per_px(record))


def _cut(matched: MatchedPair, before: Pixels, after: Pixels) -> tuple[Pixels, Pixels] | None:
    """The largest piece, of the image's own proportions, of the skin that both show; None where it is small."""
    record = matched.pair.registration
    if record is None or record.result.warp is None:
        return None
    height, width = before.shape[:2]
    box = box_inside(matched.matching.common_baseline, width, height)
    if box is None:
        return None
    there = resampled(after, record.result.warp.to_followup, (width, height))
    left, top, right, bottom = box
    return before[top:bottom, left:right].copy(), there[top:bottom, left:right].copy()


def box_inside(region: shapely.Geometry, width: int, height: int) -> tuple[int, int, int, int] | None:
    """A box inside a region: left, top, right, bottom in pixels; holes in the region do not count."""
    parts = [part for part in shapely.get_parts(region) if isinstance(part, shapely.Polygon)]
    if not parts or shapely.is_empty(parts[0]):
        return None
    whole = shapely.Polygon(max(parts, key=shapely.area).exterior).buffer(1.0)
    middle = whole.centroid
    for share in BOX_SHARES:
        half_x, half_y = share * width / 2, share * height / 2
        x = min(max(middle.x, half_x - 0.5), width - 0.5 - half_x)
        y = min(max(middle.y, half_y - 0.5), height - 0.5 - half_y)
        if whole.contains(shapely.box(x - half_x, y - half_y, x + half_x, y + half_y)):
            left, top = round(x - half_x + 0.5), round(y - half_y + 0.5)
            return left, top, left + int(2 * half_x), top + int(2 * half_y)
    return None


def _with_bar(pixels: Pixels, scale: float | None) -> Pixels:
    drawn = pixels.copy()
    if scale is not None:
        scale_bar(Canvas(drawn, max(1.0, max(drawn.shape[:2]) * PEN_SHARE)), scale)
    return drawn
