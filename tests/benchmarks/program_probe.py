"""The program as it is installed, in a process of its own, followed from within; `bench_program` starts it.

A scenario is a generator that runs in the program's own main loop: it yields conditions, and goes on when one holds.
"""

import json
import sys
import time
from collections import deque
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from ui.desk import Desk
from ui.main_window import MainWindow

QUIET_S = 0.3
REMEMBERED = 256
"""Drawings, more than there are in a glide."""
TIMEOUT_S = 90.0

Scenario = Generator[Callable[[], bool], None, dict[str, Any]]
"""Yields conditions; returns what it found."""


class Drawing(NamedTuple):
    """When a widget was drawn, by `time.time`."""

    begun_s: float
    drawn_s: float
    """It is on the screen."""
    settled_s: float
    """The program could react again."""


class Drawings(QObject):
    """The latest times that a widget was drawn, and how often it was so far."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.n = 0
        self._begun_s = 0.0
        self._latest: deque[Drawing] = deque([Drawing(0.0, 0.0, 0.0)], maxlen=REMEMBERED)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Told just before the widget is drawn."""
        if event.type() == QEvent.Type.Paint and not self._begun_s:
            self._begun_s = time.time()
        return super().eventFilter(watched, event)

    def flushed(self) -> None:
        """The window put what was drawn on the screen; the timers that are due come next, with them the panels."""
        if self._begun_s:
            QTimer.singleShot(0, partial(self._turned, self._begun_s, time.time()))
            self._begun_s = 0.0

    def _turned(self, begun_s: float, drawn_s: float) -> None:
        """Counted only now."""
        self._latest.append(Drawing(begun_s, drawn_s, time.time()))
        self.n += 1

    @property
    def last(self) -> Drawing:
        """The last one."""
        return self._latest[-1]

    def first_since(self, since_s: float) -> Drawing | None:
        """The first one that began then or later: what glides or fades is drawn many times after it."""
        return next((drawing for drawing in self._latest if drawing.begun_s >= since_s), None)


class Driver(QObject):
    """Steps through a scenario, writes down what it found, and ends the program."""

    def __init__(self, scenario: Scenario, target: Path) -> None:
        super().__init__()
        self._scenario, self._target = scenario, target
        self._condition: Callable[[], bool] = lambda: True
        self._until_s = time.monotonic() + TIMEOUT_S
        self._ticking = QTimer(self, interval=1)
        self._ticking.timeout.connect(self._look)
        self._ticking.start()

    def _look(self) -> None:
        try:
            if self._condition():
                self._condition, self._until_s = next(self._scenario), time.monotonic() + TIMEOUT_S
            elif time.monotonic() > self._until_s:
                raise TimeoutError(f"what line {self._scenario.gi_frame.f_lineno} waits for did not come")
        except StopIteration as end:
            self._end(end.value)
        except Exception as error:  # noqa: BLE001 - it is told where the figures are made
            self._end({"error": repr(error)})

    def _end(self, found: dict[str, Any]) -> None:
        self._ticking.stop()
        self._target.write_text(json.dumps(found))
        QApplication.exit()


def pause(seconds: float) -> Callable[[], bool]:
    """Holds after so long."""
    until_s = time.monotonic() + seconds
    return lambda: time.monotonic() >= until_s


def drawn_since(drawings: Drawings, began_s: float) -> Callable[[], bool]:
    """Holds when it was drawn from beginning to end since then."""
    return lambda: drawings.first_since(began_s) is not None


def quiet(drawings: Drawings) -> Callable[[], bool]:
    """Holds when it was not drawn for a while."""
    until_s = time.time() + QUIET_S
    return lambda: time.time() > max(until_s, drawings.last.settled_s + QUIET_S)


def views_drawn(window: MainWindow) -> Callable[[], bool]:
    """Holds when every image that is shown stands on the screen with its overlay."""
    drawings: dict[QWidget, Drawings] = {}
    counts: dict[QWidget, int] = {}

    def done() -> bool:
        views = list(window.comparison.views.values())
        for view in views:
            if view not in drawings:
                drawings[view] = view.findChild(Drawings) or Drawings(view)
            if view.ready and view.drawing.geometry is not None and view not in counts:
                counts[view] = drawings[view].n
                view.update()
        return bool(views) and all(view in counts and drawings[view].n > counts[view] for view in views)

    return done


def run(study: Path | None, scenario: Callable[[MainWindow], Scenario], target: Path) -> int:
    """Start the program as its command does, and have a scenario begin when it does.

    Args:
        study: named on the command line.
        scenario: begins when the window is there.
        target: where what it found is written, as JSON.
    """
    from ui import app, launch

    drivers = []

    class Followed(MainWindow):
        def __init__(self, desk: Desk) -> None:
            super().__init__(desk)
            Drawings(self.start.widget())

        def event(self, event: QEvent) -> bool:
            taken = super().event(event)
            if event.type() == QEvent.Type.UpdateRequest:  # this draws all that is to be drawn, and flushes it
                for drawings in self.findChildren(Drawings):
                    drawings.flushed()
            return taken

        def begin(self, study: Path | None = None, *, detect: bool = False) -> None:
            super().begin(study, detect=detect)
            drivers.append(Driver(scenario(self), target))

    launch.MainWindow = Followed  # type: ignore[misc]
    sys.argv = ["trichodesk", *([] if study is None else [str(study)])]
    return app.main()
