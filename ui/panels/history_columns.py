"""A unit's history as a picture: a column a visit, with a crop of the skin there, its hairs and their widths in all."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui import theme
from ui.panels.figures import DASH, SPACE, counted, quantity
from ui.panels.history_crop import CropLooks, paint_crop
from ui.panels.history_line import LINE_PX, Dot, paint_line
from ui.plain_text import plain_tip
from workstation.unit_history import Presence

LEAST_PX, MOST_PX = 54, 92
"""Width of a column."""
CROP_MOST_PX = 84
TITLE_PX = 18
SMALL_PX = 11


@dataclass(frozen=True, slots=True)
class HistoryColumn:
    """A visit."""

    image_id: int
    title: str
    presence: Presence
    appeared: bool
    """It was first seen here, though there are earlier visits."""
    n_hairs: int | None
    sum_width_um: float
    unit_id: int | None
    here: bool
    """It is the visit that the unit is selected in."""

    @property
    def sentence(self) -> str:
        """All that is known, in words: `week 12: unit 7, 3 hairs, 186 µm in all`."""
        if self.unit_id is None:
            return f"{self.title}: {self.presence}"
        uncertain = ", not certain to be the same" if self.presence is Presence.UNCERTAIN else ""
        new = ", new" if self.appeared else ""
        hairs = DASH if self.n_hairs is None else counted(self.n_hairs, "hair")
        width = "" if math.isnan(self.sum_width_um) else f", {quantity(self.sum_width_um, 0, 'µm')} in all"
        return f"{self.title}: unit {self.unit_id}{new}{uncertain}, {hairs}{width}"


class HistoryColumns(QWidget):
    """See the module. A click or Enter on a column shows the unit at that visit; arrows go from one to the next."""

    chosen = Signal(int)
    """The image of a column that the user wants to see."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("history_columns")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._columns: tuple[HistoryColumn, ...] = ()
        self._pictures: Mapping[int, QImage] = {}
        self._at = 0
        self._hovered: int | None = None
        theme.watcher().changed.connect(self._follow_theme)

    @property
    def columns(self) -> tuple[HistoryColumn, ...]:
        """What it shows."""
        return self._columns

    def show_columns(self, columns: Sequence[HistoryColumn]) -> None:
        """Show these visits."""
        if tuple(columns) == self._columns:
            return
        self._columns = tuple(columns)
        self._at = next((place for place, column in enumerate(columns) if column.here), 0)
        self.setMinimumWidth(LEAST_PX * len(columns))
        self.setFixedHeight(self.sizeHint().height())
        self._describe()
        self.update()

    def show_pictures(self, pictures: Mapping[int, QImage]) -> None:
        """Show these crops, by image; those that are missing come later."""
        if pictures != self._pictures:
            self._pictures = pictures
            self.update()

    @property
    def crop_px(self) -> int:
        """The side of a crop, in pixels that do not depend on the device."""
        return min(int(self._column_px()) - 6, CROP_MOST_PX)

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        n = max(1, len(self._columns))
        crop = min(CROP_MOST_PX, max(LEAST_PX, min(MOST_PX, self.width() // n)) - 6)
        return QSize(LEAST_PX * n, TITLE_PX + crop + 2 * LINE_PX + 10)

    # --- mouse and keyboard ------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Note what is under the mouse."""
        hovered = self._column_at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is."""
        super().leaveEvent(event)
        self._hovered = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose a column."""
        place = self._column_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._choose(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on, or choose."""
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                step = 1 if event.key() == Qt.Key.Key_Right else -1
                self._at = min(max(self._at + step, 0), len(self._columns) - 1)
                self._describe()
                self.update()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if self._columns:
                self._choose(self._at)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it is elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Each column has a tip of its own."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._column_at(QPointF(event.pos()))
            if place is not None:
                told = plain_tip(f"{self._columns[place].sentence}\nClick: show it there.")
                QToolTip.showText(event.globalPos(), told, self)
                return True
        return super().event(event)

    def _choose(self, place: int) -> None:
        self._at = place
        self._describe()
        self.chosen.emit(self._columns[place].image_id)

    def _describe(self) -> None:
        told = "\n".join(column.sentence for column in self._columns)
        self.setAccessibleDescription(told)
        at = self._columns[self._at].sentence if self._columns else ""
        self.setAccessibleName(f"History of the unit, {at}")

    def _follow_theme(self, _now: theme.Theme) -> None:
        self.update()

    # --- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """See Qt."""
        now = theme.current()
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            for place in range(len(self._columns)):
                self._paint_column(painter, now, place)
            self._paint_charts(painter, now)
        finally:
            painter.end()

    def _paint_charts(self, painter: QPainter, now: theme.Theme) -> None:
        places = [self._box(place).center().x() for place in range(len(self._columns))]
        there = [column.unit_id is not None for column in self._columns]
        hairs = [math.nan if column.n_hairs is None else float(column.n_hairs) for column in self._columns]
        widths = [column.sum_width_um for column in self._columns]
        top = TITLE_PX + self.crop_px + 6.0
        painter.setFont(self._small())
        for caption, values in (("Hairs", hairs), (f"Σ{SPACE}width, µm", widths)):
            paint_line(painter, now, top, caption, [Dot(*dot) for dot in zip(places, values, there, strict=True)])
            top += LINE_PX

    def _paint_column(self, painter: QPainter, now: theme.Theme, place: int) -> None:
        column, box = self._columns[place], self._box(place)
        if column.here or place == self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.colour("selected" if column.here else "hover"))
            painter.drawRoundedRect(box, 4, 4)
        if self.hasFocus() and place == self._at:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.colour("link"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
        painter.setFont(self._small())
        painter.setPen(now.colour("text" if column.here else "muted"))
        title = QRectF(box.left() + 2, box.top(), box.width() - 4, TITLE_PX)
        written = QFontMetricsF(painter.font()).elidedText(column.title, Qt.TextElideMode.ElideMiddle, title.width())
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, written)
        side = float(self.crop_px)
        square = QRectF(box.center().x() - side / 2, box.top() + TITLE_PX, side, side)
        looks = CropLooks(column.presence, column.unit_id is not None, column.appeared)
        paint_crop(painter, now, square, self._pictures.get(column.image_id), looks)

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(SMALL_PX)
        return font

    def _column_px(self) -> float:
        n = max(1, len(self._columns))
        return min(max(self.width() / n, LEAST_PX), MOST_PX)

    def _box(self, place: int) -> QRectF:
        width = self._column_px()
        return QRectF(place * width + 1, 0, width - 2, TITLE_PX + self.crop_px + 4)

    def _column_at(self, at: QPointF) -> int | None:
        place = int(at.x() // self._column_px())
        return place if 0 <= place < len(self._columns) else None
