from dataclasses import fields, replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from ui.panels.display_panel import DisplayPanel
from ui.view.adjustments import Adjustments, Channel
from ui.view.layers import Display, Layers


@pytest.fixture
def panel(workspace, show):
    return show(DisplayPanel(workspace))


def test_every_kind_of_mark_can_be_switched(panel, workspace):
    kinds = {field.name for field in fields(Layers)} - {"opacity", "visible"}
    assert set(panel.boxes) == kinds
    for name, box in panel.boxes.items():
        assert box.isChecked() == getattr(Layers(), name)
        assert not box.icon().isNull()
        box.click()
        assert getattr(workspace.display.layers, name) is not getattr(Layers(), name)
    assert workspace.display.layers == Layers(**{kind: not getattr(Layers(), kind) for kind in kinds})


def test_it_shows_what_others_set(panel, workspace):
    layers = replace(Layers(), units=False, opacity=0.4)
    workspace.set_display(Display(layers, Adjustments(brightness=-0.3, gamma=2.0, channel=Channel.GREEN)))
    panel.refresh_now()
    assert not panel.boxes["units"].isChecked()
    assert panel.opacity.text() == "40\u00a0%"
    assert panel.brightness.text() == "−30\u00a0%"
    assert panel.gamma.text() == "2.00"
    assert panel.channel.currentText() == "Green"
    # showing is not setting: nothing was rounded to a slider's step
    assert workspace.display.adjustments.gamma == 2.0


def test_images_are_adjusted_by_keyboard(panel, workspace, qtbot):
    qtbot.keyClick(panel.brightness.slider, Qt.Key.Key_Right)
    qtbot.keyClick(panel.contrast.slider, Qt.Key.Key_End)
    qtbot.keyClick(panel.gamma.slider, Qt.Key.Key_Home)
    qtbot.keyClick(panel.channel, Qt.Key.Key_Down)
    panel.local_contrast.click()
    assert workspace.display.adjustments == Adjustments(
        brightness=0.01, contrast=1.0, gamma=0.2, channel=Channel.RED, local_contrast=True
    )


def test_reset_puts_the_image_back_and_leaves_the_overlay(panel, workspace):
    panel.boxes["units"].click()
    panel.brightness.slider.setValue(50)
    panel.refresh_now()
    panel.reset.click()
    assert workspace.display.adjustments == Adjustments()
    assert workspace.display.layers == replace(Layers(), units=False)
    panel.refresh_now()
    assert panel.brightness.text() == "0\u00a0%"
    assert not panel.reset.isEnabled()


def wheel(widget):
    middle = QPointF(widget.rect().center())
    turn = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle.toPoint())),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, turn)


def test_the_wheel_scrolls_the_column_and_changes_only_what_has_the_keyboard(panel, workspace, qtbot):
    workspace.set_display(Display(adjustments=Adjustments(channel=Channel.GREEN)))
    panel.refresh_now()
    before = workspace.display
    for widget in (panel.brightness.slider, panel.channel):
        wheel(widget)
    assert workspace.display == before
    panel.activateWindow()
    panel.brightness.slider.setFocus()
    qtbot.waitUntil(panel.brightness.slider.hasFocus)
    wheel(panel.brightness.slider)
    assert workspace.display.adjustments.brightness > 0


def test_a_double_click_puts_one_slider_back(panel, workspace, qtbot):
    panel.contrast.slider.setValue(50)
    panel.brightness.slider.setValue(50)
    qtbot.mouseDClick(panel.contrast.slider, Qt.MouseButton.LeftButton)
    assert workspace.display.adjustments == Adjustments(brightness=0.5)
