"""The marks of the overlay as small pictures: for legends, tables and the selection. Shape and colour say the same."""

from collections.abc import Callable, Mapping
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from analysis.matching.match import Status
from analysis.measures import WidthClass
from ui.view.hair_shapes import Standing
from workstation.palette import (
    BLACK,
    CLASS_COLOURS,
    EXCLUDED,
    FIELD,
    FIRST_READ,
    MATCH_COLOURS,
    MATCHED,
    REJECTED,
    SECOND_READ,
    UNIT,
    Rgb,
)

SIZE_PX = 16
CASING_PX = 3.6
CORE_PX = 1.8
CASING_ALPHA = 150
MID = SIZE_PX / 2

Path = list[tuple[float, float]]

CLASS_NAMES: Mapping[WidthClass | None, str] = {
    WidthClass.VELLUS: "vellus",
    WidthClass.INTERMEDIATE: "intermediate",
    WidthClass.TERMINAL: "terminal",
    None: "no class",
}
STANDING_NAMES: Mapping[Standing, str] = {
    Standing.SURE: "sure, or accepted",
    Standing.DOUBTFUL: "doubtful",
    Standing.REJECTED: "rejected",
}


def class_icon(width_class: WidthClass | None, ratio: float = 2.0) -> QIcon:
    """A hair's class: dot, bar or arrow's head, as at the tips in the overlay; a ring where there is none."""
    return _icon(f"class {CLASS_NAMES[width_class]}", ratio)


def standing_icon(standing: Standing, ratio: float = 2.0) -> QIcon:
    """How sure a hair is: a line that is full, dotted or dashed."""
    return _icon(f"standing {standing}", ratio)


def mark_icon(name: str, ratio: float = 2.0) -> QIcon:
    """Another mark: `added`, `root`, `width`, `unit`, `count`, `counted`, `field`, `exclusion`, `changed`,
    `first read`, `second read` or `both reads`.
    """
    return _icon(name, ratio)


def status_icon(status: Status, ratio: float = 2.0) -> QIcon:
    """What became of a unit: rings with a number, a dashed square, a diamond, a ring with a question mark."""
    return _icon(f"status {status}", ratio)


@cache
def _icon(name: str, ratio: float) -> QIcon:
    picture = QPixmap(round(SIZE_PX * ratio), round(SIZE_PX * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _MARKS[name](painter)
    finally:
        painter.end()
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)  # else Qt tints it in selected rows
    return icon


def _cased(
    painter: QPainter, draw: Callable[[], None], colour: Rgb, *, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> None:
    """Draw with a dark edge around the colour, seen on any ground."""
    for rgb, width in ((BLACK, CASING_PX), (colour, CORE_PX)):
        pen = QPen(QColor(*rgb, CASING_ALPHA if rgb == BLACK else 255), width, style)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if style is not Qt.PenStyle.SolidLine else Qt.PenCapStyle.RoundCap)
        if style is not Qt.PenStyle.SolidLine:
            # the pattern is in multiples of the pen's width; both pens shall have the same gaps
            dash = (2.0, 2.4) if style is Qt.PenStyle.DotLine else (4.4, 2.4)
            pen.setDashPattern([length / width for length in dash])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        draw()


def _stamp(corners: Path, colour: Rgb) -> Callable[[QPainter], None]:
    def draw(painter: QPainter) -> None:
        painter.setPen(QPen(QColor(*BLACK), 1.2))
        painter.setBrush(QColor(*colour))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))

    return draw


def _dot(painter: QPainter) -> None:
    painter.setPen(QPen(QColor(*BLACK), 1.2))
    painter.setBrush(QColor(*CLASS_COLOURS[WidthClass.VELLUS]))
    painter.drawEllipse(QPointF(MID, MID), 4.2, 4.2)


def _ring(radius: float, colour: Rgb) -> Callable[[QPainter], None]:
    return lambda painter: _cased(painter, lambda: painter.drawEllipse(QPointF(MID, MID), radius, radius), colour)


