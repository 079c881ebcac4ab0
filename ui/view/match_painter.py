"""Draws matches: kept units outlined in a colour that their partners share, with their number; the others stand out.

A lost unit is in a dashed square, a new one in a diamond, an uncertain one in a ring with a question mark; what a
reader decided on has a dot. Shape and colour say the same.
"""

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPainterPath

from analysis.matching.match import Status
from ui.view.boxes import Box
from ui.view.geometry import ReadGeometry
from ui.view.hair_painter import paint_lifted
from ui.view.inks import TEXT_PENS, colour, draw_stamp, pen, text_stamp
from ui.view.mark_stamps import circle_stamp, picture
from ui.view.match_marks import Marks, MatchMark, Partners
from ui.view.polygons import path_of
from ui.view.sheet import Sheet
from ui.view.strokes import casing, stroke
from ui.view.unit_labels import Label, place_labels
from ui.view.unit_painter import (
    FAR_OUTLINE_PENS,
    OUTLINE_PENS,
    ROOM_FOR_NUMBERS_PENS,
    margin_pens,
    outlines,
    paint_lifted_units,
)
from ui.view.unit_shapes import UnitShape
from workstation.palette import BLACK, GREY, MATCH_COLOURS, MATCHED, WHITE, Rgb, matched_colour

Shape = TypeVar("Shape")

SIGN_PENS = 2.4
LEAST_SIGN_PENS = 10.0
"""Half the side of a sign, at least: it is seen from afar."""
AROUND_PENS = 6.0
"""From a unit's roots to its sign."""
DASHES = (5.0, 3.5)
DOT_PENS = 2.6
GHOST_PENS = 13.0


def match_labels(
    geometry: ReadGeometry,
    sheet: Sheet,
    marks: Marks,
    *,
    kept: Mapping[int, Label] | None = None,
    but: frozenset[int] = frozenset(),
) -> dict[int, Label]:
    """Where the numbers of matched units stand: fewer of them where there is no room, uncertain ones first.

    Args:
        geometry: the read.
        sheet: how it lies.
        marks: of its units.
        kept: numbers that have their places already.
        but: units that need no place.
    """
    if sheet.unit_room_pens < ROOM_FOR_NUMBERS_PENS:
        return {}
    texts = {unit_id: mark.text for unit_id, mark in marks.items() if mark.text and unit_id in geometry.units}
    first = sorted(texts.keys() - but, key=lambda i: (marks[i].status is Status.KEPT, marks[i].number or 0))
    units = [geometry.units[unit_id] for unit_id in first]
    margin, height = margin_pens(sheet) * sheet.pen_px, TEXT_PENS * sheet.pen_px
    signs = [geometry.units[i] for i, mark in marks.items() if mark.status is not Status.KEPT and i in geometry.units]
    taken = {-1 - k: Label("", *sheet.viewport.step_to_view(u.centre_px).tolist()) for k, u in enumerate(signs)}
    tries = 8 if sheet.full else 3
    known = {**taken, **(kept or {})}
    placed = place_labels(units, sheet.viewport, margin, height, tries=tries, kept=known, texts=texts)
    return {unit_id: label for unit_id, label in placed.items() if unit_id not in taken}


def paint_matches(
    painter: QPainter, geometry: ReadGeometry, sheet: Sheet, marks: Marks, labels: Mapping[int, Label], box_px: Box
) -> None:
    """Draw the marks of the units that meet a box of the image, in device pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    units = geometry.units_in(sheet.around(box_px))
    kept: dict[Rgb, list[UnitShape]] = {rgb: [] for rgb in (GREY, *MATCHED)}
    signed: list[tuple[UnitShape, MatchMark]] = []
    for unit in units:
        mark = marks.get(unit.id)
        if mark is None:
            kept[GREY].append(unit)  # beside the common field, or not counted
        elif mark.status is Status.KEPT and mark.number is not None:
            kept[matched_colour(mark.number)].append(unit)
            if mark.decided:
                signed.append((unit, mark))
        else:
            signed.append((unit, mark))
    for rgb, some in kept.items():
        _outline(painter, some, sheet, rgb)
    for unit, mark in signed:
        _sign(painter, unit, mark, sheet)
    x0, y0 = sheet.viewport.origin
    for unit in units:
        if label := labels.get(unit.id):
            stamp = text_stamp(label.text, TEXT_PENS * sheet.pen_px, sheet.font, _ink(marks[unit.id]))
            draw_stamp(painter, stamp, x0 + label.x, y0 + label.y)


def paint_partners(painter: QPainter, geometry: ReadGeometry, sheet: Sheet, partners: Partners) -> None:
    """Lift out the partners of what is selected or pointed at in another image; mark where there is none."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    units, hairs = geometry.units, geometry.hairs
    paint_lifted_units(painter, _those(units, partners.units | partners.hovered_units), sheet)
    paint_lifted(painter, _those(hairs, partners.hairs), sheet, strength=1.0)
    paint_lifted(painter, _those(hairs, partners.hovered_hairs - partners.hairs), sheet, strength=0.7)
    if partners.ghost is not None:
        x, y = sheet.viewport.to_view(partners.ghost).tolist()
        rgb = MATCH_COLOURS[partners.ghost_status]
        draw_stamp(painter, sign_stamp(partners.ghost_status, GHOST_PENS, rgb, sheet.pen_px, ghost=True), x, y)


