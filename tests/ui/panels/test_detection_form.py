from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSlider

from analysis.detection import DetectionParameters, Polarity, Preset, Source
from ui.live_preview import Outlook
from ui.panels.detect_panel import chosen_here, outlook_text
from ui.panels.detection_form import DetectionForm

EXACT = DetectionParameters(min_width_um=15.27, max_length_um=1234.5, sensitivity=0.123, source=Source.RIDGES)


@pytest.fixture
def form(qtbot):
    form = DetectionForm("form")
    qtbot.addWidget(form)
    form.show()
    return form


def number(form, name):
    return form.findChild(QDoubleSpinBox, f"form.{name}")


def choose(form, name, value):
    box = form.findChild(QComboBox, f"form.{name}")
    box.setCurrentIndex(box.findData(value))


def test_what_was_not_touched_is_as_exact_as_it_was(form):
    form.show_parameters(EXACT)
    assert form.parameters() == EXACT
    number(form, "max_width_um").setValue(80)
    assert form.parameters() == replace(EXACT, max_width_um=80.0)


def test_every_field_is_given_and_told(form, qtbot):
    told = []
    form.changed.connect(lambda: told.append(form.parameters()))
    choose(form, "preset", Preset.LONG)
    choose(form, "polarity", Polarity.LIGHT)
    choose(form, "source", Source.RIDGES)
    form.findChild(QSlider, "form.sensitivity").setValue(75)
    wanted = {"min_length_um": 300, "max_length_um": 5000, "min_width_um": 20, "max_width_um": 90}
    for name, value in {**wanted, "unit_distance_um": 180}.items():
        number(form, name).setValue(value)
    expected = DetectionParameters(Polarity.LIGHT, Preset.LONG, 20.0, 90.0, 300.0, 0.75, 180.0, 5000.0, Source.RIDGES)
    assert form.parameters() == expected
    assert told[-1] == expected
    assert form.parameters().preset is Preset.LONG
    assert form.parameters().polarity is Polarity.LIGHT
    assert form.parameters().source is Source.RIDGES
    assert len(told) == 9
    form.restore_defaults()
    assert told[-1] == DetectionParameters()


def test_what_is_shown_is_not_told(form):
    told = []
    form.changed.connect(lambda: told.append(True))
    form.show_parameters(EXACT)
    assert told == []


@pytest.mark.parametrize("what", ["width", "length"])
def test_a_least_above_the_greatest_is_told_and_framed(form, what):
    low, high = (number(form, f"{end}_{what}_um") for end in ("min", "max"))
    high.setValue(100)
    low.setValue(100)
    assert form.fault() == form.show_fault() == f"The least {what} must be below the greatest."
    assert low.property("faulty")
    assert high.property("faulty")
    low.setValue(99)
    assert form.show_fault() == ""
    assert not low.property("faulty")


def test_nothing_out_of_range_can_be_typed(form, qtbot):
    field = number(form, "max_width_um")
    field.selectAll()
    qtbot.keyClicks(field, "a-90x")
    assert field.value() == 90
    field.setValue(10_000)
    assert field.value() == 500


def test_every_field_has_its_unit_its_name_and_its_explanation(form):
    fields = [*form.findChildren(QComboBox), *form.findChildren(QSlider), *form.findChildren(QDoubleSpinBox)]
    assert len(fields) == 9
    for field in fields:
        assert field.accessibleName()
        assert field.toolTip()
        assert field.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert {field.suffix() for field in form.findChildren(QDoubleSpinBox)} == {" µm"}


def test_what_would_be_found_is_said_beside_what_was():
    asked, used = DetectionParameters(), DetectionParameters(Polarity.DARK, Preset.CLIPPED)
    outlook = Outlook(asked, used, 312, 140, (298, 139), framed=False, notes=())
    assert outlook_text(outlook).replace("\N{NO-BREAK SPACE}", " ") == "312 hairs in 140 units; before 298 in 139."
    assert outlook_text(replace(outlook, before=None)).endswith("units.")
    assert chosen_here(outlook) == "Chosen automatically here: clipped hair, dark."
    assert chosen_here(replace(outlook, asked=used, notes=("filters answered",))) == "Filters answered."
    only_polarity = replace(outlook, asked=replace(asked, preset=Preset.LONG))
    assert chosen_here(only_polarity) == "Chosen automatically here: dark."
