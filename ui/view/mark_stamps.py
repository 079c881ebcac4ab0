"""The marks of hairs as small pictures, drawn once and put on whole pixels: rings, tips, diamonds."""

import math
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter

from ui.view.inks import colour, pen
from workstation.palette import BLACK, Rgb
from workstation.pictures.marks import CASING_PENS, CORE_PENS, DIAMOND_PENS, ROOT_PENS, TIP_PENS

TURNS = 64
"""Directions in which marks are kept."""
CASING_OPACITY = 0.6


class Mark(StrEnum):
    """What a mark says."""

    ROOT = "root"
    """A ring where the hair leaves the skin."""
    ENTRY = "entry"
    """A bar across where it comes in from outside of what is seen."""
    VELLUS = "vellus"
    """A dot at the tip."""
    INTERMEDIATE = "intermediate"
    """A bar at the tip."""
    TERMINAL = "terminal"
    """An arrow's head at the tip."""
    ADDED = "added"
    """An open diamond half-way along."""


_TURNING = frozenset({Mark.ENTRY, Mark.INTERMEDIATE, Mark.TERMINAL})
_FILLED: dict[Mark, tuple[tuple[float, float], ...]] = {
    Mark.INTERMEDIATE: ((1.2, TIP_PENS), (1.2, -TIP_PENS), (-1.2, -TIP_PENS), (-1.2, TIP_PENS)),
    Mark.TERMINAL: ((-TIP_PENS, 0.0), (TIP_PENS * 0.8, TIP_PENS), (TIP_PENS * 0.8, -TIP_PENS)),
}
"""Corners along the shaft, from the tip backwards, and across it, in pens."""


def mark_stamp(mark: Mark, rgb: Rgb, pen_px: float, direction: tuple[float, float] = (1.0, 0.0)) -> QImage:
    """A mark, its middle in the middle of the picture.

    Args:
        mark: which.
        rgb: its colour.
        pen_px: device pixels per pen.
        direction: along the shaft, from the end that is marked inwards.
    """
    turn = round(math.atan2(direction[1], direction[0]) / (2 * math.pi) * TURNS) % TURNS if mark in _TURNING else 0
    return _stamp(mark, rgb, pen_px, turn)


@lru_cache(maxsize=1024)
def _stamp(mark: Mark, rgb: Rgb, pen_px: float, turn: int) -> QImage:
    reach = DIAMOND_PENS + CASING_PENS
    return picture(math.ceil(reach * pen_px), lambda painter: _draw(painter, mark, rgb, pen_px, turn))


@lru_cache(maxsize=256)
def circle_stamp(radius_px: int, rgb: Rgb, pens: float, pen_px: float) -> QImage:
    """A thin circle with a dark edge."""

    def draw(painter: QPainter) -> None:
        for ink in (pen(BLACK, (pens + 1.2) * pen_px, 0.35), pen(rgb, pens * pen_px)):
            painter.setPen(ink)
            painter.drawEllipse(QPointF(0, 0), radius_px, radius_px)

    return picture(math.ceil(radius_px + (pens + 2) * pen_px), draw)


def picture(half_px: int, draw: Callable[[QPainter], None]) -> QImage:
    """A picture on nothing, an odd number of pixels wide and high, so that its middle is the middle of a pixel.

    Args:
        half_px: from the middle to the edge.
        draw: draws it around (0, 0).
    """
    made = QImage(2 * half_px + 1, 2 * half_px + 1, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(0)
    painter = QPainter(made)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(half_px + 0.5, half_px + 0.5)
        draw(painter)
    finally:
        painter.end()
    return made


def _draw(painter: QPainter, mark: Mark, rgb: Rgb, unit: float, turn: int) -> None:
    angle = 2 * math.pi * turn / TURNS
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    edge, core = pen(BLACK, CASING_PENS * unit, CASING_OPACITY), pen(rgb, CORE_PENS * unit)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if mark in _FILLED or mark is Mark.VELLUS:
        painter.setPen(pen(BLACK, unit, CASING_OPACITY))
        painter.setBrush(QBrush(colour(rgb)))
        if mark is Mark.VELLUS:
            painter.drawEllipse(QPointF(0, 0), 0.6 * TIP_PENS * unit, 0.6 * TIP_PENS * unit)
            return
        painter.drawConvexPolygon(
            [
                QPointF(unit * (a * along[0] + b * across[0]), unit * (a * along[1] + b * across[1]))
                for a, b in _FILLED[mark]
            ]
        )
        return
    for ink in (edge, core):
        painter.setPen(ink)
        if mark is Mark.ROOT:
            painter.drawEllipse(QPointF(0, 0), ROOT_PENS * unit, ROOT_PENS * unit)
        elif mark is Mark.ENTRY:
            half = 1.3 * ROOT_PENS * unit
            painter.drawLine(QPointF(-half * across[0], -half * across[1]), QPointF(half * across[0], half * across[1]))
        else:
            reach = DIAMOND_PENS * unit
            painter.drawPolygon([QPointF(0, -reach), QPointF(reach, 0), QPointF(0, reach), QPointF(-reach, 0)])
