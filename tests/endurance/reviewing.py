"""A day's work at the window in a fraction of the time: does memory grow, does anything stay behind?

20,000 edits of 200 images in the real window, drawn without a screen: by keys, mouse and panels, with undo, saves, all
ways of comparing, the other pages and dialogs. At rest, every few hundred edits, it is noted what the program takes. Of
memory, what the history and the audit trail need by design is measured by itself: the same study with the same trail,
opened anew in a process of its own.
"""

import gc
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.endurance.large_desk import make_many
from tests.endurance.reviewer import Reviewer
from tests.ui.small_session import READER
from ui.desk import Desk
from ui.garbage import MainThreadCollector
from ui.main_window import MainWindow
from ui.spare_memory import give_back
from workstation.settings import Settings, load_settings, save_settings

SECTION = "Eight hours of review"
SETTLED = 0.2
"""From this share of the edits on memory must be flat: before, caches fill and pages are first made."""
GOAL_PERCENT = 10.0


@dataclass(frozen=True)
class Extent:
    """How much work."""

    n_edits: int = 20_000
    n_images: int = 200
    n_looks: int = 40
    """How often it is noted what the program takes."""
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
    desk = Desk(load_settings())
    window = MainWindow(desk)
    window.resize(960, 640)
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


def growth_percent(values: list[float]) -> float:
    """By how much the line through the values rises from its start to its end."""
    slope, start = np.polyfit(np.arange(len(values)), values, 1)
    return float(100 * slope * (len(values) - 1) / start)
