"""Hairs drawn by clicks on the image: the line snaps to the shaft, and its width is measured at once."""

import numpy as np
from numpy.typing import ArrayLike

from analysis.calibration import Calibration
from analysis.detection import FloatArray
from analysis.evidence import Guide
from analysis.snapping import snap
from analysis.width import widths_along
from workstation.edits.drafting import find_hair
from workstation.edits.grouping import UnitChoice
from workstation.edits.hairs import add_hair
from workstation.edits.lines import checked_line
from workstation.edits.shape import End, extend_hair, reshape_hair
from workstation.model.patch import Patch
from workstation.model.read import Read


def drawn_line(evidence: Guide, clicks_px: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """The line along the shaft through clicks, and its widths: also the preview while the mouse moves.

    Args:
        evidence: of the image, from `analysis.snapping.prepare`.
        clicks_px: (K, 2), K ≥ 2, in order.

    Returns:
        (V, 2) vertices and (V,) widths in px, NaN where no edge was found.

    Raises:
        EditRefused: if the clicks are no line.
    """
    line = snap(evidence, checked_line(clicks_px)[0])
    return line, widths_along(evidence, line)


def draw_hair(
    read: Read,
    evidence: Guide,
    clicks_px: ArrayLike,
    *,
    unit: int | UnitChoice = UnitChoice.NEAREST,
    calibration: Calibration | None = None,
) -> Patch:
    """Add a hair by clicking its root, perhaps points along it, and its tip; see `add_hair`."""
    line, widths = drawn_line(evidence, clicks_px)
    return add_hair(read, line, vertex_width_px=widths, unit=unit, calibration=calibration)


def draw_extension(read: Read, evidence: Guide, hair_id: int, end: End, clicks_px: ArrayLike) -> Patch:
    """Lengthen a hair beyond one end by clicks farther out along the shaft; see `extend_hair`."""
    hair = find_hair(read, hair_id)
    start_px = hair.tip_px if end is End.TIP else hair.root_px
    clicks = np.vstack([start_px, np.asarray(clicks_px, dtype=np.float64).reshape(-1, 2)])
    line, widths = drawn_line(evidence, clicks)
    return extend_hair(read, hair_id, end, line[1:], widths[1:])


def redraw_hair(read: Read, evidence: Guide, hair_id: int, clicks_px: ArrayLike) -> Patch:
    """Give a hair the line along the shaft through clicks, root first; see `reshape_hair`."""
    line, widths = drawn_line(evidence, clicks_px)
    return reshape_hair(read, hair_id, line, widths)
