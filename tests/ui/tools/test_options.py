import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QToolButton

from ui.tools.options import ToolOptions


@pytest.fixture
def bar(bench, qtbot):
    bench.look_at(1, 160, 120)
    bar = ToolOptions(bench.tools)
    qtbot.addWidget(bar)
    bar.resize(1200, 40)
    bar.show()
    return bar


def texts(bar):
    return bar._name.text(), bar._hint.text()


def test_it_names_the_tool_and_says_what_to_do(bench, bar):
    assert texts(bar) == ("Select", "Click a hair or drag a frame · Shift adds, Ctrl adds or takes away")
    bench.take("cut")
    assert texts(bar) == ("Cut", "Click a hair where it should be two")


def test_the_hint_follows_the_gesture(bench, bar, mouse):
    bench.take("measure")
    mouse.grab(100, 80)
    assert texts(bar)[1] == "Release or click at the other end · Esc: discard"
    mouse.drop(160, 160)
    assert texts(bar)[1].startswith("Enter: make this length the image's scale")


def test_a_toggle_sets_the_tool(bench, bar, qtbot):
    tool = bench.take("draw")
    box = bar.field("snapping").findChild(QCheckBox)
    assert box.isChecked()
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center().__class__(8, box.height() // 2))
    assert not tool.snapping
    assert not box.isChecked()


def test_shapes_stand_side_by_side_and_follow_the_key(bench, bar, qtbot):
    tool = bench.take("field")
    buttons = {b.text(): b for b in bar.field("field_shape").findChildren(QToolButton)}
    assert list(buttons) == ["Rectangle", "Circle", "Polygon"]
    qtbot.mouseClick(buttons["Circle"], Qt.MouseButton.LeftButton)
    assert tool.shape == "circle"
    bench.workspace.set_tool("field")
    assert buttons["Polygon"].isChecked()
    assert not buttons["Circle"].isChecked()


def test_the_brush_has_a_size_that_keys_change_too(bench, bar):
    tool = bench.take("exclude")
    box = bar.field("diameter").findChild(QDoubleSpinBox)
    assert box.text() == "48 px"
    box.setValue(60)
    assert tool.radius_px == 30
    bench.key(Qt.Key.Key_BracketRight)
    assert box.text() == "75 px"


def test_the_cause_appears_for_a_chosen_region_and_sets_it(bench, bar, mouse):
    tool = bench.take("exclude")
    mouse.click(160, 120)
    with pytest.raises(KeyError):
        bar.field("cause")
    mouse.click(160, 120)
    causes = bar.field("cause").findChild(QComboBox)
    assert causes.currentText() == "Painted"
    causes.setCurrentIndex(causes.findText("Bubble"))
    causes.activated.emit(causes.currentIndex())
    assert tool.chosen.cause == "bubble"
    assert causes.currentText() == "Bubble"


def test_another_tool_has_other_fields(bench, bar):
    bench.take("draw")
    bench.take("ends")
    assert set(bar._fields) == {"snapping"}
    bench.take("select")
    assert bar._fields == {}
