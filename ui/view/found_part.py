"""What a detection would find in a part of an image, as it is drawn: white, over a read that is faint meanwhile."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter

from analysis.detection import BoolArray, Detection, FloatArray, IntArray
from ui.preview_part import Part
from ui.tools.preview import line
from ui.view.boxes import Box, meeting
from ui.view.cached_layer import CachedLayer
from ui.view.furniture import chip
from ui.view.hair_painter import FAR_CASING_OPACITY, FAR_CASING_PENS
from ui.view.inks import draw_stamp
from ui.view.mark_stamps import CASING_OPACITY, Mark, mark_stamp
from ui.view.polygons import path_of, simplified
from ui.view.sheet import FULL_FROM_PENS
from ui.view.strokes import casing, stroke
from ui.view.viewport import Viewport
from workstation.palette import WHITE
from workstation.pictures.marks import CASING_PENS, CORE_PENS

FADED = 0.25
"""Opacity of the overlay below a preview."""
TOLERANCE_PX = 0.1
REACH_PENS = 8.0
"""No mark reaches farther."""
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

    @cached_property
    def boxes(self) -> FloatArray:
        """(N, 4) around the lines."""
        return boxes_of(self.lines)

    @cached_property
    def spoke_boxes(self) -> FloatArray:
        """(M, 4) around the spokes."""
        return boxes_of(self.spokes)

    @cached_property
    def spokes(self) -> list[FloatArray]:
        """From the middle of each unit of several hairs to their roots, (2, 2) each."""
        found: list[FloatArray] = []
        for unit in np.flatnonzero(np.bincount(self.unit[self.unit >= 0]) > 1):
            roots = self.roots[self.unit == unit]
            middle = roots.mean(axis=0)
            found += [np.array([middle, root]) for root in roots]
        return found

    @property
    def n_hairs(self) -> int:
        """Hairs whose root is in the part that the preview is of."""
        return int(self._rooted.sum())

    @property
    def n_units(self) -> int:
        """Units of those hairs."""
        return len(np.unique(self.unit[self._rooted]))

    @cached_property
    def _rooted(self) -> BoolArray:
        rooted: BoolArray = (self.unit >= 0) & inside(self.roots, self.part)
        return rooted

    def paint(self, painter: QPainter, viewport: Viewport, pen_px: float, box_px: Box) -> None:
        """Draw the hairs that meet a box of the image.

        Args:
            painter: paints in device pixels.
            viewport: in device pixels.
            pen_px: device pixels per pen.
            box_px: left, top, right, bottom in the image.
        """
        scale, reach = viewport.scale, REACH_PENS * pen_px / viewport.scale
        around = (box_px[0] - reach, box_px[1] - reach, box_px[2] + reach, box_px[3] + reach)
        path = path_of([self.lines[i] for i in meeting(self.boxes, around)])
        marked = self.width_px * scale >= FULL_FROM_PENS * pen_px
        pens, dark = (CASING_PENS, CASING_OPACITY) if marked else (FAR_CASING_PENS, FAR_CASING_OPACITY)
        left, top, right, bottom = self.part.box_px
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        viewport.place(painter)
        painter.setClipRect(QRectF(left, top, right - left, bottom - top), Qt.ClipOperation.IntersectClip)
        casing(painter, path, pens, pen_px, scale, opacity=dark)
        stroke(painter, path, WHITE, CORE_PENS if marked else 1.0, pen_px, scale)
        if marked:
            spokes = path_of([self.spokes[i] for i in meeting(self.spoke_boxes, around)])
            casing(painter, spokes, 2.0, pen_px, scale, opacity=0.3)
            stroke(painter, spokes, WHITE, 1.0, pen_px, scale, dashes=(2.0, 2.0))
        painter.restore()
        if marked:
            ring = mark_stamp(Mark.ROOT, WHITE, pen_px)
            near = meeting(np.hstack([self.roots, self.roots]), around)
            for x, y in viewport.to_view(self.roots[near[self._rooted[near]]]).tolist():
                draw_stamp(painter, ring, x, y)

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


class FoundLayer:
    """What was found as it is drawn and kept between frames."""

    def __init__(self) -> None:
        self._layer = CachedLayer(opaque=False)
        self._found: FoundPart | None = None

    @property
    def found(self) -> FoundPart | None:
        """What is drawn."""
        return self._found

    def show(self, found: FoundPart | None) -> None:
        """Draw something else, or nothing."""
        if found is not self._found:
            self._found = found
            self._layer.forget()
            if found is None:
                self._layer.release()

    def paint(self, painter: QPainter, viewport: Viewport, pen_px: float, *, moving: bool) -> bool:
        """Draw it.

        Args:
            painter: paints in device pixels.
            viewport: in device pixels, its image on whole pixels.
            pen_px: device pixels per pen.
            moving: more frames will follow at once: it may be drawn as it was, scaled.

        Returns:
            Whether it is as sharp as it gets.
        """
        found, layer = self._found, self._layer
        if found is None:
            return True
        if moving and layer.viewport is not None and not layer.fits(viewport):
            layer.paint_scaled(painter, viewport)
            return False
        layer.update(viewport, lambda p, _, box: found.paint(p, viewport, pen_px, box))
        layer.paint(painter)
        return True


def found_in(detection: Detection, part: Part) -> FoundPart:
    """What was found in a part, which was detected by itself, as it lies in the image."""
    corner = np.array([part.left, part.top], dtype=np.float64)
    lines = [detection.vertices_of(i) + corner for i in range(detection.n_hairs)]
    return FoundPart(
        part=part,
        lines=simplified(lines, TOLERANCE_PX),
        width_px=float(np.median(detection.width_px)) if lines else 0.0,
        roots=np.array([line[0] for line in lines]).reshape(-1, 2),
        unit=detection.unit,
    )


def boxes_of(lines: list[FloatArray]) -> FloatArray:
    """The boxes (N, 4) around lines."""
    return np.array([(*line.min(axis=0), *line.max(axis=0)) for line in lines], dtype=np.float64).reshape(-1, 4)


def inside(points_px: FloatArray, part: Part) -> BoolArray:
    """Which points (N, 2) of the image a preview of the part is of."""
    left, top, right, bottom = part.box_px
    x, y = points_px.T
    found: BoolArray = (x >= left) & (x < right) & (y >= top) & (y < bottom)
    return found
