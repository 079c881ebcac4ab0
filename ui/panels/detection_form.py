"""The fields of what a detection looks for, each with its unit; in the column beside the images and in the settings."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from analysis.detection import RANGES, DetectionParameters, Polarity, Preset, Source, parameters_fault
from ui.dialogs.sheet import mark_faulty
from ui.panels.fact_rows import form, label_of
from ui.panels.figures import number
from ui.panels.row import WheelGuard, beside
from ui.panels.value_slider import Scale, ValueSlider

USUAL = DetectionParameters()
SENSITIVITY = Scale(0, 100, lambda p: p / 100, lambda v: round(v * 100), lambda v: number(v, 2))
FIELD_PX = 99
Items = tuple[tuple[StrEnum, str], ...]
PRESETS: Items = ((Preset.AUTO, "Automatic"), (Preset.CLIPPED, "Clipped"), (Preset.LONG, "Long"))
PRESET_TIP = "Whether the hair was clipped for the image.\nAutomatic: judged image by image, by the hairs found."
POLARITIES: Items = ((Polarity.AUTO, "Automatic"), (Polarity.DARK, "Dark hair"), (Polarity.LIGHT, "Light hair"))
POLARITY_TIP = "Whether hair is darker or lighter than the skin around it.\nAutomatic: judged image by image."
SOURCES: Items = ((Source.NETWORK, "Network and filters"), (Source.RIDGES, "Filters alone"))
SOURCE_TIP = "What tells which pixels are hair. Filters alone find less; they answer where the network cannot be run."
CHOICES = {"preset": PRESETS, "polarity": POLARITIES, "source": SOURCES}
SPANS: tuple[tuple[str, str, str], ...] = (
    ("length", "Length", "Shorter or longer lines are not taken for hairs."),
    ("width", "Width", "Thinner or thicker lines are not taken for hairs: vessels and creases are thick."),
)
SENSITIVITY_TIP = "Higher finds fainter hair, and more that is none. A double click puts it back."
DISTANCE_TIP = "Roots so near to each other belong to one follicular unit."


class DetectionForm(QWidget):
    """See the module. No field takes what is out of its range; `fault` says what cannot be together.

    Args:
        name: the object names of the fields begin with it.
        parent: the Qt parent.
    """

    changed = Signal()
    """The user set something else, which may be faulty."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._given = USUAL
        self._boxes: dict[str, QComboBox] = {}
        self._numbers: dict[str, QDoubleSpinBox] = {}
        self._shown: dict[str, object] = {}
        rows = QWidget()
        self._rows = form(rows)
        self._add_choice("preset", "Hair", PRESET_TIP)
        self._add_choice("polarity", "Polarity", POLARITY_TIP)
        self.sensitivity = ValueSlider(SENSITIVITY, USUAL.sensitivity, f"{name}.sensitivity", "Sensitivity")
        self.sensitivity.slider.setToolTip(SENSITIVITY_TIP)
        self.sensitivity.moved.connect(self._tell)
        self._rows.addRow(label_of("Sensitivity", self.sensitivity), self.sensitivity)
        for what, title, tip in SPANS:
            self._add_span(what, title, tip)
        distance = self._number("unit_distance_um", "Distance within a unit", DISTANCE_TIP)
        distance.setFixedWidth(FIELD_PX)
        self._rows.addRow(label_of("Units within", distance), beside(distance, None))
        self._add_choice("source", "Found by", SOURCE_TIP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(rows)
        self.show_parameters(USUAL)

    def parameters(self) -> DetectionParameters:
        """What is to be looked for. A number that was not touched is as exact as it was given."""
        now = self._values()
        return replace(self._given, **{name: value for name, value in now.items() if value != self._shown[name]})

    def fault(self) -> str:
        """What cannot be, as a sentence; empty where all is well."""
        clause = parameters_fault(self.parameters())
        return f"{clause[:1].upper()}{clause[1:]}." if clause else ""

    def show_fault(self) -> str:
        """Frame the fields that cannot be together; gives what cannot be, as `fault`."""
        parameters = self.parameters()
        for what, _, _ in SPANS:
            low, high = f"min_{what}_um", f"max_{what}_um"
            wrong = getattr(parameters, low) >= getattr(parameters, high)
            for name in (low, high):
                mark_faulty(self._numbers[name], wrong)
        return self.fault()

    def show_parameters(self, parameters: DetectionParameters) -> None:
        """Show others, without telling."""
        self._given = parameters
        for name, box in self._boxes.items():
            with QSignalBlocker(box):
                box.setCurrentIndex(box.findData(getattr(parameters, name)))
        for name, field in self._numbers.items():
            with QSignalBlocker(field):
                field.setValue(getattr(parameters, name))
        self.sensitivity.show_value(parameters.sensitivity)
        self._shown = self._values()

    def restore_defaults(self) -> None:
        """Show the program's own."""
        self.show_parameters(USUAL)
        self.changed.emit()

    def _values(self) -> dict[str, Any]:
        # not the boxes' own data: Qt gives plain text for a choice
        chosen = {name: CHOICES[name][box.currentIndex()][0] for name, box in self._boxes.items()}
        numbers = {name: field.value() for name, field in self._numbers.items()}
        return {**chosen, **numbers, "sensitivity": SENSITIVITY.to_value(self.sensitivity.slider.value())}

    def _tell(self, _value: object = None) -> None:
        self.changed.emit()

    def _add_choice(self, name: str, title: str, tip: str) -> None:
        box = QComboBox()
        box.setObjectName(f"{self.objectName()}.{name}")
        box.setAccessibleName(title)
        box.setToolTip(tip)
        WheelGuard(box)
        for value, text in CHOICES[name]:
            box.addItem(text, value)
        box.currentIndexChanged.connect(self._tell)
        self._boxes[name] = box
        self._rows.addRow(label_of(title, box), box)

    def _add_span(self, what: str, title: str, tip: str) -> None:
        low = self._number(f"min_{what}_um", f"Least {what}", tip)
        high = self._number(f"max_{what}_um", f"Greatest {what}", tip)
        to = QLabel("to")
        to.setProperty("role", "muted")
        self._rows.addRow(label_of(title, low), beside(low, to, high))

    def _number(self, name: str, title: str, tip: str) -> QDoubleSpinBox:
        field = QDoubleSpinBox(decimals=0, suffix=" µm")
        field.setObjectName(f"{self.objectName()}.{name}")
        field.setAccessibleName(title)
        field.setToolTip(tip)
        field.setGroupSeparatorShown(True)
        field.setRange(*RANGES[name])
        field.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        field.setMinimumWidth(FIELD_PX)
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        field.valueChanged.connect(self._tell)
        WheelGuard(field)
        self._numbers[name] = field
        return field
