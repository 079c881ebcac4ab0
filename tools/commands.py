"""Runs commands of the program as a user does, each in a process of its own, and measures them."""

import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

PROGRAM = "import sys; from workstation.cli.application import main; sys.exit(main())"
SAMPLED_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Ran:
    """One command that has ended."""

    command: str
    """Its first word."""
    seconds: float
    cpu_seconds: float
    """Processor time of it and the processes it started."""
    peak_bytes: int
    """The most memory that it and the processes it started had at once; pages that they share count once for each."""
    output: str
    messages: str


def run(*arguments: object, allowed: Iterable[int] = (0,)) -> Ran:
    """Run `trichodesk ARGUMENTS`.

    Args:
        arguments: the words after the program's name.
        allowed: the exit statuses that it may end with.

    Raises:
        RuntimeError: if it ends with another.
    """
    words = [str(argument) for argument in arguments]
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).resolve().parents[1],
    )
    peak, cpu_s, finished = 0, 0.0, None
    while finished is None:
        try:
            finished = process.communicate(timeout=SAMPLED_EVERY_S)
        except subprocess.TimeoutExpired:
            bytes_now, cpu_now_s = _used(process.pid)
            peak, cpu_s = max(peak, bytes_now), max(cpu_s, cpu_now_s)
    seconds = time.perf_counter() - started
    if process.returncode not in allowed:
        raise RuntimeError(f"trichodesk {' '.join(words)} ended with {process.returncode}: {finished[1].strip()}")
    return Ran(words[0], seconds, cpu_s, peak, *finished)


def _used(pid: int) -> tuple[int, float]:
    """Memory in bytes and processor time in seconds, of a process and its children, those that have ended included."""
    memory, cpu_s = 0, 0.0
    try:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            memory += process.memory_info().rss
            cpu_s += sum(process.cpu_times()[:4])
    except psutil.NoSuchProcess:
        pass
    return memory, cpu_s
