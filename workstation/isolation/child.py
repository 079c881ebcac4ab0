"""The worker's own program: it does one piece of work after the other until whoever started it is gone.

Requests and answers are lines of JSON, which carry nothing that could be run; what is large stands in a file that both
have open. Whatever a library prints goes nowhere.
"""

import importlib
import json
import os
import queue
import signal
import sys
import threading
import traceback
from typing import IO, BinaryIO

from workstation.errors import UserFacingError
from workstation.isolation.allowance import Allowance
from workstation.isolation.limits import Limits
from workstation.isolation.task import Plain, Task

USUAL = "workstation.images.isolated_task"
"""Imported while nobody waits yet."""

inside = False
"""Whether this process is a worker."""


def main(shared: str, *, ahead: bool) -> None:
    """Run until there is nobody left to work for.

    Args:
        shared: the number or the name of the shared file.
        ahead: nobody waits yet.
    """
    global inside
    inside = True
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _private_output()
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    if ahead:
        importlib.import_module(USUAL)
    limits = Limits()
    with open(int(shared) if shared.isdecimal() else shared, "r+b", buffering=0) as file:
        while True:
            answer = _done(json.loads(requests.get()), file, limits)
            answers.write(json.dumps(answer).encode() + b"\n")


def _listen(requests: "queue.SimpleQueue[bytes]") -> None:
    """The end of the input is the end of whoever started this, however it came: nothing goes on without it."""
    for line in sys.stdin.buffer:
        requests.put(line)
    os._exit(0)


def _private_output() -> IO[bytes]:
    kept = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    return kept


def _done(request: Plain, file: BinaryIO, limits: Limits) -> Plain:
    module, _, name = request["task"].partition(":")
    task: Task = getattr(importlib.import_module(module), name)
    file.seek(0)
    try:
        limits.allow(Allowance(**request["allowance"]))
        return {"result": task(request["arguments"], file, limits.allow)}
    except UserFacingError as error:
        return {"refused": error.what, "remedy": error.remedy}
    except MemoryError:
        return {"no memory": True}
    except Exception as error:  # noqa: BLE001 - whoever asked tells it
        return {"failed": _where(error)}
    finally:
        limits.lift()


def _where(error: Exception) -> str:
    """Which error, and in which lines of code, without its words: they may quote the file."""
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    places = [f"{os.path.basename(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return f"{type(error).__name__} in {' < '.join(reversed(places))}"
