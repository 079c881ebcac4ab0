import re
from dataclasses import asdict
from importlib import resources

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from ui import theme
from ui.theme import DARK, LIGHT, ThemeChoice, apply_theme, current, style_sheet, watcher

BOTH = pytest.mark.parametrize("chosen", [DARK, LIGHT], ids=["dark", "light"])
BACKGROUNDS = ("canvas", "window", "raised", "field", "stripe", "hover", "selected")
AA_TEXT, AA_SIGN = 4.5, 3.0


def luminance(colour):
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@BOTH
@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("text", ["text", "muted"])
def test_text_can_be_read_on_every_background(chosen, text, background):
    assert contrast(getattr(chosen, text), getattr(chosen, background)) >= AA_TEXT


@BOTH
@pytest.mark.parametrize("background", ["canvas", "window", "raised", "field", "stripe", "hover"])
@pytest.mark.parametrize("text", ["link", "danger", "warn", "ok"])
def test_coloured_text_can_be_read(chosen, text, background):
    assert contrast(getattr(chosen, text), getattr(chosen, background)) >= AA_TEXT


@BOTH
def test_text_can_be_read_on_the_accent(chosen):
    assert contrast(chosen.on_accent, chosen.accent) >= AA_TEXT
    assert contrast(chosen.on_accent, chosen.accent_hover) >= AA_TEXT
    assert contrast(chosen.text, chosen.pressed) >= AA_TEXT


@BOTH
@pytest.mark.parametrize("background", ["window", "raised", "field"])
def test_controls_and_focus_stand_out(chosen, background):
    for sign in ("outline", "accent", "link", "disabled"):
        assert contrast(getattr(chosen, sign), getattr(chosen, background)) >= AA_SIGN


@BOTH
def test_the_signs_of_the_style_sheet_stand_out(chosen):
    folder = resources.files("resources").joinpath("style")
    for file in folder.iterdir():
        for colour in re.findall(r'(?:stroke|fill)="(#\w{6})"', file.read_text(encoding="utf-8")):
            backgrounds = (chosen.accent,) if colour == "#ffffff" else (chosen.window, chosen.field, chosen.raised)
            assert all(contrast(colour, b) >= AA_SIGN for b in backgrounds), file.name


@BOTH
def test_greys_around_images_have_no_tint(chosen):
    for role in (*BACKGROUNDS[:-1], "pressed", "border", "outline", "text", "muted", "disabled"):
        colour = chosen.colour(role)
        assert colour.red() == colour.green() == colour.blue(), role


@BOTH
def test_the_style_sheet_names_only_colours_and_files_that_exist(chosen):
    sheet = style_sheet(chosen)
    assert "$" not in sheet
    folder = resources.files("resources").joinpath("style")
    named = set(re.findall(r"url\(style:([\w.-]+)\)", sheet))
    assert named
    assert all(folder.joinpath(name).is_file() for name in named)
    assert set(re.findall(r"#[0-9a-f]{6}\b", sheet)) <= set(asdict(chosen).values())


def test_a_theme_is_switched_while_the_program_runs(qapp, qtbot):
    apply_theme(qapp, "dark")
    label = QLabel("3.41 mm")
    qtbot.addWidget(label)
    with qtbot.waitSignal(watcher().changed) as heard:
        assert apply_theme(qapp, ThemeChoice.LIGHT) is LIGHT
    assert heard.args == [LIGHT]
    assert current() is LIGHT
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == LIGHT.text
    apply_theme(qapp, "dark")
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == DARK.text


def test_a_themes_colours_reach_the_screen(qapp, qtbot):
    apply_theme(qapp, "light")
    window = QWidget()
    qtbot.addWidget(window)
    button = QPushButton("Save", window)
    button.setDefault(True)
    window.resize(200, 100)
    assert painted(window).pixelColor(190, 90).name() == LIGHT.window
    apply_theme(qapp, "dark")
    assert painted(window).pixelColor(190, 90).name() == DARK.window


def painted(widget):
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def test_the_systems_theme_is_followed(qapp, monkeypatch):
    monkeypatch.setattr(theme, "system_theme", lambda app: LIGHT)
    assert apply_theme(qapp, "system") is LIGHT
    monkeypatch.setattr(theme, "system_theme", lambda app: DARK)
    qapp.styleHints().colorSchemeChanged.emit(qapp.styleHints().colorScheme())
    assert current() is DARK
    apply_theme(qapp, "light")
    qapp.styleHints().colorSchemeChanged.emit(qapp.styleHints().colorScheme())
    assert current() is LIGHT


def test_a_dead_listener_is_not_called(qapp):
    class Listener(QObject):
        def hear(self):
            raise AssertionError("called after its end")

    listener = Listener()
    watcher().changed.connect(listener.hear)
    shiboken6.delete(listener)
    apply_theme(qapp, "dark")


def test_digits_have_one_width(qapp):
    apply_theme(qapp, "dark")
    label = QLabel()
    widths = {label.fontMetrics().horizontalAdvance(digit * 10) for digit in "0123456789"}
    assert len(widths) == 1


def test_a_theme_that_does_not_exist_is_refused(qapp):
    with pytest.raises(ValueError, match="sepia"):
        apply_theme(qapp, "sepia")
