"""A trial of up to 10,000 images of 100 hairs as values: opening, statistics, overview, saving, memory, the window.

Each size has processes of its own, one that makes the study and one that works on it, so that the memory of one is not
counted for another.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.benchmarks.figure import Figure
from tests.benchmarks.large_study import own_home
from tests.benchmarks.large_trial import N_HAIRS, N_VERTICES, large_trial

SECTION = "A large trial"
SIZES = (2500, 5000, 10_000)
REPEATS = 3
GOALS = {
    "open": "< 3",
    "stats": "< 2",
    "overview": "< 2",
    "longest stand-still": "≤ 100",
    "longest stand-still, all images listed": "≤ 100",
}
UNITS = {
    "file": "MiB",
    "peak memory of opening and statistics": "MiB",
    "longest stand-still": "ms",
    "longest stand-still, all images listed": "ms",
}
NOTES = {
    "open": "verified, its edits and journal looked into; best of 3",
    "open, as saved elsewhere": "every read checked anew",
    "stats": "all endpoints and visits, imports included",
    "peak memory of opening and statistics": "above that of the program with nothing open",
    "save at first": "every image measured",
    "save after one edit": "written whole, read back and compared",
    "window: until shown": "from asking for the study",
}


def figures() -> list[Figure]:
    """Each size, and by how much the largest takes longer than the smallest for each image."""
    measured = {n: _measured(n) for n in SIZES}
    found = []
    for name in measured[SIZES[0]]:
        values = {n: measured[n][name] for n in SIZES}
        unit, note = UNITS.get(name.removeprefix("window: "), "s"), NOTES.get(name, "")
        goal = GOALS.get(name.removeprefix("window: "), "")
        found += [
            Figure(SECTION, f"{name}, {n:,} images", value, unit, goal if n == SIZES[-1] else "", note)
            for n, value in values.items()
        ]
        growth = values[SIZES[-1]] / values[SIZES[0]] * SIZES[0] / SIZES[-1]
        if "stand-still" not in name:
            found.append(Figure(SECTION, f"{name}: growth an image", growth, "×", "≤ 1.1", "1 is linear"))
    return found


def _measured(n_images: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found: dict[str, float] = {}
        for work in (_make, _work, _open_elsewhere, _show):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                found |= process.submit(work, folder, n_images).result()
    return found


def _seconds(action: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def _make(folder: Path, n_images: int) -> dict[str, float]:
    from workstation.session import create_study

    study = large_trial(n_images)
    assert sum(len(read.hairs) for read in study.reads.values()) == n_images * N_HAIRS
    assert all(len(hair.vertices_px) == N_VERTICES for hair in study.reads[1].hairs.values())
    with own_home(folder / "home"):
        took, _ = _seconds(lambda: create_study(folder / "trial.h5", study, user="Ada"))
    return {"save at first": took, "file": (folder / "trial.h5").stat().st_size / 2**20}


def _work(folder: Path, _n_images: int) -> dict[str, float]:
    from workstation.session import open_study
    from workstation.trial.analysing import analyse
    from workstation.trial.overview import overview

    path, found = folder / "trial.h5", {}
    with own_home(folder / "home"):
        before = _peak_mib()
        took = []
        for _ in range(REPEATS):
            seconds, session = _seconds(lambda: open_study(path, "Ada"))
            took.append(seconds)
            session.close()
            del session
        found["open"] = min(took)
        session = open_study(path, "Ada")
        found["stats"], _ = _seconds(lambda: analyse(session.study))
        found["overview"], _ = _seconds(lambda: overview(session.study))
        if before is not None:
            found["peak memory of opening and statistics"] = _peak_mib() - before
        found["begin a read"], read = _seconds(lambda: session.document.current_reader_read(5))
        found["one edit"] = _edit(session, read.id)
        found["save after one edit"], _ = _seconds(session.save)
        session.close()
    return found


def _edit(session: Any, read_id: int) -> float:
    from workstation.edits import comment_hairs

    def comment() -> None:
        session.document.apply(comment_hairs(session.study.reads[read_id], [1], "looked at"))

    return _seconds(comment)[0]


def _open_elsewhere(folder: Path, _n_images: int) -> dict[str, float]:
    from workstation.session import open_study

    with own_home(folder / "elsewhere"):
        seconds, session = _seconds(lambda: open_study(folder / "trial.h5", "Ada"))
        assert session.read_only_because is None
        session.close()
    return {"open, as saved elsewhere": seconds}


def _show(folder: Path, _n_images: int) -> dict[str, float]:
    """The window, offscreen: from asking for the study to its images' places in it drawn."""
    import os

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from tests.benchmarks.bench_freezes import WINDOW_PX, _settled, watched
    from ui.application import make_application
    from ui.desk import Desk
    from ui.launch import SWITCH_S
    from ui.main_window import MainWindow
    from ui.panels.visit_bar import VisitBar
    from workstation.settings import Settings

    sys.setswitchinterval(SWITCH_S)
    with own_home(folder / "home"):
        _ = QApplication.instance() or make_application(["trichodesk"])
        desk = Desk(Settings(reader="Ada"))
        window = MainWindow(desk)
        try:
            watched(lambda done: _shown(window, WINDOW_PX, done))
            start, ended = time.perf_counter(), []

            def opened(done: Callable[[], None]) -> None:
                ended.append(time.perf_counter())
                _settled(done)

            gaps = watched(lambda done: desk.opener.open(folder / "trial.h5", lambda: opened(done)))
            window.show_images(desk.workspace.shown)
            bar = window.visit_bar.findChild(VisitBar)
            listed = watched(lambda done: (bar.open_browser(), _settled(done)))
        finally:
            window.hide()
            desk.shutdown()
            window.deleteLater()
    return {
        "window: until shown": ended[0] - start,
        "window: longest stand-still": gaps.longest_ms,
        "window: longest stand-still, all images listed": listed.longest_ms,
    }


def _shown(window: Any, size: tuple[int, int], done: Callable[[], None]) -> None:
    window.resize(*size)
    window.show()
    done()


def _peak_mib() -> float:
    """The most memory this process ever had, in MiB; unlike `ru_maxrss` not inherited from the one that began it."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), float("nan"))
