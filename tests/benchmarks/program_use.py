"""What is done in the program while `bench_program` measures it; `python -m tests.benchmarks.program_use`."""

import gc
import itertools
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.benchmarks.program_probe import Drawings, Scenario, drawn_since, pause, quiet, run, views_drawn
from ui import corrections
from ui.main_window import MainWindow
from ui.spare_memory import give_back
from ui.view.image_view import ImageView
from workstation.edits import move_vertex
from workstation.entry import Selection

REPEATS = 12
EDITS, SWITCHES = 5000, 200
WARM_UP = 0.1
"""Of the edits and switches."""
LAYOUTS = ((1,), (2,), (1, 2), (2, 1))
MIB = 2**20

Do = Callable[[MainWindow, ImageView, int], float | None]
"""Corrects a hair, which is selected; returns when the user's last act began, where that is not the first one."""


def start(window: MainWindow, study: Path, began_s: float) -> Scenario:
    """The start page; a study opened from there; what the program takes then, and when all is prepared."""
    page = window.start.widget().findChild(Drawings)
    yield lambda: page.n > 0
    found: dict[str, Any] = {"start_s": page.last.settled_s - began_s, "start_mib": rss_mib()}
    yield pause(2.0)
    opened_s = time.time()
    window.commands.files.open(study)
    yield views_drawn(window)
    found["open_s"] = time.time() - opened_s
    yield evidence_ready(window)
    found["prepared_s"] = time.time() - opened_s
    yield pause(3.0)
    return {**found, "idle_mib": rss_mib()}


def named(window: MainWindow, _study: Path, began_s: float) -> Scenario:
    """A study that the command line names."""
    yield views_drawn(window)
    return {"opened_s": time.time() - began_s}


def edit(window: MainWindow, _study: Path, _began_s: float) -> Scenario:
    """Each kind of edit again and again, at fit and at 1:1: when it is on the screen, and when the panels are, too."""
    yield views_drawn(window)
    yield evidence_ready(window)
    view = window.comparison.views[1]
    drawings = view.findChild(Drawings)
    found: dict[str, Any] = {"size": [window.width(), window.height()]}
    window.workspace.commit(1, lambda read: move_vertex(read, *_vertex(view, next(iter(read.hairs)))), quiet=True)
    for where, show in (("at fit", window.comparison.fit), ("at 1:1", window.comparison.one_to_one)):
        show()
        yield pause(0.5)
        for name, do in KINDS.items():
            times = []
            for hair_id in _in_sight(view, REPEATS):
                _select(window, view, hair_id)
                yield quiet(drawings)
                began = time.time()
                began = do(window, view, hair_id) or began
                done = time.time()
                yield drawn_since(drawings, done)
                if seen := drawings.first_since(done):
                    times.append((seen.drawn_s - began, seen.settled_s - began))
                if name == "draw a hair":
                    window.actions_["tool.select"].trigger()
            found[f"{name}, {where}"] = times
    return found


