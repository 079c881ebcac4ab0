"""Many lines at once, fast: Qt draws lines one device pixel wide twenty times faster than any wider ones.

A wider line is drawn as several of those next to each other. On screens with many pixels an inch that would take too
many of them; there Qt's own wide pens serve.
"""

import math
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from ui.view.inks import pen
from workstation.palette import BLACK, Rgb

FINEST_SCREEN = 1.75
"""Device pixels per pen from which on Qt's own pens are used."""


@lru_cache(maxsize=64)
def _ring(radius: float, n: int) -> tuple[tuple[float, float], ...]:
    turns = [2 * math.pi * (i + 0.125) / n for i in range(n)]
    return tuple((radius * math.cos(turn), radius * math.sin(turn)) for turn in turns)


def stroke(
    painter: QPainter,
    path: QPainterPath,
    rgb: Rgb,
    pens: float,
    pen_px: float,
    scale: float = 1.0,
    *,
    opacity: float = 1.0,
    dashes: tuple[float, ...] = (),
) -> None:
    """Draw lines.

    Args:
        painter: paints in device pixels, or in image pixels at `scale` of them.
        path: the lines.
        rgb: their colour.
        pens: how wide, 1 to 2.
        pen_px: device pixels per pen.
        scale: device pixels per unit of the painter.
        opacity: of the lines.
        dashes: lengths of dashes and gaps in pens.
    """
    pattern = tuple(length * pen_px for length in dashes)
    if pen_px >= FINEST_SCREEN:
        _wide(painter, path, rgb, pens * pen_px, opacity, pattern)
        return
    extra = pens * pen_px - 1.0
    offsets = ((0.0, 0.0),) if extra < 0.1 else _ring(extra / 2 + 0.1, 3)
    _beside(painter, path, rgb, opacity, offsets, scale, pattern)


def casing(
    painter: QPainter,
    path: QPainterPath,
    pens: float,
    pen_px: float,
    scale: float = 1.0,
    *,
    opacity: float,
    dashes: tuple[float, ...] = (),
) -> None:
    """Draw the dark edges of lines that are drawn afterwards; as `stroke`, `pens` wide from edge to edge."""
    pattern = tuple(length * pen_px for length in dashes)
    if pen_px >= FINEST_SCREEN:
        _wide(painter, path, BLACK, pens * pen_px, opacity, pattern)
        return
    radius = max(0.5, (pens * pen_px - 1.0) / 2)
    # two of them lie over each other on either side of most lines
    each = 1 - math.sqrt(1 - opacity)
    _beside(painter, path, BLACK, each, _ring(radius, 4 if radius < 1.4 else 6), scale, pattern)


def _beside(
    painter: QPainter,
    path: QPainterPath,
    rgb: Rgb,
    opacity: float,
    offsets: tuple[tuple[float, float], ...],
    scale: float,
    pattern: tuple[float, ...],
) -> None:
    ink = pen(rgb, 1.0, opacity, pattern)
    for dx, dy in offsets:
        painter.translate(dx / scale, dy / scale)
        painter.strokePath(path, ink)
        painter.translate(-dx / scale, -dy / scale)


def _wide(
    painter: QPainter, path: QPainterPath, rgb: Rgb, width_px: float, opacity: float, pattern: tuple[float, ...]
) -> None:
    """One line after the other: all in one path would take longer by far."""
    ink = QPen(pen(rgb, width_px, opacity, pattern))  # the other one is shared
    ink.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
    painter.setPen(ink)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in path.toSubpathPolygons():
        painter.drawPolyline(line)
