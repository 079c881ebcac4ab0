"""Two charts of one outcome: every subject over the weeks, and the mean change at each week with its interval."""

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui import theme
from ui.plain_text import plain_tip
from ui.theme import GRID_PX
from ui.trial.axes import Axes, axes_in, paint_axes, span_of
from workstation.palette import GREEN, ORANGE, PURPLE
from workstation.trial import wording
from workstation.trial.results import ValueTable, VisitResult
from workstation.trial.schedule import BASELINE

NEAR_PX = 10.0
"""From so near on a line is meant."""
DOT_PX = 2.5
MEAN_PX = 4.5
OTHER_ARMS = (ORANGE, GREEN, PURPLE)
HINT_SIZE = QSize(320, 240)


class Chart(QWidget):
    """What both share: size, colours, an empty state.

    Args:
        name: of the object.
        parent: the Qt parent.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setMinimumSize(200, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.watcher().changed.connect(self._repaint)

    def sizeHint(self) -> QSize:
        """See Qt."""
        return HINT_SIZE

    def paintEvent(self, _event: QPaintEvent) -> None:
        """See Qt."""
        painter, now = QPainter(self), theme.current()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), now.colour("field"))
            axes = self.axes()
            if axes is None:
                painter.setPen(now.colour("muted"))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(self.rect().adjusted(GRID_PX, GRID_PX, -GRID_PX, -GRID_PX), flags, self.empty_text())
            else:
                self.paint(painter, axes)
        finally:
            painter.end()

    @abstractmethod
    def axes(self) -> Axes | None:
        """Where values stand; None where there is nothing to show."""

    @abstractmethod
    def empty_text(self) -> str:
        """What to say then."""

    @abstractmethod
    def paint(self, painter: QPainter, axes: Axes) -> None:
        """Draw it."""

    def _axes(self, weeks: Sequence[float], values: Sequence[float], n_arms: int) -> Axes | None:
        span, metrics = span_of(values), QFontMetricsF(self.font())
        return axes_in(QRectF(self.rect()), weeks, span, metrics, has_key=n_arms > 1) if span and weeks else None

    def _repaint(self, _theme: object) -> None:
        self.update()


class SubjectLines(Chart):
    """A thin line for each subject, a thick one for the mean of each arm.

    Args:
        parent: the Qt parent.
    """

    subject_chosen = Signal(str)
    """The user clicked a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("subject_lines", parent)
        self.setMouseTracking(True)
        self._table: ValueTable | None = None
        self._arms: tuple[tuple[str, tuple[int, ...]], ...] = ()
        self._chosen = self._hovered = ""

    def show_table(self, table: ValueTable | None, arms: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Show an outcome.

        Args:
            table: its values; None for none.
            arms: name and subjects of each arm to be shown.
        """
        self._table, self._hovered = table, ""
        place = {} if table is None else {subject: i for i, subject in enumerate(table.subjects)}
        self._arms = tuple((arm, tuple(place[s] for s in subjects if s in place)) for arm, subjects in arms)
        what = "" if table is None else wording.titled(table.outcome)
        self.setAccessibleName(f"Subjects over the weeks: {what}" if what else "Subjects over the weeks")
        self.setAccessibleDescription("The same values stand in the table of subjects.")
        self.update()

    def choose(self, subject: str) -> None:
        """Make a subject's line stand out."""
        if subject != self._chosen:
            self._chosen = subject
            self.update()

    def axes(self) -> Axes | None:
        """See `Chart`."""
        table = self._table
        rows = [i for _, rows in self._arms for i in rows]
        if table is None or not rows:
            return None
        seen = np.atleast_1d(np.isfinite(table.values[rows]).any(axis=0))
        weeks = [week for week, any_value in zip(table.weeks, seen.tolist(), strict=True) if any_value]
        return self._axes(weeks, table.values[rows].ravel().tolist(), len(self._arms))

    def empty_text(self) -> str:
        """See `Chart`."""
        return "No subject has a value of this outcome."

    def paint(self, painter: QPainter, axes: Axes) -> None:
        """See `Chart`."""
        table, now = self._table, theme.current()
        assert table is not None
        paint_axes(painter, axes, wording.capitalised(f"{wording.titled(table.outcome)}, by week"), now)
        for rank, (_, rows) in enumerate(self._arms):
            for i in rows:
                if table.subjects[i] not in (self._chosen, self._hovered):
                    self._paint_line(painter, axes, table.values[i], now.colour("outline"), 1.0, rank)
        for rank, (_, rows) in enumerate(self._arms):
            if len(rows) > 1:
                self._paint_line(painter, axes, _means(table.values[list(rows)]), arm_colour(rank), 3.0, rank)
        for i, subject in enumerate(table.subjects):
            if subject in (self._chosen, self._hovered):
                self._paint_line(painter, axes, table.values[i], now.colour("link"), 2.0, 0)
        paint_key(painter, axes, [arm for arm, _ in self._arms])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The nearest line stands out and says whose it is."""
        subject = self._near(event.position())
        if subject != self._hovered:
            self._hovered = subject
            self.setCursor(Qt.CursorShape.PointingHandCursor if subject else Qt.CursorShape.ArrowCursor)
            self.update()
        QToolTip.showText(event.globalPosition().toPoint(), plain_tip(self._told(subject)), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses the nearest line."""
        subject = self._near(event.position())
        if event.button() is Qt.MouseButton.LeftButton and subject:
            self.subject_chosen.emit(subject)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing stands out any more."""
        self._hovered = ""
        self.update()
        super().leaveEvent(event)

    def _paint_line(
        self, painter: QPainter, axes: Axes, values: np.ndarray, colour: QColor, width_px: float, rank: int
    ) -> None:
        """A line; over a missed visit it is dotted, so that nobody takes it for measured."""
        assert self._table is not None
        places: list[tuple[int, QPointF]] = [
            (j, axes.at(week, value))
            for j, (week, value) in enumerate(zip(self._table.weeks, values.tolist(), strict=True))
            if math.isfinite(value)
        ]
        for (j, here), (k, there) in pairwise(places):
            skipped = any(week in axes.weeks for week in self._table.weeks[j + 1 : k])
            style = Qt.PenStyle.DotLine if skipped else arm_style(rank) if width_px > 2 else Qt.PenStyle.SolidLine
            painter.setPen(QPen(colour, width_px, style, Qt.PenCapStyle.RoundCap))
            painter.drawLine(here, there)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for _, here in places:
            paint_mark(painter, here, MEAN_PX if width_px > 2 else DOT_PX, rank if width_px > 2 else 0)

    def _near(self, at: QPointF) -> str:
        """The subject whose line is meant; empty where none is."""
        axes, table = self.axes(), self._table
        if axes is None or table is None:
            return ""
        best, nearest = NEAR_PX, ""
        for i in (i for _, rows in self._arms for i in rows):
            values = zip(table.weeks, table.values[i].tolist(), strict=True)
            line = [axes.at(week, value) for week, value in values if math.isfinite(value)]
            distance_px = _distance(at, line)
            if distance_px < best:
                best, nearest = distance_px, table.subjects[i]
        return nearest

    def _told(self, subject: str) -> str:
        table = self._table
        if not subject or table is None:
            return ""
        values = zip(table.weeks, table.values[table.subjects.index(subject)].tolist(), strict=True)
        digits = table.outcome.digits
        lines = [f"{wording.week(week)}: {wording.number(v, digits)}" for week, v in values if math.isfinite(v)]
        return "\n".join((subject, *lines))


@dataclass(frozen=True, slots=True)
class _Bar:
    """A mean change with its interval."""

    week: float
    rank: int
    result: VisitResult


class ChangeChart(Chart):
    """The mean change from the baseline at each week with its 95 % interval, each arm with a mark of its own.

    Args:
        parent: the Qt parent.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("change_chart", parent)
        self._bars: tuple[_Bar, ...] = ()
        self._arms: tuple[str, ...] = ()

    def show_results(self, results: Sequence[VisitResult], arms: Sequence[str]) -> None:
        """Show the results of one outcome at all weeks."""
        self._arms = tuple(arms)
        self._bars = tuple(
            _Bar(result.week, self._arms.index(result.group), result)
            for result in results
            if result.group in self._arms and math.isfinite(result.change.mean)
        )
        self.setAccessibleName("Mean change from the baseline by week")
        self.setAccessibleDescription(
            "; ".join(
                f"{self._place(bar)}: {wording.change(bar.result.change, bar.result.outcome.digits)}"
                for bar in self._bars
            )
        )
        self.setToolTip(plain_tip(self.accessibleDescription().replace("; ", "\n")))
        self.update()

    def _place(self, bar: _Bar) -> str:
        """`week 12`; of several arms with its arm."""
        when = wording.week(bar.week)
        return f"{wording.group(bar.result.group)}, {when}" if len(self._arms) > 1 else when

    def axes(self) -> Axes | None:
        """See `Chart`."""
        if not self._bars:
            return None
        weeks = sorted({BASELINE, *(bar.week for bar in self._bars)})
        changes = [bar.result.change for bar in self._bars]
        return self._axes(weeks, [0.0, *(v for c in changes for v in (c.mean, c.ci_low, c.ci_high))], len(self._arms))

    def empty_text(self) -> str:
        """See `Chart`."""
        return "No subject has both the baseline and a later visit."

    def paint(self, painter: QPainter, axes: Axes) -> None:
        """See `Chart`."""
        outcome = self._bars[0].result.outcome
        title = f"Change of {wording.titled(outcome)}, 95 % CI, by week"
        paint_axes(painter, axes, title, theme.current(), zero=True)
        aside_px = 2.0 * GRID_PX / max(1, len(self._arms))
        for bar in self._bars:
            change = bar.result.change
            colour = arm_colour(bar.rank)
            x = axes.x_of(bar.week) + (bar.rank - (len(self._arms) - 1) / 2) * aside_px
            if math.isfinite(change.ci_low) and math.isfinite(change.ci_high):
                low, high = axes.y_of(change.ci_low), axes.y_of(change.ci_high)
                painter.setPen(QPen(colour, 2, arm_style(bar.rank)))
                painter.drawLine(QPointF(x, low), QPointF(x, high))
                painter.setPen(QPen(colour, 2))
                for y in (low, high):
                    painter.drawLine(QPointF(x - GRID_PX / 2, y), QPointF(x + GRID_PX / 2, y))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            paint_mark(painter, QPointF(x, axes.y_of(change.mean)), MEAN_PX, bar.rank)
        paint_key(painter, axes, self._arms)


def arm_colour(rank: int) -> QColor:
    """The colour of an arm; that of the first is the accent."""
    return theme.current().colour("link") if rank == 0 else QColor(*OTHER_ARMS[(rank - 1) % len(OTHER_ARMS)])


def arm_style(rank: int) -> Qt.PenStyle:
    """Colours alone tell nothing apart in grey."""
    return (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DashDotLine)[rank % 3]


def paint_mark(painter: QPainter, at: QPointF, radius_px: float, rank: int) -> None:
    """A dot, a square or a triangle, filled with the painter's brush."""
    match rank % 3:
        case 0:
            painter.drawEllipse(at, radius_px, radius_px)
        case 1:
            painter.drawRect(QRectF(at.x() - radius_px, at.y() - radius_px, 2 * radius_px, 2 * radius_px))
        case _:
            corners = [QPointF(0, -radius_px), QPointF(radius_px, radius_px), QPointF(-radius_px, radius_px)]
            painter.drawPolygon(QPolygonF([at + corner for corner in corners]))


def paint_key(painter: QPainter, axes: Axes, arms: Sequence[str]) -> None:
    """Which mark is which arm, at the top right; nothing where there is one arm alone."""
    if len(arms) < 2:
        return
    metrics, now = QFontMetricsF(painter.font()), theme.current()
    x, y = axes.frame.right(), axes.frame.top() - GRID_PX
    for rank, arm in reversed(list(enumerate(arms))):
        text = wording.group(arm)
        x -= metrics.horizontalAdvance(text)
        painter.setPen(now.colour("text"))
        painter.drawText(QPointF(x, y), text)
        x -= 2 * GRID_PX
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(arm_colour(rank))
        paint_mark(painter, QPointF(x + GRID_PX, y - metrics.xHeight() / 2), MEAN_PX, rank)
        x -= GRID_PX


def _means(values: np.ndarray) -> np.ndarray:
    """(weeks,) means over subjects, of those that are known; NaN where none is."""
    means: np.ndarray = np.ma.masked_invalid(values).mean(axis=0).filled(np.nan)
    return means


def _distance(at: QPointF, line: Sequence[QPointF]) -> float:
    """From a point to a line, in px; endless where there is no line."""
    points = [(point.x(), point.y()) for point in line]
    if not points:
        return math.inf
    shape = shapely.LineString(points) if len(points) > 1 else shapely.Point(points)
    return float(shape.distance(shapely.Point(at.x(), at.y())))
