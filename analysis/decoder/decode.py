"""Which hairs the evidence shows: the same decoder for every source of evidence."""

from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.decoder.cover import cover
from analysis.decoder.ends import trim
from analysis.decoder.explain import explain
from analysis.decoder.links import join
from analysis.decoder.rods import axis_points
from analysis.decoder.shaft import Shaft
from analysis.decoder.votes import by_votes, foretold_half_width
from analysis.detection import DetectionParameters, Preset
from analysis.evidence import Evidence, Map
from analysis.progress import Report, part_of, silent
from analysis.sampling import sample

MARGIN = 4
MIN_AREA_PX = 50
POINT_SPACING = 6.0
GAP_UM = 70.0
"""Pieces this near each other may be one hair, cut by glare or by a burnt-in line."""
LONG_GAP_UM = 100.0
JOIN_UM = 300.0
TRIMMED_UM = 45.0
"""What trimming takes off both ends together: the blur there belongs to the hair's length."""
CLIPPED_EXTENT_UM = 2000.0
"""Half of a clipped field's hair area lies in parts smaller than this."""
LARGEST_EXTENT_UM = 5000.0
"""A part larger than this is traced even in a clipped field: rods are for what can be searched whole."""
LINE_HALF_WIDTH = 2.0
BORDER_UM = 70.0
MAX_MISSED = 0.3
"""Of a part's hair, by area: rods that miss or overdraw more are compared with curves."""
WIDEST_USUAL_UM = 84.0
"""Where the image's usual hair seems wider than this, it is touching pairs that are usual."""
BENT = 0.06
"""Height of the bow over the length."""
SHAFT_PRICE_PX2 = 150.0


def choose_preset(evidence: Evidence) -> Preset:
    """Clipped where most hair lies in small separate parts, long where it hangs together."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((evidence.score > 0.5).view(np.uint8), connectivity=8)
    extent = np.hypot(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]) * evidence.frame.um_per_work_px
    area = stats[1:, cv2.CC_STAT_AREA].astype(np.float64)
    if area.sum() == 0:
        return Preset.CLIPPED
    in_large = area[extent > CLIPPED_EXTENT_UM].sum() / area.sum()
    return Preset.LONG if in_large > 0.5 else Preset.CLIPPED


def decode(evidence: Evidence, parameters: DetectionParameters, report: Report = silent) -> list[Shaft]:
    """Shafts, without order, either end first.

    Args:
        evidence: score, axis and half width.
        parameters: lengths and widths to accept; the preset must be `CLIPPED` or `LONG`.
        report: told of the share of parts that are done, 0 to 1.
    """
    um = evidence.frame.um_per_work_px
    shortest = parameters.min_length_um / um
    if parameters.preset is Preset.LONG:
        pieces = _traced(evidence, shortest, report)
        found = join(pieces, JOIN_UM / um)
    else:
        found = _decode_parts(evidence, shortest, report)
        if evidence.votes is not None:
            found += by_votes(evidence, evidence.votes, found)
            found = [Shaft(s.axis, foretold_half_width(evidence.votes, s.axis)) for s in found]
    trimmed = (trim(evidence, shaft) for shaft in found)
    enough = shortest - TRIMMED_UM / um
    return [s for s in trimmed if s is not None and s.length >= enough and not _along_border(evidence, s)]


def _traced(evidence: Evidence, shortest: float, report: Report) -> list[Shaft]:
    """Shafts by tracing: along lines of one width where there are such, along the shafts as wide as they are if not."""
    gap = LONG_GAP_UM / evidence.frame.um_per_work_px
    if evidence.votes is None:
        return cover(evidence.score, evidence.axis, evidence.half_width, gap, shortest, report)
    line = evidence.votes.line
    traced = cover(line, evidence.axis, np.full_like(line, LINE_HALF_WIDTH), gap, shortest, report)
    return [Shaft(s.axis, max(0.5, float(np.percentile(sample(evidence.half_width, s.axis), 35)))) for s in traced]


def _decode_parts(evidence: Evidence, shortest: float, report: Report) -> list[Shaft]:
    um = evidence.frame.um_per_work_px
    labels, stats = _parts(evidence.score, GAP_UM / um)
    usual = usual_half_width(evidence)
    shafts: list[Shaft] = []
    for part in range(1, len(stats)):
        left, top, width, height, area = stats[part]
        extent = np.hypot(width, height)
        if area < MIN_AREA_PX or extent < shortest:
            continue
        report("tracing hairs", part / len(stats))
        corner = np.array([max(0, left - MARGIN), max(0, top - MARGIN)])
        window = np.s_[corner[1] : top + height + MARGIN, corner[0] : left + width + MARGIN]
        score = evidence.score[window].copy()
        score[(labels[window] != part) & (score > 0.5)] = 0.5
        found, rods = [], np.zeros((0, 6))
        small = extent * um <= LARGEST_EXTENT_UM
        if small:
            rods = explain(2 * score - 1, usual, partial(report, "tracing hairs", part / len(stats)))
            found = [_as_shaft(rod) for rod in rods]
        if not small or (_bends(rods) and _missed(score, found) > MAX_MISSED):
            maps = (score, evidence.axis[window], evidence.half_width[window])
            curves = cover(*maps, LONG_GAP_UM / um, shortest, part_of(report, part / len(stats), 1 / len(stats)))
            found = max(found, curves, key=lambda shafts: _worth(score, shafts))
        shafts += [Shaft(shaft.axis + corner, shaft.half_width) for shaft in found]
    return shafts


def _painted(shape: tuple[int, int], shafts: list[Shaft]) -> NDArray[np.bool_]:
    under = np.zeros(shape, np.uint8)
    for shaft in shafts:
        line = np.round(shaft.axis * 16).astype(np.int32)
        cv2.polylines(under, [line], False, 1, max(1, round(2 * shaft.half_width)), cv2.LINE_8, 4)
    return under > 0


def _bends(rods: NDArray[np.float64]) -> bool:
    """Whether a rod is as bowed as rods may be: the hair may be bent more."""
    length = np.hypot(rods[:, 2] - rods[:, 0], rods[:, 3] - rods[:, 1])
    return bool((np.abs(rods[:, 4]) > BENT * length).any())


def _missed(score: Map, shafts: list[Shaft]) -> float:
    """Share of a part's hair that its shafts leave unexplained or that they claim beyond it."""
    under = _painted(score.shape, shafts)
    return float(((score > 0.5) ^ under).sum() / max(1, (score > 0.5).sum()))


