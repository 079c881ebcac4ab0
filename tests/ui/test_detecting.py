import threading
import time
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSlider,
)

from analysis.detection import Detection, DetectionParameters, Polarity, Preset, Source
from tests.ui.small_session import N_RODS, READER
from tests.ui.test_detection import Threads, settle
from tests.ui.view.conftest import pixels_shown
from tests.workstation.small_study import make_study
from ui import detection, detection_trial
from ui.live_preview import Stage
from ui.side_column import LEAST_WIDTH_PX, USUAL_WIDTH_PX
from ui.tools.draw import DrawTool
from workstation.entry import Selection
from workstation.errors import UserFacingError
from workstation.session import create_study, open_study
from workstation.settings import load_settings

SHORTEST = 1000.0
"""No rod is so long, in µm."""
GUESSED_UM = 8.0
GUESS_NOTE = "The image has no scale: one was guessed."


@pytest.fixture
def window(window, monkeypatch):
    """What the window detects it detects in threads."""
    pool = Threads()
    monkeypatch.setattr(window.desk.detection.trials, "_pool", pool)
    monkeypatch.setattr(window.desk.detection, "_pool", pool)
    return window


@pytest.fixture
def first(opened, qtbot):
    """The window with one image shown, which has the keyboard."""
    opened.workspace.set_shown((1,))
    view = opened.comparison.active_view
    qtbot.waitUntil(lambda: view.ready)
    opened.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    return opened


@pytest.fixture
def asked(monkeypatch):
    """Stands in for the detection: what it was asked, each answered when it is told to."""
    asked = []

    class Asked:
        def __init__(self, pixels, um_per_px, parameters):
            self.pixels, self.um_per_px, self.parameters = pixels, um_per_px, parameters
            self.answer, self.cancelled = threading.Event(), False

    def detect_pixels(pixels, um_per_px, parameters, report):
        one = Asked(pixels, um_per_px, parameters)
        asked.append(one)
        while not one.answer.wait(0.005):
            try:
                report("tracing hairs", 0.5)
            except Exception:
                one.cancelled = True
                raise
        found = hairs_found(round(100 * parameters.sensitivity), parameters)
        return found if um_per_px else replace(found, um_per_px=GUESSED_UM, notes=(GUESS_NOTE,))

    monkeypatch.setattr(detection_trial, "detect_pixels", detect_pixels)
    yield asked
    for one in asked:
        one.answer.set()


def hairs_found(n, parameters):
    """A detection of n upright hairs next to each other."""
    lines = np.array([[[10.0 + k, 20.0], [10.0 + k, 60.0]] for k in range(n)]).reshape(-1, 2)
    return Detection(
        lines, np.full(2 * n, 3.0), np.arange(n) * 2, np.full(n, 2), np.full(n, 3.0), np.full(n, 0.9),
        np.ones(n, bool), np.arange(n), np.zeros((0, 2)), (),
        replace(parameters, polarity=Polarity.DARK, preset=Preset.CLIPPED), 10.0, 0.1,
    )  # fmt: skip


def answer(asked, number, qtbot):
    """Answers what was asked as the first, second …"""
    qtbot.waitUntil(lambda: len(asked) == number)
    asked[-1].answer.set()


def begin(window, qtbot):
    """Opens the panel by its key; gives the live preview."""
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.column.detect.isVisible())
    return window.commands.detecting.preview


def found(preview, qtbot, **parameters):
    """What is found, once it is for these parameters."""

    def there():
        asked = None if preview.stage is not Stage.FOUND else preview.outlook.asked
        return asked is not None and all(getattr(asked, name) == value for name, value in parameters.items())

    qtbot.waitUntil(there, timeout=20_000)
    return preview.outlook


def field(window, name, kind=QDoubleSpinBox):
    return window.column.detect.findChild(kind, f"detect.{name}")


def hold(widget, key):
    """The key is held down over a widget: the keyboard repeats it."""
    repeated = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", True, 1)
    QApplication.sendEvent(widget, repeated)


def said(window, name):
    label = field(window, name, QLabel)
    return label.text().replace("\N{NO-BREAK SPACE}", " ") if label.isVisible() else ""


def detected(window, qtbot, act):
    """The reads of a detection that an act begins."""
    with qtbot.waitSignal(window.desk.detection.finished, timeout=20_000) as done:
        act()
    return [window.workspace.study.reads[i] for i in done.args[0].reads]


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
    create_study(path, make_study([], bare))
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