def use(window: MainWindow, _study: Path, _began_s: float, share: float) -> Scenario:
    """An hour of work: edits of every kind and other images now and then, memory and objects looked at by the way."""
    yield views_drawn(window)
    yield evidence_ready(window)
    n_edits, n_switches = round(EDITS * share), round(SWITCHES * share)
    found: dict[str, Any] = {"n_edits": n_edits, "n_switches": n_switches}
    layouts = itertools.cycle(LAYOUTS)
    kinds = itertools.cycle([*KINDS.values()])
    every = max(1, n_edits // n_switches)
    state: list[dict[str, float]] = []
    n_warm = round(WARM_UP * n_edits)
    for i in range(n_warm + n_edits):
        if i % every == 0:
            window.workspace.set_shown(next(layouts))
            yield views_drawn(window)
        view = window.comparison.active_view
        assert view is not None
        drawings = view.findChild(Drawings) or Drawings(view)  # other images come in views of their own
        [hair_id] = itertools.islice(_in_sight(view, 400, i), 1)
        _select(window, view, hair_id)
        began, n_before = time.time(), _n_edits(window)
        next(kinds)(window, view, hair_id)
        window.actions_["tool.select"].trigger()
        if _n_edits(window) > n_before:  # a verdict given before, say, is no edit and draws nothing
            drawn, late = drawn_since(drawings, began), pause(1.0)
            yield lambda drawn=drawn, late=late: drawn() or late()  # at fit, not every edit can be seen
        if i in (n_warm, n_warm + n_edits - 1):
            yield from _settle(window)
            state.append(counted(window))
            print(state[-1], file=sys.stderr, flush=True)
    session = window.workspace.session
    assert session is not None
    return {**found, "n_rows": session.document.history.last_seq, "before": state[0], "after": state[1]}


def _n_edits(window: MainWindow) -> int:
    session = window.workspace.session
    assert session is not None
    return session.document.history.last_seq


def _settle(window: MainWindow) -> Iterator[Callable[[], bool]]:
    """The same images, nothing under way, nothing to be collected or given back: the program does both now and then."""
    window.workspace.set_shown((1, 2))
    window.comparison.fit()
    yield views_drawn(window)
    yield pause(3.0)
    gc.collect()
    give_back()


def counted(window: MainWindow) -> dict[str, float]:
    """What the program takes, and how many objects there are."""
    return {
        "rss_mib": rss_mib(),
        "python": len(gc.get_objects()),
        "history": _reachable(window),
        "qt": len(window.findChildren(QObject)) + len(window.desk.findChildren(QObject)),
        "widgets": len(QApplication.allWidgets()),
    }


def _reachable(window: MainWindow) -> int:
    """How many objects the history of edits is made of, other than the study as it is now."""
    session = window.workspace.session
    assert session is not None
    history = session.document.history
    known = {id(hair) for read in session.study.reads.values() for hair in read.hairs.values()}
    left: list[object] = [*history.done, *history.undone, *session._rows]
    n = 0
    while left:
        one = left.pop()
        if id(one) in known or isinstance(one, type) or not gc.is_tracked(one):
            continue
        known.add(id(one))
        n += 1
        left += gc.get_referents(one)
    return n


def rss_mib() -> float:
    """Memory of this process now."""
    return float(psutil.Process().memory_info().rss / MIB)


def evidence_ready(window: MainWindow) -> Callable[[], bool]:
    """Holds when lines can be drawn along shafts in all images shown."""
    return lambda: all(window.desk.pixels.evidence(i) is not None for i in window.workspace.shown)


def _in_sight(view: ImageView, n: int, first: int = 0) -> list[int]:
    """Hairs in the middle of the view, others for each kind of edit."""
    geometry, (width, height) = view.drawing.geometry, view.viewport.size
    assert geometry is not None
    shapes = geometry.hairs_in(view.viewport.visible_px)
    inside = [
        shape.hair.id
        for shape in shapes
        if (p := view.viewport.to_view(shape.hair.vertices_px)).min() > 24 and (p < (width - 24, height - 24)).all()
    ]
    start = first * 7919 % max(1, len(inside))
    return [inside[(start + k * max(1, len(inside) // n)) % len(inside)] for k in range(n)]


def _select(window: MainWindow, view: ImageView, hair_id: int) -> None:
    read = window.workspace.read(view.image_id)
    assert read is not None
    window.workspace.select(Selection(read.id, frozenset({hair_id})))


def _vertex(view: ImageView, hair_id: int) -> tuple[int, int, Any]:
    read = view.workspace.read(view.image_id)
    assert read is not None
    return hair_id, 1, read.hairs[hair_id].vertices_px[1] + 0.5


def _action(name: str, window: MainWindow, _view: ImageView, _hair_id: int) -> None:
    window.actions_[name].trigger()


def _nudge(_window: MainWindow, view: ImageView, _hair_id: int) -> None:
    QTest.keyClick(view, Qt.Key.Key_Right)


def _width(window: MainWindow, view: ImageView, hair_id: int) -> None:
    read = window.workspace.read(view.image_id)
    assert read is not None
    corrections.set_width_px(window.workspace, 1.02 * read.hairs[hair_id].width_px)


def _move_vertex(window: MainWindow, view: ImageView, hair_id: int) -> None:
    window.workspace.commit(view.image_id, lambda read: move_vertex(read, *_vertex(view, hair_id)))


def _draw(window: MainWindow, view: ImageView, hair_id: int) -> float:
    """Beside another hair, by two clicks; the second one makes the hair."""
    window.actions_["tool.draw"].trigger()
    read = window.workspace.read(view.image_id)
    assert read is not None
    for point in (read.hairs[hair_id].root_px, read.hairs[hair_id].tip_px):
        x, y = view.viewport.to_view(point + 2.0).tolist()
        began = time.time()
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    return began


KINDS: dict[str, Do] = {
    "reject a hair": partial(_action, "hairs.reject"),
    "nudge a hair": _nudge,
    "set a width": _width,
    "swap root and tip": partial(_action, "hairs.reverse"),
    "draw a hair": _draw,
    "put into a new unit": partial(_action, "units.new"),
    "move a vertex": _move_vertex,
    "delete a hair": partial(_action, "edit.delete"),
    "undo": partial(_action, "edit.undo"),
}


def main() -> int:
    """Arguments: scenario, study, where to put what is found, when the process was started, share of the hour."""
    name, study, target, began, share = sys.argv[1:]
    scenarios: dict[str, Callable[[MainWindow], Scenario]] = {
        "start": lambda window: start(window, Path(study), float(began)),
        "named": lambda window: named(window, Path(study), float(began)),
        "edit": lambda window: edit(window, Path(study), float(began)),
        "use": lambda window: use(window, Path(study), float(began), float(share)),
    }
    return run(None if name == "start" else Path(study), scenarios[name], Path(target))


if __name__ == "__main__":
    sys.exit(main())
