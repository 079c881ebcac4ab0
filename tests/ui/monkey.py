"""A monkey at the window: mouse, keys, commands and studies at random, by a seed that tells the same story again."""

import random
import time
from collections.abc import Callable, Collection
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit, QWidget

from ui.keys import COMMANDS
from ui.main_window import MainWindow
from ui.theme import apply_theme
from ui.workspace import Selection
from workstation.model.read import ReadState

ASK_FOR_FILES = {"file.new", "file.open", "file.add_images", "file.import_reads", "file.save_as"}
"""They open dialogs of the desktop, which no test can close."""
ENDS = {"file.quit", "file.close", "file.demo"}
ACTIONS = sorted({command.id for command in COMMANDS} - ASK_FOR_FILES - ENDS)
NONE, SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
KEYS = (
    *"ADXVESCJGUFKMTNPHRZ123456789.,[]+-",
    *(Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Backspace),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_F6),
)  # fmt: skip
LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
PATIENCE_S = 15.0


class Monkey:
    """See the module.

    Args:
        window: what it plays with; a study is open in it.
        study: the file of that study, opened again where the monkey closed it.
        seed: of its choices.
        without: commands that it leaves alone.
    """

    def __init__(self, window: MainWindow, study: Path, seed: int, without: Collection[str] = ()) -> None:
        self.window = window
        self.workspace = window.workspace
        self.study = study
        self.random = random.Random(seed)
        self.story: list[str] = []
        """What it did, for whoever looks for a fault."""
        self._actions = [name for name in ACTIONS if name not in without]
        self._answering = QTimer(interval=5)
        self._answering.timeout.connect(self._answer)
        self._answering.start()

    def play(self, n_acts: int) -> None:
        """Do so many acts, each followed by what the window makes of it."""
        acts: tuple[tuple[Callable[[], str], int], ...] = (
            (self.click, 30), (self.drag, 25), (self.key, 30), (self.act, 30), (self.tool, 15), (self.select, 12),
            (self.undo_or_redo, 12), (self.go_on, 15), (self.menu, 5), (self.show_others, 4), (self.type, 5),
            (self.wheel, 5), (self.theme, 1), (self.reopen, 1), (self.resize, 1), (self.double_click, 5),
        )  # fmt: skip
        chosen = self.random.choices([act for act, _ in acts], [often for _, often in acts], k=n_acts)
        for act in chosen:
            self.story.append(act())
            QTest.qWait(self.random.choice((0, 0, 0, 1, 5)))

    def stop(self) -> None:
        """Answer no dialog any more."""
        self._answering.stop()

    # --- acts --------------------------------------------------------------------------------------------------

    def click(self) -> str:
        view, at = self._view(), self._place()
        QTest.mouseMove(view, at)
        QTest.mouseClick(view, LEFT, self._modifier(), at)
        return f"click {view.objectName()} {at.toTuple()}"

    def double_click(self) -> str:
        view, at = self._view(), self._place()
        QTest.mouseClick(view, LEFT, NONE, at)
        QTest.mouseDClick(view, LEFT, NONE, at)
        QTest.mouseRelease(view, LEFT, NONE, at)
        return f"double click {view.objectName()} {at.toTuple()}"

    def drag(self) -> str:
        view, start, modifier = self._view(), self._place(), self._modifier()
        button = self.random.choices((LEFT, MIDDLE), (9, 1))[0]
        QTest.mousePress(view, button, modifier, start)
        for _ in range(self.random.randint(1, 4)):
            end = self._place()
            QTest.mouseMove(view, end)
            if self.random.random() < 0.3:
                QTest.qWait(1)
        if self.random.random() < 0.1:  # another hand on the keys
            QTest.keyClick(view, self.random.choice(KEYS))
        QTest.mouseRelease(self._view() if view is not self._view() else view, button, modifier, self._place())
        return f"drag {view.objectName()} from {start.toTuple()}"

    def key(self) -> str:
        target, key = self._focus(), self.random.choice(KEYS)
        modifier = self.random.choices((NONE, SHIFT, ALT), (8, 2, 1))[0]
        QTest.keyClick(target, key, modifier)
        return f"key {key} {modifier} to {target.objectName()}"

    def act(self) -> str:
        name = self.random.choice(self._actions)
        self.window.actions_[name].trigger()
        return name

    def tool(self) -> str:
        names = [name for name in self._actions if name.startswith("tool.")]
        name = self.random.choice(names)
        self.window.actions_[name].trigger()
        return name

    def select(self) -> str:
        read = self.workspace.active_read
        if read is None or not read.hairs:
            return "nothing to select"
        hairs = self.random.sample(sorted(read.hairs), min(len(read.hairs), self.random.choice((1, 1, 2, 3))))
        self.workspace.select(Selection(read.id, frozenset(hairs)))
        return f"select {hairs} of read {read.id}"

    def undo_or_redo(self) -> str:
        which = self.random.choice(("edit.undo", "edit.undo", "edit.redo"))
        for _ in range(self.random.choice((1, 1, 4))):
            self.window.actions_[which].trigger()
        return which

    def go_on(self) -> str:
        """Back to the images as they are now, to a read that may be corrected."""
        self.window.actions_["study.images"].trigger()
        read = self.workspace.active_read
        if read is not None and read.review.state is ReadState.SUBMITTED:
            self.window.actions_["image.submit"].trigger()
        return "go on"

    def menu(self) -> str:
        view, at = self._view(), self._place()
        view.menu_asked.emit(view._hand.target_at(view.viewport.to_image(at.toTuple())), view.mapToGlobal(at))
        menu = QApplication.activePopupWidget()
        actions = (
            [] if menu is None else [a for a in menu.actions() if a.isEnabled() and a.objectName() in self._actions]
        )
        if menu is not None:
            menu.close()
        if actions:
            action = self.random.choice(actions)
            action.trigger()
            return f"context menu: {action.objectName()}"
        return "context menu"

    def show_others(self) -> str:
        images = sorted(self.workspace.study.images)
        shown = self.random.sample(images, self.random.randint(0, len(images)))
        self.workspace.set_shown(shown)
        return f"show {shown}"

    def type(self) -> str:
        edits = [
            edit
            for kind in (QLineEdit, QPlainTextEdit)
            for edit in self.window.findChildren(kind)
            if edit.isVisible() and edit.isEnabled() and not edit.isReadOnly()
        ]
        if not edits:
            return "nothing to type into"
        edit = self.random.choice(edits)
        edit.setFocus()
        text = self.random.choice(("7", "12.5", "odd", "", "-1", "0", "a much longer text, of several words"))
        QTest.keyClicks(edit, text)
        if self.random.random() < 0.7:
            QTest.keyClick(edit, self.random.choice((Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Escape)))
        return f"type {text!r} into {edit.objectName()}"

    def wheel(self) -> str:
        view, at = self._view(), self._place()
        factor = self.random.choice((1.5, 0.7, 4.0, 0.2))
        view.zoom_by(factor, at.toTuple())
        return f"zoom {factor}"

    def theme(self) -> str:
        name = self.random.choice(("dark", "light"))
        apply_theme(QApplication.instance(), name)
        return f"theme {name}"

    def resize(self) -> str:
        size = self.random.choice(((960, 600), (1440, 900), (1100, 640)))
        self.window.resize(*size)
        return f"resize {size}"

    def reopen(self) -> str:
        """Close the study, by itself or by opening it once more, and wait until it is there again."""
        self._wait(lambda: not self.window.desk.busy)  # until then it stays open
        if self.random.random() < 0.5:
            self.window.actions_["file.close"].trigger()
            self._wait(lambda: self.workspace.session is None)
            self.window.commands.files.open(self.study)
            self._wait(lambda: self.workspace.session is not None)
        else:
            before = self.workspace.session
            self.window.commands.files.open(self.study)
            self._wait(lambda: self.workspace.session not in (None, before))
        return "reopen"

    # --- where -------------------------------------------------------------------------------------------------

    def _view(self):
        views = list(self.window.comparison.views.values())
        if not views:
            self.workspace.set_shown(sorted(self.workspace.study.images))
            views = list(self.window.comparison.views.values())
        view = self.random.choice(views)
        self._wait(lambda: view.ready)
        return view

    def _place(self) -> QPoint:
        """As a rule on a hair, sometimes anywhere in the view or just outside."""
        read = self.workspace.active_read
        view = self.window.comparison.active_view
        if view is not None and read is not None and read.hairs and self.random.random() < 0.7:
            hair = read.hairs[self.random.choice(sorted(read.hairs))]
            vertex = hair.vertices_px[self.random.choice((0, -1, len(hair.vertices_px) // 2))]
            x, y = view.viewport.to_view(vertex).tolist()
            return QPoint(round(x + self.random.gauss(0, 3)), round(y + self.random.gauss(0, 3)))
        size = (300, 300) if view is None else view.size().toTuple()
        return QPoint(self.random.randint(-5, size[0] + 5), self.random.randint(-5, size[1] + 5))

    def _modifier(self) -> Qt.KeyboardModifier:
        return self.random.choices((NONE, SHIFT, CTRL, ALT), (12, 2, 2, 2))[0]

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def _answer(self) -> None:
        """Close what asks, one way or the other."""
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            self.random.choice((dialog.accept, dialog.reject))()

    def _wait(self, until: Callable[[], bool]) -> None:
        end_s = time.monotonic() + PATIENCE_S
        while not until():
            assert time.monotonic() < end_s, self.story[-5:]
            QTest.qWait(5)
