"""Pictures of the grades of hair loss, in the theme's colours."""

from functools import cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui import theme
from workstation.grades import Grade

FOLDER = "grades"
ICON_PX = (32, 40, 64, 80, 160)
"""Of the pixmaps of an icon, plain and on twofold screens."""


def grade_icon(grade: Grade) -> QIcon:
    """The picture of a grade in the present theme."""
    return _icon(grade.picture, theme.current().text)


@cache
def _icon(picture: str, ink: str) -> QIcon:
    drawn = resources.files("resources").joinpath(FOLDER, f"{picture}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(drawn.replace("currentColor", ink).encode()))
    made = QIcon()
    for side_px in ICON_PX:
        pixmap = QPixmap(side_px, side_px)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        try:
            renderer.render(painter, QRectF(0, 0, side_px, side_px))
        finally:
            painter.end()
        made.addPixmap(pixmap)
    return made
