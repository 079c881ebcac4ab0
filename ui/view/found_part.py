"""What a detection would find in a part of an image, as it is drawn: white, over a read that is faint meanwhile."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter, QPainterPath

from analysis.detection import BoolArray, Detection, FloatArray, IntArray
from ui.preview_part import Part
from ui.tools.preview import line
from ui.view.furniture import chip
from ui.view.inks import WHITE, draw_stamp
from ui.view.mark_stamps import CASING_OPACITY, Mark, mark_stamp
from ui.view.polygons import path_of, simplified
from ui.view.strokes import casing, stroke
from ui.view.viewport import Viewport
from workstation.pictures.marks import CASING_PENS, CORE_PENS

FADED = 0.25
"""Opacity of the overlay below a preview."""
MARKED_FROM_PENS = 3.0
"""Roots and units are marked where hairs are drawn so wide."""
TOLERANCE_PX = 0.1
WORDS = "Preview of this part"
WORDS_BELOW_PENS = 18.0
FARTHEST_PX = 1e6


@dataclass(frozen=True, eq=False)
class FoundPart:
    """Hairs found in a part of an image, N of them, in pixels of the image."""

    part: Part
    lines: list[FloatArray]
    """(V, 2) each, root first."""
    width_px: float
    """How wide they usually are."""
    roots: FloatArray
    """(N, 2)"""
    unit: IntArray
    """(N,) -1 where the root is not visible."""
    path: QPainterPath = field(repr=False)
    """All lines."""

    @cached_property
    def spokes(self) -> QPainterPath:
        """From the middle of each unit of several hairs to their roots."""
        found: list[FloatArray] = []
        for unit in np.flatnonzero(np.bincount(self.unit[self.unit >= 0]) > 1):
            roots = self.roots[self.unit == unit]
            middle = roots.mean(axis=0)
            found += [np.array([middle, root]) for root in roots]
        return path_of(found)

    @property
    def n_hairs(self) -> int:
        """Hairs whose root is in the part that the preview is of."""
        return int(self._inside.sum())

    @property
    def n_units(self) -> int:
        """Units of those hairs."""
        return len(np.unique(self.unit[self._inside]))

    @property
    def _inside(self) -> BoolArray:
        rooted: BoolArray = (self.unit >= 0) & inside(self.roots, self.part)
        return rooted

    def paint(self, painter: QPainter, viewport: Viewport, pen_px: float) -> None:
        """Draw the hairs.

        Args:
            painter: paints in device pixels.
            viewport: in device pixels.
            pen_px: device pixels per pen.
        """
        scale = viewport.scale
        marked = self.width_px * scale >= MARKED_FROM_PENS * pen_px
        pens, dark = (CASING_PENS, CASING_OPACITY) if marked else (2.6, 0.45)
        left, top, right, bottom = self.part.box_px
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(*viewport.origin)
        painter.scale(scale, scale)
        painter.setClipRect(QRectF(left, top, right - left, bottom - top))
        casing(painter, self.path, pens, pen_px, scale, opacity=dark)
        stroke(painter, self.path, WHITE, CORE_PENS if marked else 1.0, pen_px, scale)
        if marked:
            casing(painter, self.spokes, 2.0, pen_px, scale, opacity=0.3)
            stroke(painter, self.spokes, WHITE, 1.0, pen_px, scale, dashes=(2.0, 2.0))
        painter.restore()
        if marked:
            painter.save()
            self._paint_roots(painter, viewport, pen_px)
            painter.restore()

    def paint_frame(self, painter: QPainter, viewport: Viewport, font: QFont) -> None:
        """Frame the part, where more is seen than the preview is of; in view pixels."""
        if not self.part.framed:
            return
        left, top, right, bottom = self.part.box_px
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        line(painter, viewport, np.clip(corners, -FARTHEST_PX, FARTHEST_PX), closed=True, dashed=True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = viewport.to_view(((left + right) / 2, top)).tolist()
        chip(painter, QPointF(x, y + WORDS_BELOW_PENS), WORDS, font)
        painter.restore()

    def _paint_roots(self, painter: QPainter, viewport: Viewport, pen_px: float) -> None:
        ring = mark_stamp(Mark.ROOT, WHITE, pen_px)
        seen = self.roots[(self.unit >= 0) & inside(self.roots, self.part)]
        for x, y in viewport.to_view(seen).tolist():
            draw_stamp(painter, ring, x, y)


def found_in(detection: Detection, part: Part) -> FoundPart:
    """What was found in a part, which was detected by itself, as it lies in the image."""
    corner = np.array([part.left, part.top], dtype=np.float64)
    lines = [detection.vertices_of(i) + corner for i in range(detection.n_hairs)]
    return FoundPart(
        part=part,
        lines=lines,
        width_px=float(np.median(detection.width_px)) if lines else 0.0,
        roots=np.array([line[0] for line in lines]).reshape(-1, 2),
        unit=detection.unit,
        path=path_of(simplified(lines, TOLERANCE_PX)),
    )


def inside(points_px: FloatArray, part: Part) -> BoolArray:
    """Which points (N, 2) of the image a preview of the part is of."""
    left, top, right, bottom = part.box_px
    x, y = points_px.T
    found: BoolArray = (x >= left) & (x < right) & (y >= top) & (y < bottom)
    return found
