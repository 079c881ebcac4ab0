"""How quickly the views are drawn: frames of panning and zooming, and an edit from the gesture to the pixels.

Two 12-MP images side by side, and one with all their hairs, in one window; every frame is painted into the window's
backing store, without a screen.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import psutil

from analysis.calibration import Calibration, CalibrationSource
from analysis.synthetic import Phantom, large_pair
from tests.benchmarks.bench_edits import own_home
from tests.benchmarks.figure import Figure
from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation import edits
from workstation.edits import UnitChoice
from workstation.model.field import Field
from workstation.model.hair import Hair
from workstation.model.read import ReadState
from workstation.model.study import ImageRecord
from workstation.session import Session, create_study, open_study

if TYPE_CHECKING:
    from ui.view.image_view import ImageView

SECTION = "Views"
READER = "Ada"
PAIR, CROWD = (1, 2), (3,)
SMALL, LARGE = (1440, 900), (2560, 1440)
FRAMES = 40
GOAL_CLOSE, GOAL_FIT, GOAL_EDIT = "≤ 16 ms", "≤ 33 ms", "≤ 50 ms"


def figures() -> list[Figure]:
    """Frames at fit and zoomed in, in a small and a large window; edits; the memory that two images take."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    first, later = large_pair(1)
    with tempfile.TemporaryDirectory() as folder, own_home(Path(folder) / "home"):
        path = write_study(Path(folder), first, later.phantom)
        with open_study(path, READER) as session:
            return [*_measured(session)]


def write_study(folder: Path, first: Phantom, later: Phantom) -> Path:
    """A study of the pair, and of the first image once more with the hairs of both."""
    hairs = [hairs_of(first), hairs_of(later)]
    crowd = hairs_of(first, later)
    images = [_image(folder, number, phantom) for number, phantom in enumerate((first, later, first), start=1)]
    reads = [
        make_read(
            own, id_=image.id, image_id=image.id, reader=READER, state=ReadState.IN_REVIEW,
            field=Field.whole_image(image.width_px, image.height_px),
        )
        for image, own in zip(images, (*hairs, crowd), strict=True)
    ]  # fmt: skip
    create_study(folder / "study.h5", make_study(reads, images), user="Ada")
    return folder / "study.h5"


def hairs_of(*phantoms: Phantom) -> list[Hair]:
    """The true hairs as a reader would draw them: inside the image, each in a unit; every twelfth is doubtful."""
    hairs: list[Hair] = []
    unit_id = 10_000
    for phantom in phantoms:
        truth = phantom.truth
        units = {unit.id: unit_id + i for i, unit in enumerate(truth.units)}
        unit_id += len(units)
        limit = np.array(truth.size_px) - 0.5
        for hair in truth.hairs:
            line = np.clip(hair.centreline_px, -0.5, limit)
            line = line[np.concatenate(([True], np.hypot(*np.diff(line, axis=0).T) > 0.01))]
            if len(line) >= 2:
                confidence = 0.9 if len(hairs) % 12 else 0.3
                width_px = hair.width_um / truth.um_per_px
                hairs.append(make_hair(len(hairs) + 1, units[hair.unit_id], line, width_px, confidence=confidence))
    return hairs


