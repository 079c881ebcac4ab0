"""Tries out on a part of an image what a detection would find: only what was asked for last is answered."""

from concurrent.futures import BrokenExecutor, wait
from functools import partial
from threading import Event

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from analysis.detection import Detection, DetectionParameters
from ui.background import Background, Task
from ui.problems import told_to_user
from ui.worker_pool import WorkerPool
from workstation.detecting import detect_pixels
from workstation.errors import UserFacingError
from workstation.jobs import Job

POLL_S = 0.05


class Trials(QObject):
    """See the module. Lives on the main thread as the window does.

    Args:
        background: whose one thread waits for the processes.
        pool: the processes, touched on that thread alone.
        parent: the Qt parent.
    """

    asked = Signal()
    """The processes are needed."""
    answered = Signal(object)
    """A `Detection`, in pixels of the part."""
    failed = Signal(object)
    """A `UserFacingError`."""

    def __init__(self, background: Background, pool: WorkerPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._pool = pool
        self._stop = Event()
        self._task: Task[Detection | None] | None = None

    def ask(self, pixels: NDArray[np.uint8], um_per_px: float | None, parameters: DetectionParameters) -> None:
        """Detect in a part of an image; what was asked for before is dropped.

        Args:
            pixels: of the part, (H, W, 3); they do not change any more.
            um_per_px: the image's scale, None where it is not known.
            parameters: what to look for.
        """
        self.drop()
        self._stop = Event()
        self._task = self._background.submit(
            partial(self._work, self._stop, pixels, um_per_px, parameters),
            self.answered.emit,
            self._on_failed,
            name="trying out a detection",
        )
        self.asked.emit()

    def drop(self) -> None:
        """Nobody wants an answer any more."""
        self._stop.set()
        if self._task is not None:
            self._task.drop()
            self._task = None

    def _work(
        self, stop: Event, pixels: NDArray[np.uint8], um_per_px: float | None, parameters: DetectionParameters
    ) -> Detection | None:
        """On the background's thread; None where it was dropped."""
        try:
            part = np.ascontiguousarray(pixels)
            job = Job(self._pool.executor(), partial(detect_pixels, part, um_per_px, parameters))
            while not job.future.done():
                if stop.is_set():
                    job.cancel()
                    return None
                wait([job.future], POLL_S)
            return job.result()
        except BrokenExecutor:
            self._pool.end()
            raise

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, BrokenExecutor):
            error = UserFacingError(
                "the preview was ended from outside, most often because the computer's memory was used up",
                remedy="Close other programs and change something here.",
            )
        self.failed.emit(told_to_user(error, "there is no preview"))
