"""Paints one visit of the overview: a small picture, how far it has come, when it was, what is amiss."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui import theme
from ui.icons import pixmap
from ui.overview.model import CELL, FITS
from ui.overview.wording import SIGNS, WORDS, count_text, timing_text
from workstation.trial.overview import Cell, Progress, Timing

Index = QModelIndex | QPersistentModelIndex
CELL_PX = (176, 72)
"""The least width, and the height."""
THUMBNAIL_PX = (64, 56)
GAP_PX = 8
LINE_PX = 18
MARK_PX = 16
FADED = 0.3
"""Of what is not looked for."""


class CellPainter(QStyledItemDelegate):
    """See the module.

    Args:
        picture_of: the small picture of an image, if there is one, and whether the image cannot be read.
        parent: the view.
    """

    def __init__(self, picture_of: Callable[[int], tuple[QImage | None, bool]], parent: QWidget) -> None:
        super().__init__(parent)
        self._picture_of = picture_of

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Always the same."""
        return QSize(*CELL_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """See Qt."""
        cell: Cell = index.data(CELL)
        now = theme.current()
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            box = QRectF(option.rect)
            self._paint_ground(painter, now, option.state, box)
            painter.setOpacity(1.0 if index.data(FITS) else FADED)
            if cell.progress is Progress.NO_VISIT:
                _paint_absence(painter, now, box, cell, option.font)
            else:
                self._paint_thumbnail(painter, now, box, cell)
                _paint_words(painter, now, box, cell, option.font)
        finally:
            painter.restore()

    def _paint_ground(self, painter: QPainter, now: theme.Theme, state: QStyle.StateFlag, box: QRectF) -> None:
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, now.colour("selected" if selected else "hover"))
        if selected:
            painter.setPen(QPen(now.colour("link"), 2 if state & QStyle.StateFlag.State_Active else 1))
            painter.drawRect(box.adjusted(1, 1, -1, -1))

    def _paint_thumbnail(self, painter: QPainter, now: theme.Theme, box: QRectF, cell: Cell) -> None:
        frame = QRectF(box.left() + GAP_PX, box.center().y() - THUMBNAIL_PX[1] / 2, *THUMBNAIL_PX)
        if not cell.image_ids:
            painter.setPen(QPen(now.colour("outline"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            _paint_mark(painter, "image", "muted", frame.center())
            return
        picture, unreadable = self._picture_of(cell.image_ids[0])
        if picture is None:
            painter.fillRect(frame, now.colour("canvas"))
            if unreadable:
                _paint_mark(painter, "error", "danger", frame.center())
            return
        wanted = frame.size()
        share = max(wanted.width() / picture.width(), wanted.height() / picture.height())
        part = QRectF(0, 0, wanted.width() / share, wanted.height() / share)
        part.moveCenter(QRectF(picture.rect()).center())
        painter.drawImage(frame, picture, part)


def _paint_absence(painter: QPainter, now: theme.Theme, box: QRectF, cell: Cell, font: QFont) -> None:
    """No visit: a dashed frame, and the word; one that was missed stands out."""
    missed = cell.timing is Timing.MISSED
    frame = box.adjusted(GAP_PX, GAP_PX, -GAP_PX, -GAP_PX)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(now.colour("danger" if missed else "border"), 1, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    text = str(cell.timing)
    metrics = QFontMetricsF(font)
    mark = MARK_PX + 6 if missed else 0
    left = frame.center().x() - (metrics.horizontalAdvance(text) + mark) / 2
    if missed:
        _paint_mark(painter, "missing", "danger", QPointF(left + MARK_PX / 2, frame.center().y()))
    painter.setFont(font)
    painter.setPen(now.colour("danger" if missed else "muted"))
    room = QRectF(left + mark, frame.top(), frame.right() - left - mark, frame.height())
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _paint_words(painter: QPainter, now: theme.Theme, box: QRectF, cell: Cell, font: QFont) -> None:
    left = box.left() + 2 * GAP_PX + THUMBNAIL_PX[0]
    room = box.right() - left - GAP_PX
    off_time = cell.timing in (Timing.EARLY, Timing.LATE, Timing.UNDATED)
    third = count_text(cell)
    lines = [
        (f"{SIGNS.get(cell.progress, '')} {WORDS[cell.progress]}".strip(),
         "warn" if cell.progress is Progress.NO_IMAGE else "text"),
        (timing_text(cell) or cell.date, "warn" if off_time else "muted"),
        (third or (cell.date if timing_text(cell) else ""), "muted"),
    ]  # fmt: skip
    said = [(text, role) for text, role in lines if text]
    top = box.center().y() - len(said) * LINE_PX / 2
    amiss = bool(cell.warnings or cell.missing_sites)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    for place, (text, role) in enumerate(said):
        width = room - (MARK_PX + 4 if amiss and place == len(said) - 1 else 0)
        line = QRectF(left, top + place * LINE_PX, width, LINE_PX)
        painter.setPen(now.colour(role))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
    if amiss:
        last = top + (len(said) - 0.5) * LINE_PX
        _paint_mark(painter, "warning", "warn", QPointF(box.right() - GAP_PX - MARK_PX / 2, last))


def _paint_mark(painter: QPainter, name: str, role: str, at: QPointF) -> None:
    sign = pixmap(name, role, MARK_PX, painter.device().devicePixelRatioF())
    painter.drawPixmap(at - QPointF(MARK_PX / 2, MARK_PX / 2), sign)
