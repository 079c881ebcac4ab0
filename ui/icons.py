"""The window's signs: line drawings on a 24 × 24 grid, tinted in the theme's colours as they are needed.

The files in `resources/icons` are drawn in `currentColor` with round strokes of 1.75 px; the program's own icon keeps
its colours.
"""

from functools import cache
from importlib import resources

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QLabel

from ui import theme
from ui.theme import Theme

FOLDER = "icons"
APP = "app"
SIZES_PX = (16, 24, 32, 48, 64)
"""Of the pixmaps of an icon: 16, 24 and 32 px on plain and on twofold screens."""
SMALL_PX = 16
APP_SIZES_PX = (16, 32, 48, 64, 128, 256)


def names() -> tuple[str, ...]:
    """All signs there are, without the program's own icon."""
    files = (file.name for file in resources.files("resources").joinpath(FOLDER).iterdir())
    return tuple(sorted(f.removesuffix(".svg") for f in files if f.endswith(".svg") and f != f"{APP}.svg"))


def icon(name: str, role: str = "text") -> QIcon:
    """A sign in the present theme, greyed where its button is disabled; `set_icon` keeps one up to date.

    Args:
        name: of a file in `resources/icons`, without suffix.
        role: the field of `ui.theme.Theme` that gives its colour.

    Raises:
        FileNotFoundError: if there is no such sign.
    """
    return _icon(name, role, theme.current())


def pixmap(name: str, role: str = "text", size_px: int = SMALL_PX, ratio: float = 1.0) -> QPixmap:
    """A sign as a picture, `size_px` wide in device-independent pixels, for a screen of that ratio."""
    picture = _tinted(name, theme.current().colour(role), round(size_px * ratio))
    picture.setDevicePixelRatio(ratio)
    return picture


def app_icon() -> QIcon:
    """The program's icon."""
    made = QIcon()
    for size_px in APP_SIZES_PX:
        made.addPixmap(_drawn(APP, size_px))
    return made


def set_icon(target: QAction | QAbstractButton, name: str, role: str = "text") -> None:
    """Give an action or a button a sign that follows the theme, for as long as it lives."""
    for earlier in target.findChildren(_Tinter, options=Qt.FindChildOption.FindDirectChildrenOnly):
        earlier.setParent(None)
        earlier.deleteLater()
    _Tinter(target, name, role)


class IconLabel(QLabel):
    """A sign that stands by itself, beside text that says the same.

    Args:
        name: of the sign.
        role: the field of `ui.theme.Theme` that gives its colour.
        size_px: its side.
    """

    def __init__(self, name: str = "", role: str = "text", size_px: int = SMALL_PX) -> None:
        super().__init__()
        self._size_px = size_px
        self.setFixedSize(QSize(size_px, size_px))
        self.show_sign(name, role)
        theme.watcher().changed.connect(self._tint)

    def show_sign(self, name: str, role: str = "text") -> None:
        """Show another sign; none if the name is empty."""
        self._name, self._role = name, role
        self._tint()

    def _tint(self) -> None:
        ratio = self.devicePixelRatioF()
        self.setPixmap(pixmap(self._name, self._role, self._size_px, ratio) if self._name else QPixmap())


class _Tinter(QObject):
    """Lives and dies with its parent, whose sign it draws again when the theme changes."""

    def __init__(self, target: QAction | QAbstractButton, name: str, role: str) -> None:
        super().__init__(target)
        self._target, self._name, self._role = target, name, role
        self._tint()
        theme.watcher().changed.connect(self._tint)

    def _tint(self) -> None:
        self._target.setIcon(icon(self._name, self._role))


@cache
def _icon(name: str, role: str, colours: Theme) -> QIcon:
    made = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, role), (QIcon.Mode.Disabled, "disabled")):
        for size_px in SIZES_PX:
            made.addPixmap(_tinted(name, colours.colour(colour), size_px), mode)
    return made


def _tinted(name: str, colour: QColor, size_px: int) -> QPixmap:
    picture = QPixmap(_drawn(name, size_px))
    painter = QPainter(picture)
    try:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(picture.rect(), colour)
    finally:
        painter.end()
    return picture


@cache
def _drawn(name: str, size_px: int) -> QPixmap:
    """The drawing as it is; `currentColor` is black."""
    picture = QPixmap(size_px, size_px)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    try:
        _drawing(name).render(painter, QRectF(0, 0, size_px, size_px))
    finally:
        painter.end()
    return picture


@cache
def _drawing(name: str) -> QSvgRenderer:
    file = resources.files("resources").joinpath(FOLDER, f"{name}.svg")
    return QSvgRenderer(QByteArray(file.read_bytes()))
