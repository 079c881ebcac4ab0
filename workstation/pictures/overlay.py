"""An image with its read drawn over it, so that the hairs under the drawing stay visible."""

from dataclasses import dataclass

import cv2
import numpy as np
import shapely

from analysis.detection import FloatArray
from analysis.geometry import arc_length
from analysis.measures import WidthClass
from workstation.endpoints import hair_class, units_of
from workstation.model.field import FieldShape
from workstation.model.hair import Hair, Origin, Status
from workstation.model.read import Read
from workstation.model.study import WidthCutoffs
from workstation.palette import BLACK, CLASS_COLOURS, EXCLUDED, FIELD, UNIT
from workstation.pictures import marks
from workstation.pictures.canvas import WHITE, Canvas, Pixels, blend
from workstation.pictures.furniture import TEXT_PENS, legend, scale_bar

PAGE_PX = 1600
"""The long side of a picture whose thin line is one pixel wide."""
CASING_SHARE = 0.6
OUTSIDE_SHARE = 0.35
"""How much the image is darkened outside the field."""
LABEL_DISTANCE = 0.65
"""From a unit's outline to the middle of its number, in the number's height."""
_AROUND = [np.array([np.cos(turn), np.sin(turn)]) for turn in np.linspace(0, 2 * np.pi, 16, endpoint=False)]
"""Directions in which a number is tried."""
MIN_WIDTH_PENS = 6.0
"""A shaft narrower than this on the picture has its width not drawn: the lines would hide it."""


def overlay_picture(
    image_rgb: Pixels,
    read: Read,
    um_per_px: float | None,
    cutoffs: WidthCutoffs,
    *,
    long_side_px: int | None = None,
    with_legend: bool = True,
) -> Pixels:
    """Draw a read over its image.

    Each hair is a thin line in its class's colour with a dark edge, a ring at the root and the class's shape at the
    tip; its width two hairlines where there is room. Rejected hairs are dashed, added ones bear a diamond, units are
    outlined with the number of their hairs, the field is outlined and darkened around, exclusions are hatched.

    Args:
        image_rgb: (H, W, 3) uint8, not changed.
        read: the read.
        um_per_px: scale of the image; without one there are no classes and no scale bar.
        cutoffs: where vellus ends and terminal begins.
        long_side_px: the longer side of the picture, the image is scaled to it; as the image if None.
        with_legend: whether a legend stands below.

    Returns:
        (H', W', 3) uint8 RGB.
    """
    scaled, scale = _scaled(image_rgb, long_side_px)
    pen_px = max(1.0, max(scaled.shape[:2]) / PAGE_PX)
    sheet = _Sheet(scale, pen_px, um_per_px, cutoffs)
    picture = _field(scaled, read, sheet)
    picture = _rejected(picture, read, sheet)
    hairs = [h for h in read.hairs.values() if h.status is not Status.REJECTED]
    picture = _casings(picture, hairs, sheet)
    canvas = Canvas(picture, pen_px)
    for hair in hairs:
        _hair(canvas, hair, sheet)
    _units(canvas, read, sheet)
    if um_per_px is not None:
        scale_bar(canvas, um_per_px / scale)
    if not with_legend:
        return canvas.pixels
    strip = legend(canvas.pixels.shape[1], pen_px, cutoffs, has_scale=um_per_px is not None)
    return np.vstack([canvas.pixels, strip])


@dataclass(frozen=True)
class _Sheet:
    """How the image lies on the picture."""

    scale: float
    pen_px: float
    um_per_px: float | None
    cutoffs: WidthCutoffs

    def place(self, points_px: FloatArray) -> FloatArray:
        """Image to picture; both have their origin at the centre of a pixel."""
        return (points_px + 0.5) * self.scale - 0.5

    def class_of(self, hair: Hair) -> WidthClass | None:
        """The hair's class, None without a scale or a width."""
        return hair_class(hair.width_px * (self.um_per_px or float("nan")), self.cutoffs)


def _scaled(image_rgb: Pixels, long_side_px: int | None) -> tuple[Pixels, float]:
    height, width = image_rgb.shape[:2]
    scale = (long_side_px or max(height, width)) / max(height, width)
    if scale == 1:
        return image_rgb.copy(), 1.0
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    resized: Pixels = cv2.resize(image_rgb, size, interpolation=how)
    return resized, scale


