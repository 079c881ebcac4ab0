"""A frame with two axes for small charts: where values stand in pixels, round numbers at the ticks."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from ui.theme import GRID_PX, Theme
from workstation.trial import wording

TICKS = 5
ROOM = 0.06
"""Beyond the lowest and highest value, as a share of the span."""


def round_ticks(low: float, high: float) -> tuple[float, ...]:
    """Round numbers that cover a span."""
    from matplotlib.ticker import MaxNLocator  # takes long to import

    return tuple(float(tick) for tick in MaxNLocator(nbins=TICKS, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))


def span_of(values: Iterable[float]) -> tuple[float, float] | None:
    """The lowest and the highest finite value with a little room; None where there is none."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return None
    low, high = min(finite), max(finite)
    room = (high - low) * ROOM or max(abs(high) * ROOM, 1e-3)
    return low - room, high + room


@dataclass(frozen=True, slots=True)
class Axes:
    """Weeks to the right, values upwards."""

    frame: QRectF
    """Of the values, in px of the widget."""
    weeks: tuple[float, ...]
    ticks: tuple[float, ...]

    def x_of(self, week: float) -> float:
        """Where a week stands, in px."""
        first, last = self.weeks[0], self.weeks[-1]
        if first == last:
            return self.frame.center().x()
        inset = 2 * GRID_PX
        share = (week - first) / (last - first)
        return self.frame.left() + inset + share * (self.frame.width() - 2 * inset)

    def y_of(self, value: float) -> float:
        """Where a value stands, in px."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.frame.bottom() - (value - low) / (high - low) * self.frame.height()

    def at(self, week: float, value: float) -> QPointF:
        """Where a point stands, in px."""
        return QPointF(self.x_of(week), self.y_of(value))


def axes_in(
    rect: QRectF, weeks: Sequence[float], span: tuple[float, float], metrics: QFontMetricsF, *, has_key: bool = False
) -> Axes:
    """Axes that fill a rectangle, room for the numbers and a title left.

    Args:
        rect: px of the widget.
        weeks: those to be shown, ascending, at least one.
        span: the values to be shown.
        metrics: of the numbers' letters.
        has_key: whether a line below the title is left for a key.
    """
    ticks = round_ticks(*span)
    left = max(metrics.horizontalAdvance(text) for text in tick_texts(ticks)) + 2 * GRID_PX
    top, bottom = metrics.height() * (2 if has_key else 1) + 2 * GRID_PX, metrics.height() + GRID_PX
    frame = rect.adjusted(left, top, -GRID_PX, -bottom)
    return Axes(frame, tuple(weeks), ticks)


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """The numbers at the ticks, with as many decimals as their step needs."""
    step = min((b - a for a, b in pairwise(ticks)), default=1.0)
    digits = next((d for d in range(6) if math.isclose(step, round(step, d), rel_tol=1e-6)), 6)
    return [wording.number(tick, digits) for tick in ticks]


def paint_axes(painter: QPainter, axes: Axes, title: str, theme: Theme, *, zero: bool = False) -> None:
    """Draw the frame, the numbers and a title.

    Args:
        painter: of the widget.
        axes: what to draw.
        title: above the frame.
        theme: the colours.
        zero: whether a line marks nought.
    """
    metrics, frame = QFontMetricsF(painter.font()), axes.frame
    painter.setPen(theme.colour("text"))
    at = QPointF(GRID_PX, metrics.ascent() + GRID_PX / 2)
    painter.drawText(at, metrics.elidedText(title, Qt.TextElideMode.ElideRight, frame.right() - GRID_PX))
    for tick, text in zip(axes.ticks, tick_texts(axes.ticks), strict=True):
        y = axes.y_of(tick)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
        painter.setPen(theme.colour("muted"))
        box = QRectF(0, y - metrics.height() / 2, frame.left() - GRID_PX, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
    if zero and axes.ticks[0] < 0 < axes.ticks[-1]:
        painter.setPen(QPen(theme.colour("muted"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(frame.left(), axes.y_of(0)), QPointF(frame.right(), axes.y_of(0)))
    painter.setPen(theme.colour("muted"))
    free_from = -math.inf
    for week in axes.weeks:
        text = f"{week:g}".replace("-", wording.MINUS)
        width = metrics.horizontalAdvance(text)
        x = axes.x_of(week) - width / 2
        if x >= free_from:  # fewer of them, not smaller
            painter.drawText(QPointF(x, frame.bottom() + metrics.ascent() + GRID_PX / 2), text)
            free_from = x + width + GRID_PX / 2
    painter.setPen(QPen(theme.colour("outline"), 1))
    painter.drawLine(frame.bottomLeft(), frame.bottomRight())
