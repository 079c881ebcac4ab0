"""A small line chart: one value a visit, each written at its place."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from ui import theme
from ui.panels.figures import number

CAPTION_PX = 16
CHART_PX = 40
LINE_PX = CAPTION_PX + CHART_PX
"""How high a chart is with its caption."""
LABEL_PX = 60
DOT_PX = 3.5


@dataclass(frozen=True, slots=True)
class Dot:
    """One value."""

    x: float
    """Where it stands, from the left."""
    value: float
    """At least 0; NaN where it is not known."""
    there: bool
    """A full dot; else a hollow square: what is not there has no hairs."""


def paint_line(painter: QPainter, now: theme.Theme, top: float, caption: str, dots: Sequence[Dot]) -> None:
    """Draw a chart from 0 to its largest value, broken where nothing is known, in the painter's font.

    Args:
        painter: draws.
        now: its colours.
        top: its upper edge.
        caption: what is shown, with its unit.
        dots: the values, from left to right.
    """
    metrics = QFontMetricsF(painter.font())
    left = QRectF(4, top, 200, CAPTION_PX)
    painter.setPen(now.colour("muted"))
    painter.drawText(left, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, caption)
    most = max((dot.value for dot in dots if not math.isnan(dot.value)), default=0.0) or 1.0
    floor = top + LINE_PX - DOT_PX - 2
    room = CHART_PX - metrics.height() - 2 * DOT_PX
    points = [None if math.isnan(dot.value) else QPointF(dot.x, floor - room * dot.value / most) for dot in dots]
    painter.setPen(QPen(now.colour("link"), 1.6))
    for before, after in pairwise(points):
        if before is not None and after is not None:
            painter.drawLine(before, after)
    for point, dot in zip(points, dots, strict=True):
        if point is not None:
            _paint_dot(painter, now, point, there=dot.there)
            painter.setPen(now.colour("text"))
            label = QRectF(point.x() - LABEL_PX / 2, point.y() - DOT_PX - metrics.height(), LABEL_PX, metrics.height())
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, number(dot.value))


def _paint_dot(painter: QPainter, now: theme.Theme, point: QPointF, *, there: bool) -> None:
    painter.setPen(QPen(now.colour("link"), 1.6))
    painter.setBrush(now.colour("link" if there else "window"))
    if there:
        painter.drawEllipse(point, DOT_PX, DOT_PX)
    else:
        painter.drawRect(QRectF(point.x() - DOT_PX, point.y() - DOT_PX, 2 * DOT_PX, 2 * DOT_PX))
