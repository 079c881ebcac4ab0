"""Work that goes wrong in all the ways that a library's can; run in a worker."""

import ctypes
import os
import signal
import threading
import time

import numpy as np

from workstation.errors import UserFacingError
from workstation.isolation.allowance import Allowance


def echo(arguments, file, _allow):
    return {"pid": os.getpid(), "held": file.read(arguments.get("n", 0)).decode()}


def crash(_arguments, _file, _allow):
    ctypes.string_at(0)


def abort(_arguments, _file, _allow):
    os.abort()


def spin(_arguments, _file, _allow):
    while True:
        pass


def hang_holding_the_interpreter(_arguments, _file, _allow):
    # PyDLL keeps the interpreter's lock: no thread of Python runs meanwhile
    ctypes.PyDLL(None).sleep(600)


def hang(_arguments, _file, _allow):
    time.sleep(600)


def take_memory(_arguments, _file, _allow):
    held = []
    while True:
        held.append(np.ones(1 << 20))


def take_memory_behind_the_limit(_arguments, _file, allow):
    """As on systems that keep no limit: only whoever watches stops it."""
    allow(Allowance(1 << 40, 100.0, 100.0))
    take_memory(None, None, None)


def take_memory_when_allowed(arguments, _file, allow):
    allow(Allowance(arguments["n_bytes"] + (64 << 20), 10.0, 10.0))
    return {"sum": int(np.ones(arguments["n_bytes"], np.uint8).sum())}


def refuse(_arguments, _file, _allow):
    raise UserFacingError("it is no good", remedy="Take another one.")


def fail(_arguments, _file, _allow):
    raise ValueError("words that quote SECRETXYZ")


def chatter(_arguments, _file, _allow):
    print("to the output")
    os.write(1, b"and so do libraries\n")
    os.write(2, b"and to the other one\n")
    return {}


def limits(_arguments, _file, _allow):
    import resource

    return {"core": resource.getrlimit(resource.RLIMIT_CORE)[0], "files": resource.getrlimit(resource.RLIMIT_NOFILE)[0]}


def many_words(_arguments, _file, _allow):
    return {"text": "x" * (4 << 20)}


def interrupted(_arguments, _file, _allow):
    signal.raise_signal(signal.SIGINT)
    return {"threads": threading.active_count()}


def huge_image(_arguments, _file, _allow):
    return {"height_px": 1 << 20, "width_px": 1 << 20, "um_per_px": None, "conversions": []}
