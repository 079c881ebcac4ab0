"""How the window looks: two sets of named colours, applied to Qt's Fusion style, switched while it runs.

Greys are neutral, so that none tints the eye that judges an image. One accent marks what is chosen; danger, warning and
success have a colour and always a word or a shape as well.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from string import Template

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

STYLE_FOLDER = "style"
GRID_PX = 8
"""Distances are multiples of it, or its half within a control."""


class ThemeChoice(StrEnum):
    """What the user may choose; values as they stand in the settings."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by their use, each as `#rrggbb`."""

    name: str
    canvas: str
    """Around images."""
    window: str
    """Panels, bars and dialogs."""
    raised: str
    """What lies above the window: menus, tips, cards, toasts."""
    field: str
    """What can be filled in, and tables."""
    stripe: str
    """Every other row."""
    hover: str
    pressed: str
    border: str
    """Parts things that belong together; decoration."""
    outline: str
    """Without it a control could not be told from what is around it."""
    text: str
    muted: str
    """Second-rank text: units, hints, captions."""
    disabled: str
    accent: str
    """Filled parts: the default button, ticks, progress."""
    accent_hover: str
    on_accent: str
    """Text and signs on the accent."""
    link: str
    """The accent as text or thin line."""
    selected: str
    """Behind selected rows and pressed-in tools."""
    danger: str
    warn: str
    ok: str

    def colour(self, role: str) -> QColor:
        """The colour of a role, named as the field is."""
        return QColor(str(getattr(self, role)))


DARK = Theme(
    name="dark",
    canvas="#1b1b1b",
    window="#262626",
    raised="#2d2d2d",
    field="#1f1f1f",
    stripe="#242424",
    hover="#3a3a3a",
    pressed="#444444",
    border="#3d3d3d",
    outline="#7f7f7f",
    text="#ededed",
    muted="#b3b3b3",
    disabled="#7d7d7d",
    accent="#3075d3",
    accent_hover="#2967c0",
    on_accent="#ffffff",
    link="#8bbcff",
    selected="#2c4668",
    danger="#ff9184",
    warn="#f0b849",
    ok="#7ccf9d",
)
LIGHT = Theme(
    name="light",
    canvas="#cccccc",
    window="#f2f2f2",
    raised="#ffffff",
    field="#ffffff",
    stripe="#f6f6f6",
    hover="#e4e4e4",
    pressed="#d6d6d6",
    border="#d2d2d2",
    outline="#7d7d7d",
    text="#1b1b1b",
    muted="#4b4b4b",
    disabled="#868686",
    accent="#2a6cc8",
    accent_hover="#1f5cb0",
    on_accent="#ffffff",
    link="#174f9e",
    selected="#cbdff8",
    danger="#9c1c14",
    warn="#704300",
    ok="#155a31",
)


class Watcher(QObject):
    """Says when the theme has changed, and follows the system's where that was chosen."""

    changed = Signal(object)
    """The `Theme`, once all widgets have its colours."""

    def __init__(self) -> None:
        super().__init__()
        self.theme = DARK
        self.choice = ThemeChoice.DARK
        self.follows_system = False

    def on_system_changed(self) -> None:
        """Put on what the system has changed to, where the user leaves it to the system."""
        app = QApplication.instance()
        if self.choice is ThemeChoice.SYSTEM and isinstance(app, QApplication):
            _put_on(app, system_theme(app))


@cache
def watcher() -> Watcher:
    """The one that tells of changes. Connect methods of QObjects only: their connections end with them."""
    return Watcher()


def current() -> Theme:
    """The theme that is applied; the dark one before any was."""
    return watcher().theme


def system_theme(app: QApplication) -> Theme:
    """The system's preference; dark, as suits the reading of images, where it has none."""
    return LIGHT if app.styleHints().colorScheme() is Qt.ColorScheme.Light else DARK


def apply_theme(app: QApplication, choice: ThemeChoice | str) -> Theme:
    """Give the program a theme, at its start or while it runs.

    Args:
        app: the program.
        choice: `system`, `dark` or `light`.

    Raises:
        ValueError: if the choice is none of them.
    """
    here = watcher()
    here.choice = ThemeChoice(choice)
    hints = app.styleHints()
    if not here.follows_system:
        hints.colorSchemeChanged.connect(here.on_system_changed)
        here.follows_system = True
    # Window frames and native dialogs are the system's; they follow too.
    if here.choice is ThemeChoice.SYSTEM:
        hints.unsetColorScheme()
        theme = system_theme(app)
    else:
        dark = here.choice is ThemeChoice.DARK
        hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
        theme = DARK if dark else LIGHT
    _put_on(app, theme)
    return theme


def _put_on(app: QApplication, theme: Theme) -> None:
    sheet = style_sheet(theme)
    if app.styleSheet() == sheet:  # it is on already: every widget would be styled anew
        return
    if app.style().name() != "fusion":
        app.setStyle("fusion")
    app.setFont(_with_tabular_figures(app.font()))
    app.setPalette(palette(theme))
    app.setStyleSheet(sheet)
    here = watcher()
    here.theme = theme
    here.changed.emit(theme)


def palette(theme: Theme) -> QPalette:
    """The theme as Qt's own roles, for what the style sheet does not name."""
    role = QPalette.ColorRole
    made = QPalette()
    for names, colour in (
        ((role.Window, role.Button), theme.window),
        ((role.Base,), theme.field),
        ((role.AlternateBase,), theme.stripe),
        ((role.ToolTipBase,), theme.raised),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), theme.text),
        ((role.PlaceholderText,), theme.muted),
        ((role.Highlight, role.Accent), theme.accent),
        ((role.HighlightedText, role.BrightText), theme.on_accent),
        ((role.Link, role.LinkVisited), theme.link),
        ((role.Light, role.Midlight), theme.hover),
        ((role.Mid,), theme.border),
        ((role.Dark,), theme.outline),
        ((role.Shadow,), theme.canvas),
    ):
        for name in names:
            made.setColor(name, QColor(colour))
    off = QPalette.ColorGroup.Disabled
    for name in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText, role.HighlightedText):
        made.setColor(off, name, QColor(theme.disabled))
    made.setColor(off, role.Highlight, QColor(theme.hover))
    return made


def style_sheet(theme: Theme) -> str:
    """The style sheet of `resources/style/window.qss` in the theme's colours."""
    folder = resources.files("resources").joinpath(STYLE_FOLDER)
    QDir.setSearchPaths(STYLE_FOLDER, [str(folder)])  # of the signs that it names
    return Template(folder.joinpath("window.qss").read_text(encoding="utf-8")).substitute(asdict(theme))


def _with_tabular_figures(font: QFont) -> QFont:
    """The system's font with digits of one width, where it has them, so that numbers do not jump as they change."""
    plain = QFont(font)
    plain.setFeature(QFont.Tag("tnum"), 1)
    return plain
