"""Work in other processes: a few of them, kept for the next piece of work, a new one for each that dies."""

import atexit
import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from workstation.errors import UserFacingError
from workstation.isolation.allowance import Allowance
from workstation.isolation.worker import Answer, Died, Ended, How, Worker

log = logging.getLogger(__name__)

R = TypeVar("R")

MOST_WORKERS = max(2, min(4, os.cpu_count() or 1))
TRIES = 3


class Workers:
    """Workers that wait for work: as many as were needed at once, and a fresh one for each that died."""

    def __init__(self, most: int = MOST_WORKERS) -> None:
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._lock = threading.Lock()
        self._places = threading.Semaphore(most)
        self._closed = False

    @contextmanager
    def lent(self) -> Iterator[Worker]:
        """A worker for one piece of work."""
        with self._places:
            with self._lock:
                worker = self._idle.pop() if self._idle else Worker()
                self._busy.add(worker)
            well = False
            try:
                yield worker
                well = True
            except (UserFacingError, Died):
                well = True  # unless it is dead
                raise
            finally:  # Ctrl-C, say, leaves one in the middle of its work
                self._put_back(worker, well=well and worker.alive)

    def warm_up(self) -> None:
        """Have a worker ready soon; returns at once."""
        with self._lock:
            if not (self._idle or self._busy or self._closed):
                self._idle.append(Worker(ahead=True))

    def close(self) -> None:
        """End them all; for good."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = tuple(self._busy)
        for worker in busy:
            worker.kill()
        for worker in idle:
            worker.end()

    def _put_back(self, worker: Worker, *, well: bool) -> None:
        if well:
            worker.tidy()
        else:
            worker.kill()
            worker.end()
        with self._lock:
            self._busy.discard(worker)
            keep = well and not self._closed
            if keep:
                self._idle.append(worker)
            elif not self._closed:
                with contextlib.suppress(UserFacingError):  # whoever needs one is told
                    self._idle.append(Worker(ahead=True))
        if well and not keep:
            worker.end()


def call(
    task: str,
    arguments: dict[str, Any],
    take: Callable[[Answer], R],
    *,
    first: Allowance,
    most: Allowance,
    data: bytes | None = None,
) -> R:
    """Have a piece of work done in a worker, and wait for it; from any thread.

    Args:
        task: `module:function`, as `workstation.isolation.task` has it.
        arguments: plain values.
        take: makes of the answer what is wanted, while the shared file still holds it.
        first: what it may use to find out how much it needs.
        most: what it may use at all.
        data: what it works on, put into the shared file.

    Raises:
        UserFacingError: what the work says of the file, without the file's name.
        Died: if it was not done.
    """
    for _ in range(TRIES):
        try:
            with _workers().lent() as worker:
                return take(worker.do(task, arguments, data, first, most))
        except Ended:
            continue  # somebody ended it while it waited
        except Died as death:
            log.warning(f"{task} came to nothing: {death}")  # none of it is of the file
            raise
    raise Died(How.CRASHED, "before it began")


def warm_up() -> None:
    """Have a worker ready soon, for one takes a while to start; returns at once."""
    with contextlib.suppress(UserFacingError):  # whoever needs one is told
        _workers().warm_up()


_present: Workers | None = None
_making = threading.Lock()


def _workers() -> Workers:
    global _present
    with _making:
        if _present is None:
            _present = Workers()
            atexit.register(_close)
        return _present


def _close() -> None:
    if _present is not None:
        _present.close()


def _forget() -> None:
    """In a process that was forked: the workers belong to its parent."""
    global _present, _making
    _present, _making = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
