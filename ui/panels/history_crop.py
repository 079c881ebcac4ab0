"""A crop of skin in a unit's history: the picture, and by its frame and a word whether the unit is there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from analysis.matching.match import Status
from ui import theme
from workstation.palette import MATCH_COLOURS, Rgb
from workstation.unit_history import Presence

WORD_PX = 16
WORDS: Mapping[Presence, str] = {
    Presence.SEEN: "",
    Presence.UNCERTAIN: "uncertain",
    Presence.LOST: "lost",
    Presence.NOT_YET: "not yet",
    Presence.OUTSIDE: "outside",
    Presence.UNKNOWN: "not known",
}
COLOURS: Mapping[Presence, Rgb] = {
    Presence.LOST: MATCH_COLOURS[Status.LOST],
    Presence.UNCERTAIN: MATCH_COLOURS[Status.UNCERTAIN],
}
"""Of the frame, which is dashed where the unit is not there."""
DARK, LIGHT = QColor(20, 20, 20, 200), QColor(255, 255, 255)


@dataclass(frozen=True, slots=True)
class CropLooks:
    """What a crop says."""

    presence: Presence
    there: bool
    """A unit stands in its middle."""
    appeared: bool
    """It was first seen here."""


def paint_crop(painter: QPainter, now: theme.Theme, square: QRectF, picture: QImage | None, looks: CropLooks) -> None:
    """Draw a crop, in the painter's font; without a picture what can be said without."""
    if picture is None:
        painter.fillRect(square, now.colour("canvas"))
    else:
        painter.drawImage(square, picture)
    rgb = COLOURS.get(looks.presence)
    pen = QPen(now.colour("outline") if rgb is None else QColor(*rgb), 1.0 if rgb is None else 2.0)
    if not looks.there:
        pen.setDashPattern([3.0, 2.5])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))
    if looks.there and picture is not None:
        _paint_ticks(painter, square)
    if looks.appeared:
        _paint_new(painter, square.topLeft() + QPointF(9, 9))
    if word := WORDS[looks.presence]:
        bar = QRectF(square.left() + 1, square.bottom() - WORD_PX, square.width() - 2, WORD_PX - 1)
        painter.fillRect(bar, DARK)
        painter.setPen(LIGHT)
        painter.drawText(bar, Qt.AlignmentFlag.AlignCenter, word)


def _paint_ticks(painter: QPainter, square: QRectF) -> None:
    """Four short lines point at the middle, where the unit is, and leave it free."""
    middle, length = square.center(), 0.12 * square.width()
    ends: tuple[Callable[[float], QPointF], ...] = (
        lambda far: QPointF(square.left() + far, middle.y()),
        lambda far: QPointF(square.right() - far, middle.y()),
        lambda far: QPointF(middle.x(), square.top() + far),
        lambda far: QPointF(middle.x(), square.bottom() - far),
    )
    for colour, width in ((DARK, 3.0), (LIGHT, 1.4)):
        painter.setPen(QPen(colour, width))
        for end in ends:
            painter.drawLine(end(1.0), end(length))


def _paint_new(painter: QPainter, at: QPointF) -> None:
    """The diamond of what is new."""
    reach = 5.0
    painter.setPen(QPen(LIGHT, 1.2))
    painter.setBrush(QColor(*MATCH_COLOURS[Status.NEW]))
    corners = [QPointF(0, -reach), QPointF(reach, 0), QPointF(0, reach), QPointF(-reach, 0)]
    painter.drawPolygon([at + corner for corner in corners])