def _worth(score: Map, shafts: list[Shaft]) -> float:
    """Evidence explained in px², less a price for each shaft: one bowed hair is better than three straight ones."""
    return float((2 * score - 1)[_painted(score.shape, shafts)].sum()) - SHAFT_PRICE_PX2 * len(shafts)


def _as_shaft(rod: NDArray[np.float64]) -> Shaft:
    length = float(np.hypot(rod[2] - rod[0], rod[3] - rod[1]))
    return Shaft(axis_points(rod[None], max(2, 1 + round(length / POINT_SPACING)))[0], float(rod[5]))


def _parts(score: Map, gap: float) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Hair pixels grouped with all that lie within a gap: labels (h, w), 0 for skin, and each part's stats."""
    mask = (score > 0.5).view(np.uint8)
    size = max(3, round(gap) | 1)
    joined = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    labels[mask == 0] = 0
    stats[:, cv2.CC_STAT_AREA] = np.bincount(labels.ravel(), minlength=len(stats))
    return labels, stats


def _along_border(evidence: Evidence, shaft: Shaft) -> bool:
    """Whether most of a shaft runs beside the edge of what is visible: a frame's rim, or a hair too cut to measure."""
    reach = BORDER_UM / evidence.frame.um_per_work_px
    height, width = evidence.visible.shape
    near = 0
    for x, y in shaft.axis:
        if not (reach <= x < width - reach and reach <= y < height - reach):
            near += 1
            continue
        around = evidence.visible[int(y - reach) : int(y + reach) + 1, int(x - reach) : int(x + reach) + 1]
        near += not around.all()
    return near > 0.6 * len(shaft.axis)


def usual_half_width(evidence: Evidence) -> float:
    """Median half width of the image's hairs in work pixels, weighted by their area."""
    hair = evidence.score > 0.5
    widest = WIDEST_USUAL_UM / 2 / evidence.frame.um_per_work_px
    return min(widest, float(np.median(evidence.half_width[hair]))) if hair.any() else widest
