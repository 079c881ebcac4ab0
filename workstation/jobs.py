"""Long work on any `concurrent.futures` executor: progress, cancel, and stale results dropped.

A job's inputs are immutable and its function takes a `Report` last. Progress and the wish to cancel travel through a
file of 128 bytes that both sides map into memory, so that threads and processes of this machine are served alike,
without a manager process. On an executor that reaches other machines the file is not there: the work runs all the
same, and a cancelled job is told by its result being dropped.
"""

import mmap
import struct
import tempfile
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from analysis.progress import Cancelled, Report

R = TypeVar("R")

_LAYOUT = struct.Struct("<?d96s")  # cancelled, fraction, stage
_FRACTION_AND_STAGE = struct.Struct("<d96s")


@dataclass(frozen=True, slots=True)
class FileReport:
    """A report that crosses threads and processes: picklable, since it only names the file."""

    path: str

    def __call__(self, stage: str, fraction: float) -> None:
        """Note the progress.

        Raises:
            Cancelled: if the job was cancelled.
        """
        try:
            with open(self.path, "r+b") as file, mmap.mmap(file.fileno(), _LAYOUT.size) as memory:
                if memory[0]:
                    raise Cancelled
                memory[1 : _LAYOUT.size] = _FRACTION_AND_STAGE.pack(fraction, stage.encode()[:96])
        except FileNotFoundError:
            pass  # another machine, or nobody waits any longer


class Job(Generic[R]):
    """Work in progress. Belongs to the thread that submitted it."""

    def __init__(self, executor: Executor, work: Callable[[Report], R]) -> None:
        with tempfile.NamedTemporaryFile(prefix="trichodesk-job-", delete=False) as file:
            file.write(_LAYOUT.pack(False, 0.0, b""))
        self._channel = Path(file.name)
        self._cancelled = False
        self.future: Future[R] = executor.submit(work, FileReport(file.name))
        self.future.add_done_callback(lambda _: self._channel.unlink(missing_ok=True))

    @property
    def progress(self) -> tuple[str, float]:
        """The stage's name and the share of the work that is done; empty and 1 when it is over."""
        if self.future.done():  # what tidies up after it may not have run yet
            return "", 1.0
        try:
            _, fraction, stage = _LAYOUT.unpack(self._channel.read_bytes())
        except FileNotFoundError:
            return "", 1.0
        return stage.rstrip(b"\0").decode(errors="ignore"), fraction

    def cancel(self) -> None:
        """Ask the work to stop. Its result is dropped even if it was too late."""
        self._cancelled = True
        if self.future.cancel():
            return
        try:
            with open(self._channel, "r+b") as file:
                file.write(b"\1")
        except FileNotFoundError:
            pass  # it is over

    def result(self, timeout_s: float | None = None) -> R:
        """The result, waited for.

        Raises:
            Cancelled: if the job was cancelled or a newer one took its place.
            TimeoutError: if it took longer than `timeout_s`.
        """
        try:
            result = self.future.result(timeout_s)
        except CancelledError as error:
            raise Cancelled from error
        if self._cancelled:
            raise Cancelled
        return result


class Jobs:
    """Jobs by key: a newer one with the same key cancels the older, whose result is then dropped."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._running: dict[object, Job[Any]] = {}

    def submit(self, key: object, work: Callable[[Report], R]) -> Job[R]:
        """Start work. On a process executor `work` must be picklable: a `functools.partial` of a function."""
        if older := self._running.pop(key, None):
            older.cancel()
        self._running = {k: job for k, job in self._running.items() if not job.future.done()}
        job: Job[R] = Job(self._executor, work)
        self._running[key] = job
        return job

    def cancel_all(self) -> None:
        """Cancel whatever still runs."""
        for job in self._running.values():
            job.cancel()
        self._running.clear()
