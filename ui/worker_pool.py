"""Processes that wait for heavy work: started when there is some, ended when there was none for a while."""

import os
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from functools import partial
from threading import Thread

from workstation.detecting import processes

BYTES_EACH = 2 << 30
"""What a process may need: 1.6 GB for 12 megapixels at 12 µm, which detection enlarges."""
MOST = 8
GRACE_S = 0.3
"""How long processes may take to end of their own accord."""


def number_of_processes() -> int:
    """As many as the computer has cores and memory for, one core left for the window."""
    import psutil

    cores, memory = os.cpu_count() or 1, psutil.virtual_memory().available
    return int(max(1, min(cores - 1, memory // BYTES_EACH, MOST)))


class WorkerPool:
    """A pool of processes that comes to life when it is asked for. For one thread at a time."""

    def __init__(self) -> None:
        self.size = 0
        """Number of processes at most; 0 before there was a pool."""
        self._context: AbstractContextManager[Executor] | None = None
        self._executor: Executor | None = None

    def executor(self) -> Executor:
        """The pool, started if there is none or if one of its processes was killed meanwhile."""
        if self._executor is not None:
            try:
                self._executor.submit(os.getpid)
            except BrokenProcessPool:
                self.end()
        if self._executor is None:
            self.size = number_of_processes()
            self._context = processes(self.size)
            self._executor = self._context.__enter__()
        return self._executor

    def end(self) -> None:
        """End the processes: those that do not come to an end soon are killed, for they hold nothing of value."""
        context, executor = self._context, self._executor
        self._context = self._executor = None
        if context is None:
            return
        if isinstance(executor, ProcessPoolExecutor):
            workers = list((executor._processes or {}).values())
            closing = Thread(target=partial(executor.shutdown, wait=True, cancel_futures=True), name="ending")
            closing.start()
            # not at once: Python 3.11 stumbles over work that was cancelled before it began when a pool breaks
            closing.join(GRACE_S)
            if closing.is_alive():
                for worker in workers:
                    worker.kill()
                closing.join()
        context.__exit__(None, None, None)
