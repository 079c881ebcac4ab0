"""Gives memory that nothing uses back to the system.

The GNU C library keeps what was freed between pieces that are still in use: after some hundred edits and changes of
images that is a hundred megabytes. Other C libraries have no such call, nor need for one.
"""

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 20_000


@cache
def _trim() -> Callable[[int], Any] | None:
    try:
        found: Callable[[int], Any] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # TypeError: Windows has no library of the program itself
        return None
    return found


def give_back() -> bool:
    """Give back what can be; some ten milliseconds. Returns whether this C library can."""
    trim = _trim()
    if trim is not None:
        trim(0)
    return trim is not None


class SpareMemory(QObject):
    """Gives memory back now and then, until it is stopped.

    Args:
        parent: the Qt parent.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(lambda: give_back())
        self._timer.start()

    def stop(self) -> None:
        """Leave it alone from now on."""
        self._timer.stop()
