"""How quickly the views are drawn: frames of panning and zooming, and an edit from the gesture to the pixels.

Two 12-MP images side by side in one window, every frame painted into the window's backing store without a screen.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import psutil

from analysis.synthetic import Phantom, large_pair
from tests.benchmarks.bench_edits import own_home
from tests.benchmarks.figure import Figure
from tests.workstation.small_study import TEN_UM, make_hair, make_image, make_read, make_study
from workstation import edits
from workstation.edits import UnitChoice
from workstation.model.field import Field
from workstation.model.read import Read, ReadState
from workstation.model.study import Study
from workstation.session import Session, create_study, open_study

SECTION = "Views"
READER = "Ada"
SIZES = ((1440, 900), (2560, 1440))
FRAMES = 40
GOAL_CLOSE, GOAL_FIT, GOAL_EDIT = "≤ 16 ms", "≤ 33 ms", "≤ 50 ms"


@dataclass(frozen=True)
class Bench:
    """A window on the pair."""

    window: object
    workspace: object
    process: Callable[[], None]


def read_of(phantom: Phantom, image_id: int) -> Read:
    """The true hairs as a read, each at least two pixels long and inside the image."""
    truth = phantom.truth
    width, height = truth.size_px
    first_unit = 1 + len(truth.hairs)
    units = {unit.id: first_unit + i for i, unit in enumerate(truth.units)}
    hairs = []
    for i, hair in enumerate(truth.hairs):
        line = np.clip(hair.centreline_px, -0.5, [width - 0.5, height - 0.5])
        line = line[np.concatenate(([True], np.hypot(*np.diff(line, axis=0).T) > 0.01))]
        if len(line) >= 2:
            confidence = 0.3 if i % 12 == 0 else 0.9
            made = make_hair(i + 1, units[hair.unit_id], line, hair.width_um / truth.um_per_px, confidence=confidence)
            hairs.append(made)
    return make_read(
        hairs, id_=image_id, image_id=image_id, reader=READER, state=ReadState.IN_REVIEW,
        field=Field.whole_image(width, height),
    )  # fmt: skip


def write_study(folder: Path, phantoms: list[Phantom]) -> Path:
    """A study of the images on disk."""
    images, reads = [], []
    for number, phantom in enumerate(phantoms, start=1):
        done, encoded = cv2.imencode(".jpg", cv2.cvtColor(phantom.image, cv2.COLOR_RGB2BGR))
        assert done
        data = encoded.tobytes()
        height, width = phantom.image.shape[:2]
        record = make_image(number, number, f"scalp {number}.jpg", calibration=replace(TEN_UM, um_per_px=12.0))
        record = replace(
            record, width_px=width, height_px=height, path=f"study.images/{number}.jpg",
            sha256=hashlib.sha256(data).hexdigest(),
        )  # fmt: skip
        target = folder / record.path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
        images.append(record)
        reads.append(read_of(phantom, number))
    study: Study = make_study(reads, images)
    create_study(folder / "study.h5", study)
    return folder / "study.h5"


def figures() -> list[Figure]:
    """Frames at fit and zoomed in, for a small and a large window; an edit; the memory that two images take."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    first, later = large_pair(1)
    with tempfile.TemporaryDirectory() as folder, own_home(Path(folder) / "home"):
        path = write_study(Path(folder), [first, later.phantom])
        with open_study(path, READER) as session:
            return [*_measured(session)]


@contextmanager
def _window(session: Session, size: tuple[int, int]) -> Iterator["object"]:
    from PySide6.QtWidgets import QApplication

    from ui.background import Background
    from ui.pixels import PixelStore
    from ui.tools import TOOLS
    from ui.tools.host import ToolHost
    from ui.view.comparison import ComparisonView
    from ui.workspace import Workspace
    from workstation.settings import Settings

    app = QApplication.instance() or QApplication([])
    workspace = Workspace(Settings(reader=READER))
    pixels, background = PixelStore(workspace), Background()
    window = ComparisonView(workspace, pixels, ToolHost(workspace, pixels, TOOLS), background)
    window.resize(*size)
    workspace.set_session(session, sorted(session.study.images))
    window.show()
    try:
        limit = time.perf_counter() + 60
        while not all(view.ready for view in window.views.values()) and time.perf_counter() < limit:
            app.processEvents()
        yield window, workspace, app
    finally:
        pixels.shutdown()
        background.shutdown()
        workspace.set_session(None)
        window.deleteLater()
        app.processEvents()


def _measured(session: Session) -> Iterator[Figure]:
    process = psutil.Process()
    for size in SIZES:
        before = process.memory_info().rss
        with _window(session, size) as (window, workspace, app):
            name = f"{size[0]} × {size[1]}"
            yield from _frames(window, app, name)
            if size == SIZES[-1]:
                grown = (process.memory_info().rss - before) / 2**20
                yield Figure(SECTION, "memory that two shown images take", grown, "MiB", note="12 MP each")
                yield from _edits(window, workspace, app)