def _image(folder: Path, number: int, phantom: Phantom) -> ImageRecord:
    done, encoded = cv2.imencode(".jpg", cv2.cvtColor(phantom.image, cv2.COLOR_RGB2BGR))
    assert done
    data = encoded.tobytes()
    height, width = phantom.image.shape[:2]
    scale = Calibration(phantom.truth.um_per_px, CalibrationSource.SYNTHETIC)
    record = replace(
        make_image(number, 1 + number % 2, f"scalp {number}.jpg", calibration=scale),
        width_px=width, height_px=height, path=f"study.images/{number}.jpg", sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip
    target = folder / record.path
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    return record


class _Window:
    """Views of some images of the study, shown without a screen."""

    def __init__(self, session: Session, image_ids: tuple[int, ...], size: tuple[int, int]) -> None:
        from PySide6.QtWidgets import QApplication

        from ui.background import Background
        from ui.pixels import PixelStore
        from ui.tools import TOOLS
        from ui.tools.host import ToolHost
        from ui.view.comparison import ComparisonView
        from ui.workspace import Workspace
        from workstation.settings import Settings

        self.app = QApplication.instance() or QApplication([])
        self.workspace = Workspace(Settings(reader=READER))
        self._pixels, self._background = PixelStore(self.workspace), Background()
        tools = ToolHost(self.workspace, self._pixels, TOOLS)
        self.views: ComparisonView = ComparisonView(self.workspace, self._pixels, tools, self._background)
        self.views.resize(*size)
        self.workspace.set_session(session, image_ids)
        self.views.show()
        limit = time.monotonic() + 60
        while not all(view.ready for view in self.views.views.values()) and time.monotonic() < limit:
            self.app.processEvents()

    @property
    def first(self) -> "ImageView":
        return next(iter(self.views.views.values()))

    def settle(self) -> None:
        """Let everything come to rest."""
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            self.app.processEvents()

    def look(self, scale: float | None) -> None:
        """Show whole images, or their middles at a scale."""
        self.views.fit()
        self.settle()
        if scale is not None:
            self.first.set_viewport(self.first.viewport.scaled_to(scale))
            self.settle()

    def close(self) -> None:
        self.workspace.set_session(None)
        self._pixels.shutdown()
        self._background.shutdown()
        self.views.deleteLater()
        self.app.sendPostedEvents(None, 52)  # what was to be deleted later


@contextmanager
def _window(session: Session, image_ids: tuple[int, ...], size: tuple[int, int]) -> Iterator[_Window]:
    window = _Window(session, image_ids, size)
    try:
        yield window
    finally:
        window.close()


def _measured(session: Session) -> Iterator[Figure]:
    process = psutil.Process()
    for image_ids, size in ((PAIR, SMALL), (PAIR, LARGE), (CROWD, LARGE)):
        before = process.memory_info().rss
        with _window(session, image_ids, size) as window:
            what = "a pair" if image_ids == PAIR else "one image"
            yield from _frames(window, f"{what} in {size[0]} × {size[1]}")
            if (image_ids, size) == (PAIR, SMALL):
                grown = (process.memory_info().rss - before) / 2**20
                yield Figure(SECTION, "memory that the shown pair takes", grown, "MiB", note="12 MP each")
            if size == LARGE:
                yield from _edits(window, what)


def _frames(window: _Window, name: str) -> Iterator[Figure]:
    window.look(None)
    alone = _seconds_to_paint(window, lambda i: _pan(window.first, i), overlay=False)
    yield _figure(f"pan the image alone at fit, {name}", alone)
    for where, scale, goal in (("at fit", None, GOAL_FIT), ("at 1:1", 1.0, GOAL_CLOSE), ("at 4:1", 4.0, GOAL_CLOSE)):
        for what, move in (("pan", _pan), ("zoom", _zoom)):
            window.look(scale)
            views = window.views.views.values()
            in_sight = sum(len(v.drawing.geometry.hairs_in(v.viewport.visible_px)) for v in views)
            seconds = _seconds_to_paint(window, lambda i, move=move: move(window.first, i))
            ratio = float(np.median(seconds) / np.median(alone))
            note = f"{in_sight:,} hairs in sight; {ratio:.1f} × the image alone"
            yield _figure(f"{what} {where}, {name}", seconds, goal, note)
        sharply = _seconds_to_draw_sharply(window)
        yield _figure(f"all drawn anew {where}, {name}", sharply, note="once, when zooming pauses")


def _pan(view: "ImageView", i: int) -> None:
    dx, dy = (7, 3) if i % 20 < 10 else (-7, -3)
    view.pan_by(dx, dy)


def _zoom(view: "ImageView", i: int) -> None:
    view.zoom_by(1.05 if i % 20 < 10 else 1 / 1.05, (view.width() * 0.4, view.height() * 0.6))


def _seconds_to_paint(window: _Window, move: Callable[[int], None], *, overlay: bool = True) -> list[float]:
    for view in window.views.views.values():
        view.set_peeking(not overlay)
    seconds = []
    for i in range(FRAMES):
        start = time.perf_counter()
        move(i)
        window.views.repaint()
        seconds.append(time.perf_counter() - start)
    for view in window.views.views.values():
        view.set_peeking(False)
    return seconds


def _seconds_to_draw_sharply(window: _Window) -> list[float]:
    seconds = []
    for _ in range(7):
        for view in window.views.views.values():
            view.drawing.forget()
            view.settle_now()
        start = time.perf_counter()
        window.views.repaint()
        seconds.append(time.perf_counter() - start)
    return seconds


def _edits(window: _Window, what: str) -> Iterator[Figure]:
    """Vertices moved and hairs added: each is in the window when its time is taken."""
    for where, scale in (("at fit", None), ("at 1:1", 1.0)):
        window.look(scale)
        view = window.first
        geometry = view.drawing.geometry
        assert geometry is not None
        ids = [shape.hair.id for shape in geometry.hairs_in(view.viewport.visible_px)]
        chosen = ids[:: max(1, len(ids) // FRAMES)]
        for name, make in _edits_of(view).items():
            seconds = []
            for hair_id in chosen:
                start = time.perf_counter()
                window.workspace.commit(view.image_id, lambda read, i=hair_id, make=make: make(read, i), quiet=True)
                window.views.repaint()
                seconds.append(time.perf_counter() - start)
                window.app.processEvents()
            note = f"journal included, {len(window.workspace.read(view.image_id).hairs):,} hairs"
            yield _figure(f"{name} {where}, {what}: gesture to pixels", seconds, GOAL_EDIT, note)


def _edits_of(view: "ImageView") -> dict[str, Callable[..., object]]:
    calibration = view.record.calibration

    def move(read, i):
        return edits.move_vertex(read, i, 1, read.hairs[i].vertices_px[1] + 0.5)

    def add(read, i):
        line = np.clip(read.hairs[i].vertices_px - 3.0, 0.0, None)
        return edits.add_hair(read, line, unit=UnitChoice.NEAREST, calibration=calibration)

    return {"move a vertex": move, "add a hair": add}


def _figure(name: str, seconds: list[float], goal: str = "", note: str = "") -> Figure:
    tail = f"95th percentile {np.percentile(seconds, 95) * 1e3:.1f} ms"
    return Figure(SECTION, name, float(np.median(seconds)) * 1e3, "ms", goal, f"{note}; {tail}".lstrip("; "))
