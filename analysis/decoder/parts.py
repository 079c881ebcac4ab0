"""Connected parts of the score map, each described by as few rods as explain it."""

from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.decoder.explain import explain
from analysis.decoder.rods import axis_points
from analysis.evidence import Evidence, Map
from analysis.lines import SAMPLES
from analysis.progress import Report

FloatArray = NDArray[np.float64]

STAGE = "tracing hairs"
MARGIN = 4
MIN_AREA_PX = 50
GAP_UM = 70.0
"""Pieces this near each other may be one hair, cut by glare or by a burnt-in line."""
LARGEST_EXTENT_UM = 5000.0
"""A larger part is left to traces: rods are for what can be searched whole."""
WIDEST_USUAL_UM = 84.0
"""Where the image's usual hair seems wider than this, it is touching pairs that are usual."""


def rod_lines(evidence: Evidence, shortest: float, report: Report) -> FloatArray:
    """(N, SAMPLES, 2) the axes of the rods that describe all parts at least so many pixels long."""
    um = evidence.frame.um_per_work_px
    labels, stats = _parts(evidence.score, GAP_UM / um)
    usual = usual_half_width(evidence)
    lines = [np.zeros((0, SAMPLES, 2))]
    for part in range(1, len(stats)):
        left, top, width, height, area = stats[part]
        extent = np.hypot(width, height)
        if area < MIN_AREA_PX or not shortest <= extent <= LARGEST_EXTENT_UM / um:
            continue
        report(STAGE, part / len(stats))
        corner = np.array([max(0, left - MARGIN), max(0, top - MARGIN)])
        window = np.s_[corner[1] : top + height + MARGIN, corner[0] : left + width + MARGIN]
        score = evidence.score[window].copy()
        score[(labels[window] != part) & (score > 0.5)] = 0.5
        rods = explain(2 * score - 1, usual, partial(report, STAGE, part / len(stats)))
        lines.append(axis_points(rods, SAMPLES) + corner)
    return np.concatenate(lines)


def _parts(score: Map, gap: float) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Hair pixels grouped with all that lie within a gap: labels (h, w), 0 for skin, and each part's stats."""
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
    widest = WIDEST_USUAL_UM / 2 / evidence.frame.um_per_work_px
    return min(widest, float(np.median(evidence.half_width[hair]))) if hair.any() else widest