@lru_cache(maxsize=512)
def sign_stamp(status: Status, half_pens: float, rgb: Rgb, pen_px: float, *, ghost: bool = False) -> QImage:
    """The sign of a lost, new or uncertain unit, its middle in the middle of the picture.

    Args:
        status: of the unit.
        half_pens: from the middle to the sign, in pens.
        rgb: its colour.
        pen_px: device pixels per pen.
        ghost: thinner and dotted: there is nothing, but there would be.
    """
    half = half_pens * pen_px
    path = _shape(status, half)
    dashes = (3.0, 3.0) if ghost else DASHES if status is Status.LOST else ()
    pattern = tuple(length * pen_px for length in dashes)
    pens = SIGN_PENS * (0.8 if ghost else 1.0)

    def draw(painter: QPainter) -> None:
        # dark, light, colour: seen on any skin
        painter.strokePath(path, pen(BLACK, (pens + 2.4) * pen_px, 0.75))
        if not ghost:
            grown = -0.6 if dashes else 0.9
            painter.strokePath(path, pen(WHITE, (pens + grown) * pen_px, 0.8))
        painter.strokePath(path, pen(rgb, pens * pen_px, 1.0, pattern))

    return picture(math.ceil(1.45 * half + (pens + 3) * pen_px), draw)


def _shape(status: Status, half: float) -> QPainterPath:
    path = QPainterPath()
    if status is Status.LOST:
        path.addRect(-half, -half, 2 * half, 2 * half)
    elif status is Status.NEW:
        far = 1.35 * half
        corners = [(0, -far), (far, 0), (0, far), (-far, 0), (0, -far)]
        path = path_of([np.array(corners, dtype=np.float64)])
    else:
        path.addEllipse(QPointF(0, 0), 1.1 * half, 1.1 * half)
    return path


@lru_cache(maxsize=64)
def _dot_stamp(rgb: Rgb, pen_px: float) -> QImage:
    def draw(painter: QPainter) -> None:
        painter.setPen(pen(BLACK, 1.6 * pen_px, 0.8))
        painter.setBrush(QBrush(colour(WHITE)))
        painter.drawEllipse(QPointF(0, 0), DOT_PENS * pen_px, DOT_PENS * pen_px)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(colour(rgb)))
        painter.drawEllipse(QPointF(0, 0), 0.6 * DOT_PENS * pen_px, 0.6 * DOT_PENS * pen_px)

    return picture(math.ceil((DOT_PENS + 2) * pen_px), draw)


def _outline(painter: QPainter, units: list[UnitShape], sheet: Sheet, rgb: Rgb) -> None:
    if not units:
        return
    if sheet.full:
        dashes = (3.0, 3.0) if rgb == GREY else ()
        path = path_of(outlines(units, sheet))
        casing(painter, path, 1.6 + OUTLINE_PENS, sheet.pen_px, opacity=0.35, dashes=dashes)
        stroke(painter, path, rgb, OUTLINE_PENS, sheet.pen_px, dashes=dashes)
        return
    for unit, (x, y) in _placed(units, sheet):
        stamp = circle_stamp(round(_radius(unit, sheet, margin_pens(sheet))), rgb, FAR_OUTLINE_PENS, sheet.pen_px)
        draw_stamp(painter, stamp, x, y)


def _sign(painter: QPainter, unit: UnitShape, mark: MatchMark, sheet: Sheet) -> None:
    ((_, (x, y)),) = _placed([unit], sheet)
    rgb = _ink(mark)
    reach = max(_radius(unit, sheet, AROUND_PENS) / sheet.pen_px, LEAST_SIGN_PENS)
    if mark.status is not Status.KEPT:
        draw_stamp(painter, sign_stamp(mark.status, float(round(reach)), rgb, sheet.pen_px), x, y)
    if mark.decided:
        off = 0.75 * reach * sheet.pen_px
        draw_stamp(painter, _dot_stamp(rgb, sheet.pen_px), x + off, y - off)


def _ink(mark: MatchMark) -> Rgb:
    if mark.status is Status.KEPT and mark.number is not None:
        return matched_colour(mark.number)
    return MATCH_COLOURS.get(mark.status, GREY)


def _radius(unit: UnitShape, sheet: Sheet, margin: float) -> float:
    return unit.spread_px * sheet.viewport.scale + margin * sheet.pen_px


def _placed(units: list[UnitShape], sheet: Sheet) -> Iterable[tuple[UnitShape, tuple[float, float]]]:
    centres = sheet.viewport.to_view(np.array([unit.centre_px for unit in units]))
    return zip(units, centres.tolist(), strict=True)


def _those(shapes: Mapping[int, Shape], ids: frozenset[int]) -> list[Shape]:
    return [shapes[i] for i in sorted(ids) if i in shapes]
