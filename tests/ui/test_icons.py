import re
from importlib import resources

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QColor, QIcon
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QToolButton

from ui import icons
from ui.keys import COMMANDS
from ui.theme import DARK, LIGHT, apply_theme


def colours_of(picture):
    image = picture.toImage()
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


@pytest.mark.parametrize("name", icons.names())
def test_every_sign_is_drawn_on_the_same_grid(name):
    svg = resources.files("resources").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in svg
    assert 'stroke-width="1.75"' in svg
    assert "currentColor" in svg
    assert not re.search(r"#[0-9a-f]{3}", svg)
    renderer = QSvgRenderer(svg.replace("currentColor", "#000000").encode())
    assert renderer.isValid()
    assert not renderer.viewBoxF().isEmpty()


@pytest.mark.parametrize("name", icons.names())
def test_every_sign_leaves_ink_and_keeps_its_margin(qapp, name):
    image = icons.pixmap(name, size_px=48).toImage()
    inked = [(x, y) for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() > 60]
    assert len(inked) > 40
    assert all(1 <= x <= 46 and 1 <= y <= 46 for x, y in inked)


def test_no_two_signs_look_the_same(qapp):
    seen = {}
    for name in icons.names():
        image = icons.pixmap(name, size_px=32).toImage()
        picture = bytes(image.constBits())
        assert picture not in seen, f"{name} is {seen.get(picture)}"
        seen[picture] = name


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.icon], ids=lambda c: c.id)
def test_every_commands_sign_exists(command):
    assert command.icon in icons.names()


def test_a_sign_that_does_not_exist_is_an_error(qapp):
    with pytest.raises(FileNotFoundError):
        icons.icon("unicorn")


def test_signs_are_tinted_by_theme_and_state(qapp):
    apply_theme(qapp, "dark")
    sign = icons.icon("other_view")
    assert DARK.text in colours_of(sign.pixmap(QSize(32, 32)))
    assert DARK.disabled in colours_of(sign.pixmap(QSize(32, 32), QIcon.Mode.Disabled))
    assert colours_of(icons.pixmap("other_view", "danger", 32)) == {DARK.danger}


def test_signs_are_sharp_on_a_twofold_screen(qapp):
    picture = icons.icon("select").pixmap(QSize(24, 24), 2.0)
    assert picture.size() == QSize(48, 48)
    assert picture.devicePixelRatio() == 2.0


@pytest.mark.parametrize("make", [QAction, QToolButton])
def test_a_sign_follows_the_theme_and_its_last_name(qapp, make):
    apply_theme(qapp, "dark")
    target = make()
    icons.set_icon(target, "select")
    icons.set_icon(target, "other_view")
    apply_theme(qapp, "light")
    assert colours_of(target.icon().pixmap(QSize(32, 32))) == colours_of(icons.pixmap("other_view", size_px=32))
    assert LIGHT.text in colours_of(target.icon().pixmap(QSize(32, 32)))


def test_a_sign_beside_text_follows_the_theme(qapp, qtbot):
    apply_theme(qapp, "dark")
    label = icons.IconLabel("other_view", "warn", 24)
    qtbot.addWidget(label)
    apply_theme(qapp, "light")
    assert LIGHT.warn in colours_of(label.pixmap())
    label.show_sign("")
    assert label.pixmap().isNull()


def test_the_programs_own_sign_keeps_its_colours(qapp):
    picture = icons.app_icon().pixmap(QSize(64, 64)).toImage()
    assert picture.pixelColor(32, 38).isValid()
    assert QColor("#e69f00").name() in colours_of(icons.app_icon().pixmap(QSize(256, 256)))
    assert {s.width() for s in icons.app_icon().availableSizes()} == {16, 32, 48, 64, 128, 256}