def _field(picture: Pixels, read: Read, sheet: _Sheet) -> Pixels:
    outline = sheet.place(read.field.polygon_px)
    if read.field.shape is not FieldShape.IMAGE:
        lit = np.zeros_like(picture)
        Canvas(lit, sheet.pen_px).area(outline, WHITE)
        picture = np.where(lit > 127, picture, blend(picture, np.zeros_like(picture), OUTSIDE_SHARE))
    canvas = Canvas(picture, sheet.pen_px)
    for exclusion in read.field.exclusions:
        canvas.hatch(sheet.place(exclusion.polygon_px), EXCLUDED)
    canvas.line(outline, WHITE, 4, closed=True)
    canvas.line(outline, FIELD, 2, closed=True)
    return picture


def _rejected(picture: Pixels, read: Read, sheet: _Sheet) -> Pixels:
    canvas = Canvas(picture.copy(), sheet.pen_px)
    for hair in read.hairs.values():
        if hair.status is Status.REJECTED:
            marks.rejected_line(canvas, sheet.place(hair.vertices_px))
    return blend(picture, canvas.pixels, 0.8)


def _casings(picture: Pixels, hairs: list[Hair], sheet: _Sheet) -> Pixels:
    """The width and the dark edge of every hair, half transparent, under all that is coloured."""
    canvas = Canvas(picture.copy(), sheet.pen_px)
    for hair in hairs:
        line = sheet.place(hair.vertices_px)
        if hair.width_px * sheet.scale >= MIN_WIDTH_PENS * sheet.pen_px:
            width = np.where(np.isnan(hair.vertex_width_px), hair.width_px, hair.vertex_width_px)
            marks.width_lines(canvas, line, width * sheet.scale, WHITE)
        canvas.line(line, BLACK, marks.CASING_PENS)
    return blend(picture, canvas.pixels, CASING_SHARE)


def _hair(canvas: Canvas, hair: Hair, sheet: _Sheet) -> None:
    line, width_class = sheet.place(hair.vertices_px), sheet.class_of(hair)
    colour = CLASS_COLOURS[width_class]
    canvas.line(line, colour, marks.CORE_PENS)
    if hair.root_visible:
        marks.root_mark(canvas, line, colour)
    marks.class_mark(canvas, line, width_class, colour)
    if hair.origin is Origin.ADDED:
        marks.added_mark(canvas, line, arc_length(line), WHITE)


def _units(canvas: Canvas, read: Read, sheet: _Sheet) -> None:
    """Outlines of the units, and of the counted ones their number of hairs, where it hides no other number."""
    units, counted = units_of(read)
    ends: dict[int, list[FloatArray]] = {}
    for hair in read.hairs.values():
        if hair.counts and hair.unit_id is not None:
            ends.setdefault(hair.unit_id, []).append(sheet.place(hair.vertices_px[[0, -1]]))
    texts: list[tuple[float, float, str]] = []
    size = 1.1 * TEXT_PENS * canvas.pen_px
    for unit, n_hairs, is_counted in zip(units.unit.tolist(), units.n_hairs.tolist(), counted.tolist(), strict=True):
        roots, tips = np.stack(ends[unit], axis=1)
        edge = shapely.get_coordinates(marks.unit_outline(canvas, roots).exterior)
        if not is_counted:
            canvas.dashes(edge, UNIT)
            continue
        canvas.line(edge, UNIT, 2)
        if place := _free_place(edge, roots.mean(axis=0) - tips.mean(axis=0), size, texts, canvas.pixels.shape):
            texts.append((*place, str(n_hairs)))
    canvas.texts(texts, size, WHITE, BLACK)


def _free_place(
    edge: FloatArray,
    away: FloatArray,
    size: float,
    texts: list[tuple[float, float, str]],
    shape: tuple[int, ...],
) -> tuple[float, float] | None:
    """A place for a number close to an outline (V, 2), inside the picture and off the other numbers, else None.

    The best one lies in the direction `away`, (2,), that leads off the shafts.
    """
    off = LABEL_DISTANCE * size
    taken = np.array([text[:2] for text in texts]).reshape(-1, 2)
    for direction in sorted(_AROUND, key=lambda d: -float(d @ away)):
        place = edge[np.argmax(edge @ direction)] + off * direction
        inside = (off < place).all() and (place < [shape[1] - off, shape[0] - off]).all()
        if inside and not (np.abs(taken - place) < size).all(axis=1).any():
            return float(place[0]), float(place[1])
    return None
