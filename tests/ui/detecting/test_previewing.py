import threading
import time
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QLabel,
    QPushButton,
    QSlider,
)

from analysis.detection import Polarity, Preset
from tests.ui.detecting.steps import (
    GUESS_NOTE,
    GUESSED_UM,
    SHORTEST,
    answer,
    begin,
    detected,
    field,
    found,
    said,
)
from tests.ui.small_session import N_RODS, READER
from tests.ui.test_detection import settle
from tests.ui.view.conftest import pixels_shown
from tests.workstation.small_study import make_study
from ui import detection, detection_trial
from ui.live_preview import Stage
from workstation.errors import UserFacingError
from workstation.session import create_study, open_study


def test_the_preview_shows_what_is_seen_and_follows_parameters_and_panning(first, qtbot):
    study, view = first.workspace.study, first.comparison.active_view
    preview = begin(first, qtbot)
    outlook = found(preview, qtbot)
    assert (outlook.n_hairs, outlook.before, outlook.framed) == (N_RODS, (3, 2), False)
    assert (outlook.used.polarity, outlook.used.preset) == (Polarity.DARK, Preset.CLIPPED)
    assert said(first, "found") == f"{N_RODS} hairs in {outlook.n_units} units; before 3 in 2."
    assert said(first, "chosen") == "Chosen automatically here: clipped hair, dark."
    assert view.preview.n_hairs == N_RODS

    field(first, "min_length_um").setValue(SHORTEST)
    assert found(preview, qtbot, min_length_um=SHORTEST).n_hairs == 0
    assert view.preview.n_hairs == 0
    field(first, "restore", QPushButton).click()
    found(preview, qtbot, min_length_um=150.0)

    view.set_viewport(view.viewport.showing([[60, 60]], max_scale=8.0))
    qtbot.waitUntil(lambda: view.preview.n_hairs == 1, timeout=20_000)
    assert found(preview, qtbot).before == (1, 1)
    assert first.workspace.study is study


def test_what_would_be_found_is_drawn_white_over_a_faint_read(first, qtbot):
    view = first.comparison.active_view
    qtbot.waitUntil(lambda: not view.moving)
    before = pixels_shown(view)
    found(begin(first, qtbot), qtbot)
    shown = pixels_shown(view)
    x, y = np.round(view.viewport.to_view(view.preview.lines[0].mean(axis=0))).astype(int)
    around = shown[y - 8 : y + 9, x - 8 : x + 9]
    assert around.min(axis=2).max() > 225
    assert before[y - 8 : y + 9, x - 8 : x + 9].min(axis=2).max() < 225
    read_line = np.array([[x, y] for x, y in first.workspace.read(1).hairs[4].vertices_px])
    x, y = np.round(view.viewport.to_view(read_line[1])).astype(int)
    assert np.ptp(before[y - 6 : y + 7, x - 6 : x + 7], axis=2).max() > 60
    QTest.keyPress(view, Qt.Key.Key_H)
    bare = pixels_shown(view)
    QTest.keyRelease(view, Qt.Key.Key_H)
    assert np.abs(bare - shown).max() > 60
    first.commands.detecting.close()
    assert np.array_equal(pixels_shown(view), before)


def test_a_stale_answer_is_never_drawn(first, asked, qtbot):
    drawn = []
    preview = begin(first, qtbot)
    preview.changed.connect(lambda: drawn.append(preview.outlook and preview.outlook.asked.sensitivity))
    qtbot.waitUntil(lambda: len(asked) == 1)
    slider = field(first, "sensitivity", QSlider)
    slider.setValue(20)
    asked[0].answer.set()
    qtbot.waitUntil(lambda: len(asked) == 2)
    slider.setValue(30)
    qtbot.waitUntil(lambda: len(asked) == 3)
    qtbot.waitUntil(lambda: asked[1].cancelled)
    asked[2].answer.set()
    assert found(preview, qtbot).n_hairs == 30
    assert set(drawn) == {None, 0.3}


def test_what_moves_is_asked_about_once_it_rests(first, asked, qtbot):
    rest = first.commands.detecting.preview._soon
    rest.setInterval(60_000)  # it does not rest before the test says so, however slow the computer is
    preview = begin(first, qtbot)
    slider = field(first, "sensitivity", QSlider)
    for value in range(51, 60):
        rest.stop()
        slider.setValue(value)
        assert rest.isActive()
        qtbot.wait(1)
    assert asked == []
    rest.setInterval(0)
    answer(asked, 1, qtbot)
    assert found(preview, qtbot).n_hairs == 59
    slider.setValue(58)
    slider.setValue(59)
    assert preview.stage is Stage.LOOKING
    assert found(preview, qtbot).n_hairs == 59
    settle(first.desk.detection.trials, qtbot)
    assert len(asked) == 1