def test_what_is_chosen_by_name_is_what_is_asked_for(first, asked, qtbot):
    begin(first, qtbot)
    for name, text in (("preset", "Long"), ("polarity", "Dark hair"), ("source", "Filters alone")):
        field(first, name, QComboBox).setCurrentText(text)
    qtbot.waitUntil(lambda: bool(asked) and asked[-1].parameters.source is Source.RIDGES)
    assert asked[-1].parameters.preset is Preset.LONG
    assert asked[-1].parameters.polarity is Polarity.DARK


def test_while_it_looks_what_was_found_stays_and_is_muted(first, asked, qtbot):
    preview = begin(first, qtbot)
    assert said(first, "found") == "Looking for hairs …"
    answer(asked, 1, qtbot)
    found(preview, qtbot)
    field(first, "sensitivity", QSlider).setValue(20)
    assert said(first, "found").startswith("50 hairs in 50 units")
    assert field(first, "found", QLabel).property("role") == "muted"
    assert first.comparison.active_view.preview.n_hairs == 50


def test_escape_drops_the_preview_and_gives_the_keyboard_back(first, asked, qtbot):
    view = first.comparison.active_view
    preview = begin(first, qtbot)
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert QApplication.focusWidget() is field(first, "sensitivity", QSlider)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not first.column.detect.isVisible()
    assert view.hasFocus()
    qtbot.waitUntil(lambda: asked[0].cancelled)
    settle(first.desk.detection.trials, qtbot)
    assert (preview.stage, preview.outlook, view.preview, view.previewing) == (Stage.NOTHING, None, None, False)


def test_a_key_that_is_held_does_not_go_on_into_the_image(first, asked, qtbot):
    view, workspace = first.comparison.active_view, first.workspace
    workspace.select(Selection(workspace.read(1).id, frozenset({1})))
    begin(first, qtbot)
    slider = field(first, "sensitivity", QSlider)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        hold(slider, key)
        assert first.column.detect_shown
        assert not first.desk.detection.running
    QTest.keyClick(slider, Qt.Key.Key_Escape)
    assert view.hasFocus()
    hold(view, Qt.Key.Key_Escape)
    assert workspace.selection.hair_ids == {1}
    hold(view, Qt.Key.Key_Return)
    assert view._hand.crosshair is None
    assert not first.desk.detection.running


@pytest.mark.parametrize("where", ["max_width_um", "view"])
def test_enter_detects_with_what_is_chosen_and_keeps_it_with_the_result(first, where, qtbot):
    view, workspace = first.comparison.active_view, first.workspace
    undo = workspace.session.document.undo_text
    begin(first, qtbot)
    field(first, "sensitivity", QSlider).setValue(60)
    field(first, "max_width_um").setValue(140)
    target = view if where == "view" else field(first, where)
    target.setFocus()
    [read] = detected(first, qtbot, lambda: QTest.keyClick(target, Qt.Key.Key_Return))
    used = read.detection.parameters
    assert (used.sensitivity, used.max_width_um) == (0.6, 140.0)
    assert (used.polarity, used.preset) == (Polarity.DARK, Preset.CLIPPED)
    assert not first.column.detect.isVisible()
    assert view.preview is None
    assert view.hasFocus()
    assert workspace.settings.detection == DetectionParameters()
    assert workspace.session.document.undo_text == undo
    # what was chosen is there again
    begin(first, qtbot)
    assert first.column.detect.parameters() == DetectionParameters(sensitivity=0.6, max_width_um=140.0)


def test_in_the_image_escape_discards_a_gesture_first(first, asked, qtbot):
    view = first.comparison.active_view
    begin(first, qtbot)
    first.workspace.set_tool("draw")
    view.setFocus()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rect().center())
    assert isinstance(first.desk.tools.current, DrawTool)
    assert first.desk.tools.current.busy
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert first.column.detect.isVisible()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not first.column.detect.isVisible()


def test_what_cannot_be_is_told_in_a_sentence_and_not_detected(first, asked, qtbot):
    preview = begin(first, qtbot)
    answer(asked, 1, qtbot)
    found(preview, qtbot)
    field(first, "min_width_um").setValue(150)
    qtbot.waitUntil(lambda: said(first, "fault") == "The least width must be below the greatest.")
    qtbot.waitUntil(lambda: first.comparison.active_view.preview is None)
    assert not field(first, "detect", QPushButton).isEnabled()
    QTest.keyClick(field(first, "min_width_um"), Qt.Key.Key_Return)
    assert first.column.detect.isVisible()
    assert not first.desk.detection.running
    field(first, "min_width_um").setValue(20)
    qtbot.waitUntil(lambda: field(first, "detect", QPushButton).isEnabled())
    assert said(first, "fault") == ""


