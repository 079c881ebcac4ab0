"""How long the window stands still at worst: the longest time between two turns of its main loop while work goes on."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from analysis.detection import Detection, DetectionParameters
from tests.benchmarks.figure import Figure
from tests.benchmarks.large_study import NOTE, own_home, write_large_study
from ui import detection
from ui.application import make_application
from ui.desk import Desk
from ui.launch import SWITCH_S
from ui.live_preview import Stage
from ui.main_window import MainWindow
from workstation.detecting import Outcome
from workstation.edits import comment_hairs
from workstation.model.read import Read
from workstation.settings import Settings

SECTION = "Window: longest stand-still of the main loop"
GOAL = "≤ 100"
TICK_MS = 5
DETECTED_FOR_S = 15.0
WINDOW_PX = (2560, 1440)
SETTLED_MS = 1000


@dataclass
class Gaps:
    """Measures the turns of the main loop while something goes on."""

    longest_ms: float = 0.0
    _last_s: float = field(default_factory=time.perf_counter)

    def turn(self) -> None:
        """Called by a timer that is due every few milliseconds."""
        now_s = time.perf_counter()
        self.longest_ms, self._last_s = max(self.longest_ms, 1e3 * (now_s - self._last_s) - TICK_MS), now_s


def watched(begin: Callable[[Callable[[], None]], object], *, at_most_s: float = 600.0) -> Gaps:
    """Follow the main loop while something goes on.

    Args:
        begin: begins it; what it is given is to be called at the end.
        at_most_s: for so long and no longer.
    """
    loop, gaps = QEventLoop(), Gaps()
    ticking = QTimer(interval=TICK_MS)
    ticking.timeout.connect(gaps.turn)
    ticking.start()
    QTimer.singleShot(int(at_most_s * 1000), loop, loop.quit)
    QTimer.singleShot(2 * TICK_MS, loop, lambda: begin(lambda: QTimer.singleShot(2 * TICK_MS, loop, loop.quit)))
    loop.exec()
    ticking.stop()
    return gaps


def figures() -> list[Figure]:
    """The whole window at work, on a pair of large images."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.setswitchinterval(SWITCH_S)
    with tempfile.TemporaryDirectory() as name, own_home(Path(name) / "home"):
        path = write_large_study(Path(name))
        _ = QApplication.instance() or make_application(["trichodesk"])
        desk = Desk(Settings(reader="Ada"))
        window = MainWindow(desk)
        try:
            shown = watched(lambda done: _show(window, done))
            return [
                _figure("show the window", shown, "2560 × 1440"),
                *_opening(desk, path),
                *_correcting(desk),
                *_previewing(window),
                *_detecting(desk),
            ]
        finally:
            window.hide()
            desk.shutdown()
            window.deleteLater()


def _show(window: MainWindow, done: Callable[[], None]) -> None:
    window.resize(*WINDOW_PX)
    window.show()
    _settled(done)


def _settled(done: Callable[[], None]) -> None:
    """Call back when what is drawn in idle slices is drawn, too."""
    QTimer.singleShot(SETTLED_MS, done)


def _opening(desk: Desk, path: Path) -> list[Figure]:
    def open_and_decode(done: Callable[[], None]) -> None:
        left = {1, 2}

        def loaded(image_id: int) -> None:
            left.discard(image_id)
            if not left:
                _settled(done)

        desk.pixels.loaded.connect(loaded)
        desk.opener.open(path)

    def prepare(done: Callable[[], None]) -> None:
        desk.pixels.evidence_ready.connect(lambda _: done())
        desk.pixels.evidence(1)

    return [
        _figure("open a study and decode its images", watched(open_and_decode), NOTE),
        _figure("prepare evidence to draw along", watched(prepare)),
    ]


def _correcting(desk: Desk) -> list[Figure]:
    workspace = desk.workspace
    assert workspace.can_edit

    def comment(text: str) -> Gaps:
        def begin(done: Callable[[], None]) -> None:
            assert workspace.commit(1, lambda read: comment_hairs(read, {1}, text)) is not None
            _settled(done)

        return watched(begin)

    def save(done: Callable[[], None]) -> None:
        assert desk.saver.state.n_unsaved > 0
        desk.saver.finish(lambda _: done())

    return [
        _figure("first correction of an image", comment("first"), "a read of 2,500 hairs begins"),
        _figure("another correction", comment("next")),
        _figure("save", watched(save)),
    ]


def _previewing(window: MainWindow) -> list[Figure]:
    detecting = window.commands.detecting
    preview, sensitivity = detecting.preview, window.column.detect.form.sensitivity.slider

    def until_found(act: Callable[[], object]) -> Gaps:
        def begin(done: Callable[[], None]) -> None:
            def follow() -> None:
                if preview.stage is Stage.FOUND:
                    preview.changed.disconnect(follow)
                    _settled(done)

            act()
            preview.changed.connect(follow)

        gaps = watched(begin, at_most_s=120)
        assert preview.stage is Stage.FOUND
        return gaps

    try:
        return [
            _figure("begin to preview a detection", until_found(detecting.begin), "processes start"),
            _figure("preview another sensitivity", until_found(lambda: sensitivity.setValue(60))),
        ]
    finally:
        detecting.close()


def _detecting(desk: Desk) -> list[Figure]:
    runner, read = desk.detection, desk.workspace.study.reads[1]
    at_work = watched(lambda _: runner.detect([1, 2]), at_most_s=DETECTED_FOR_S)
    assert runner.running

    def stop(done: Callable[[], None]) -> None:
        runner.cancelled.connect(lambda: _settled(done))
        runner.cancel()

    stopped = watched(stop)

    def adopt(done: Callable[[], None]) -> None:
        runner.finished.connect(lambda _: _settled(done))
        runner.detect([1])

    real, found = detection.detect_all, _as_detected(read)
    detection.detect_all = lambda requests, *_, **__: iter([Outcome(requests[0], found)])
    try:
        adopted = watched(adopt)
    finally:
        detection.detect_all = real
    assert len(desk.workspace.study.reads) == 4
    return [
        _figure("detect", at_work, f"the first {DETECTED_FOR_S:.0f} s of it"),
        _figure("stop detecting", stopped),
        _figure("adopt what was found", adopted, "2,500 hairs"),
    ]


def _figure(name: str, gaps: Gaps, note: str = "") -> Figure:
    return Figure(SECTION, name, round(gaps.longest_ms, 1), "ms", GOAL, note)


def _as_detected(read: Read) -> Detection:
    hairs = list(read.hairs.values())
    n_vertices = np.array([len(h.vertices_px) for h in hairs])
    return Detection(
        vertices_px=np.concatenate([h.vertices_px for h in hairs]),
        vertex_width_px=np.concatenate([h.vertex_width_px for h in hairs]),
        first_vertex=np.concatenate([[0], np.cumsum(n_vertices)[:-1]]),
        n_vertices=n_vertices,
        width_px=np.array([h.width_px for h in hairs]),
        confidence=np.array([h.confidence for h in hairs]),
        root_visible=np.array([h.root_visible for h in hairs]),
        unit=np.array([-1 if h.unit_id is None else h.unit_id for h in hairs]),
        field_polygon_px=read.field.polygon_px,
        exclusions=(),
        parameters=DetectionParameters(),
        um_per_px=5.34,
        seconds=1.0,
        notes=(),
    )
