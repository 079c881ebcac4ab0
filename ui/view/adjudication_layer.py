"""Two reads over each other: what they differ in, each in a colour and a kind of line of its own.

The first read is drawn in full lines with rings at the roots, the second dashed with squares: colour and shape say the
same. A root is crossed out where the hair does not count. What is settled is the third read itself, drawn faintly
below.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter

from analysis.detection import FloatArray
from ui.view.drawing import Drawing
from ui.view.inks import colour, pen
from ui.view.polygons import coordinates, path_of, polygon
from ui.view.sheet import Sheet
from ui.view.strokes import casing, stroke
from ui.view.viewport import Viewport
from workstation.adjudication.provenance import From
from workstation.model.field import Field
from workstation.model.hair import Hair
from workstation.palette import BLACK, FIRST_READ, GREY, SECOND_READ, WHITE, Rgb

FAINT = 0.4
"""How strongly the third read is drawn below."""
DASHES = (6.0, 4.0)
"""Of the second read, in pens."""
LINE_PENS, CURRENT_PENS, CASING_PENS = 1.8, 2.4, 4.4
ROOT_PENS = 4.2
"""Half the width of a mark at a root."""
UNIT_MARGINS_PENS = (9.0, 14.0)
"""From the roots to the outline of a unit of the first and of the second read: neither hides the other."""
OTHERS_OPACITY = 0.75
"""Of differences that are not looked at while one is."""
BADGE_PENS = 2.6


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """What one read says of some differences."""

    hairs: tuple[Hair, ...] = ()
    units_px: tuple[FloatArray, ...] = ()
    """Of each unit its roots, (M, 2)."""
    field: Field | None = None

    @property
    def any(self) -> bool:
        """Whether it says anything."""
        return bool(self.hairs or self.units_px or self.field)


@dataclass(frozen=True, slots=True, eq=False)
class ReadMarks:
    """What is drawn over one image."""

    others: tuple[Side, Side] = (Side(), Side())
    """Of each read what is open and not looked at."""
    current: tuple[Side, Side] = (Side(), Side())
    """Of each read what is looked at."""
    agreed: tuple[Hair, ...] = ()
    """What both have; empty where the third read shows it."""
    taken: Mapping[tuple[float, float], From] = field(default_factory=lambda: MappingProxyType({}))
    """By its root where a settled hair comes from."""
    below: float = FAINT
    """How strongly the read below is drawn, 0 to 1."""


class AdjudicationLayer:
    """What is shown of two reads in one image."""

    def __init__(self) -> None:
        self.marks: ReadMarks | None = None

    @property
    def below(self) -> float:
        """How strongly the read below is drawn."""
        return 1.0 if self.marks is None else self.marks.below

    def paint_over(self, painter: QPainter, drawing: Drawing, viewport: Viewport, pen_px: float) -> None:
        """Draw both reads over the drawing of the third.

        Args:
            painter: paints in device pixels.
            drawing: of the third read.
            viewport: in device pixels.
            pen_px: a thin line.
        """
        layers, sheet = drawing.display.layers, drawing.sheet(viewport, pen_px)
        if self.marks is None or sheet is None or not layers.visible:
            return
        painter.save()
        painter.setOpacity(layers.opacity)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_reads(painter, sheet, self.marks)
        painter.restore()


def paint_reads(painter: QPainter, sheet: Sheet, marks: ReadMarks) -> None:
    """Draw them: what is looked at above all others."""
    if marks.agreed:
        _casings(painter, sheet, marks.agreed, FAINT)
        _lines(painter, sheet, marks.agreed, GREY, 1.0, (), FAINT)
    _badges(painter, sheet, marks.taken)
    looks = any(side.any for side in marks.current)
    opacity = OTHERS_OPACITY if looks else 1.0
    painter.setOpacity(painter.opacity() * opacity)
    _both(painter, sheet, marks.others, current=False)
    painter.setOpacity(painter.opacity() / opacity)
    for place, side in enumerate(marks.current):
        _glow(painter, sheet, side, second=bool(place))
    _both(painter, sheet, marks.current, current=True)


def _both(painter: QPainter, sheet: Sheet, sides: tuple[Side, Side], *, current: bool) -> None:
    """Dark edges of both first: where one lies on the other, the first is seen between the dashes of the second."""
    for side in sides:
        _casings(painter, sheet, side.hairs, 1.0)
    for place, side in enumerate(sides):
        _side(painter, sheet, side, second=bool(place), current=current)


def _side(painter: QPainter, sheet: Sheet, side: Side, *, second: bool, current: bool) -> None:
    rgb, dashes = (SECOND_READ, DASHES) if second else (FIRST_READ, ())
    pens = CURRENT_PENS if current else LINE_PENS
    if side.field is not None:
        rings = [side.field.polygon_px, *(e.polygon_px for e in side.field.exclusions)]
        _rings(painter, sheet, [sheet.viewport.to_view(ring) for ring in rings], rgb, pens, dashes)
    outlines = _outlines(side.units_px, sheet, UNIT_MARGINS_PENS[second])
    _rings(painter, sheet, outlines, rgb, pens, dashes)
    _lines(painter, sheet, side.hairs, rgb, pens, dashes)
    for hair in side.hairs:
        _root(painter, sheet, hair, rgb, second=second)


def _casings(painter: QPainter, sheet: Sheet, hairs: Iterable[Hair], opacity: float) -> None:
    path = path_of([hair.vertices_px for hair in hairs])
    if not path.isEmpty():
        with sheet.in_image(painter):
            casing(painter, path, CASING_PENS, sheet.pen_px, sheet.viewport.scale, opacity=0.6 * opacity)


def _lines(
    painter: QPainter,
    sheet: Sheet,
    hairs: Iterable[Hair],
    rgb: Rgb,
    pens: float,
    dashes: tuple[float, ...],
    opacity: float = 1.0,
) -> None:
    path = path_of([hair.vertices_px for hair in hairs])
    if not path.isEmpty():
        with sheet.in_image(painter):
            stroke(painter, path, rgb, pens, sheet.pen_px, sheet.viewport.scale, opacity=opacity, dashes=dashes)


def _rings(
    painter: QPainter, sheet: Sheet, rings: Sequence[FloatArray], rgb: Rgb, pens: float, dashes: tuple[float, ...]
) -> None:
    """Closed lines, (V, 2) each, in device pixels."""
    path = path_of([np.vstack([ring, ring[:1]]) for ring in rings])
    if not path.isEmpty():
        casing(painter, path, CASING_PENS, sheet.pen_px, opacity=0.55)
        stroke(painter, path, rgb, pens, sheet.pen_px, dashes=dashes)


def _outlines(units_px: Sequence[FloatArray], sheet: Sheet, margin_pens: float) -> list[FloatArray]:
    """Rounded outlines around the roots of units, in device pixels."""
    if not units_px:
        return []
    roots = sheet.viewport.to_view(np.concatenate(units_px))
    groups = shapely.multipoints(roots, indices=np.repeat(np.arange(len(units_px)), [len(u) for u in units_px]))
    return coordinates(shapely.buffer(shapely.convex_hull(groups), margin_pens * sheet.pen_px, quad_segs=8))


def _root(painter: QPainter, sheet: Sheet, hair: Hair, rgb: Rgb, *, second: bool) -> None:
    x, y = sheet.viewport.to_view(hair.root_px).tolist()
    half = ROOT_PENS * sheet.pen_px
    box = QRectF(x - half, y - half, 2 * half, 2 * half)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink in (pen(BLACK, 4.0 * sheet.pen_px, 0.7), pen(rgb, 2.0 * sheet.pen_px)):
        painter.setPen(ink)
        if second:
            painter.drawRect(box)
        else:
            painter.drawEllipse(box)
        if not hair.counts:
            painter.drawLine(box.topLeft(), box.bottomRight())
            painter.drawLine(box.topRight(), box.bottomLeft())


def _glow(painter: QPainter, sheet: Sheet, side: Side, *, second: bool) -> None:
    """A light halo beside what is looked at."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    lines = [polygon(sheet.viewport.to_view(hair.vertices_px)) for hair in side.hairs]
    lines += [polygon(outline) for outline in _outlines(side.units_px, sheet, UNIT_MARGINS_PENS[second])]
    for ink in (pen(BLACK, 10.0 * sheet.pen_px, 0.35), pen(WHITE, 7.0 * sheet.pen_px, 0.8)):
        painter.setPen(ink)
        for line in lines:
            painter.drawPolyline(line)


def _badges(painter: QPainter, sheet: Sheet, taken: Mapping[tuple[float, float], From]) -> None:
    """A dot of the reader's colour and shape at the root of what was settled; white where it was settled by hand."""
    if not taken:
        return
    half = BADGE_PENS * sheet.pen_px
    places = sheet.viewport.to_view(np.array(list(taken), dtype=np.float64)).tolist()
    painter.setPen(pen(BLACK, 1.4 * sheet.pen_px, 0.8))
    for (x, y), source in zip(places, taken.values(), strict=True):
        second = source is From.SECOND
        rgb = FIRST_READ if source is From.FIRST else SECOND_READ if second else WHITE
        painter.setBrush(QBrush(colour(rgb)))
        if second:
            painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))
        else:
            painter.drawEllipse(QPointF(x, y), half, half)
