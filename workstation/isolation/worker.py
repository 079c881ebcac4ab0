"""One worker, as seen by whoever has it work."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

import workstation
from workstation.errors import UserFacingError
from workstation.isolation.allowance import Allowance
from workstation.isolation.task import write_all
from workstation.isolation.watching import Watch

PROGRAM = """
import sys
sys.path[:] = {path!r}
from workstation.isolation.child import main
main({shared!r}, ahead={ahead})
"""
FEW_THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
"""Each reserves addresses, of which a worker has few."""
STOPPING_S = 2.0
KEPT_SHARED_BYTES = 64 << 20
"""What is larger is given back to the system after the work."""
MAX_ANSWER_BYTES = 1 << 20
TIMER_EXIT = 1
"""The status with which a worker ends whose own timer ran out."""


class How(Enum):
    """How a piece of work came to nothing."""

    CRASHED = "crashed"
    TOO_LONG = "took too long"
    TOO_MUCH = "took too much memory"
    FAILED = "failed"


class Died(Exception):
    """The work was not done: it took its worker with it, or the program made an error in it."""

    def __init__(self, how: How, details: str = "") -> None:
        super().__init__(f"{how.value}: {details}" if details else how.value)
        self.how = how
        self.details = details
        """For the log: no word of the file."""


class Ended(Exception):
    """The worker had ended before the work began: another one can do it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of the work."""

    result: dict[str, Any]
    shared: BinaryIO
    """What is large; only until the worker gets its next piece of work."""


class Worker:
    """A process that is ready to work. Used by one thread at a time.

    Args:
        ahead: it is started before somebody waits for it: it imports what it will most likely need.
    """

    def __init__(self, *, ahead: bool = False) -> None:
        self._shared, self._name = _shared_file()
        self._process = self._started(ahead)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._answers = self._process.stdin, self._process.stdout

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def do(self, task: str, arguments: dict[str, Any], data: bytes | None, first: Allowance, most: Allowance) -> Answer:
        """Have a piece of work done.

        Args:
            task: `module:function`, as `workstation.isolation.task` has it.
            arguments: plain values.
            data: put into the shared file before.
            first: what it may use to find out how much it needs.
            most: what it may use at all.

        Raises:
            UserFacingError: what the work says of the file.
            Died: if it was not done; unless it merely failed, the worker is gone.
            Ended: if the worker was gone before.
        """
        request = {"task": task, "arguments": arguments, "allowance": asdict(first)}
        began = time.monotonic()
        try:
            if data is not None:
                self._shared.seek(0)
                write_all(self._shared, data)
            write_all(self._requests, json.dumps(request).encode() + b"\n")
        except BrokenPipeError as error:
            raise Ended from error
        with Watch(self._process, most) as watch:
            line = _line_of(self._answers)
        if not line.endswith(b"\n"):
            raise self._death(watch, time.monotonic() - began >= first.seconds)
        answer = json.loads(line)
        if "refused" in answer:
            raise UserFacingError(str(answer["refused"]), remedy=str(answer["remedy"]))
        if "no memory" in answer:
            raise Died(How.TOO_MUCH)
        if "failed" in answer:
            raise Died(How.FAILED, str(answer["failed"]))
        return Answer(answer["result"], self._shared)

    def tidy(self) -> None:
        """Give the memory of a large piece of work back."""
        if self._shared.seek(0, os.SEEK_END) > KEPT_SHARED_BYTES:
            self._shared.truncate(0)

    def kill(self) -> None:
        """Stop it, whatever it does; from any thread."""
        self._process.kill()

    def end(self) -> None:
        """End it, which it does by itself when its input ends, and let go of what belongs to it."""
        with contextlib.suppress(OSError):
            self._requests.close()
        try:
            self._process.wait(STOPPING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()
        self._shared.close()
        if self._name:
            Path(self._name).unlink(missing_ok=True)

    def _started(self, ahead: bool) -> "subprocess.Popen[bytes]":
        number = self._shared.fileno()
        # the program may have been found by other ways than this path
        path = [str(Path(workstation.__file__).parents[1]), *map(os.path.abspath, sys.path)]
        program = PROGRAM.format(path=path, shared=self._name or str(number), ahead=ahead)
        apart: dict[str, Any] = {"process_group": 0}  # Ctrl-C is meant for the program alone
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
        try:
            return subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=() if self._name else (number,),
                env={**os.environ, **FEW_THREADS},
                bufsize=0,
                **apart,
            )
        except OSError as error:
            self._shared.close()
            raise UserFacingError(
                f"the process that opens files from outside cannot be started ({error.strerror or error})",
                remedy="Close other programs and try again.",
            ) from error

    def _death(self, watch: Watch, out_of_time: bool) -> Died:
        try:
            status = self._process.wait(STOPPING_S)
        except subprocess.TimeoutExpired:  # it let go of its output: nothing that it says is of use any more
            self._process.kill()
            status = self._process.wait()
        if watch.too_much:
            return Died(How.TOO_MUCH)
        if watch.too_long or (status == TIMER_EXIT and out_of_time) or _is_out_of_processor_time(status):
            return Died(How.TOO_LONG)
        return Died(How.CRASHED, f"status {status}")


def _is_out_of_processor_time(status: int) -> bool:
    return sys.platform != "win32" and status == -signal.SIGXCPU


def _shared_file() -> tuple[BinaryIO, str]:
    """A file without a name, in memory where the system has such, and its name where it must have one."""
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("trichodesk"), "r+b", buffering=0), ""
    if os.name == "posix":
        return tempfile.TemporaryFile(buffering=0), ""
    descriptor, name = tempfile.mkstemp(prefix="trichodesk-")
    return open(descriptor, "r+b", buffering=0), name


def _line_of(file: Any) -> bytes:
    """A line; without its end where the output ended before, or is longer than any answer."""
    line = b""
    while not line.endswith(b"\n") and len(line) < MAX_ANSWER_BYTES:
        if not (more := file.read(65536)):
            break
        line += more
    return line
