"""Which hairs the evidence shows: the same decoder for every source of evidence."""

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.decoder.ends import trim
from analysis.decoder.explain import explain
from analysis.decoder.rods import axis_points
from analysis.decoder.shaft import Shaft
from analysis.detection import DetectionParameters
from analysis.evidence import Evidence, Map
from analysis.progress import Report, silent

MARGIN = 4
MIN_AREA_PX = 50
GAP_UM = 70.0
"""Pieces this near each other may be one hair, cut by glare or by a burnt-in line."""
POINT_SPACING = 6.0


def decode(evidence: Evidence, parameters: DetectionParameters, report: Report = silent) -> list[Shaft]:
    """Shafts, without order, either end first.

    Args:
        evidence: score, axis and half width.
        parameters: lengths and widths to accept.
        report: told of the share of parts that are done, 0 to 1.
    """
    um = evidence.frame.um_per_work_px
    labels, stats = _parts(evidence.score, GAP_UM / um)
    count = len(stats)
    usual = usual_half_width(evidence)
    shortest = parameters.min_length_um / um
    shafts: list[Shaft] = []
    for part in range(1, count):
        left, top, width, height, area = stats[part]
        if area < MIN_AREA_PX or np.hypot(width, height) < shortest:
            continue
        report("tracing hairs", part / count)
        x0, y0 = max(0, left - MARGIN), max(0, top - MARGIN)
        window = np.s_[y0 : top + height + MARGIN, x0 : left + width + MARGIN]
        weight = 2 * evidence.score[window] - 1
        weight[(labels[window] != part) & (evidence.score[window] > 0.5)] = 0
        rods = explain(weight, usual)
        for rod in rods:
            length = np.hypot(rod[2] - rod[0], rod[3] - rod[1])
            axis = axis_points(rod[None], max(2, 1 + round(length / POINT_SPACING)))[0]
            shaft = trim(evidence, Shaft(axis + np.array([x0, y0]), float(rod[5])))
            if shaft is not None and shaft.length >= shortest:
                shafts.append(shaft)
    return shafts


def _parts(score: Map, gap: float) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Hair pixels grouped with all that lie within a gap: labels (h, w), 0 for skin, and OpenCV's stats of each part."""
    mask = (score > 0.5).view(np.uint8)
    size = max(3, round(gap) | 1)
    joined = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    labels[mask == 0] = 0
    stats[:, cv2.CC_STAT_AREA] = np.bincount(labels.ravel(), minlength=len(stats))
    return labels, stats


def usual_half_width(evidence: Evidence) -> float:
    """Median half width of the image's hairs in work pixels, weighted by their area."""
    hair = evidence.score > 0.5
    return float(np.median(evidence.half_width[hair])) if hair.any() else 4.0