def _frames(window, app, name) -> Iterator[Figure]:
    views = list(window.views.values())
    image_alone = _seconds_to_paint(window, lambda i: _pan(views[0], i), overlay=False)
    moves = {
        ("at fit", "pan"): (1.0, _pan, GOAL_FIT),
        ("at fit", "zoom"): (1.0, _zoom, GOAL_FIT),
        ("at 1:1", "pan"): (None, _pan, GOAL_CLOSE),
        ("at 1:1", "zoom"): (None, _zoom, GOAL_CLOSE),
        ("at 4:1", "pan"): (4.0, _pan, GOAL_CLOSE),
        ("at 4:1", "zoom"): (4.0, _zoom, GOAL_CLOSE),
    }
    for (where, what), (scale, move, goal) in moves.items():
        window.fit()
        _settle(window, app)
        if where != "at fit":
            views[0].set_viewport(views[0].viewport.scaled_to(scale or 1.0))
        _settle(window, app)
        shown = sum(len(v.drawing.geometry.hairs_in(v.viewport.visible_px)) for v in views)
        seconds = _seconds_to_paint(window, lambda i, move=move: move(views[0], i))
        ratio = np.median(seconds) / np.median(image_alone)
        yield _figure(
            f"{what} {where}, {name}", seconds, goal,
            f"both views, {shown:,} hairs in sight; {ratio:.1f} × the image alone at fit",
        )  # fmt: skip
        drawn = _seconds_to_draw_sharply(window, views)
        if what == "zoom":
            yield _figure(f"drawn sharply after zooming {where}, {name}", drawn, "", "once the motion pauses")


def _pan(view, i: int) -> None:
    dx, dy = (7, 3) if i % 20 < 10 else (-7, -3)
    view.pan_by(dx, dy)


def _zoom(view, i: int) -> None:
    view.zoom_by(1.05 if i % 20 < 10 else 1 / 1.05, (view.width() * 0.4, view.height() * 0.6))


def _settle(window, app) -> None:
    until = time.perf_counter() + 0.3
    while time.perf_counter() < until:
        app.processEvents()


def _seconds_to_paint(window, move, *, overlay: bool = True) -> list[float]:
    for view in window.views.values():
        view.set_peeking(not overlay)
    seconds = []
    for i in range(FRAMES):
        start = time.perf_counter()
        move(i)
        window.repaint()
        seconds.append(time.perf_counter() - start)
    for view in window.views.values():
        view.set_peeking(False)
    return seconds


def _seconds_to_draw_sharply(window, views) -> list[float]:
    seconds = []
    for _ in range(5):
        for view in views:
            view.drawing.forget()
            view.settle_now()
        start = time.perf_counter()
        window.repaint()
        seconds.append(time.perf_counter() - start)
    return seconds


def _edits(window, workspace, app) -> Iterator[Figure]:
    """Vertices moved, hairs rejected, hairs added: each seen in the window when its time is taken."""
    for where, scale in (("at fit", None), ("at 1:1", 1.0)):
        window.fit()
        view = next(iter(window.views.values()))
        if scale:
            view.set_viewport(view.viewport.scaled_to(scale))
        _settle(window, app)
        shapes = view.drawing.geometry.hairs_in(view.viewport.visible_px)[:: max(1, 40)]
        image = workspace.study.images[view.image_id]
        kinds = {
            "move a vertex": lambda r, i: edits.move_vertex(r, i, 1, r.hairs[i].vertices_px[1] + 0.5),
            "add a hair": lambda r, i, image=image: edits.add_hair(
                r, r.hairs[i].vertices_px - 3.0, unit=UnitChoice.NEAREST, calibration=image.calibration
            ),
        }
        for name, make in kinds.items():
            seconds = []
            for shape in shapes[:FRAMES]:
                start = time.perf_counter()
                workspace.commit(view.image_id, lambda r, i=shape.hair.id, make=make: make(r, i), quiet=True)
                window.repaint()
                seconds.append(time.perf_counter() - start)
                app.processEvents()
            n = len(workspace.read(view.image_id).hairs)
            yield _figure(f"{name}, {where}: gesture to pixels", seconds, GOAL_EDIT, f"journal included, {n:,} hairs")


def _figure(name: str, seconds: list[float], goal: str = "", note: str = "") -> Figure:
    tail = f"95th percentile {np.percentile(seconds, 95) * 1e3:.1f} ms"
    return Figure(SECTION, name, float(np.median(seconds)) * 1e3, "ms", goal, f"{note}; {tail}".lstrip("; "))