def test_a_scale_that_was_guessed_stays_while_one_pans(window, study_path, asked, qtbot):
    with open_study(study_path, READER) as session:
        bare = [replace(record, calibration=None) for record in session.study.images.values()]
    path = study_path.with_name("bare.h5")
    create_study(path, make_study([], bare), user="Ada")
    window.begin(path)
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    window.workspace.set_active(1)
    view = window.comparison.active_view
    qtbot.waitUntil(lambda: view.ready)
    preview = begin(window, qtbot)
    answer(asked, 1, qtbot)
    assert found(preview, qtbot).notes == (GUESS_NOTE,)
    view.set_viewport(view.viewport.showing([[60, 60]], max_scale=8.0))
    answer(asked, 2, qtbot)
    assert found(preview, qtbot).notes == (GUESS_NOTE,)
    window.workspace.set_active(2)
    answer(asked, 3, qtbot)
    assert [one.um_per_px for one in asked] == [None, GUESSED_UM, None]
    window.commands.detecting.close()
    begin(window, qtbot)
    answer(asked, 4, qtbot)
    assert asked[3].um_per_px is None


def test_while_it_looks_what_was_found_stays_and_is_muted(first, asked, qtbot):
    preview = begin(first, qtbot)
    assert said(first, "found") == "Looking for hairs …"
    answer(asked, 1, qtbot)
    found(preview, qtbot)
    field(first, "sensitivity", QSlider).setValue(20)
    assert said(first, "found").startswith("50 hairs in 50 units")
    assert field(first, "found", QLabel).property("role") == "muted"
    assert first.comparison.active_view.preview.n_hairs == 50


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (UserFacingError("no", remedy="Wait."), "No. Wait."),
        (MemoryError(), "There is no preview: the computer's memory is used up. Close other programs, or show fewer"),
        (BrokenProcessPool(), "The preview was ended from outside"),
    ],
)
def test_an_error_is_told_in_the_panel_and_the_next_try_works(first, asked, monkeypatch, qtbot, error, sentence):
    told = []
    first.workspace.told.connect(told.append)

    def fail(*_):
        raise error

    preview = begin(first, qtbot)
    answer(asked, 1, qtbot)
    found(preview, qtbot)
    with monkeypatch.context() as failing:
        failing.setattr(detection_trial, "detect_pixels", fail)
        field(first, "sensitivity", QSlider).setValue(60)
        qtbot.waitUntil(lambda: preview.stage is Stage.FAILED)
    assert said(first, "found").startswith(sentence)
    assert first.comparison.active_view.preview is None
    assert told == []
    field(first, "sensitivity", QSlider).setValue(50)
    answer(asked, 2, qtbot)
    assert found(preview, qtbot).n_hairs == 50


def test_it_waits_for_a_detection_that_is_under_way(first, asked, monkeypatch, qtbot):
    ended = threading.Event()

    def endless(*_, report, **__):
        while not ended.is_set():
            report("tracing hairs", 0.25)
            time.sleep(0.005)
        yield from ()

    monkeypatch.setattr(detection, "detect_all", endless)
    assert first.desk.detection.detect([2])
    preview = begin(first, qtbot)
    qtbot.waitUntil(lambda: preview.stage is Stage.WAITING)
    assert said(first, "found").startswith("A detection is under way")
    field(first, "detect", QPushButton).click()
    assert first.column.detect.isVisible()
    assert asked == []
    ended.set()
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert preview.stage is Stage.LOOKING


def test_of_several_images_the_active_one_is_looked_at(opened, qtbot):
    opened.workspace.set_active(1)
    preview = begin(opened, qtbot)
    found(preview, qtbot)
    left, right = opened.comparison.views.values()
    assert (left.previewing, right.previewing) == (True, False)
    opened.workspace.set_active(2)
    assert left.preview is None
    assert found(preview, qtbot).n_hairs == N_RODS + 1
    assert right.preview.n_hairs == N_RODS + 1
    assert field(opened, "detect", QPushButton).text() == "Detect both images"
    field(opened, "all_shown", QCheckBox).setChecked(False)
    assert field(opened, "detect", QPushButton).text() == "Detect whole image"
    reads = detected(opened, qtbot, field(opened, "detect", QPushButton).click)
    assert [read.image_id for read in reads] == [2]
    begin(opened, qtbot)
    field(opened, "all_shown", QCheckBox).setChecked(True)
    reads = detected(opened, qtbot, field(opened, "detect", QPushButton).click)
    assert sorted(read.image_id for read in reads) == [1, 2]
