from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton, QRadioButton

from analysis.calibration import CalibrationSource
from tests.workstation.small_study import make_image
from ui.dialogs.scale import ScaleChoice, ScaleDialog


@pytest.fixture
def shown(qtbot):
    def show(drawn_px=None, **of_image):
        dialog = ScaleDialog(replace(make_image(), **of_image), drawn_px)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return show


def set_button(dialog):
    return dialog.findChild(QPushButton, "dialog.scale.set_scale")


def told(dialog):
    text = dialog.findChild(QLabel, "scale.outcome").text()
    return text.replace("\N{NO-BREAK SPACE}", " ")


def way(dialog, name):
    return dialog.findChild(QRadioButton, f"scale.{name}")


def test_a_typed_scale_is_taken_by_keyboard_alone(shown, qtbot):
    dialog = shown(calibration=None)
    box = dialog.findChild(QDoubleSpinBox, "scale.typed")
    box.selectAll()
    qtbot.keyClicks(box, "5.5")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.choice == ScaleChoice(5.5, CalibrationSource.TYPED)


def test_what_a_scale_means_is_told(shown):
    dialog = shown(calibration=None)
    dialog.findChild(QDoubleSpinBox, "scale.typed").setValue(10)
    assert told(dialog) == "10.0000 µm/px: the image shows 10.00 × 10.00 mm, and a hair of 60 µm is 6.0 px wide."


def test_the_present_scale_keeps_its_source(shown):
    assert shown().choice == ScaleChoice(10.0, CalibrationSource.MANIFEST)


def test_only_cameras_of_the_images_proportions_are_offered(shown):
    none = shown()
    assert not way(none, "by_camera").isEnabled()
    dialog = shown(width_px=1137, height_px=1024)  # a HairMetrix image at half its size
    way(dialog, "by_camera").click()
    assert dialog.choice == ScaleChoice(pytest.approx(10.6884), CalibrationSource.DEVICE)


def test_a_line_of_known_length_gives_the_scale(shown, qtbot):
    dialog = shown(drawn_px=400.0)
    assert way(dialog, "by_line").isChecked()
    length = dialog.findChild(QDoubleSpinBox, "scale.length")
    length.selectAll()
    qtbot.keyClicks(length, "2")
    assert dialog.choice == ScaleChoice(5.0, CalibrationSource.DRAWN)


@pytest.mark.parametrize(
    ("drawn_px", "length_mm", "why"), [(12.0, 1.0, "too short to set a scale"), (400.0, 900.0, "not plausible")]
)
def test_a_line_that_gives_no_scale_cannot_be_taken(shown, qtbot, drawn_px, length_mm, why):
    dialog = shown(drawn_px=drawn_px)
    dialog.findChild(QDoubleSpinBox, "scale.length").setValue(length_mm)
    assert why in told(dialog)
    assert not set_button(dialog).isEnabled()
    way(dialog, "by_typing").click()
    assert set_button(dialog).isEnabled()


def test_a_line_can_be_drawn_first(shown, qtbot):
    dialog = shown()
    with qtbot.waitSignals([dialog.rejected, dialog.draw_asked]):
        qtbot.mouseClick(dialog.findChild(QPushButton, "scale.draw"), Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


def test_a_scale_can_be_taken_away(shown):
    dialog = shown()
    way(dialog, "none").click()
    assert dialog.choice.um_per_px is None
    assert set_button(dialog).isEnabled()


def test_escape_changes_nothing(shown, qtbot):
    dialog = shown()
    with qtbot.assertNotEmitted(dialog.accepted), qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
