"""A process that does one job after another and is watched: a crash, a stand-still or too much memory ends it.

A fresh process for each job would spend a thousand times longer on starting than on the job. What a job does with
globals stays, so the work should keep none.
"""

import contextlib
import ctypes
import faulthandler
import importlib
import math
import multiprocessing
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

from workstation.isolation import child

LIMIT_S = 10.0
STARVED = 6
"""Who shares the processor with others, or waits for a disk, may take so many times longer."""
START_LIMIT_S = 600.0
MEMORY_MIB = 2048
BACKSTOP_MIB = 2 * MEMORY_MIB
"""Where the system refuses memory: above the limit, so that what takes too much is seen to, and far below all of it."""
_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job."""

    kind: str
    """What the work said of it, or `crash`, `hang`, `memory`, or `bug`: an exception that nobody expected."""
    text: str = ""
    seconds: float = 0.0
    peak_mib: float = 0.0
    """The process's memory at most, over what it had before."""

    @property
    def is_fault(self) -> bool:
        """Whether no file should be able to bring this about."""
        return self.kind in ("crash", "hang", "memory", "bug", "different")


class Worker:
    """Does jobs in a process of its own, which is started anew when it fell.

    Args:
        work: `module:function`. The function is called once in the process with `setting`; what it returns is called
            for each job and gives a kind and a text.
        setting: for the function.
    """

    def __init__(self, work: str, setting: Mapping[str, Any], *, memory_mib: int = MEMORY_MIB) -> None:
        self._start = (work, dict(setting), memory_mib)
        self._process: Any = None
        self._pipe: Connection | None = None
        self.n_started = 0

    def do(self, job: Any) -> Outcome:
        """Do a job; never raises for what the job does."""
        pipe = self._pipe or self._started()
        begun = time.monotonic()
        try:
            pipe.send(job)
            if self._answers(pipe):
                return Outcome(*pipe.recv())
            kind, text = "hang", f"not done after {LIMIT_S:g} s"
        except (EOFError, OSError):
            self._process.join(5)
            code = self._process.exitcode
            kind, text = "crash", signal.Signals(-code).name if code and code < 0 else f"exit {code}"
        self.close()
        return Outcome(kind, text, time.monotonic() - begun)

    def close(self) -> None:
        """End the process."""
        if self._pipe is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
            self._pipe = None

    def __enter__(self) -> "Worker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answers(self, pipe: Connection) -> bool:
        """Wait for the answer as long as a job may take; on a busy computer the time of the processor counts."""
        process = psutil.Process(self._process.pid)
        end_s, end_cpu_s = time.monotonic() + STARVED * LIMIT_S, _cpu_s(process) + LIMIT_S
        while not pipe.poll(min(LIMIT_S, 1.0)):
            if time.monotonic() >= end_s or _cpu_s(process) >= end_cpu_s:
                return False
        return True

    def _started(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there, *self._start), daemon=True)
        self._process.start()
        there.close()
        if not here.poll(START_LIMIT_S) or here.recv() != "ready":
            raise RuntimeError("the worker did not start")
        self._pipe = here
        self.n_started += 1
        return here


def _cpu_s(process: psutil.Process) -> float:
    """What a process has used of the processor; of one that fell, more than any limit."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return math.inf
    return float(times.user + times.system)


def _serve(pipe: Connection, work: str, setting: Mapping[str, Any], memory_mib: int) -> None:
    faulthandler.disable()  # a crash is told by the parent
    child.inside = True  # a watched process, as the program's own worker is: nothing is given to another one
    module, _, function = work.partition(":")
    do = getattr(importlib.import_module(module), function)(**setting)
    limit_memory(BACKSTOP_MIB)
    pipe.send("ready")
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            pipe.send(_done(do, pipe.recv(), memory_mib))


def _done(do: Callable[[Any], tuple[str, str]], job: Any, memory_mib: int) -> tuple[str, str, float, float]:
    before, begun = _fresh_peak_mib(), time.monotonic()
    try:
        kind, text = do(job)
    except MemoryError as error:
        kind, text = "memory", repr(error)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = "" if trace is None else f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        kind, text = "bug", f"{type(error).__name__}: {str(error)[:200]}{where}"
    seconds, grown = time.monotonic() - begun, max(_status_mib("VmHWM") - before, 0.0)
    if grown > memory_mib:
        kind, text = "memory", f"{grown:.0f} MiB"
    return kind, text, seconds, grown


def limit_memory(mib: int) -> None:
    """Let the system refuse this process more than so much memory beyond what it has now; nothing on Windows."""
    try:
        import resource
    except ImportError:
        return
    now = int(_status_mib("VmSize") * 2**20)
    resource.setrlimit(resource.RLIMIT_AS, (now + (mib << 20), resource.RLIM_INFINITY))


def _fresh_peak_mib() -> float:
    """Let the peak be counted from now on; what the process has now."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _status_mib("VmRSS")


def _status_mib(name: str) -> float:
    if not _STATUS.exists():
        return 0.0
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


def give_back_memory() -> None:
    """Let the C library give back what was freed, so that one job's memory is not counted to the next."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
