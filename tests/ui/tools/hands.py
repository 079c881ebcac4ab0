"""A mouse and a keyboard that work the tools in a shown view, each knowing only its own events."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from ui.tools.host import ToolHost
from ui.view.comparison import ComparisonView
from ui.workspace import Workspace

SCALE = 4.0
"""View pixels per image pixel, so that one arrow key is one image pixel."""
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@dataclass
class Bench:
    """A window with views in it."""

    qtbot: QtBot
    workspace: Workspace
    tools: ToolHost
    comparison: ComparisonView

    def look_at(self, image_id, x, y):
        """Show an image alone, a place of it in the middle."""
        self.workspace.set_shown((image_id,))
        view = self.comparison.view_of(image_id)
        self.qtbot.waitUntil(lambda: view.ready)
        view.set_viewport(view.viewport.scaled_to(SCALE).centred_on((x, y)))
        view.setFocus()
        self.qtbot.waitUntil(view.hasFocus)
        return view

    @property
    def view(self):
        return self.comparison.view_of(self.workspace.active)

    @property
    def tool(self):
        return self.tools.current

    @property
    def read(self):
        return self.workspace.active_read

    def take(self, name):
        self.workspace.set_tool(name)
        assert self.tool.name == name
        return self.tool

    def key(self, key, modifier=NONE):
        self.qtbot.keyClick(self.view, key, modifier)

    def settle(self):
        """Have the preview worked out and painted."""
        self.qtbot.wait(1)
        self.view.repaint()

    def n_edits(self):
        return len(self.workspace.session.document.history.done)


class Mouse:
    def __init__(self, bench):
        self.bench = bench

    def place(self, x, y):
        at = self.bench.view.viewport.to_view((x, y))
        return QPoint(round(at[0]), round(at[1]))

    def press(self, x, y, modifier=NONE):
        self.bench.qtbot.mousePress(self.bench.view, Qt.MouseButton.LeftButton, modifier, self.place(x, y))

    def move(self, x, y):
        self.bench.qtbot.mouseMove(self.bench.view, self.place(x, y))
        self.bench.settle()

    def release(self, x, y, modifier=NONE):
        self.bench.qtbot.mouseRelease(self.bench.view, Qt.MouseButton.LeftButton, modifier, self.place(x, y))

    def click(self, x, y, modifier=NONE):
        self.move(x, y)
        self.press(x, y, modifier)
        self.release(x, y, modifier)

    def grab(self, x, y, modifier=NONE):
        """Begin a drag."""
        self.move(x, y)
        self.press(x, y, modifier)

    def drop(self, x, y, modifier=NONE):
        """End it."""
        self.move(x, y)
        self.release(x, y, modifier)

    def double_click(self, x, y):
        self.click(x, y)
        self.bench.qtbot.mouseDClick(self.bench.view, Qt.MouseButton.LeftButton, NONE, self.place(x, y))
        self.release(x, y)

    def end(self, x, y):
        """Say that this was the last of several clicks."""
        self.double_click(x, y)


class Keys:
    def __init__(self, bench):
        self.bench = bench

    def move(self, x, y):
        if self.bench.view._hand.crosshair is None:
            self.bench.key(Qt.Key.Key_Up, ALT)  # shows it in the middle
        cx, cy = self.bench.view._hand.crosshair
        for step, forth, back in (
            (round(x - cx), Qt.Key.Key_Right, Qt.Key.Key_Left),
            (round(y - cy), Qt.Key.Key_Down, Qt.Key.Key_Up),
        ):
            key = forth if step > 0 else back
            for _ in range(abs(step) // 10):
                self.bench.key(key, ALT | SHIFT)
            for _ in range(abs(step) % 10):
                self.bench.key(key, ALT)
        assert self.bench.view._hand.crosshair == (x, y)
        self.bench.settle()

    def click(self, x, y, modifier=NONE):
        self.move(x, y)
        self.bench.key(Qt.Key.Key_Return, modifier)

    def grab(self, x, y, modifier=NONE):
        self.click(x, y, modifier)

    def drop(self, x, y, modifier=NONE):
        self.click(x, y, modifier)

    def end(self, x, y):
        self.click(x, y)
        self.bench.key(Qt.Key.Key_Return)
