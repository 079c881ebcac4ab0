"""How quickly many visits are told of: the film strip with its changes and thumbnails, and the history of a unit."""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from analysis.calibration import Calibration, CalibrationSource
from analysis.registration.result import Registration, Verdict
from analysis.registration.warp import Warp
from tests.benchmarks.bench_edits import own_home
from tests.benchmarks.figure import Figure
from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation import edits
from workstation.model.field import Field
from workstation.model.pair import RegistrationRecord
from workstation.model.read import Read
from workstation.model.study import Study, Visit
from workstation.session import Session, create_study, open_study
from workstation.settings import Settings

SECTION = "Many visits"
N_VISITS, N_UNITS, LOST_SHARE = 8, 400, 0.05
SIZE_PX = (2274, 2048)
UM_PER_PX = 5.34
ANSWER = "≤ 100 ms"
NOTE = f"{N_VISITS} visits of {N_UNITS} units, 13 pairs"


def figures() -> list[Figure]:
    """The film strip and the history of units over eight visits."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder, own_home(Path(folder) / "home"):
        path = Path(folder) / "visits.h5"
        create_study(path, _study(Path(folder)), user="Ada")
        with open_study(path, "Ada") as session:
            _register(session)
            return list(_measured(session))


def _measured(session: Session) -> Iterator[Figure]:
    from PySide6.QtWidgets import QApplication

    from ui.desk import Desk
    from ui.garbage import MainThreadCollector
    from ui.main_window import MainWindow
    from workstation.entry import Selection

    _application = QApplication.instance() or QApplication([])
    collector = MainThreadCollector()
    desk = Desk(Settings(reader="Ada"))
    window = MainWindow(desk)
    window.resize(1440, 900)
    window.show()
    strip, history, workspace = window.film_strip, window.column.history, desk.workspace
    start = time.perf_counter()
    workspace.set_session(session, (1, N_VISITS))
    still_s = _wait(lambda: _all_told(strip.frames.values()))
    yield Figure(SECTION, "film strip: all changes and thumbnails", time.perf_counter() - start, "s", "", NOTE)
    yield Figure(SECTION, "longest stand-still meanwhile, the window's first frame included", 1e3 * still_s, "ms")
    times_s, still_s = [], 0.0
    for unit_id in list(session.study.reads[1].units)[:20]:
        start = time.perf_counter()
        workspace.select(Selection(1, frozenset(), frozenset({unit_id})))
        title = f"Unit {unit_id} "
        still_s = max(still_s, _wait(lambda title=title: history.title.startswith(title)))  # type: ignore[misc]
        times_s.append(time.perf_counter() - start)
    yield Figure(SECTION, "from selecting a unit to its history", 1e3 * float(np.median(times_s)), "ms", ANSWER)
    yield Figure(SECTION, "longest stand-still meanwhile", 1e3 * still_s, "ms", ANSWER)
    before = strip.frames[N_VISITS].state
    gone = list(session.study.reads[1].hairs)[:60]
    start = time.perf_counter()
    workspace.commit(1, lambda read: edits.delete_hairs(read, gone))
    still_s = _wait(lambda: strip.frames[N_VISITS].state != before and not desk.matches.busy)
    yield Figure(SECTION, "from an edit of the first visit to all changes", time.perf_counter() - start, "s", "≤ 2 s")
    yield Figure(SECTION, "longest stand-still after an edit of the first visit", 1e3 * still_s, "ms", ANSWER)
    window.hide()
    workspace.set_session(None)
    desk.shutdown()
    collector.stop()


def _all_told(frames) -> bool:  # type: ignore[no-untyped-def]
    """Whether every visit has its thumbnail and its change since the first visit."""
    told = [f.has_picture and f.state and (f.state.first is None or f.state.first.figure != "—") for f in frames]
    return len(told) == N_VISITS and all(told)


def _wait(until: Callable[[], bool], limit_s: float = 60.0) -> float:
    """Keep the window going; gives the longest time that it did not answer."""
    from PySide6.QtCore import QCoreApplication

    longest, end = 0.0, time.perf_counter() + limit_s
    while not until():
        start = time.perf_counter()
        if start > end:
            raise TimeoutError("the window did not get ready")
        QCoreApplication.processEvents()
        longest = max(longest, time.perf_counter() - start)
        time.sleep(0.002)
    return longest


def _study(folder: Path) -> Study:
    random = np.random.default_rng(0)
    side = int(np.ceil(np.sqrt(N_UNITS)))
    axes = (np.linspace(60, length - 60, side) for length in SIZE_PX)
    places = np.stack(np.meshgrid(*axes), -1).reshape(-1, 2)[:N_UNITS]
    places = places + random.uniform(-12, 12, places.shape)
    images, visits = [], []
    for i in range(1, N_VISITS + 1):
        pixels = random.integers(100, 200, (SIZE_PX[1], SIZE_PX[0], 3), dtype=np.uint8)
        data = cv2.imencode(".jpg", pixels)[1].tobytes()
        scale = Calibration(UM_PER_PX, CalibrationSource.MANIFEST)
        image = replace(
            make_image(i, i, f"{i}.jpg", calibration=scale),
            width_px=SIZE_PX[0],
            height_px=SIZE_PX[1],
            sha256=hashlib.sha256(data).hexdigest(),
        )
        (folder / image.path).parent.mkdir(exist_ok=True)
        (folder / image.path).write_bytes(data)
        images.append(image)
        visits.append(Visit(i, "S01", f"week {i - 1}", float(i - 1)))
    return make_study([_read(i, places, random) for i in range(1, N_VISITS + 1)], images, visits)


def _read(image_id: int, places_px: np.ndarray, random: np.random.Generator) -> Read:
    hairs = []
    for unit, place in enumerate(places_px, start=1):
        if random.random() < LOST_SHARE:
            continue
        for k in (0, 1):
            root = np.add(place + random.normal(0, 2, 2), (8 * k, 0))
            line = [root, np.add(root, (3, 20)), np.add(root, (5, 45))]
            hairs.append(make_hair(10 * N_UNITS + 2 * unit + k, unit, line, 9 + random.normal()))
    return make_read(hairs, id_=image_id, image_id=image_id, field=Field.whole_image(*SIZE_PX))


def _register(session: Session) -> None:
    warp = Warp(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))
    result = Registration(warp, Verdict.GOOD, "known to be so", 12.0, N_UNITS, 1.0, 1.3)
    for later in range(2, N_VISITS + 1):
        for earlier in dict.fromkeys((1, later - 1)):
            record = RegistrationRecord(result, earlier, later, 0, "", "2026-01-02T03:04:05Z")
            session.document.apply(edits.add_registration(session.study, earlier, later, record))
