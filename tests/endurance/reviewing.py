"""A day's work at the window in a fraction of the time: does memory grow, does anything stay behind?

20,000 edits of 200 images in the real window, drawn without a screen: by keys, mouse and panels, with undo, saves, all
ways of comparing, the other pages and dialogs. At rest, every few hundred edits, it is noted what the program takes.

Two things grow by design. Every edit stays in memory, to be undone and saved: what one needs is measured without a
window (`per_edit`), told, and taken off. And pictures are kept up to an eighth of the computer's memory: here up to a
few megabytes, so that the store is full long before memory has to be flat.
"""

import gc
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.benchmarks.figure import Figure
from tests.endurance.large_desk import make_many
from tests.endurance.reviewer import Reviewer
from tests.faults.scratch import scratch_folder
from tests.ui.small_session import READER
from ui import pixels
from ui.desk import Desk
from ui.garbage import MainThreadCollector
from ui.main_window import MainWindow
from ui.spare_memory import give_back
from workstation.settings import Settings, load_settings, save_settings

SECTION = "Eight hours of review"
SETTLED = 0.2
"""From this share of the edits on memory must be flat: before, caches fill and pages are first made."""
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Extent:
    """How much work."""

    n_edits: int = 20_000
    n_images: int = 200
    n_looks: int = 40
    """How often it is noted what the program takes."""
    pictures_mib: int = 16
    """What the store of pictures may take."""
    seed: int = 7


@dataclass(frozen=True)
class Look:
    """What the program takes at one moment at rest."""

    n_edits: int
    memory_mib: float
    widgets: int
    windows: int
    threads: int
    children: int
    files: int
    temporary: int
    """Files in the folder of temporary ones and beside the study."""


def review(folder: Path, extent: Extent, say: Callable[[Look], None] = lambda _: None) -> list[Look]:
    """Do the work; what the program took on the way. `TRICHODESK_HOME` and the temporary folder are the caller's."""
    study = make_many(folder / "study", extent.n_images)
    save_settings(Settings(reader=READER, autosave_after_s=3600))
    application = QApplication.instance() or QApplication([])
    with patch.object(pixels, "_usual_budget", lambda: extent.pictures_mib << 20):
        desk = Desk(load_settings())
    window = MainWindow(desk)
    window.resize(900, 600)
    window.show()
    window.begin(study)
    collector = MainThreadCollector()
    reviewer, looks = Reviewer(window, extent.seed), []
    reviewer.wait(lambda: desk.workspace.session is not None)
    per_look, look_at = extent.n_edits / extent.n_looks, 0
    per_image = extent.n_edits / extent.n_images
    for number in range(1, extent.n_images, 2):
        reviewer.open_images((number, number + 1))
        for image_id in (number, number + 1):
            desk.workspace.set_active(image_id)
            reviewer.correct(round((number + (image_id > number)) * per_image) - reviewer.n_edits)
        if number % 4 == 1:
            reviewer.look_about()
        reviewer.save()
        if reviewer.n_edits >= look_at:
            look_at += per_look
            looks.append(look(reviewer, study))
            say(looks[-1])
    window.close()
    reviewer.wait(lambda: not window.isVisible())
    desk.shutdown()
    collector.stop()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert application is not None
    return looks


def look(reviewer: Reviewer, study: Path) -> Look:
    """What the program takes, after all that is not needed was given back."""
    reviewer.come_to_rest()
    for _ in range(3):
        QTest.qWait(20)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
    give_back()
    process = psutil.Process()
    temporary = [*Path(tempfile.gettempdir()).rglob("*"), *study.parent.glob(".*")]
    return Look(
        reviewer.n_edits,
        process.memory_info().rss / 2**20,
        len(QApplication.allWidgets()),
        len(QApplication.topLevelWidgets()),
        max(process.num_threads(), threading.active_count()),
        len(process.children(recursive=True)),
        process.num_fds() if hasattr(process, "num_fds") else 0,
        len(temporary),
    )


def growth_percent(values: Sequence[float]) -> float:
    """By how much the line through the values rises from its start to its end."""
    slope, start = np.polyfit(np.arange(len(values)), values, 1)
    return float(100 * slope * (len(values) - 1) / start)


def figures_of(looks: Sequence[Look], extent: Extent, kib_per_edit: float) -> list[Figure]:
    """What a review came to."""
    settled = [look for look in looks if look.n_edits >= SETTLED * extent.n_edits]
    first, last = settled[0], settled[-1]
    memory = [look.memory_mib for look in settled]
    without = [look.memory_mib - kib_per_edit * look.n_edits / 1024 for look in settled]
    note = (
        f"{first.memory_mib:.0f} MiB at edit {first.n_edits:,}, {last.memory_mib:.0f} MiB at edit {last.n_edits:,}; "
        f"by design {kib_per_edit:.1f} KiB an edit for history, trail and reads; with them "
        f"{growth_percent(memory):+.1f} %"
    )
    found = [Figure(SECTION, "growth of memory, edits taken off", growth_percent(without), "%", "≤ 10", note)]
    for name in ("widgets", "windows", "threads", "children", "files", "temporary"):
        values = [getattr(look, name) for look in settled]
        half = len(values) // 2
        more = max(values[half:]) - max(values[: half + 1])
        told = f"{min(values)} to {max(values)}"
        found.append(Figure(SECTION, f"more {LEAKS[name]} in the second half than in the first", more, "", "≤ 2", told))
    return found


LEAKS = {
    "widgets": "widgets", "windows": "windows", "threads": "threads", "children": "processes",
    "files": "open files", "temporary": "temporary files",
}  # fmt: skip


def figures(extent: Extent | None = None) -> list[Figure]:
    """Review, and tell what it took."""
    extent = extent or Extent()
    with scratch_folder() as folder:
        own = folder / "temporary"
        own.mkdir()
        with patch.object(tempfile, "tempdir", str(own)):
            looks = review(folder, extent, lambda look: print(look, file=sys.stderr, flush=True))
    return figures_of(looks, extent, per_edit())


def per_edit() -> float:
    """What an edit takes in memory by design, in KiB: measured in a process without a window."""
    with scratch_folder() as folder:
        command = [sys.executable, "-W", "ignore", "-m", "tests.endurance.memory_of_edits", str(folder)]
        return float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
