"""A registered pair: the baseline, beside it the follow-up drawn through the transform, and what became of units."""

import numpy as np
import shapely

from analysis.detection import FloatArray
from analysis.matching.match import Match, Matching, Status
from analysis.registration.resample import resampled
from analysis.registration.warp import Warp
from workstation.model.read import Read
from workstation.palette import FIELD
from workstation.pictures import marks
from workstation.pictures.canvas import WHITE, Canvas, Pixels
from workstation.pictures.furniture import match_legend, scale_bar
from workstation.visit_columns import centres_of

PANEL_PX = 1200
"""The long side of each of both images."""
PAGE_PX = 1600
"""The long side of an image whose thin line is one pixel wide."""
GAP_PENS = 8


def pair_picture(
    baseline_rgb: Pixels,
    followup_rgb: Pixels,
    reads: tuple[Read, Read],
    matching: Matching,
    warp: Warp,
    um_per_px: float | None,
    *,
    long_side_px: int = PANEL_PX,
    pen_px: float | None = None,
) -> Pixels:
    """Draw a registered pair side by side, each unit at the same place in both.

    Args:
        baseline_rgb: (H, W, 3) uint8.
        followup_rgb: (H', W', 3) uint8.
        reads: of the baseline and the follow-up.
        matching: of these reads.
        warp: from the baseline's pixels to those of the follow-up.
        um_per_px: scale of the baseline; without one there is no scale bar.
        long_side_px: of each image in the picture.
        pen_px: width of a thin line, of which every other size is a multiple; chosen by the picture's size if None.

    Returns:
        (h, w, 3) uint8 RGB, a legend below.
    """
    height, width = baseline_rgb.shape[:2]
    scale = long_side_px / max(height, width)
    pen_px = pen_px or max(1.0, long_side_px / PAGE_PX)
    before = Canvas(resampled(baseline_rgb, lambda points: points, (width, height), scale), pen_px)
    after = Canvas(resampled(followup_rgb, warp.to_followup, (width, height), scale), pen_px)
    centres = [centres_of(read) for read in reads]
    centres[1] = dict(zip(centres[1], warp.to_baseline(np.array(list(centres[1].values()))), strict=True))
    for canvas in (before, after):
        _outline(canvas, matching.common_baseline, scale)
        if um_per_px is not None:
            scale_bar(canvas, um_per_px / scale)
    for match in matching.units:
        _mark(before, match, centres[0].get(match.baseline_id or 0), scale)
        _mark(after, match, centres[1].get(match.followup_id or 0), scale)
    gap = np.full((before.pixels.shape[0], round(GAP_PENS * pen_px), 3), WHITE, np.uint8)
    panels = np.hstack([before.pixels, gap, after.pixels])
    counts = {status: sum(match.status is status for match in matching.units) for status in Status}
    return np.vstack([panels, match_legend(panels.shape[1], pen_px, counts)])


def _outline(canvas: Canvas, region: shapely.Geometry, scale: float) -> None:
    for part in shapely.get_parts(region):
        if isinstance(part, shapely.Polygon):
            edge = (shapely.get_coordinates(part.exterior) + 0.5) * scale - 0.5
            canvas.line(edge, WHITE, 3)
            canvas.line(edge, FIELD, 1.5)


def _mark(canvas: Canvas, match: Match, centre_px: FloatArray | None, scale: float) -> None:
    if centre_px is not None:
        marks.match_mark(canvas, (centre_px + 0.5) * scale - 0.5, match.status)
