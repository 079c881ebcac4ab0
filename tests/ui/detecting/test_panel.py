import pytest
from PySide6.QtCore import Qt
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

from analysis.detection import DetectionParameters, Polarity, Preset, Source
from tests.ui.detecting.steps import answer, begin, detected, field, found, hold, said
from tests.ui.test_detection import settle
from ui.live_preview import Stage
from ui.side_column import LEAST_WIDTH_PX, USUAL_WIDTH_PX
from ui.tools.draw import DrawTool
from workstation.entry import Selection
from workstation.settings import load_settings


def test_what_is_chosen_by_name_is_what_is_asked_for(first, asked, qtbot):
    begin(first, qtbot)
    for name, text in (("preset", "Long"), ("polarity", "Dark hair"), ("source", "Filters alone")):
        field(first, name, QComboBox).setCurrentText(text)
    qtbot.waitUntil(lambda: bool(asked) and asked[-1].parameters.source is Source.RIDGES)
    assert asked[-1].parameters.preset is Preset.LONG
    assert asked[-1].parameters.polarity is Polarity.DARK


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
