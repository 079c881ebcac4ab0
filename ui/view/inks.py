"""Pens and colours of the overlay. A *pen* as a size is one logical pixel of the screen, as in exported pictures."""

from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from workstation.palette import BLACK, WHITE, Rgb

TEXT_PENS = 13.0
"""Height of the letters."""
RIM_SHARE = 0.24
"""How wide the dark rim around letters is, of their height."""


@lru_cache(maxsize=512)
def colour(rgb: Rgb, opacity: float = 1.0) -> QColor:
    """A colour, so opaque."""
    return QColor(*rgb, round(255 * opacity))


@lru_cache(maxsize=512)
def pen(rgb: Rgb, width_px: float, opacity: float = 1.0, dashes: tuple[float, ...] = ()) -> QPen:
    """A pen as wide on the screen whatever the scale. Dashes and gaps are in pixels."""
    made = QPen(QBrush(colour(rgb, opacity)), width_px)
    made.setCosmetic(True)
    made.setCapStyle(Qt.PenCapStyle.FlatCap if dashes else Qt.PenCapStyle.RoundCap)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashes:
        made.setDashPattern([length / width_px for length in dashes])
    return made


@lru_cache(maxsize=1024)
def text_stamp(text: str, height_px: float, family: str, rgb: Rgb = WHITE) -> QImage:
    """Light letters with a dark rim on nothing, readable on any image; drawn once and put where they are needed."""
    font = QFont(family)
    font.setPixelSize(max(6, round(height_px)))
    font.setWeight(QFont.Weight.DemiBold)
    metrics = QFontMetricsF(font)
    rim = RIM_SHARE * height_px
    width, height = metrics.horizontalAdvance(text) + 2 * rim, metrics.ascent() + metrics.descent() + rim
    stamp = QImage(max(1, round(width)), max(1, round(height)), QImage.Format.Format_ARGB32_Premultiplied)
    stamp.fill(0)
    letters = QPainterPath()
    letters.addText(QPointF(rim, rim / 2 + metrics.ascent()), font, text)
    painter = QPainter(stamp)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.strokePath(letters, pen(BLACK, rim, 0.85))
        painter.fillPath(letters, QBrush(colour(rgb)))
    finally:
        painter.end()
    return stamp


def draw_stamp(painter: QPainter, stamp: QImage, x: float, y: float) -> None:
    """Put a stamp with its middle at a point, on whole pixels so that it stays crisp."""
    painter.drawImage(round(x - stamp.width() / 2), round(y - stamp.height() / 2), stamp)
