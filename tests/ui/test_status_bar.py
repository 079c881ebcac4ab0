from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QPushButton, QToolButton

from tests.workstation.small_study import TEN_UM
from ui import progress_strip
from ui.elided import ElidedLabel
from ui.pointing import Cursor, Target, TargetKind
from ui.progress_strip import ProgressStrip
from ui.saving import SaveState
from ui.status_bar import StatusBar
from workstation import edits
from workstation.model.hair import Status


@pytest.fixture
def bar(workspace, qtbot):
    bar = StatusBar(workspace)
    qtbot.addWidget(bar)
    bar.resize(1100, 28)
    bar.show()
    return bar


def text_of(bar, name):
    text = bar.findChild(ElidedLabel, name).text()
    return text.replace("\N{NO-BREAK SPACE}", " ")


def chip(bar):
    return bar.findChild(QPushButton, "status.save")


def test_it_follows_the_pointer(bar, workspace):
    workspace.set_cursor(Cursor(1, (60.0, 60.0)))
    workspace.set_hover(Target(1, TargetKind.HAIR, 1))
    assert text_of(bar, "status.position") == "0.600, 0.600 mm · 60, 60 px"
    assert text_of(bar, "status.target") == "Hair 1 of unit 11 · 90 µm wide"
    workspace.set_cursor(None)
    workspace.set_hover(None)
    assert text_of(bar, "status.position") == text_of(bar, "status.target") == ""


def test_it_follows_corrections_of_what_is_pointed_at(bar, workspace):
    workspace.set_hover(Target(1, TargetKind.HAIR, 1))
    workspace.commit(1, lambda read: edits.set_status(read, {1}, Status.REJECTED))
    assert text_of(bar, "status.target") == "Hair 1 of unit 11 · 90 µm wide · rejected"


def test_a_click_on_the_state_saves(bar, qtbot):
    bar.show_saving(SaveState(2))
    with qtbot.waitSignal(bar.save_asked):
        qtbot.mouseClick(chip(bar), Qt.MouseButton.LeftButton)


def test_a_click_on_read_only_asks_why(bar, qtbot):
    because = "Grace has it open on the computer of the ward since 14:02 and goes on until 17:00"
    bar.show_saving(SaveState(read_only_because=because))
    assert chip(bar).text().endswith("…")
    assert because in chip(bar).toolTip()
    assert because in chip(bar).accessibleName()
    with qtbot.assertNotEmitted(bar.save_asked), qtbot.waitSignal(bar.read_only_clicked):
        qtbot.mouseClick(chip(bar), Qt.MouseButton.LeftButton)


def test_the_way_to_stop_work_stays_where_it_is_while_edits_come(bar, qtbot):
    strip = bar.begin_work("Detecting")
    qtbot.waitUntil(strip.isVisible)
    stop = strip.findChild(QToolButton)
    places = set()
    for state in (
        SaveState(last_saved_utc=utc_now()),
        SaveState(2, last_saved_utc=utc_now()),
        SaveState(120, last_saved_utc=utc_now()),
        SaveState(120, saving=True),
    ):
        bar.show_saving(state)
        bar.layout().activate()
        bar._row.activate()
        places.add(stop.mapTo(bar, stop.rect().topLeft()).x())
    assert len(places) == 1


def utc_now():
    return datetime.now(UTC).isoformat()


def test_without_a_study_nothing_is_said_of_saving(bar, workspace):
    bar.show_saving(SaveState(2))
    assert not chip(bar).isHidden()
    bar.set_zoom(1.0, TEN_UM)
    workspace.set_session(None)
    assert chip(bar).isHidden()
    assert text_of(bar, "status.zoom") == ""


def test_at_a_narrow_window_the_hint_gives_way_first(bar, workspace, qtbot):
    workspace.set_cursor(Cursor(1, (60.0, 60.0)))
    bar.set_hint("Click the root of the hair, then its tip; Esc discards it, Enter takes it over as it is")
    bar.set_zoom(1.0, TEN_UM)
    hint, position = (bar.findChild(ElidedLabel, f"status.{n}") for n in ("hint", "position"))
    qtbot.waitUntil(lambda: hint.width() > 0)
    bar.resize(700, 28)
    qtbot.waitUntil(lambda: hint.shown_text() != hint.text())
    assert hint.toolTip() == hint.text()
    assert position.shown_text() == position.text()
    bar.resize(1600, 28)
    qtbot.waitUntil(lambda: hint.shown_text() == hint.text())
    assert hint.toolTip() == ""


class Work(QObject):
    progressed = Signal(str, float)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    asked = 0

    def cancel(self):
        self.asked += 1
        self.cancelled.emit()


def test_work_shows_its_stage_and_can_be_stopped(bar, qtbot, monkeypatch):
    monkeypatch.setattr(progress_strip, "APPEARS_AFTER_MS", 1)
    work = Work()
    height = bar.sizeHint().expandedTo(bar.minimumSize()).height()
    strip = bar.begin_work("Importing images", work)
    qtbot.waitUntil(strip.isVisible)
    assert bar.sizeHint().expandedTo(bar.minimumSize()).height() == height
    work.progressed.emit("checking images", 0.25)
    assert strip.findChild(ElidedLabel).text() == "Importing images: checking images"
    with qtbot.waitSignal(strip.over):
        qtbot.mouseClick(strip.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert work.asked == 1
    qtbot.waitUntil(lambda: bar.findChild(ProgressStrip) is None)


def test_work_that_is_over_at_once_is_never_shown(bar, qtbot, monkeypatch):
    monkeypatch.setattr(progress_strip, "APPEARS_AFTER_MS", 30)
    work = Work()
    strip = bar.begin_work("Opening", work)
    shown = []
    strip.show = lambda: shown.append(True)
    work.finished.emit(None)
    qtbot.wait(60)
    assert shown == []
    assert bar.findChild(ProgressStrip) is None
