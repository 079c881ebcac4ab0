"""Which hairs the evidence shows: the same decoder for every source of evidence."""

import cv2
import numpy as np

from analysis.decoder.explain import explain
from analysis.decoder.rods import axis_points
from analysis.decoder.shaft import Shaft
from analysis.detection import DetectionParameters
from analysis.evidence import Evidence
from analysis.progress import Report, silent

MARGIN = 4
MIN_AREA_PX = 50
POINT_SPACING = 6.0


def decode(evidence: Evidence, parameters: DetectionParameters, report: Report = silent) -> list[Shaft]:
    """Shafts, without order, either end first.

    Args:
        evidence: score, axis and half width.
        parameters: lengths and widths to accept.
        report: told of the share of parts that are done, 0 to 1.
    """
    um = evidence.frame.um_per_work_px
    mask = (evidence.score > 0.5).view(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
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
        weight[(labels[window] != part) & (labels[window] != 0)] = 0
        rods = explain(weight, usual)
        for rod, length in zip(rods, np.hypot(rods[:, 2] - rods[:, 0], rods[:, 3] - rods[:, 1]), strict=True):
            if length >= shortest:
                axis = axis_points(rod[None], max(2, 1 + round(length / POINT_SPACING)))[0]
                shafts.append(Shaft(axis + np.array([x0, y0]), float(rod[5])))
    return shafts


def usual_half_width(evidence: Evidence) -> float:
    """Median half width of the image's hairs in work pixels, weighted by their area."""
    hair = evidence.score > 0.5
    return float(np.median(evidence.half_width[hair])) if hair.any() else 4.0
