"""One visit in the film strip: a thumbnail, its name, and how it stands against the first visit and the one before."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QToolButton

from ui import theme
from ui.icons import pixmap
from ui.matching.matched_pair import Stage
from ui.panels.film_states import MARKS, FilmState, Since
from ui.panels.row import icon_button
from ui.plain_text import plain_tip

FRAME_PX = (212, 72)
THUMBNAIL_PX = (70, 60)
GAP_PX = 6
LINE_PX = 20
MARK_PX = 14
BUTTON_PX = 22
KEYS = "Click: beside the first visit. Shift+click: beside the one before. ← →: to the next visit."


class FilmFrame(QAbstractButton):
    """See the module. A click shows the visit beside the first one, the button at its right beside the one before.

    Args:
        image_id: the visit's image.
    """

    beside_first = Signal(int)
    beside_before = Signal(int)
    moved = Signal(int, int)
    """The keyboard goes so many visits on."""

    def __init__(self, image_id: int) -> None:
        super().__init__()
        self.setObjectName(f"film_{image_id}")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(*FRAME_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._image_id = image_id
        self._state: FilmState | None = None
        self._picture: QImage | None = None
        self._unreadable = False
        self.before: QToolButton = icon_button("side_by_side", f"film_before_{image_id}", "Beside the visit before")
        self.before.setParent(self)
        self.before.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Shift+Enter does it
        self.before.setFixedSize(BUTTON_PX, BUTTON_PX)
        self.before.clicked.connect(lambda: self.beside_before.emit(image_id))
        self.clicked.connect(lambda: self.beside_first.emit(image_id))
        theme.watcher().changed.connect(self._follow_theme)

    @property
    def state(self) -> FilmState | None:
        """What it says."""
        return self._state

    @property
    def has_picture(self) -> bool:
        """Whether its thumbnail is there."""
        return self._picture is not None

    def show_state(self, state: FilmState, *, shown: bool) -> None:
        """Say something else.

        Args:
            state: what is said of the visit.
            shown: whether its image is among those side by side.
        """
        self.setChecked(shown)
        if state == self._state:
            return
        self._state = state
        self.before.setVisible(state.before is not None)
        if state.before is not None:
            self.before.setToolTip(plain_tip(f"Beside {state.before.title}, the visit before  (Shift+Enter)"))
            self.before.setAccessibleName(f"Show {state.title} beside {state.before.title}, the visit before")
        self.setAccessibleName(state.sentence.replace("\n", ". "))
        self.setToolTip(plain_tip(f"{state.sentence}\n{KEYS}"))
        self.update()

    def show_picture(self, picture: QImage | None, *, unreadable: bool) -> None:
        """Show the thumbnail, as soon as there is one; say so where the image cannot be read."""
        if picture is not self._picture or unreadable != self._unreadable:
            self._picture, self._unreadable = picture, unreadable
            self.update()

    def nextCheckState(self) -> None:
        """What is shown is set from outside alone."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows the visit, with Shift beside the one before; arrows go on to the next."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self._show(event.modifiers())
            case Qt.Key.Key_Left:
                self.moved.emit(self._image_id, -1)
            case Qt.Key.Key_Right:
                self.moved.emit(self._image_id, 1)
            case _:
                super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """With Shift beside the visit before."""
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if shift and self.isDown() and self.hitButton(event.position().toPoint()):
            self.setDown(False)
            self._show(event.modifiers())
            event.accept()
        else:
            super().mouseReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The button stays at the upper right."""
        super().resizeEvent(event)
        self.before.move(self.width() - BUTTON_PX - 3, 3)

    def sizeHint(self) -> QSize:
        """Always the same."""
        return QSize(*FRAME_PX)

    def _show(self, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.beside_before.emit(self._image_id)
        else:
            self.click()

    def _follow_theme(self, _now: theme.Theme) -> None:
        self.update()

    # --- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """See Qt."""
        now = theme.current()
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter, now)
            self._paint_thumbnail(painter, now)
            self._paint_words(painter, now)
        finally:
            painter.end()

    def _paint_ground(self, painter: QPainter, now: theme.Theme) -> None:
        role = "selected" if self.isChecked() else "hover" if self.underMouse() else ""
        if role:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.colour(role))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        if self.isChecked() or self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.colour("link"), 2 if self.hasFocus() else 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)

    def _paint_thumbnail(self, painter: QPainter, now: theme.Theme) -> None:
        box = QRectF(GAP_PX, (self.height() - THUMBNAIL_PX[1]) / 2, *THUMBNAIL_PX)
        if self._picture is None:
            painter.fillRect(box, now.colour("canvas"))
            if self._unreadable:
                sign = pixmap("error", "danger", 16, self.devicePixelRatioF())
                painter.drawPixmap(box.center() - QPointF(8, 8), sign)
            return
        size = self._picture.size().scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(box.center() - QPointF(size.width() / 2, size.height() / 2), size.toSizeF())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._picture)

    def _paint_words(self, painter: QPainter, now: theme.Theme) -> None:
        if self._state is None:
            return
        left = 2 * GAP_PX + THUMBNAIL_PX[0]
        room = self.width() - left - GAP_PX - 2.0
        top = (self.height() - 3 * LINE_PX) / 2
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        title_room = room - (BUTTON_PX if self._state.before is not None else 0)
        self._write(painter, bold, now, "text", QRectF(left, top, title_room, LINE_PX), self._state.title)
        rows = [since for since in (self._state.first, self._state.before) if since is not None]
        for place, since in enumerate(rows):
            self._paint_since(painter, now, since, QRectF(left, top + (place + 1) * LINE_PX, room, LINE_PX))
        if not rows:
            self._write(painter, self.font(), now, "muted", QRectF(left, top + LINE_PX, room, LINE_PX), "first visit")

    def _paint_since(self, painter: QPainter, now: theme.Theme, since: Since, row: QRectF) -> None:
        """`✓ baseline  +12 %`."""
        sign = _mark(since.stage, now, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(row.left(), row.center().y() - MARK_PX / 2), sign)
        width = QFontMetricsF(self.font()).horizontalAdvance(since.figure)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self.font())
        painter.setPen(now.colour("text"))
        painter.drawText(row, right, since.figure)
        label = QRectF(row.left() + MARK_PX + 4, row.top(), row.width() - MARK_PX - 4 - width - 4, row.height())
        self._write(painter, self.font(), now, "muted", label, since.title)

    def _write(
        self, painter: QPainter, font: QFont, now: theme.Theme, role: str, row: QRectF, text: str
    ) -> None:  # fmt: skip
        painter.setFont(font)
        painter.setPen(now.colour(role))
        written = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, row.width())
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, written)


@lru_cache(maxsize=64)
def _mark(stage: Stage, _now: theme.Theme, ratio: float) -> QPixmap:
    """The sign of a stage in a theme's colours: drawn once, not in every frame."""
    return pixmap(*MARKS[stage], MARK_PX, ratio)
