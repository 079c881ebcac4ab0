"""What stands over the image and is no part of it: scale bar, badge, crosshair, words where there is no image."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from ui.theme import Theme
from workstation.errors import UserFacingError

MARGIN = 16.0
BAR_SHARE = 0.25
"""The scale bar is at most so much of the view's width."""
STEPS = (5, 2, 1)
LEAST_BAR = 24.0
DARK = QColor(0, 0, 0, 150)
LIGHT = QColor(255, 255, 255, 235)
CROSSHAIR_GAP, CROSSHAIR_ARM = 5.0, 16.0
PARTNER_GAP, PARTNER_ARM = 4.0, 9.0
HANDLE_PX = 13.0
CHIP_PADDING = 12.0


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A bar of a round length."""

    length: float
    """In view pixels."""
    text: str


def scale_bar(scale: float, um_per_px: float | None, view_width: float) -> ScaleBar | None:
    """The longest bar of 1, 2 or 5 times a power of ten that takes a quarter of the view at the most.

    Args:
        scale: view pixels per image pixel.
        um_per_px: the image's scale; without one the bar is in image pixels.
        view_width: of the view, in its pixels.

    Returns:
        The bar, None where the view is too narrow for one.
    """
    per_unit = scale if um_per_px is None else scale / um_per_px
    longest = min(BAR_SHARE * view_width, 240.0)
    if longest < LEAST_BAR:
        return None
    power = 10.0 ** math.floor(math.log10(longest / per_unit))
    amount = next(step * power for step in STEPS if step * power * per_unit <= longest)
    return ScaleBar(amount * per_unit, _amount_text(amount, um_per_px is not None))


def _amount_text(amount: float, has_scale: bool) -> str:
    if not has_scale:
        return f"{amount:g} px"
    if amount < 1000:
        return f"{amount:g} µm"
    return f"{amount / 1000:g} mm"


def paint_scale_bar(painter: QPainter, bar: ScaleBar, size: tuple[int, int], font: QFont) -> None:
    """Draw the bar at the lower left, light with a dark edge."""
    y, left = size[1] - MARGIN, MARGIN
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ends = [QPointF(left, y - 5), QPointF(left, y), QPointF(left + bar.length, y), QPointF(left + bar.length, y - 5)]
    for colour, width in ((DARK, 4.0), (LIGHT, 1.6)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin))
        painter.drawPolyline(ends)
    chip(painter, QPointF(left + bar.length / 2, y - 19), bar.text, font)


def paint_badge(painter: QPainter, text: str, size: tuple[int, int], font: QFont) -> None:
    """Draw a few words at the lower right."""
    width = QFontMetricsF(font).horizontalAdvance(text)
    chip(painter, QPointF(size[0] - MARGIN - width / 2 - 4, size[1] - MARGIN - 3), text, font)


def chip(painter: QPainter, middle: QPointF, text: str, font: QFont) -> None:
    """Words on a dark, half transparent ground."""
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text) + CHIP_PADDING, metrics.height() + 4
    box = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(DARK)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(LIGHT)
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_crosshair(painter: QPainter, at: tuple[float, float]) -> None:
    """Draw the keyboard's crosshair; its middle is open so that it hides nothing."""
    x, y = at
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((QColor(0, 0, 0, 200), 3.6), (LIGHT, 1.6)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(
                QPointF(x + dx * CROSSHAIR_GAP, y + dy * CROSSHAIR_GAP),
                QPointF(x + dx * (CROSSHAIR_GAP + CROSSHAIR_ARM), y + dy * (CROSSHAIR_GAP + CROSSHAIR_ARM)),
            )


def paint_partner(painter: QPainter, at: tuple[float, float]) -> None:
    """Draw a thin cross where the cursor of a registered image is; slanting, so that it is not taken for the other."""
    x, y = at
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((QColor(0, 0, 0, 170), 3.0), (LIGHT, 1.2)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
            near, far = PARTNER_GAP, PARTNER_GAP + PARTNER_ARM
            painter.drawLine(QPointF(x + dx * near, y + dy * near), QPointF(x + dx * far, y + dy * far))


def partner_rect(at: tuple[float, float]) -> QRect:
    """All that `paint_partner` may touch."""
    reach = PARTNER_GAP + PARTNER_ARM + 3
    return QRectF(at[0] - reach, at[1] - reach, 2 * reach, 2 * reach).toAlignedRect()


def paint_curtain(painter: QPainter, x: float, height: float) -> None:
    """Draw the edge between two images, with a handle in the middle."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((DARK, 4.0), (LIGHT, 1.6)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(x, 0), QPointF(x, height))
    middle = QPointF(x, height / 2)
    painter.setPen(QPen(DARK, 1.6))
    painter.setBrush(LIGHT)
    painter.drawEllipse(middle, HANDLE_PX, HANDLE_PX)
    painter.setPen(QPen(QColor(40, 40, 40), 1.75, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for side in (-1, 1):
        tip = QPointF(middle.x() + side * 7.5, middle.y())
        back = [QPointF(tip.x() - side * 3.5, tip.y() + dy) for dy in (-4, 4)]
        painter.drawPolyline([back[0], tip, back[1]])


def paint_names(
    painter: QPainter, names: tuple[str, ...], size: tuple[int, int], font: QFont, *, edge: float | None = None
) -> None:
    """Write what is seen at the top: one name at the left, a second at the right; at an edge, on either side of it."""
    metrics, y = QFontMetricsF(font), MARGIN + 4
    widths = [metrics.horizontalAdvance(name) + CHIP_PADDING for name in names]
    left, right = MARGIN, size[0] - MARGIN
    if edge is not None:
        left, right = edge - MARGIN - widths[0], edge + MARGIN + widths[-1]
    starts = [left, right - widths[-1]][: len(names)]
    for name, start, width in zip(names, starts, widths, strict=True):
        if start >= 0 and start + width <= size[0]:
            chip(painter, QPointF(start + width / 2, y), name, font)


def error_words(error: UserFacingError) -> tuple[str, str]:
    """What is written where an image cannot be shown."""
    what = error.what[:1].upper() + error.what[1:] if error.file is None else f"{error.file.name}: {error.what}"
    return f"{what}.", f"{error.remedy} Double-click here, or press Enter, to try again.".strip()


def paint_words(painter: QPainter, title: str, more: str, size: tuple[int, int], font: QFont, theme: Theme) -> None:
    """Write a title and a sentence in the middle, where there is no image to show."""
    heading = QFont(font)
    heading.setPointSizeF(font.pointSizeF() * 1.2)
    column = min(size[0] - 2 * MARGIN, 460.0)
    left, middle = (size[0] - column) / 2, size[1] / 2
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    painter.setFont(heading)
    painter.setPen(theme.colour("text"))
    above = QRectF(left, middle - 120, column, 116)
    painter.drawText(above, flags | Qt.AlignmentFlag.AlignBottom, title)
    painter.setFont(font)
    painter.setPen(theme.colour("muted"))
    painter.drawText(QRectF(left, middle + 4, column, 200), flags | Qt.AlignmentFlag.AlignTop, more)
