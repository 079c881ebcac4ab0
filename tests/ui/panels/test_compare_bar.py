import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from tests.registered import register, turned_warp
from ui.comparing import Mode
from ui.panels.figures import SPACE
from ui.panels.mode_buttons import WORDS_FROM_PX, ModeButtons

MODES = {"side_by_side": Mode.SIDE_BY_SIDE, "blink": Mode.BLINK, "curtain": Mode.CURTAIN, "fade": Mode.FADE}


@pytest.fixture
def comparing(opened):
    register(opened.workspace, turned_warp(10))
    return opened.comparison.comparing


def pressed(window):
    return {name for name in MODES if window.findChild(QToolButton, f"mode.{name}").isChecked()}


def test_the_buttons_choose_the_mode_and_show_it(opened, comparing, qtbot):
    assert pressed(opened) == {"side_by_side"}
    for name in ("blink", "curtain", "fade"):
        qtbot.mouseClick(opened.findChild(QToolButton, f"mode.{name}"), Qt.MouseButton.LeftButton)
        assert comparing.mode is MODES[name]
        assert pressed(opened) == {name}
    qtbot.mouseClick(opened.findChild(QToolButton, "mode.side_by_side"), Qt.MouseButton.LeftButton)
    assert pressed(opened) == {"side_by_side"}


def test_a_mode_that_cannot_be_taken_is_not_marked(opened, qtbot):
    qtbot.mouseClick(opened.findChild(QToolButton, "mode.blink"), Qt.MouseButton.LeftButton)
    assert pressed(opened) == {"side_by_side"}


def test_by_key_a_mode_is_taken_and_left_again(opened, comparing, qtbot):
    opened.activateWindow()
    for key, mode in ((Qt.Key.Key_F8, Mode.BLINK), (Qt.Key.Key_F10, Mode.FADE), (Qt.Key.Key_F10, Mode.SIDE_BY_SIDE)):
        qtbot.keyClick(opened, key)
        assert comparing.mode is mode
    qtbot.keyClick(opened, Qt.Key.Key_F9)
    assert comparing.mode is Mode.CURTAIN
    qtbot.keyClick(opened, Qt.Key.Key_F5)
    assert not comparing.over


def test_buttons_have_words_where_there_is_room(opened, qtbot):
    button = opened.findChild(QToolButton, "mode.blink")
    for width, style in (
        (WORDS_FROM_PX + 100, Qt.ToolButtonStyle.ToolButtonTextOnly),
        (WORDS_FROM_PX - 100, Qt.ToolButtonStyle.ToolButtonIconOnly),
    ):
        opened.resize(width, 700)
        qtbot.waitUntil(lambda style=style: button.toolButtonStyle() is style)
    assert opened.findChild(ModeButtons).accessibleName()


def test_the_bar_takes_the_place_of_the_tools_options_and_shows_what_belongs_to_the_mode(opened, comparing):
    bar = opened.compare_bar
    assert (bar.isVisible(), opened.options.isVisible()) == (False, True)
    for mode, slider in bar.sliders.items():
        comparing.set_mode(mode)
        assert (bar.isVisible(), opened.options.isVisible()) == (True, False)
        assert [each.isVisible() for each in bar.sliders.values()] == [each is slider for each in bar.sliders.values()]
        assert opened.findChild(QToolButton, "compare.run").isVisible() is (mode is Mode.BLINK)
    comparing.set_mode(Mode.SIDE_BY_SIDE)
    assert (bar.isVisible(), opened.options.isVisible()) == (False, True)


def test_sliders_set_and_show_rate_curtain_and_fade(opened, comparing):
    sliders = opened.compare_bar.sliders
    comparing.set_mode(Mode.FADE)
    sliders[Mode.FADE].slider.setValue(80)
    assert comparing.fade == pytest.approx(0.8)
    comparing.set_fade(0.35)
    assert sliders[Mode.FADE].text() == f"35{SPACE}%"
    comparing.set_mode(Mode.BLINK)
    sliders[Mode.BLINK].slider.setValue(sliders[Mode.BLINK].slider.maximum())
    assert comparing.rate == pytest.approx(3.0, abs=0.05)
    assert sliders[Mode.BLINK].text() == f"3.0{SPACE}/s"
    comparing.set_mode(Mode.CURTAIN)
    sliders[Mode.CURTAIN].slider.setValue(10)
    assert comparing.curtain == pytest.approx(0.1)


def test_blinking_is_held_and_goes_on_and_the_other_one_is_shown(opened, comparing, qtbot):
    comparing.set_mode(Mode.BLINK)
    run, flip = (opened.findChild(QToolButton, f"compare.{name}") for name in ("run", "flip"))
    assert run.accessibleName() == "Stay as it is"
    qtbot.mouseClick(run, Qt.MouseButton.LeftButton)
    assert (comparing.running, run.accessibleName()) == (False, "Take turns")
    qtbot.mouseClick(flip, Qt.MouseButton.LeftButton)
    assert comparing.second_on_top
    qtbot.keyClick(opened, Qt.Key.Key_F6)
    assert not comparing.second_on_top


def test_a_detection_is_previewed_side_by_side(opened, comparing):
    comparing.set_mode(Mode.FADE)
    opened.actions_["image.detect"].trigger()
    assert not comparing.over
    assert opened.commands.detecting.open
    comparing.set_mode(Mode.FADE)
    assert not opened.commands.detecting.open
    assert comparing.over


def test_the_zoom_that_is_told_is_that_of_what_is_seen(opened, comparing):
    comparing.set_mode(Mode.FADE)
    opened.comparison.one_to_one()
    assert opened.status._zoom.text() == f"100{SPACE}% · 10.0{SPACE}µm/px"