def _line(colour: Rgb, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> Callable[[QPainter], None]:
    ends = QPointF(1.5, MID), QPointF(SIZE_PX - 1.5, MID)
    return lambda painter: _cased(painter, lambda: painter.drawLine(*ends), colour, style=style)


def _outline(corners: Path, colour: Rgb, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> Callable[[QPainter], None]:
    shape = QPolygonF([QPointF(x, y) for x, y in corners])
    return lambda painter: _cased(painter, lambda: painter.drawPolygon(shape), colour, style=style)


def _widths(painter: QPainter) -> None:
    painter.setPen(QPen(QColor(*CLASS_COLOURS[WidthClass.TERMINAL]), 1.4))
    for y in (MID - 3.5, MID + 3.5):
        painter.drawLine(QPointF(1.5, y), QPointF(SIZE_PX - 1.5, y))


def _unit(painter: QPainter) -> None:
    box = QRectF(1.5, 3, SIZE_PX - 3, SIZE_PX - 6)
    _cased(painter, lambda: painter.drawRoundedRect(box, 5, 5), UNIT)


def _count(painter: QPainter) -> None:
    _letter(painter, "2", UNIT, 12)


def _zigzag(painter: QPainter) -> None:
    line = QPolygonF([QPointF(x, y) for x, y in ((2, 12), (6, 5), (10, 11), (14, 3.5))])
    _cased(painter, lambda: painter.drawPolyline(line), MATCHED[1])


def _both_reads(painter: QPainter) -> None:
    one, other = (QPointF(2, 12.5), QPointF(14, 7)), (QPointF(2, 4), QPointF(14, 9.5))
    _cased(painter, lambda: painter.drawLine(*one), FIRST_READ)
    _cased(painter, lambda: painter.drawLine(*other), SECOND_READ, style=Qt.PenStyle.DashLine)


def _letter(painter: QPainter, text: str, colour: Rgb, size_px: int = 10) -> None:
    font = painter.font()
    font.setPixelSize(size_px)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(*colour))
    painter.drawText(QRectF(0, 0, SIZE_PX, SIZE_PX), Qt.AlignmentFlag.AlignCenter, text)


def _lettered(text: str, colour: Rgb) -> Callable[[QPainter], None]:
    def draw(painter: QPainter) -> None:
        _ring(6.2, colour)(painter)
        _letter(painter, text, colour)

    return draw


def _exclusion(painter: QPainter) -> None:
    painter.setPen(QPen(QColor(*EXCLUDED), 1.4))
    painter.drawRect(QRectF(2, 2, SIZE_PX - 4, SIZE_PX - 4))
    for start in (6.0, 11.0):
        painter.drawLine(QPointF(2, start), QPointF(start, 2))
        painter.drawLine(QPointF(SIZE_PX - start, SIZE_PX - 2), QPointF(SIZE_PX - 2, SIZE_PX - start))


_ORANGE = CLASS_COLOURS[WidthClass.TERMINAL]
_DIAMOND: Path = [(MID, 2.5), (SIZE_PX - 2.5, MID), (MID, SIZE_PX - 2.5), (2.5, MID)]
_MARKS: dict[str, Callable[[QPainter], None]] = {
    "class vellus": _dot,
    "class intermediate": _stamp([(6, 2), (10, 2), (10, 14), (6, 14)], CLASS_COLOURS[WidthClass.INTERMEDIATE]),
    "class terminal": _stamp([(13.5, MID), (3.5, 3), (3.5, 13)], _ORANGE),
    "class no class": _line(CLASS_COLOURS[None]),
    f"standing {Standing.SURE}": _line(_ORANGE),
    f"standing {Standing.DOUBTFUL}": _line(_ORANGE, Qt.PenStyle.DotLine),
    f"standing {Standing.REJECTED}": _line(REJECTED, Qt.PenStyle.DashLine),
    "added": _outline(_DIAMOND, _ORANGE),
    "root": _ring(4, _ORANGE),
    "centreline": _line(_ORANGE),
    "width": _widths,
    "unit": _unit,
    "count": _count,
    "field": _outline([(2.5, 3), (13.5, 3), (13.5, 13), (2.5, 13)], FIELD),
    "exclusion": _exclusion,
    "changed": _zigzag,
    "first read": _line(FIRST_READ),
    "second read": _line(SECOND_READ, Qt.PenStyle.DashLine),
    "both reads": _both_reads,
    "counted": _line(REJECTED, Qt.PenStyle.DashLine),
    f"status {Status.KEPT}": _lettered("7", MATCHED[0]),
    f"status {Status.LOST}": _outline(
        [(2.5, 2.5), (13.5, 2.5), (13.5, 13.5), (2.5, 13.5)], MATCH_COLOURS[Status.LOST], Qt.PenStyle.DashLine
    ),
    f"status {Status.NEW}": _outline([(MID, 1.5), (14.5, MID), (MID, 14.5), (1.5, MID)], MATCH_COLOURS[Status.NEW]),
    f"status {Status.UNCERTAIN}": _lettered("?", MATCH_COLOURS[Status.UNCERTAIN]),
}
