"""How quickly two registered 12-MP images are shown one over the other, and panned through their registration."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.registration.result import Registration, Verdict
from analysis.registration.warp import Warp, kernel
from analysis.synthetic import large_pair
from tests.benchmarks.bench_edits import own_home
from tests.benchmarks.bench_view import FRAMES, PAIR, READER, _Window, _window, write_study
from tests.benchmarks.figure import Figure
from workstation.edits.pairs import add_registration
from workstation.model.pair import RegistrationRecord
from workstation.session import open_study

if TYPE_CHECKING:
    from analysis.synthetic.follow_up import FollowUp
    from ui.comparing import Mode
    from ui.view.compare_view import CompareView

SECTION = "Registered pair"
SIZE = (1920, 1080)
GOAL = "≤ 16 ms"
GOAL_STILL = "≤ 100 ms"
KNOTS = 15
"""Each way: as many as a registration by about 200 units has."""


def figures() -> list[Figure]:
    """Side by side through the registration, then blink, curtain and fade."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    first, later = large_pair(1)
    with tempfile.TemporaryDirectory() as folder, own_home(Path(folder) / "home"):
        path = write_study(Path(folder), first, later.phantom)
        with open_study(path, READER) as session, _window(session, PAIR, SIZE) as window:
            result = Registration(true_warp(later, first.truth.size_px), Verdict.GOOD, "", 10.0, 500, 0.9, 1.0)
            record = RegistrationRecord(result, 1, 2, 0, "", "2026-01-02T03:04:05Z")
            window.workspace.commit_study(lambda study: add_registration(study, *PAIR, record))
            window.settle()
            return [*_side_by_side(window), *_over(window)]


def true_warp(later: "FollowUp", size: tuple[int, int]) -> Warp:
    """The spline through the true transform at a grid of places."""
    x, y = np.meshgrid(*(np.linspace(0, length, KNOTS) for length in size))
    here = np.column_stack([x.ravel(), y.ravel()])
    unit_px = size[0] / KNOTS
    apart = (here[:, None] - here[None]) / unit_px
    straight = np.column_stack([np.ones(len(here)), here])
    system = np.block([[kernel(np.square(apart).sum(axis=2)), straight], [straight.T, np.zeros((3, 3))]])
    found = np.linalg.solve(system, np.vstack([later.to_follow_up(here), np.zeros((3, 2))]))
    bends, even = found[:-3], found[-3:]
    return Warp(np.column_stack([even[1:].T, even[0]]), here, bends, unit_px)


def _side_by_side(window: _Window) -> Iterator[Figure]:
    from ui.pointing import Cursor

    first = window.first
    turn = np.degrees(list(window.views.views.values())[1].viewport.turn)
    for where, scale in (("at fit", None), ("at 1:1", 1.0)):
        window.look(scale)
        for what, move in (("pan", first.pan_by), ("zoom", lambda dx, _: first.zoom_by(1.05 if dx > 0 else 1 / 1.05))):
            note = f"side by side, the second turned by {turn:.1f}°"
            yield _figure(f"{what} {where}, side by side", _frames(window, move), GOAL, note)
    window.look(1.0)
    x, y = first.viewport.centre_px

    def point(dx: float, dy: float) -> None:
        window.workspace.set_cursor(Cursor(1, (x + dx, y + dy)))

    yield _figure("move the cursor, its partner follows", _frames(window, point, repaint=False), GOAL)


def _over(window: _Window) -> Iterator[Figure]:
    from ui.comparing import Mode

    comparing = window.views.comparing
    ready_s, still_s = _enter(window, Mode.BLINK)
    yield Figure(SECTION, "lay one over the other until both are seen", ready_s, "s", "", "resampled in the background")
    yield Figure(SECTION, "longest stand-still meanwhile", 1e3 * still_s, "ms", GOAL_STILL)
    for where, scale in (("at fit", None), ("at 1:1", 1.0)):
        for mode in (Mode.BLINK, Mode.CURTAIN, Mode.FADE):
            comparing.set_mode(mode)
            comparing.set_running(False)
            view = window.views.current_view
            view.fit()
            if scale is not None:
                view.set_viewport(view.viewport.scaled_to(scale))
            window.settle()
            yield _figure(f"pan {where}, {mode}", _frames(window, view.pan_by), GOAL)
            yield _figure(f"{_CHANGES[mode]} {where}", _frames(window, lambda dx, _: _change(window, dx)), GOAL)
    yield _figure("zoom at 1:1, fade", _frames(window, lambda dx, _: view.zoom_by(1.05 if dx > 0 else 1 / 1.05)), GOAL)


_CHANGES = {"blink": "flip", "curtain": "draw the curtain", "fade": "fade"}


def _change(window: _Window, dx: float) -> None:
    comparing = window.views.comparing
    if comparing.mode == "blink":
        comparing.flip()
    else:
        comparing.step(up=dx > 0)


def _enter(window: _Window, mode: "Mode") -> tuple[float, float]:
    """Seconds until all is drawn, and the longest that one turn of the main loop took."""
    start = last = time.perf_counter()
    longest = 0.0
    window.views.comparing.set_mode(mode)
    view: CompareView = window.views.current_view
    while not view.complete or view.moving:
        window.app.processEvents()
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        time.sleep(0.001)
    view.repaint()
    now = time.perf_counter()
    return now - start, max(longest, now - last)


def _frames(window: _Window, move: Callable[[float, float], object], *, repaint: bool = True) -> list[float]:
    seconds = []
    for i in range(FRAMES):
        start = time.perf_counter()
        move(*((7, 3) if i % 20 < 10 else (-7, -3)))
        if repaint:
            window.views.repaint()
        else:
            window.app.processEvents()
        seconds.append(time.perf_counter() - start)
    return seconds


def _figure(name: str, seconds: list[float], goal: str = "", note: str = "") -> Figure:
    tail = f"95th percentile {np.percentile(seconds, 95) * 1e3:.1f} ms"
    return Figure(SECTION, name, float(np.median(seconds)) * 1e3, "ms", goal, f"{note}; {tail}".lstrip("; "))
