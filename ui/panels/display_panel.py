"""What of the overlay is shown, with the legend of its marks, and how images are shown."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from analysis.matching.match import Status
from analysis.measures import WidthClass
from ui.icons import set_icon
from ui.panels.fact_rows import form, heading, label_of
from ui.panels.figures import SPACE, number
from ui.panels.hints import tip_of
from ui.panels.refreshing import Refresher
from ui.panels.row import WheelGuard, beside
from ui.panels.symbols import SIZE_PX, STANDING_NAMES, class_icon, mark_icon, standing_icon, status_icon
from ui.panels.value_slider import Scale, ValueSlider
from ui.view.adjustments import Adjustments, Channel
from ui.view.hair_shapes import Standing
from ui.view.layers import Layers
from ui.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LayerSwitch:
    """One kind of mark that can be shown or not."""

    name: str
    """The field of `Layers`."""
    text: str
    icon: QIcon
    tip: str = ""


MATCH_LEGEND = (
    (Status.LOST, "Dashed square: unit that was lost"),
    (Status.NEW, "Diamond around a unit: new"),
    (Status.UNCERTAIN, "Question mark: uncertain match"),
)
MATCHES_TIP = (
    "Units found again at both visits have the same number and colour; lost, new and uncertain ones stand out. "
    "Always shown while matches are reviewed."
)

PERCENT = Scale(0, 100, lambda p: p / 100, lambda v: round(v * 100), lambda v: number(v * 100) + SPACE + "%")
AROUND_ZERO = Scale(
    -100, 100, lambda p: p / 100, lambda v: round(v * 100), lambda v: number(v * 100, sign=True) + SPACE + "%"
)
GAMMA = Scale(-100, 100, lambda p: 5 ** (p / 100), lambda v: round(100 * math.log(v, 5)), lambda v: number(v, 2))
"""From 0.2 to 5, 1 in the middle."""


def switches() -> dict[str, tuple[LayerSwitch, ...]]:
    """All kinds of marks, in groups."""
    return {
        "Hairs": (
            LayerSwitch("vellus", "Vellus", class_icon(WidthClass.VELLUS)),
            LayerSwitch("intermediate", "Intermediate", class_icon(WidthClass.INTERMEDIATE)),
            LayerSwitch("terminal", "Terminal", class_icon(WidthClass.TERMINAL)),
            LayerSwitch("unclassed", "No class", class_icon(None), "Hairs whose width or image has no scale"),
            LayerSwitch("rejected", "Rejected", standing_icon(Standing.REJECTED)),
        ),
        "Marks": (
            LayerSwitch("centrelines", "Centrelines", mark_icon("centreline")),
            LayerSwitch("widths", "Widths", mark_icon("width"), "The edges of the shafts, when zoomed in"),
            LayerSwitch("roots", "Roots", mark_icon("root")),
            LayerSwitch("marks", "Tips", class_icon(WidthClass.TERMINAL), "Each class's shape, and the diamond"),
        ),
        "Units and field": (
            LayerSwitch("units", "Units", mark_icon("unit")),
            LayerSwitch("unit_counts", "Hairs per unit", mark_icon("count")),
            LayerSwitch("field", "Field", mark_icon("field")),
            LayerSwitch("exclusions", "Exclusions", mark_icon("exclusion")),
            LayerSwitch("matches", "Matches", status_icon(Status.KEPT), MATCHES_TIP),
        ),
    }


class DisplayPanel(QWidget):
    """See the module. The data stay as they are, whatever is set here.

    Args:
        workspace: whose display is set.
        parent: the Qt parent.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("display_panel")
        self._workspace = workspace
        self.boxes: dict[str, QCheckBox] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.setSpacing(6)
        for title, group in switches().items():
            layout.addWidget(heading(title))
            layout.addLayout(self._grid([self._box(switch) for switch in group]))
        layout.addLayout(_legend())
        self.opacity = ValueSlider(PERCENT, Layers().opacity, "display_opacity", "Opacity of the overlay")
        self.opacity.moved.connect(lambda value: self._set_layers(opacity=value))
        layout.addWidget(_labelled([("Opacity", self.opacity)]))
        layout.addWidget(heading("Image"))
        self.brightness = self._slider("brightness", "Brightness", AROUND_ZERO)
        self.contrast = self._slider("contrast", "Contrast", AROUND_ZERO)
        self.gamma = self._slider("gamma", "Gamma", GAMMA)
        self.channel = QComboBox()
        self.channel.setObjectName("display_channel")
        self.channel.setAccessibleName("Channel of the image")
        WheelGuard(self.channel)
        for channel in Channel:
            self.channel.addItem(str(channel).capitalize(), channel)
        self.channel.currentIndexChanged.connect(lambda _: self._adjust(channel=Channel(self.channel.currentData())))
        rows = [("Brightness", self.brightness), ("Contrast", self.contrast), ("Gamma", self.gamma)]
        layout.addWidget(_labelled([*rows, ("Channel", self.channel)]))
        self.local_contrast = QCheckBox("Local contrast")
        self.local_contrast.setObjectName("display_local_contrast")
        self.local_contrast.clicked.connect(lambda on: self._adjust(local_contrast=on))
        self.reset = QPushButton("Reset")
        self.reset.setObjectName("display_reset")
        set_icon(self.reset, "reset")
        self.reset.clicked.connect(self._reset)
        layout.addWidget(beside(self.local_contrast, None, self.reset))
        self._refresher = Refresher(self, self._refresh)
        for changed in (workspace.display_changed, workspace.settings_changed):
            changed.connect(self._refresher.ask)

    def refresh_now(self) -> None:
        """Show at once what is due."""
        self._refresher.now()

    def _refresh(self) -> None:
        layers, adjustments = self._workspace.display.layers, self._workspace.display.adjustments
        for name, box in self.boxes.items():
            box.setChecked(getattr(layers, name))
        self.opacity.show_value(layers.opacity)
        self.brightness.show_value(adjustments.brightness)
        self.contrast.show_value(adjustments.contrast)
        self.gamma.show_value(adjustments.gamma)
        with QSignalBlocker(self.channel):
            self.channel.setCurrentIndex(self.channel.findData(adjustments.channel))
        self.local_contrast.setChecked(adjustments.local_contrast)
        settings = self._workspace.settings
        self.local_contrast.setToolTip(tip_of("view.local_contrast", settings))
        self.reset.setToolTip(tip_of("view.reset_display", settings))
        self.reset.setEnabled(adjustments != Adjustments())

    def _box(self, switch: LayerSwitch) -> QCheckBox:
        box = QCheckBox(switch.text)
        box.setObjectName(f"layer_{switch.name}")
        box.setIcon(switch.icon)
        box.setToolTip(switch.tip or f"Shows or hides: {switch.text.lower()}")
        box.clicked.connect(lambda on: self._set_layers(**{switch.name: on}))
        self.boxes[switch.name] = box
        return box

    def _slider(self, field: str, title: str, scale: Scale) -> ValueSlider:
        slider = ValueSlider(scale, getattr(Adjustments(), field), f"display_{field}", title)
        slider.moved.connect(lambda value: self._adjust(**{field: value}))
        return slider

    def _set_layers(self, **fields: Any) -> None:
        display = self._workspace.display
        self._workspace.set_display(replace(display, layers=replace(display.layers, **fields)))

    def _adjust(self, **fields: Any) -> None:
        display = self._workspace.display
        self._workspace.set_display(replace(display, adjustments=replace(display.adjustments, **fields)))

    def _reset(self) -> None:
        self._workspace.set_display(replace(self._workspace.display, adjustments=Adjustments()))

    @staticmethod
    def _grid(widgets: Sequence[QWidget]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        for place, widget in enumerate(widgets):
            grid.addWidget(widget, place // 2, place % 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        return grid


def _legend() -> QGridLayout:
    """What the lines and the diamond mean, which cannot be switched."""
    marks = [(standing_icon(s), f"Line: {STANDING_NAMES[s]}") for s in (Standing.SURE, Standing.DOUBTFUL)]
    marks.append((mark_icon("added"), "Diamond on a hair: added by hand"))
    marks += [(status_icon(status), text) for status, text in MATCH_LEGEND]
    grid = QGridLayout()
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(2)
    for row, (icon, text) in enumerate(marks):
        picture, said = QLabel(), QLabel(text)
        picture.setPixmap(icon.pixmap(SIZE_PX, SIZE_PX))
        said.setProperty("role", "muted")
        grid.addWidget(picture, row, 0)
        grid.addWidget(said, row, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _labelled(rows: Sequence[tuple[str, QWidget]]) -> QWidget:
    box = QWidget()
    layout = form(box)
    for text, widget in rows:
        layout.addRow(label_of(text, widget), widget)
    return box
