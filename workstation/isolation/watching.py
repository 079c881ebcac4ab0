"""Sees to it from outside that a worker keeps to its limits: what its own system does not stop, this does."""

import subprocess
import threading
import time
from types import TracebackType

import psutil

from workstation.isolation.allowance import Allowance

LOOK_S = 0.1
GRACE_S = 2.0
"""A worker's own timer comes first."""


class Watch:
    """Ends a process that takes too long or too much while the body of this context manager runs."""

    def __init__(self, process: "subprocess.Popen[bytes]", most: Allowance) -> None:
        self.too_long = False
        self.too_much = False
        self._process = process
        self._most = most
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        deadline = time.monotonic() + self._most.seconds + GRACE_S
        if self._over.wait(LOOK_S):
            return  # most work is done by now
        try:
            seen = psutil.Process(self._process.pid)
            idle_bytes = seen.memory_info().rss
            while not self._over.wait(LOOK_S):
                self.too_long = time.monotonic() > deadline
                self.too_much = seen.memory_info().rss > idle_bytes + self._most.memory_bytes
                if self.too_long or self.too_much:
                    self._process.kill()
                    return
        except psutil.Error:
            pass  # it has ended
