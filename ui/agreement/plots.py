"""Two plots of differences between two readings: against their mean (Bland–Altman), and over time."""

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from analysis.agreement.results import BlandAltman, Slope
from ui import theme
from ui.theme import GRID_PX
from ui.trial.axes import Axes, axes_in, paint_axes, round_ticks, span_of
from ui.trial.charts import NEAR_PX, Chart
from workstation.agreement.results import Point
from workstation.trial import wording
from workstation.trial.results import Outcome

DOT_PX = 3.5
BAND_ALPHA = 36


@dataclass(frozen=True, slots=True)
class Differences:
    """What both plots show."""

    outcome: Outcome
    digits: int
    """Of differences."""
    points: tuple[Point, ...]
    readers: tuple[str, str]
    """What the two values of a point are called."""
    names: Mapping[int, str]
    """Of images."""


class DifferencePlot(Chart):
    """Differences as points. The chosen one stands out, and so does the one under the pointer.

    Args:
        name: of the object.
        parent: the Qt parent.
    """

    point_chosen = Signal(object)
    """The user clicked a `Point`."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setMouseTracking(True)
        self._shown: Differences | None = None
        self._empty = ""
        # by the numbers of first reads
        self._chosen: int | None = None
        self._hovered: int | None = None

    def show_differences(self, shown: Differences | None, empty: str = "") -> None:
        """Show other points.

        Args:
            shown: None for none.
            empty: what to say then.
        """
        self._shown, self._empty, self._hovered = shown, empty, None
        self.setAccessibleName(self._title())
        self.setAccessibleDescription("The same values stand in the table of images.")
        self.update()

    def choose(self, first_read: int | None) -> None:
        """Make the point of two reads stand out, by the number of the first."""
        if first_read != self._chosen:
            self._chosen = first_read
            self.update()

    def empty_text(self) -> str:
        """See `Chart`."""
        return self._empty

    def axes(self) -> Axes | None:
        """See `Chart`."""
        across = span_of(self._x(point) for point in self._points())
        if across is None:
            return None
        up = span_of([0.0, *(point.difference for point in self._points()), *self._lines()])
        assert up is not None
        return axes_in(QRectF(self.rect()), round_ticks(*across), up, QFontMetricsF(self.font()))

    def paint(self, painter: QPainter, axes: Axes) -> None:
        """See `Chart`."""
        now = theme.current()
        paint_axes(painter, axes, self._title(), now, zero=True)
        self.paint_lines(painter, axes)
        for point in self._points():
            at = axes.at(self._x(point), point.difference)
            out = point.first_read in (self._chosen, self._hovered)
            painter.setPen(QPen(now.colour("field"), 1))
            painter.setBrush(now.colour("link") if out else now.colour("muted"))
            painter.drawEllipse(at, DOT_PX + 2 * out, DOT_PX + 2 * out)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The nearest point stands out and says whose it is."""
        point = self._near(event.position())
        hovered = None if point is None else point.first_read
        if hovered != self._hovered:
            self._hovered = hovered
            self.setCursor(Qt.CursorShape.ArrowCursor if point is None else Qt.CursorShape.PointingHandCursor)
            self.update()
        QToolTip.showText(event.globalPosition().toPoint(), "" if point is None else self._told(point), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses the nearest point."""
        point = self._near(event.position())
        if event.button() is Qt.MouseButton.LeftButton and point is not None:
            self.point_chosen.emit(point)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing stands out any more."""
        self._hovered = None
        self.update()
        super().leaveEvent(event)

    @abstractmethod
    def paint_lines(self, painter: QPainter, axes: Axes) -> None:
        """Draw what was worked out of the points, below them."""

    @abstractmethod
    def _x(self, point: Point) -> float:
        """Where a point stands; NaN where it stands nowhere."""

    @abstractmethod
    def _lines(self) -> Sequence[float]:
        """Further values that are to be seen."""

    @abstractmethod
    def _title(self) -> str:
        """Above the frame."""

    def _points(self) -> list[Point]:
        points = () if self._shown is None else self._shown.points
        return [point for point in points if math.isfinite(self._x(point))]

    def _near(self, at: QPointF) -> Point | None:
        axes = self.axes()
        if axes is None:
            return None
        best, nearest = NEAR_PX, None
        for point in self._points():
            offset = axes.at(self._x(point), point.difference) - at
            distance_px = math.hypot(offset.x(), offset.y())
            if distance_px < best:
                best, nearest = distance_px, point
        return nearest

    def _told(self, point: Point) -> str:
        shown = self._shown
        assert shown is not None
        values = zip(shown.readers, (point.first, point.second), strict=True)
        lines = [f"{reader}: {wording.number(value, shown.outcome.digits)}" for reader, value in values]
        difference = f"Difference: {wording.signed(point.difference, shown.digits)}"
        return "\n".join((f"{shown.names.get(point.image_id, '')} · {point.subject}", *lines, difference))


class BlandAltmanPlot(DifferencePlot):
    """Differences against means, with the mean difference, the limits of agreement and their 95 % intervals.

    Args:
        parent: the Qt parent.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self._limits: BlandAltman | None = None
        super().__init__("bland_altman", parent)

    def show_limits(self, shown: Differences | None, limits: BlandAltman | None, empty: str = "") -> None:
        """Show other points and their limits."""
        self._limits = limits
        self.show_differences(shown, empty)

    def paint_lines(self, painter: QPainter, axes: Axes) -> None:
        """See `DifferencePlot`."""
        found, now = self._limits, theme.current()
        if found is None or self._shown is None:
            return
        metrics = QFontMetricsF(painter.font())
        for what, value, low, high, style in (
            ("upper limit", found.upper, found.upper_low, found.upper_high, Qt.PenStyle.DashLine),
            ("mean", found.mean, found.mean_low, found.mean_high, Qt.PenStyle.SolidLine),
            ("lower limit", found.lower, found.lower_low, found.lower_high, Qt.PenStyle.DashLine),
        ):
            if not math.isfinite(value):
                continue
            left, right, y = axes.frame.left(), axes.frame.right(), axes.y_of(value)
            if math.isfinite(low) and math.isfinite(high):
                band = QColor(now.colour("link"))
                band.setAlpha(BAND_ALPHA)
                top = axes.y_of(high)
                painter.fillRect(QRectF(left, top, right - left, axes.y_of(low) - top), band)
            painter.setPen(QPen(now.colour("link"), 1.5, style))
            painter.drawLine(QPointF(left, y), QPointF(right, y))
            painter.setPen(now.colour("text"))
            text = f"{what} {wording.signed(value, self._shown.digits)}"
            at = QPointF(right - metrics.horizontalAdvance(text) - GRID_PX / 2, y - GRID_PX / 2)
            painter.drawText(at, text)

    def _x(self, point: Point) -> float:
        return point.mean

    def _lines(self) -> Sequence[float]:
        found = self._limits
        if found is None:
            return ()
        return found.lower, found.lower_low, found.upper, found.upper_high

    def _title(self) -> str:
        if self._shown is None:
            return "Difference against mean"
        return f"Difference against mean: {wording.titled(self._shown.outcome)}"


class DriftPlot(DifferencePlot):
    """Differences over the order or the days of reading, with the line of least squares.

    Args:
        parent: the Qt parent.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self._by_day = False
        self._slope: Slope | None = None
        self._per = 1.0
        super().__init__("drift", parent)

    def show_drift(
        self, shown: Differences | None, slope: Slope | None, *, per: float, by_day: bool, empty: str = ""
    ) -> None:
        """Show other points.

        Args:
            shown: None for none.
            slope: of them.
            per: the stretch that the slope is for.
            by_day: over days, else over the order of reading.
            empty: what to say where there is nothing.
        """
        self._slope, self._by_day, self._per = slope, by_day, per
        self.show_differences(shown, empty)

    def paint_lines(self, painter: QPainter, axes: Axes) -> None:
        """See `DifferencePlot`."""
        slope, points = self._slope, self._points()
        if slope is None or not math.isfinite(slope.value) or not points:
            return
        x = [self._x(point) for point in points]
        middle = sum(x) / len(x)
        ends = [axes.at(e, slope.intercept + slope.value * (e - middle) / self._per) for e in (min(x), max(x))]
        significant = slope.p < 0.05
        style = Qt.PenStyle.SolidLine if significant else Qt.PenStyle.DotLine
        painter.setPen(QPen(theme.current().colour("link"), 2.0 if significant else 1.5, style))
        painter.drawLine(*ends)

    def _x(self, point: Point) -> float:
        return point.day if self._by_day else point.place

    def _lines(self) -> Sequence[float]:
        return ()

    def _title(self) -> str:
        return "Difference by day of reading" if self._by_day else "Difference in the order of reading"
