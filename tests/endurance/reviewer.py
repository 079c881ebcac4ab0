"""A reader at the window who reviews image after image, without end and without rest."""

import random
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from ui.comparing import Mode
from ui.main_window import MainWindow
from ui.pages import Page
from ui.theme import apply_theme
from ui.view.image_view import ImageView
from ui.workspace import Selection
from workstation import edits
from workstation.edits import UnitChoice
from workstation.model.field import ExclusionCause
from workstation.model.hair import Status
from workstation.model.patch import Patch
from workstation.model.read import Read

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
PATIENCE_S = 60.0
PAGES = (Page.OVERVIEW, Page.STATISTICS)
PATH_OF_HAIR = np.array([[0.0, 0.0], [7.0, 9.0], [13.0, 19.0]])


class Reviewer:
    """See the module.

    Args:
        window: the window, with a study open in it.
        seed: of the choices.
    """

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window = window
        self.workspace = window.workspace
        self.random = random.Random(seed)
        self.n_edits = 0
        self.n_opened = 0
        self.workspace.document_changed.connect(self._count)
        self.ways: tuple[tuple[Callable[[], None], int], ...] = (
            (self.judge_by_key, 30), (self.judge_by_mouse, 14), (self.reshape, 14), (self.set_width, 8),
            (self.comment, 6), (self.draw_by_mouse, 5), (self.add, 5), (self.delete, 6), (self.regroup, 6),
            (self.exclude, 2), (self.take_back, 8),
        )  # fmt: skip

    def open_images(self, image_ids: tuple[int, ...]) -> None:
        """Show images and wait until they are there."""
        self.workspace.set_shown(image_ids)
        self.wait(lambda: all(view.ready for view in self.window.comparison.views.values()))
        self.n_opened += len(image_ids)

    def correct(self, n_edits: int) -> None:
        """Make so many edits of the image that is active, undo and redo included."""
        goal, acts, often = self.n_edits + n_edits, [way for way, _ in self.ways], [n for _, n in self.ways]
        while self.n_edits < goal:
            self.random.choices(acts, often)[0]()
            QTest.qWait(0)

    def look_about(self) -> None:
        """Compare in every way, look at the other pages, open and close a dialog, change the theme."""
        for mode in (*Mode, Mode.SIDE_BY_SIDE):
            self.window.comparison.comparing.set_mode(mode)
            QTest.qWait(1)
        for page in (*PAGES, Page.IMAGES):
            self.window.pages.show_page(page)
            QTest.qWait(1)
        self.dialog("file.settings")
        self.dialog("help.keys")
        apply_theme(QApplication.instance(), self.random.choice(("dark", "light")))
        QTest.qWait(1)

    def save(self) -> None:
        """Save and wait for it."""
        self.window.actions_["file.save"].trigger()
        session = self.workspace.session
        self.wait(lambda: session.n_unsaved == 0)

    def come_to_rest(self) -> None:
        """Back to what is compared: the images side by side, nothing selected, nothing under way."""
        self.window.pages.show_page(Page.IMAGES)
        self.window.comparison.comparing.set_mode(Mode.SIDE_BY_SIDE)
        self.workspace.set_tool("select")
        self.workspace.select(Selection())
        self.workspace.set_hover(None)
        self.wait(lambda: not self.window.desk.busy)

    def wait(self, until: Callable[[], bool]) -> None:
        """Let the window work until something is so.

        Raises:
            AssertionError: if that takes longer than anybody's patience.
        """
        end_s = time.monotonic() + PATIENCE_S
        while not until():
            assert time.monotonic() < end_s, "the window does not come to an end"
            QTest.qWait(2)

    # --- edits -------------------------------------------------------------------------------------------------

    def judge_by_key(self) -> None:
        self._select()
        QTest.keyClick(self._view(), self.random.choice((Qt.Key.Key_A, Qt.Key.Key_X)))

    def judge_by_mouse(self) -> None:
        """A click on a hair, then a verdict."""
        view, read = self._view(), self._read()
        hair = self._hair(read)
        at = view.viewport.to_view(hair.vertices_px[1]).tolist()
        place = QPoint(round(at[0]), round(at[1]))
        QTest.mouseMove(view, place)
        QTest.mouseClick(view, LEFT, NONE, place)
        status = self.random.choice(list(Status))
        self._commit(lambda read: edits.set_status(read, [hair.id], status))

    def draw_by_mouse(self) -> None:
        """A hair drawn with the tool, click by click; what the tool refuses is no edit."""
        self.workspace.set_tool("draw")
        view, start = self._view(), self._place()
        points = [view.viewport.to_view(start + step).tolist() for step in PATH_OF_HAIR]
        for x, y in points:
            QTest.mouseMove(view, QPoint(round(x), round(y)))
            QTest.mouseClick(view, LEFT, NONE, QPoint(round(x), round(y)))
        QTest.keyClick(view, Qt.Key.Key_Return)
        self.wait(lambda: not self.window.desk.tools.waits)
        QTest.keyClick(view, Qt.Key.Key_Escape)
        self.workspace.set_tool("select")

    def add(self) -> None:
        path = [tuple(place) for place in (self._place() + PATH_OF_HAIR).tolist()]
        calibration = self.workspace.study.images[self.workspace.active].calibration
        self._commit(lambda read: edits.add_hair(read, path, unit=UnitChoice.NEW, calibration=calibration))

    def reshape(self) -> None:
        hair = self._hair(self._read())
        step = np.array([self.random.gauss(0, 1), self.random.gauss(0, 1)])
        moved = np.clip(hair.vertices_px + step, 0, 230)
        self._commit(lambda read: edits.reshape_hair(read, hair.id, moved, None))

    def set_width(self) -> None:
        hair, width = self._hair(self._read()), self.random.uniform(2, 14)
        self._commit(lambda read: edits.set_width(read, [hair.id], width))

    def comment(self) -> None:
        hair, text = self._hair(self._read()), f"doubtful {self.random.randrange(100)}"
        self._commit(lambda read: edits.comment_hairs(read, [hair.id], text))

    def delete(self) -> None:
        read = self._read()
        if len(read.hairs) > 30:
            self._select()
            QTest.keyClick(self._view(), Qt.Key.Key_Delete)

    def regroup(self) -> None:
        read = self._read()
        hairs = self.random.sample(sorted(read.hairs), 2)
        self._commit(lambda read: edits.put_into_unit(read, hairs, None))

    def exclude(self) -> None:
        image, (x, y) = self.workspace.study.images[self.workspace.active], self._place()
        if exclusions := self._read().field.exclusions:
            ids = [one.id for one in exclusions]
            self._commit(lambda read: edits.remove_exclusions(read, ids))
        else:
            square = [(x, y), (x + 9, y), (x + 9, y + 9), (x, y + 9)]
            self._commit(lambda read: edits.add_exclusion(read, image, square, ExclusionCause.GLARE))

    def take_back(self) -> None:
        """Some steps back, and most of them forth again."""
        for name in ("edit.undo", "edit.undo", "edit.redo", "edit.redo")[: self.random.randint(1, 4)]:
            self.window.actions_[name].trigger()

    def dialog(self, name: str) -> None:
        """Open a dialog by its command and close it."""
        QTimer.singleShot(0, _close_dialogs)  # a modal one waits inside of its command
        self.window.actions_[name].trigger()
        _close_dialogs()
        QTest.qWait(1)

    # --- where -------------------------------------------------------------------------------------------------

    def _count(self, _change: object) -> None:
        self.n_edits += 1

    def _commit(self, make: Callable[[Read], Patch]) -> None:
        self.workspace.commit(self.workspace.active, make, quiet=True)

    def _view(self) -> ImageView:
        return self.window.comparison.views[self.workspace.active]

    def _read(self) -> Read:
        return self.workspace.read(self.workspace.active)

    def _hair(self, read: Read):
        return read.hairs[self.random.choice(sorted(read.hairs))]

    def _select(self) -> None:
        read = self._read()
        chosen = self.random.sample(sorted(read.hairs), self.random.choice((1, 1, 2)))
        self.workspace.select(Selection(read.id, frozenset(chosen)))

    def _place(self) -> np.ndarray:
        return np.array([self.random.uniform(5, 300), self.random.uniform(5, 215)])


def _close_dialogs() -> None:
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog) and widget.isVisible():
            widget.reject()
