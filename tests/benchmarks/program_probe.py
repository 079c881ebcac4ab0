"""The program as it is installed, in a process of its own, followed from within; `bench_program` starts it.

A scenario is a generator that runs in the program's own main loop: it yields conditions, and goes on when one holds.
"""

import json
import sys
import time
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from ui.desk import Desk
from ui.main_window import MainWindow

QUIET_S = 0.08
TIMEOUT_S = 90.0
_DRAWN = QEvent.Type(QEvent.registerEventType())

Scenario = Generator[Callable[[], bool], None, dict[str, Any]]
"""Yields conditions; returns what it found."""


class Drawings(QObject):
    """When a widget was drawn last, by `time.time`, and how often so far."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.n = 0
        self._begun_s = 0.0
        self.begun_s = self.drawn_s = self.settled_s = 0.0
        """When the last drawing began, was on the screen, and the program could react again."""
        self._announced = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Told just before the widget is drawn; what is posted now comes when the window is on the screen."""
        if event.type() == QEvent.Type.Paint and not self._announced:
            self._announced, self._begun_s = True, time.time()
            QCoreApplication.postEvent(self, QEvent(_DRAWN))
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """The drawing is done; the timers that are due come next, with them the panels."""
        if event.type() != _DRAWN:
            return super().event(event)
        self._announced = False
        QTimer.singleShot(0, partial(self._turned, self._begun_s, time.time()))
        return True

    def _turned(self, begun_s: float, drawn_s: float) -> None:
        """Counted only now."""
        self.begun_s, self.drawn_s, self.settled_s = begun_s, drawn_s, time.time()
        self.n += 1


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
    return lambda: drawings.begun_s >= began_s


def quiet(drawings: Drawings) -> Callable[[], bool]:
    """Holds when it was not drawn for a while."""
    until_s = time.time() + QUIET_S
    return lambda: time.time() > max(until_s, drawings.settled_s + QUIET_S)


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

        def begin(self, study: Path | None = None, *, detect: bool = False) -> None:
            super().begin(study, detect=detect)
            drivers.append(Driver(scenario(self), target))

    launch.MainWindow = Followed  # type: ignore[misc]
    sys.argv = ["trichodesk", *([] if study is None else [str(study)])]
    return app.main()
