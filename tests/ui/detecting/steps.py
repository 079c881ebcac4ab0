from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDoubleSpinBox,
    QLabel,
)

from analysis.detection import Detection, Polarity, Preset
from ui.live_preview import Stage

SHORTEST = 1000.0
"""No rod is so long, in µm."""
GUESSED_UM = 8.0
GUESS_NOTE = "The image has no scale: one was guessed."


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
