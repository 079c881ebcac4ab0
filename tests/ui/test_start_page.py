from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QToolButton

from ui.banner import Banner
from ui.preview_picture import PreviewPicture
from ui.recent_files import look_at, when_text
from ui.start_page import StartPage
from ui.theme import apply_theme
from workstation.settings import Settings


@pytest.fixture
def files(tmp_path):
    here = tmp_path / "here.h5"
    here.write_bytes(b"x")
    return here, tmp_path / "gone" / "gone.h5"


@pytest.fixture
def page(qtbot, qapp, background, files):
    apply_theme(qapp, "dark")
    page = StartPage(Settings(reader="Ada", recent_files=files), background)
    qtbot.addWidget(page)
    page.resize(1000, 800)
    page.show()
    return page


def reached(page, qtbot):
    tree = page.recent
    qtbot.waitUntil(lambda: all(tree.topLevelItem(i).text(2) for i in range(tree.topLevelItemCount())))
    return tree


@pytest.mark.parametrize(
    ("name", "signal"), [("demo", "demo_asked"), ("images", "images_asked"), ("study", "study_asked")]
)
@pytest.mark.parametrize("by_key", [False, True])
def test_each_choice_is_one_click_or_one_key(page, qtbot, name, signal, by_key):
    card = page.findChild(QPushButton, f"start.{name}")
    with qtbot.waitSignal(getattr(page, signal)):
        if by_key:
            card.setFocus()
            qtbot.keyClick(card, Qt.Key.Key_Space)
        else:
            qtbot.mouseClick(card, Qt.MouseButton.LeftButton)


def test_recent_studies_tell_which_are_there(page, qtbot, files):
    tree = reached(page, qtbot)
    assert page.recent.paths() == list(files)
    assert tree.topLevelItem(0).text(2).startswith("today ")
    assert tree.topLevelItem(1).text(2) == "not there"
    assert tree.itemWidget(tree.topLevelItem(0), 3) is None


def test_a_click_or_enter_opens_a_recent_study(page, qtbot, files):
    tree = reached(page, qtbot)
    with qtbot.waitSignal(page.recent_chosen) as chosen:
        place = tree.visualItemRect(tree.topLevelItem(0)).center()
        qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [files[0]]
    tree.setCurrentItem(tree.topLevelItem(1))
    with qtbot.waitSignal(page.recent_chosen) as chosen:
        qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert chosen.args == [files[1]]


def test_a_missing_study_can_be_taken_off_the_list(page, qtbot, files):
    tree = reached(page, qtbot)
    with qtbot.waitSignal(page.recent_removed) as removed:
        button = tree.itemWidget(tree.topLevelItem(1), 3)
        assert isinstance(button, QToolButton)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert removed.args == [files[1]]
    tree.setCurrentItem(tree.topLevelItem(0))
    tree.setFocus()
    with qtbot.waitSignal(page.recent_removed) as removed:
        qtbot.keyClick(tree, Qt.Key.Key_Delete)
    assert removed.args == [files[0]]


def test_other_settings_are_shown_at_once(page, files):
    page.show_settings(Settings(reader="Ada", recent_files=files[:1]))
    assert page.recent.paths() == [files[0]]
    page.show_settings(Settings(reader="Ada"))
    assert page.recent.isHidden()


def test_the_readers_name_is_asked_once(page, qtbot):
    line = page.findChild(QLineEdit, "start.reader")
    keep = page.findChild(QPushButton, "start.keep_reader")
    assert not line.isVisibleTo(page)
    page.show_settings(Settings())
    assert line.isVisibleTo(page)
    assert not keep.isEnabled()
    qtbot.keyClicks(line, "  Grace ")
    with qtbot.waitSignal(page.reader_named) as named:
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert named.args == ["Grace"]
    with qtbot.waitSignal(page.reader_named) as named:
        qtbot.mouseClick(keep, Qt.MouseButton.LeftButton)
    assert named.args == ["Grace"]


def test_what_would_be_dropped_is_shown_to_be_welcome(page):
    calm = page.grab().toImage()
    page.show_drop_target(True)
    assert page.grab().toImage() != calm
    page.show_drop_target(False)
    assert page.grab().toImage() == calm


def test_a_banner_stands_before_all_else_until_it_is_closed(page, qtbot):
    banner = Banner("trichodesk ended unexpectedly.", "warning", "warn")
    asked = banner.add_action("Show report…")
    page.add_banner(banner)
    page.repaint()
    card = page.findChild(QPushButton, "start.demo")
    qtbot.waitUntil(lambda: banner.isVisible() and banner.y() > 0)
    assert banner.mapTo(page, QPoint()).y() < card.mapTo(page, QPoint()).y()
    with qtbot.waitSignal(asked.clicked):
        qtbot.mouseClick(asked, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(banner.closed):
        qtbot.mouseClick(banner.findChild(QToolButton, "banner.close"), Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


@pytest.mark.parametrize("size", [(1000, 640), (1440, 900), (2560, 1440)])
def test_everything_is_in_sight_at_any_size(page, qtbot, size):
    page.show_settings(Settings())
    page.resize(*size)
    keep = page.findChild(QPushButton, "start.keep_reader")
    qtbot.waitUntil(lambda: page.width() == size[0])
    corner = keep.mapTo(page, QPoint(keep.width(), keep.height()))
    assert corner.x() < size[0]
    assert corner.y() < size[1]


def test_who_sees_it_first_sees_what_the_program_does(page):
    preview = page.findChild(PreviewPicture)
    assert preview.isHidden()
    page.show_settings(Settings())
    assert preview.isVisible()
    image = preview.grab().toImage()
    colours = {image.pixelColor(x, image.height() // 2).name() for x in range(0, image.width(), 7)}
    assert len(colours) > 50
    assert preview.accessibleName()


def test_moments_are_told_in_few_words():
    now = datetime(2026, 3, 2, 15, 0)
    assert when_text(datetime(2026, 3, 2, 9, 5), now) == "today 09:05"
    assert when_text(datetime(2026, 3, 1, 23, 59), now) == "yesterday 23:59"
    assert when_text(datetime(2026, 2, 27, 23, 59), now) == "2026-02-27"


def test_a_file_that_cannot_be_reached_is_not_there(tmp_path):
    too_long = Path("/" + "x" * 5000)
    assert [file.changed for file in look_at([tmp_path / "gone.h5", too_long])] == [None, None]
