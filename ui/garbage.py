"""Collects Python's cyclic garbage on the main thread alone.

By itself Python collects on whichever thread happens to allocate. A widget that is part of a cycle, as any with a
lambda in it may be, is then destroyed on a worker thread, and Qt takes the program down with it.
"""

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 250


class MainThreadCollector(QObject):
    """Takes the place of automatic collection until it is stopped. Lives on the main thread.

    Args:
        parent: the Qt parent.
        interval_ms: how often to look whether there is enough to collect.
    """

    def __init__(self, parent: QObject | None = None, *, interval_ms: int = INTERVAL_MS) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=interval_ms)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()

    def collect_if_due(self) -> int | None:
        """Collect as Python itself would by its thresholds.

        Returns:
            The oldest generation that was collected; None where nothing was due.
        """
        due = [count > limit > 0 for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        for generation in (2, 1, 0):
            if due[generation]:
                gc.collect(generation)
                return generation
        return None

    def spare_present(self) -> None:
        """What is there now lives as long as the program: looking through it again and again would only cost time.

        Most of what Python looks through are modules: without them a full collection takes a fifth of the time.
        """
        gc.freeze()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
