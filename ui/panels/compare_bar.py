"""The bar above two visits that lie one over the other: what can be set about it, and the way back."""

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from ui.actions import Actions
from ui.comparing import BLINKS_PER_S, Comparing, Mode
from ui.elided import ElidedLabel
from ui.icons import set_icon
from ui.panels.figures import SPACE, number
from ui.panels.value_slider import Scale, ValueSlider
from ui.tools.options import HEIGHT_PX

SLIDER_PX = 260
PERCENT = Scale(0, 100, lambda p: p / 100, lambda v: round(v * 100), lambda v: f"{number(v * 100)}{SPACE}%")
SLOWEST, FASTEST = (round(100 * math.log2(rate)) for rate in BLINKS_PER_S)
RATE = Scale(
    SLOWEST,
    FASTEST,
    lambda p: 2 ** (p / 100),
    lambda v: round(100 * math.log2(v)),
    lambda v: f"{number(v, 1)}{SPACE}/s",
)
"""Twice as fast is as far everywhere."""


class CompareBar(QFrame):
    """See the module. Stands where the options of the tools are, which are of no use meanwhile.

    Args:
        comparing: the mode.
        actions: the commands.
        parent: the Qt parent.
    """

    def __init__(self, comparing: Comparing, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_bar")
        self.setAccessibleName("How the visits are compared")
        self.setFixedHeight(HEIGHT_PX)
        self._comparing, self._actions = comparing, actions
        self._name = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._name.setProperty("role", "heading")
        self.sliders = {
            Mode.BLINK: ValueSlider(RATE, 1.0, "compare.rate", "How often they take turns"),
            Mode.CURTAIN: ValueSlider(PERCENT, 0.5, "compare.curtain", "Where the edge is"),
            Mode.FADE: ValueSlider(PERCENT, 0.5, "compare.fade", "How much is seen of the later visit"),
        }
        setters = {Mode.BLINK: comparing.set_rate, Mode.CURTAIN: comparing.set_curtain, Mode.FADE: comparing.set_fade}
        for mode, slider in self.sliders.items():
            slider.setFixedWidth(SLIDER_PX)
            slider.moved.connect(setters[mode])
        self._run = QToolButton()
        self._run.setObjectName("compare.run")
        self._run.clicked.connect(lambda: comparing.set_running(not comparing.running))
        self._flip = QToolButton()
        self._flip.setObjectName("compare.flip")
        self._flip.setDefaultAction(actions["view.other"])
        self._hint = ElidedLabel()
        self._hint.setProperty("role", "muted")
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lay_out()
        comparing.mode_changed.connect(self.refresh)
        comparing.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the mode as it is now."""
        comparing = self._comparing
        self.setVisible(comparing.over)
        self._name.setText(comparing.mode.capitalize())
        values = {Mode.BLINK: comparing.rate, Mode.CURTAIN: comparing.curtain, Mode.FADE: comparing.fade}
        for mode, slider in self.sliders.items():
            slider.setVisible(mode is comparing.mode)
            slider.show_value(values[mode])
        self._run.setVisible(comparing.mode is Mode.BLINK)
        set_icon(self._run, "pause" if comparing.running else "play")
        self._run.setToolTip("Stay as it is" if comparing.running else "Take turns")
        self._run.setAccessibleName(self._run.toolTip())
        self._hint.setText(self._how())

    def _how(self) -> str:
        """The keys, as the user set them."""
        parts = ["[ ] change it"]
        for name, what in (("view.other", "the other one"), ("view.side_by_side", "side by side")):
            if key := self._actions[name].shortcut().toString(QKeySequence.SequenceFormat.NativeText):
                parts.append(f"{key} {what}")
        return " · ".join(parts)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(12)
        row.addWidget(self._name)
        for slider in self.sliders.values():
            row.addWidget(slider)
        row.addWidget(self._run)
        row.addWidget(self._flip)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self._hint, 1)