def test_they_can_be_kept_for_every_image(first, qtbot):
    begin(first, qtbot)
    field(first, "unit_distance_um").setValue(180)
    field(first, "remember", QCheckBox).setChecked(True)
    detected(first, qtbot, field(first, "detect", QPushButton).click)
    assert first.workspace.settings.detection == DetectionParameters(unit_distance_um=180.0)
    assert load_settings().detection == DetectionParameters(unit_distance_um=180.0)
    assert not field(first, "remember", QCheckBox).isChecked()


def test_what_is_set_in_the_settings_is_begun_with(first, asked, qtbot):
    wanted = DetectionParameters(Polarity.LIGHT, min_width_um=25.0)
    first.workspace.set_settings(first.workspace.settings.changed(detection=wanted))
    begin(first, qtbot)
    assert first.column.detect.parameters() == wanted


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


def test_that_corrections_stay_is_said(opened, asked, qtbot):
    opened.workspace.set_shown((2,))
    begin(opened, qtbot)
    assert said(opened, "corrected") == ""
    opened.workspace.set_shown((1,))
    assert said(opened, "corrected").startswith("Corrections stay as they are")


def test_the_panel_comes_out_of_a_folded_column_and_goes_back(first, asked, qtbot):
    first.actions_["view.panels"].trigger()
    assert not first.column.isVisible()
    begin(first, qtbot)
    assert first.column.isVisible()
    first.commands.detecting.close()
    assert not first.column.isVisible()
    first.actions_["view.panels"].trigger()
    begin(first, qtbot)
    first.actions_["view.panels"].trigger()
    assert not first.comparison.active_view.previewing
    first.actions_["view.panels"].trigger()
    assert not first.column.detect_shown


def test_a_comment_takes_the_panels_place(first, asked, qtbot):
    begin(first, qtbot)
    first.actions_["edit.comment"].trigger()
    assert not first.column.detect_shown
    assert QApplication.focusWidget().objectName() == "image_comment"


def test_a_study_that_is_closed_takes_the_panel_along(first, asked, qtbot):
    preview = begin(first, qtbot)
    qtbot.waitUntil(lambda: len(asked) == 1)
    first.actions_["file.close"].trigger()
    qtbot.waitUntil(lambda: first.workspace.session is None)
    assert not first.column.detect_shown
    assert preview.stage is Stage.NOTHING
    qtbot.waitUntil(lambda: asked[0].cancelled)


def test_where_nothing_is_detected_yet_one_click_detects(first, qtbot):
    [read] = detected(first, qtbot, first.column.review.detect.click)
    assert read.detection.parameters == DetectionParameters(Polarity.DARK, Preset.CLIPPED)
    assert not first.column.detect_shown


def test_the_buttons_say_what_they_do_and_are_reached_by_key(first, asked, qtbot):
    begin(first, qtbot)
    panel = first.column.detect
    for button in panel.findChildren(QPushButton):
        assert button.toolTip()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    cancel = field(first, "cancel", QPushButton)
    cancel.setFocus()
    QTest.keyClick(cancel, Qt.Key.Key_Return)
    assert not first.column.detect_shown
    assert not first.desk.detection.running


@pytest.mark.parametrize("scrolls", [False, True])
def test_the_narrowest_column_shows_all_of_every_field(first, asked, qtbot, scrolls):
    begin(first, qtbot)
    assert first.column.width() == USUAL_WIDTH_PX
    first.resizeDocks([first.column], [100], Qt.Orientation.Horizontal)
    scroll = first.column.detect.findChild(QScrollArea, "detect_scroll")
    field(first, "corrected", QLabel).setText("Much is to be said. " * (100 if scrolls else 1))
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().isVisible() == scrolls)
    qtbot.waitUntil(lambda: first.column.width() == first.column.detect.least_width_px)
    assert scroll.widget().width() == scroll.viewport().width()
    for number in first.column.detect.findChildren(QDoubleSpinBox):
        shown = number.findChild(QLineEdit)
        assert shown.width() >= shown.fontMetrics().horizontalAdvance(shown.text())
    first.commands.detecting.close()
    first.resizeDocks([first.column], [100], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: first.column.width() == LEAST_WIDTH_PX)
