"""The window on a work file: nothing on screen tells, and the work goes from pair to pair."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel

from tests.ui.small_session import READER
from tests.workstation.blinding.blinded_trial import VISITS, blinded_trial, handed
from ui.keys import COMMANDS, Menu
from ui.pages import Page
from workstation.blinding.queue import progress_text, work_pairs
from workstation.model.package import Start


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    return blinded_trial(tmp_path_factory.mktemp("made") / "study")


@pytest.fixture
def work(trial, tmp_path):
    handed(trial, tmp_path / "ada.h5", reader=READER)
    return tmp_path / "ada.h5"


@pytest.fixture
def reading(window, work, qtbot):
    """The window with the work file open, by its reader."""
    window.begin(work)
    qtbot.waitUntil(lambda: window.workspace.session is not None, timeout=60_000)
    qtbot.waitUntil(lambda: all(view.ready for view in window.comparison.views.values()), timeout=60_000)
    return window


def texts_on_screen(window):
    shown = [w.text() for kind in (QLabel, QAbstractButton) for w in window.findChildren(kind) if w.isVisible()]
    shown += [box.itemText(i) for box in window.findChildren(QComboBox) for i in range(box.count())]
    shown += [w.toolTip() for kind in (QLabel, QAbstractButton) for w in window.findChildren(kind) if w.isVisible()]
    return "\n".join(shown)


def test_the_images_page_opens_on_the_first_pair(reading):
    workspace = reading.workspace
    pairs = work_pairs(workspace.study)
    assert reading.pages.page is Page.IMAGES
    assert workspace.shown == pairs[0].image_ids
    assert reading.work_bar.isVisible()
    assert reading.work_bar.text.text() == f"Blinded read for {READER}: 0 of {len(workspace.study.images)} done"
    assert reading.work_bar.place.text() == f"Pair {pairs[0].code} · 1 of {len(pairs)}"


def test_nothing_on_screen_tells(reading):
    for _ in work_pairs(reading.workspace.study):
        reading.work_file.step(1)
        text = texts_on_screen(reading)
        for word in [*(v.subject for v in VISITS), *(v.date for v in VISITS), "week", "Week", "aseline", "Δ", "Miller"]:
            assert word not in text
        assert not re.search(r"\b(crown|temple)\b", text)


def test_there_is_no_way_to_a_comparison(reading):
    actions = reading.actions_
    for command in COMMANDS:
        if command.menu in (Menu.STUDY, Menu.VISITS) and command.id != "study.my_key":
            assert not actions[command.id].isVisible(), command.id
            assert not actions[command.id].isEnabled(), command.id
    for name in ("image.detect", "image.detect_all", "image.scale", "file.export", "view.blink", "tool.landmarks"):
        assert not actions[name].isEnabled()
    assert not reading.page_switch.isVisible()
    titles = {action.text() for action in reading.menuBar().actions() if action.isVisible()}
    assert "&Visits" not in titles
    for name in ("endpoints_panel", "change_panel", "width_chart"):
        panel = reading.findChild(object, name)
        assert panel is None or not panel.isVisible()
    assert not reading.film_strip.isVisible()
    QTest.keyClick(reading, Qt.Key.Key_F3)
    QTest.keyClick(reading, Qt.Key.Key_F12)
    assert reading.pages.page is Page.IMAGES


def test_keys_go_through_the_pairs_and_submit_what_is_shown(reading):
    workspace = reading.workspace
    pairs = work_pairs(workspace.study)
    reading.actions_["work.next"].trigger()
    assert workspace.shown == pairs[1].image_ids
    reading.actions_["work.previous"].trigger()
    reading.actions_["work.previous"].trigger()
    assert workspace.shown == pairs[-1].image_ids
    reading.work_file.show_pair(pairs[0].code)
    reading.actions_["work.submit"].trigger()
    after = work_pairs(workspace.study)
    assert [pair.is_done for pair in after] == [True] + [False] * (len(pairs) - 1)
    assert workspace.shown == pairs[1].image_ids  # and on to the next one
    assert reading.column.work_queue.list.item(0).text().startswith("●")
    assert progress_text(workspace.study) == reading.work_bar.text.text()
    reading.work_file.show_pair(pairs[0].code)
    assert not reading.work_bar.submit.isVisible()


def test_when_all_is_done_it_is_said(reading):
    heard = []
    reading.workspace.told.connect(heard.append)
    for _ in work_pairs(reading.workspace.study):
        reading.work_file.submit_pair()
    assert heard[-1].text.startswith("All pictures are submitted.")
    assert not reading.work_bar.next.isVisible()


def test_somebody_else_can_only_look(window, trial, tmp_path, qtbot):
    handed(trial, tmp_path / "bob.h5", start=Start.BLANK)
    window.begin(tmp_path / "bob.h5")
    qtbot.waitUntil(lambda: window.workspace.session is not None, timeout=60_000)
    assert window.work_bar.text.text() == f"This work file is for Bob Byrne; as {READER} you can only look at it."
    window.work_file.submit_pair()
    assert not [read for read in window.workspace.study.reads.values() if read.editable]


def test_a_study_has_all_of_it_again(reading, study_path, qtbot):
    work = reading.workspace.session
    reading.commands.files.open(study_path)
    qtbot.waitUntil(lambda: reading.workspace.session not in (None, work), timeout=60_000)
    assert not reading.work_bar.isVisible()
    assert reading.actions_["study.overview"].isVisible()
    assert isinstance(reading.actions_["study.overview"], QAction)
    assert not reading.actions_["work.next"].isVisible()
    assert reading.page_switch.isVisible()
    assert reading.mode_buttons.isVisible()
